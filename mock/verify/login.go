package verify

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seed-a13ee279/picket/picket"
)

// lastLogin is the last login that succeeded, for the checks that need one.
type lastLogin struct {
	sent     picket.AuthRequest
	received *picket.AuthResponse // nil if none succeeded
}

// needed wraps a check so that it fails if no login succeeded.
func (l *lastLogin) needed(f func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if l.received == nil {
			return errors.New("it needs a login, and the last one failed")
		}
		return f(ctx)
	}
}

func (r *run) logins(ctx context.Context, chain string) {
	var last lastLogin
	r.simpleLogin(ctx, chain, &last)
	for _, kind := range []struct {
		name   string
		format picket.MessageFormat
	}{
		{"a siwe message", picket.MessageFormatSIWE},
		{"the message that the nonce asks for", ""},
	} {
		r.check(ctx, chain+": a wallet logs in with "+kind.name, func(ctx context.Context) (err error) {
			last.sent, last.received, err = r.loggedIn(ctx, r.project, chain, kind.format)
			return err
		})
	}
	if last.received != nil {
		r.accessToken = last.received.AccessToken
	}
	r.check(ctx, chain+": a signature logs in once", last.needed(func(ctx context.Context) error {
		_, err := r.client.Auth(ctx, last.sent)
		return refused(err, picket.CodeParameterInvalid)
	}))
	r.check(ctx, chain+": another wallet's signature is refused", func(ctx context.Context) error {
		return r.swappedSignature(ctx, chain)
	})
	r.check(ctx, chain+": validate returns the claims", last.needed(func(ctx context.Context) error {
		return r.claims(ctx, chain, last)
	}))
	r.check(ctx, chain+": validate refuses an altered token", last.needed(func(ctx context.Context) error {
		_, err := r.client.Validate(ctx, picket.ValidateRequest{AccessToken: altered(last.received.AccessToken)})
		return refused(err, picket.CodeParameterInvalid)
	}))
	r.checkWrong(ctx, chain+": validate refuses a text that is not a token", func(ctx context.Context) error {
		_, err := r.client.Validate(ctx, picket.ValidateRequest{AccessToken: "no token"})
		return refused(err, picket.CodeParameterInvalid)
	})
}

// simpleLogin checks that a message that names no site logs in, or is refused where the project allows only some sites.
func (r *run) simpleLogin(ctx context.Context, chain string, last *lastLogin) {
	if r.needsSite() {
		r.check(ctx, chain+": a simple message is refused, because it names no allowed domain", func(ctx context.Context) error {
			login, err := r.signed(ctx, r.project, chain, picket.MessageFormatSimple)
			if err != nil {
				return err
			}
			_, err = r.client.Auth(ctx, login)
			return refused(err, picket.CodeParameterInvalid)
		})
		return
	}
	r.check(ctx, chain+": a wallet logs in with a simple message", func(ctx context.Context) (err error) {
		last.sent, last.received, err = r.loggedIn(ctx, r.project, chain, picket.MessageFormatSimple)
		return err
	})
}

// swappedSignature sends the login of one wallet with the signature of another.
func (r *run) swappedSignature(ctx context.Context, chain string) error {
	own, err := r.signed(ctx, r.project, chain, "")
	if err != nil {
		return err
	}
	other, err := r.signed(ctx, r.project, chain, "")
	if err != nil {
		return err
	}
	own.Signature = other.Signature
	_, err = r.client.Auth(ctx, own)
	return refused(err, picket.CodeParameterInvalid)
}

// claims compares the claims of an access token with the login that it was issued for.
func (r *run) claims(ctx context.Context, chain string, login lastLogin) error {
	claims, err := r.client.Validate(ctx, picket.ValidateRequest{AccessToken: login.received.AccessToken})
	wallet := login.sent.WalletAddress
	switch {
	case err != nil:
		return err
	case claims.WalletAddress != wallet || claims.Chain != chain || claims.Subject != chain+":"+wallet:
		return errors.New("the claims are those of a different wallet")
	case claims.ExpiresAt-claims.IssuedAt != 12*60*60:
		return fmt.Errorf("the token lives %d seconds, and must live twelve hours", claims.ExpiresAt-claims.IssuedAt)
	}
	return nil
}

// altered returns a token with a different letter in the middle of its signature.
func altered(token picket.Secret) picket.Secret {
	text := []byte(token)
	i := (strings.LastIndexByte(string(text), '.') + len(text)) / 2
	if text[i] == 'A' {
		text[i] = 'B'
	} else {
		text[i] = 'A'
	}
	return picket.Secret(text)
}
