package oauth

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/internal/check"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// MarshalBinary returns the pending login with its secrets, for UnmarshalBinary. Encoders for storage, such as encoding/gob, call
// it. Put what it returns into a cookie only if the cookie is encrypted and authenticated.
//
// It fails, with an ErrNoPendingLogin, when the pending login is incomplete.
func (p PendingLogin) MarshalBinary() ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	return wire.Marshal(p)
}

// UnmarshalBinary reads exactly what MarshalBinary wrote, and nothing else: no name that is unknown, there twice or spelled with
// other capitals.
//
// It fails with an ErrNoPendingLogin, and leaves the zero value, which refuses every callback.
func (p *PendingLogin) UnmarshalBinary(data []byte) error {
	*p = PendingLogin{}
	type plain PendingLogin // without UnmarshalJSON
	var read plain
	if json.Unmarshal(data, &read) != nil { // whose error would quote the text
		return notPending("it is not what MarshalBinary writes")
	}
	kept := PendingLogin(read)
	if err := kept.check(); err != nil {
		return err
	}
	if again, err := wire.Marshal(kept); err != nil || !bytes.Equal(again, data) {
		return notPending("it is not what MarshalBinary writes")
	}
	*p = kept
	return nil
}

// UnmarshalJSON fails with an ErrNoPendingLogin, because a pending login that was written as JSON has lost its secrets.
// MarshalBinary keeps them.
func (p *PendingLogin) UnmarshalJSON([]byte) error {
	*p = PendingLogin{}
	return notPending("JSON does not contain the secrets of a login; keep it with MarshalBinary")
}

// check returns an error unless Begin could have made the pending login.
func (p PendingLogin) check() error {
	switch {
	case p.State == "" && p.CodeVerifier == "":
		return fmt.Errorf("oauth: %w", ErrNoPendingLogin)
	case p.State == picket.Secret(p.State.String()) || p.CodeVerifier == picket.Secret(p.CodeVerifier.String()):
		return notPending("its secrets were redacted, as in JSON; keep it with MarshalBinary")
	case !isRandom(p.State) || !isRandom(p.CodeVerifier):
		return notPending("its state or its code verifier is not the base64url form of 32 bytes")
	}
	if err := checkURL("its RedirectURI", p.RedirectURI, check.InsecureHTTP{Everywhere: true}); err != nil {
		return notPending(err.Error())
	}
	if err := checkChain(p.Chain); err != nil {
		return notPending(err.Error())
	}
	if p.Issuer != "" { // those that were kept before there was one have none
		if err := checkURL("its Issuer", p.Issuer, check.InsecureHTTP{Everywhere: true}); err != nil {
			return notPending(err.Error())
		}
	}
	if p.Requirements == nil {
		return nil
	}
	if _, err := picket.NewGate(p.Chain, *p.Requirements); err != nil {
		return notPending(err.Error())
	}
	return nil
}

// isRandom reports whether a secret has the form of those that newSecret returns.
func isRandom(secret picket.Secret) bool {
	octets, err := base64.RawURLEncoding.Strict().DecodeString(string(secret))
	return err == nil && len(octets) == secretBytes && len(secret) == base64.RawURLEncoding.EncodedLen(secretBytes)
}

func notPending(why string) error { return fmt.Errorf("oauth: %w: %s", ErrNoPendingLogin, why) }
