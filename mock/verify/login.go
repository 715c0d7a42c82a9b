package verify

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/mr-tron/base58"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// newWallet makes a wallet on a chain.
func newWallet(chain string) (*mock.Wallet, error) {
	seed := make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(seed) // never fails
	key := "0x" + hex.EncodeToString(seed)
	if chain == "solana" {
		key = base58.Encode(ed25519.NewKeyFromSeed(seed))
	}
	return mock.ParseWallet(chain, picket.Secret(key))
}

// signed makes a wallet on a chain, and a login of it in a format, or in that of the nonce.
func (r *run) signed(ctx context.Context, client *picket.Client, chain string, format picket.MessageFormat) (picket.AuthRequest, error) {
	wallet, err := newWallet(chain)
	if err != nil {
		return picket.AuthRequest{}, err
	}
	return r.sign(ctx, client, wallet, format)
}

// sign asks for a nonce and signs it.
func (r *run) sign(ctx context.Context, client *picket.Client, wallet *mock.Wallet, format picket.MessageFormat) (picket.AuthRequest, error) {
	login := picket.AuthRequest{Chain: wallet.Chain, WalletAddress: wallet.Address}
	nonce, err := client.Nonce(ctx, picket.NonceRequest{Chain: wallet.Chain, WalletAddress: wallet.Address})
	if err != nil {
		return login, err
	}
	chain, err := client.Chain(ctx, wallet.Chain)
	if err != nil {
		return login, err
	}
	asked := *nonce
	if format != "" {
		asked.Format = format
	}
	if asked.Format == picket.MessageFormatSIWE {
		login.Context = picket.SigningMessageContext{
			Domain:    "localhost:3000",
			URI:       "http://localhost:3000",
			ChainID:   chain.ChainID,
			ChainType: chain.ChainType,
			IssuedAt:  time.Now().UTC().Format("2006-01-02T15:04:05.000Z"),
		}
	}
	message, err := picket.SigningMessage(&asked, wallet.Address, login.Context)
	if err != nil {
		return login, err
	}
	login.Signature = wallet.Sign(message)
	return login, nil
}

// loggedIn logs a new wallet in.
func (r *run) loggedIn(ctx context.Context, client *picket.Client, chain string, format picket.MessageFormat) (picket.AuthRequest, *picket.AuthResponse, error) {
	login, err := r.signed(ctx, client, chain, format)
	if err != nil {
		return login, nil, err
	}
	auth, err := client.Auth(ctx, login)
	if err == nil && (auth.User.WalletAddress != login.WalletAddress || auth.User.Chain != chain) {
		err = errors.New("the user is another wallet")
	}
	return login, auth, err
}

func (r *run) chains(ctx context.Context) {
	var list []picket.ChainInfo
	r.check(ctx, "chains: the list", func(ctx context.Context) (err error) {
		list, err = r.client.Chains(ctx)
		if err == nil && len(list) == 0 {
			err = errors.New("the list is empty")
		}
		return err
	})
	r.check(ctx, "chains: each by its slug", func(ctx context.Context) error {
		for _, want := range list {
			got, err := r.client.Chain(ctx, want.ChainSlug)
			if err != nil {
				return err
			}
			if *got != want {
				return fmt.Errorf("GET /chains/%s is not what GET /chains says of it", want.ChainSlug)
			}
		}
		return nil
	})
	r.check(ctx, "chains: one that is not known", func(ctx context.Context) error {
		_, err := r.client.Chain(ctx, "no-such-chain")
		return refused(err, picket.CodeResourceNotFound)
	})
}

func (r *run) nonces(ctx context.Context) {
	ask := func(ctx context.Context, chain, address string) (string, error) {
		nonce, err := r.client.Nonce(ctx, picket.NonceRequest{Chain: chain, WalletAddress: address})
		if err != nil {
			return "", err
		}
		return nonce.Nonce, nil
	}
	for _, chain := range []string{"ethereum", "solana"} {
		r.check(ctx, "nonce: "+chain+": the same while it lives, and another for another wallet", func(ctx context.Context) error {
			var asked []string
			for range 2 {
				wallet, err := newWallet(chain)
				if err != nil {
					return err
				}
				for range 2 {
					nonce, err := ask(ctx, chain, wallet.Address)
					if err != nil {
						return err
					}
					asked = append(asked, nonce)
				}
			}
			switch {
			case asked[0] != asked[1] || asked[2] != asked[3]:
				return errors.New("asking again gives another nonce")
			case asked[0] == asked[2]:
				return errors.New("two wallets have the same nonce")
			}
			return nil
		})
	}
	r.check(ctx, "nonce: in a language", func(ctx context.Context) error {
		wallet, err := newWallet("ethereum")
		if err != nil {
			return err
		}
		_, err = r.client.Nonce(ctx, picket.NonceRequest{WalletAddress: wallet.Address, Locale: "fr"})
		return err
	})
	r.checkWrong(ctx, "nonce: for what is no address", func(ctx context.Context) error {
		_, err := ask(ctx, "ethereum", "0x1")
		return refused(err, picket.CodeParameterInvalid)
	})
	r.check(ctx, "nonce: on a chain that is not known", func(ctx context.Context) error {
		_, err := ask(ctx, "no-such-chain", "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8")
		return refused(err, picket.CodeResourceNotFound)
	})
}

func (r *run) logins(ctx context.Context, chain string) {
	var login picket.AuthRequest
	var auth *picket.AuthResponse
	for _, format := range []picket.MessageFormat{picket.MessageFormatSimple, picket.MessageFormatSIWE, ""} {
		name := "in the format of the nonce"
		if format != "" {
			name = "with a message of the format " + string(format)
		}
		r.check(ctx, chain+": login "+name, func(ctx context.Context) (err error) {
			login, auth, err = r.loggedIn(ctx, r.client, chain, format)
			return err
		})
	}
	needsLogin := func(f func(context.Context) error) func(context.Context) error {
		return func(ctx context.Context) error {
			if auth == nil {
				return errors.New("the login before it failed")
			}
			return f(ctx)
		}
	}
	if auth != nil {
		r.accessToken = auth.AccessToken
	}
	r.check(ctx, chain+": a signature logs in once", needsLogin(func(ctx context.Context) error {
		_, err := r.client.Auth(ctx, login)
		return refused(err, picket.CodeParameterInvalid)
	}))
	r.check(ctx, chain+": another wallet's signature is refused", func(ctx context.Context) error {
		own, err := r.signed(ctx, r.client, chain, "")
		if err != nil {
			return err
		}
		other, err := r.signed(ctx, r.client, chain, "")
		if err != nil {
			return err
		}
		own.Signature = other.Signature
		_, err = r.client.Auth(ctx, own)
		return refused(err, picket.CodeParameterInvalid)
	})
	r.check(ctx, chain+": validate returns the claims", needsLogin(func(ctx context.Context) error {
		claims, err := r.client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken})
		switch {
		case err != nil:
			return err
		case claims.WalletAddress != login.WalletAddress || claims.Chain != chain || claims.Subject != chain+":"+login.WalletAddress:
			return errors.New("the claims are of another wallet")
		case claims.ExpiresAt-claims.IssuedAt != 12*60*60:
			return fmt.Errorf("the token lives %d seconds, and must live twelve hours", claims.ExpiresAt-claims.IssuedAt)
		}
		return nil
	}))
	r.check(ctx, chain+": validate refuses an altered token", needsLogin(func(ctx context.Context) error {
		_, err := r.client.Validate(ctx, picket.ValidateRequest{AccessToken: altered(auth.AccessToken)})
		return refused(err, picket.CodeParameterInvalid)
	}))
	r.checkWrong(ctx, chain+": validate refuses what is no token", func(ctx context.Context) error {
		_, err := r.client.Validate(ctx, picket.ValidateRequest{AccessToken: "no token"})
		return refused(err, picket.CodeParameterInvalid)
	})
}

// altered returns a token with another letter in the middle of its signature.
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

// formats logs in to projects of either format, in the format of the nonce.
func (r *run) formats(ctx context.Context) {
	for _, format := range []picket.MessageFormat{picket.MessageFormatSimple, picket.MessageFormatSIWE} {
		r.check(ctx, "login to a project of the format "+string(format), func(ctx context.Context) error {
			client, _, err := r.ownProject(ctx, string(format))
			if err != nil {
				return err
			}
			for _, chain := range []string{"ethereum", "solana"} {
				login, _, err := r.loggedIn(ctx, client, chain, "")
				if err != nil {
					return err
				}
				if (login.Context != picket.SigningMessageContext{}) != (format == picket.MessageFormatSIWE) {
					return errors.New("the nonce has another format than the project")
				}
			}
			return nil
		})
	}
}

// ownProject makes a project for one check.
func (r *run) ownProject(ctx context.Context, format string) (*picket.Client, project, error) {
	if r.control == nil {
		return nil, project{}, needsMock
	}
	p, err := r.control.addProject(ctx, format)
	if err != nil {
		return nil, p, err
	}
	client, err := r.connect(p.SecretKey)
	return client, p, err
}

func (r *run) expiry(ctx context.Context) {
	advance := func(ctx context.Context, p project, d time.Duration) error {
		return r.control.tell(ctx, p.SecretKey, http.MethodPost, "/clock/advance", map[string]any{"seconds": d.Seconds()}, nil)
	}
	r.check(ctx, "a nonce lives two minutes", func(ctx context.Context) error {
		client, p, err := r.ownProject(ctx, "")
		if err != nil {
			return err
		}
		login, err := r.signed(ctx, client, "ethereum", "")
		if err != nil {
			return err
		}
		if err := advance(ctx, p, 2*time.Minute+time.Second); err != nil {
			return err
		}
		_, err = client.Auth(ctx, login)
		return refused(err, picket.CodeParameterInvalid)
	})
	r.check(ctx, "an access token lives twelve hours", func(ctx context.Context) error {
		client, p, err := r.ownProject(ctx, "")
		if err != nil {
			return err
		}
		_, auth, err := r.loggedIn(ctx, client, "ethereum", "")
		if err != nil {
			return err
		}
		if err := advance(ctx, p, 12*time.Hour+time.Second); err != nil {
			return err
		}
		_, err = client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken})
		return refused(err, picket.CodeParameterInvalid)
	})
}
