package oauth

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// MarshalBinary returns the session with its secrets, for UnmarshalBinary. Encoders for storage, such as encoding/gob, call
// it. What it returns belongs into a cookie only when that is encrypted and authenticated.
//
// It fails, with an ErrSession, when the session is not whole.
func (s Session) MarshalBinary() ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	return wire.Marshal(s)
}

// UnmarshalBinary reads what MarshalBinary wrote, byte for byte, and nothing else: no name that is unknown, given twice or
// spelled with other capitals.
//
// It fails with an ErrSession, and s is then no session.
func (s *Session) UnmarshalBinary(data []byte) error {
	*s = Session{}
	type plain Session // without UnmarshalJSON
	var read plain
	if json.Unmarshal(data, &read) != nil { // its error would quote the text
		return notASession("it is not what MarshalBinary writes")
	}
	kept := Session(read)
	if err := kept.check(); err != nil {
		return err
	}
	if again, err := wire.Marshal(kept); err != nil || !bytes.Equal(again, data) {
		return notASession("it is not what MarshalBinary writes")
	}
	*s = kept
	return nil
}

// UnmarshalJSON fails with an ErrSession: a session that was written as JSON has lost its secrets. MarshalBinary keeps them.
func (s *Session) UnmarshalJSON([]byte) error {
	*s = Session{}
	return notASession("a session has no secrets in JSON; keep it by MarshalBinary")
}

// check returns an error unless the session is one that Begin could have made.
func (s Session) check() error {
	switch {
	case s.State == "" && s.CodeVerifier == "":
		return fmt.Errorf("oauth: %w", ErrSession)
	case s.State == picket.Secret(s.State.String()) || s.CodeVerifier == picket.Secret(s.CodeVerifier.String()):
		return notASession("its secrets were redacted, as in JSON; keep it by MarshalBinary")
	case !isRandom(s.State) || !isRandom(s.CodeVerifier):
		return notASession("its state or its code verifier is not the base64url form of 32 bytes")
	}
	if err := checkURL("its RedirectURI", s.RedirectURI, true); err != nil {
		return notASession(err.Error())
	}
	if err := checkChain(s.Chain); err != nil {
		return notASession(err.Error())
	}
	if s.Requirements == nil {
		return nil
	}
	if _, err := picket.NewGate(s.Chain, *s.Requirements); err != nil {
		return notASession(err.Error())
	}
	return nil
}

// isRandom reports whether a secret has the form of those that newSecret returns.
func isRandom(secret picket.Secret) bool {
	octets, err := base64.RawURLEncoding.Strict().DecodeString(string(secret))
	return err == nil && len(octets) == secretBytes && len(secret) == base64.RawURLEncoding.EncodedLen(secretBytes)
}

func notASession(why string) error { return fmt.Errorf("oauth: %w: %s", ErrSession, why) }
