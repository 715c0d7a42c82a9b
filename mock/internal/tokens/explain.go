package tokens

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	exact "github.com/go-jose/go-jose/v4/json"

	"github.com/seed-a13ee279/picket/mock/internal/explain"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
)

// invalid is what is wrong with an access token.
type invalid struct {
	reason explain.Reason
	what   string
	found  string // what is shown to those who may see more than the client; what by default
}

func (i invalid) Error() string { return i.what }

// checks are those of an access token in their order, each with the reason that it fails with and what is found when it passes.
var checks = []struct {
	name   string
	reason explain.Reason
	passes string
}{
	{"form", explain.TokenForm, "it is a JWT signed with ES256"},
	{"signature", explain.TokenForged, "it was signed with a key of this mock"},
	{"project", explain.TokenOfAnotherProject, "it is for this project"},
	{"expiry", explain.TokenExpired, "it has not expired"},
}

// Explain explains an error of Verify or CheckClaims.
func Explain(token picket.Secret, err error) *explain.Why {
	var wrong invalid
	if !errors.As(err, &wrong) {
		return nil
	}
	return &explain.Why{Size: len(token), Find: func(explain.History) explain.Explanation {
		shown := &explain.Token{Claims: claimsOf(string(token))}
		for _, check := range checks {
			if check.reason == wrong.reason {
				shown.Checks = append(shown.Checks, explain.Check{Name: check.name, Found: cmp.Or(wrong.found, wrong.what)})
				break
			}
			shown.Checks = append(shown.Checks, explain.Check{Name: check.name, Passed: true, Found: check.passes})
		}
		return explain.Explanation{Reason: wrong.reason, Summary: "the access token is not valid: " + wrong.what, Token: shown}
	}}
}

// claimsOf returns the claims of a JWT whatever its signature is, or nil.
func claimsOf(token string) json.RawMessage {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims map[string]any
	if err != nil || !utf8.Valid(payload) || exact.Unmarshal(payload, &claims) != nil || claims == nil {
		return nil
	}
	return redacted(payload, claims)
}

// redacted returns claims without what looks like a secret: anybody may have written them.
func redacted(payload []byte, claims map[string]any) json.RawMessage {
	if !names.LooksSecret(string(payload)) {
		return payload
	}
	for name, value := range claims {
		if text, err := json.Marshal(value); err != nil || names.LooksSecret(string(text)) {
			claims[name] = names.Redacted
		}
	}
	text, err := json.Marshal(claims)
	if err != nil || names.LooksSecret(string(text)) { // in a name
		return nil
	}
	return text
}
