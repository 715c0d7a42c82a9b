package accesstoken

import (
	"encoding/base64"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"

	"github.com/seed-a13ee279/picket/picket"
)

// MaxTokenBytes is how long an access token may be: 16 KiB. A longer one is refused unread.
const MaxTokenBytes = 16 << 10

// signedToken is a token that was read and not verified.
type signedToken struct {
	jws   *jose.JSONWebSignature
	keyID string // of its header; empty when there is none
}

func parseToken(token picket.Secret) (*signedToken, error) {
	switch {
	case token == "":
		return nil, invalid("it is empty")
	case len(token) > MaxTokenBytes:
		return nil, invalid("it is longer than an access token can be")
	}
	parts := strings.SplitN(string(token), ".", 4)
	if len(parts) != 3 {
		return nil, invalid("it does not have the three parts of a JWT in compact serialization")
	}
	for _, part := range parts {
		if !isCanonical(part) {
			return nil, invalid("it is not in base64url without padding")
		}
	}
	keyID, err := checkHeader(parts[0])
	if err != nil {
		return nil, err
	}
	// What go-jose says of a token quotes it.
	jws, err := jose.ParseSignedCompact(string(token), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return nil, invalid("it is not a JWT that is signed with ES256")
	}
	return &signedToken{jws, keyID}, nil
}

// isCanonical refuses what package base64 tolerates: line breaks, and bits at the end that are not zero (RFC 4648 section
// 3.5). Other characters that are none of base64url are found when the part is decoded.
func isCanonical(part string) bool {
	if strings.ContainsAny(part, "\r\n") {
		return false
	}
	_, err := base64.RawURLEncoding.Strict().DecodeString(part[len(part)&^3:])
	return err == nil
}

// refusedParameters are those that bring a key, or make the token something else than the signature of its claims
// (RFC 7515 section 4.1, RFC 7797). Others are ignored, as RFC 7515 section 4 wants it.
var refusedParameters = [...]string{"jwk", "jku", "x5u", "x5c", "crit", "b64", "cty"}

// checkHeader returns the ID of the key that the header names. It reads the header itself because go-jose's does not tell
// a parameter that is null from one that is absent. The algorithm is left to go-jose.
func checkHeader(encoded string) (keyID string, err error) {
	text, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return "", invalid("its header is not in base64url without padding")
	}
	var header map[string]any
	if err := json.Unmarshal(text, &header); err != nil {
		return "", invalid("its header is no JSON object, or has a parameter twice")
	}
	for _, name := range refusedParameters {
		if _, ok := header[name]; ok {
			return "", invalid("its header has the parameter " + name + ", which no access token has")
		}
	}
	if value, ok := header["typ"]; ok {
		if name, _ := value.(string); !strings.EqualFold(name, "JWT") {
			return "", invalid("its header has another typ than JWT")
		}
	}
	value, ok := header["kid"]
	if !ok {
		return "", nil
	}
	if keyID, _ = value.(string); keyID == "" {
		return "", invalid("its header has a kid that is no key ID")
	}
	return keyID, nil
}

// verify returns the claims when one of the keys verifies the signature.
func (t *signedToken) verify(set *keySet) (claims []byte, ok bool) {
	for _, key := range set.keys {
		if t.keyID != "" && key.id != "" && key.id != t.keyID {
			continue
		}
		if claims, err := t.jws.Verify(key.public); err == nil {
			return claims, true
		}
	}
	return nil, false
}
