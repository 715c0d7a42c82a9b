package accesstoken

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"

	"github.com/seed-a13ee279/picket/picket"
)

// maxTokenBytes is how long an access token may be. A longer one is refused unread. One with 300 balances is 21 KB long.
const maxTokenBytes = 64 << 10

// signedToken is a token that was parsed but not verified.
type signedToken struct {
	keyID  string            // from its header; empty if it has none
	digest [sha256.Size]byte // of the header and the claims as they were received, which is what is signed
	r, s   *big.Int          // the signature
	claims []byte
}

func parseToken(token picket.Secret) (*signedToken, error) {
	switch {
	case token == "":
		return nil, invalid("it is empty")
	case len(token) > maxTokenBytes:
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
	jws, err := jose.ParseSignedCompact(string(token), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil { // which may quote the token
		return nil, invalid("it is not a JWT that is signed with ES256")
	}
	keyID, err := checkHeader(parts[0])
	if err != nil {
		return nil, err
	}
	signature := jws.Signatures[0].Signature
	if len(signature) != signatureSize {
		return nil, invalid("its signature does not have the length of one of ES256")
	}
	return &signedToken{
		keyID:  keyID,
		digest: sha256.Sum256([]byte(token[:len(parts[0])+1+len(parts[1])])),
		r:      new(big.Int).SetBytes(signature[:signatureSize/2]),
		s:      new(big.Int).SetBytes(signature[signatureSize/2:]),
		claims: jws.UnsafePayloadWithoutVerification(),
	}, nil
}

// signatureSize is the size of an ES256 signature: r and s, of 32 bytes each (RFC 7518 section 3.4).
const signatureSize = 64

var strictBase64 = base64.RawURLEncoding.Strict()

// isCanonical refuses what package base64 tolerates: line breaks, and bits at the end that are not zero (RFC 4648 section 3.5).
// Other characters that do not belong to base64url are found when the part is decoded.
func isCanonical(part string) bool {
	if strings.IndexByte(part, '\n') >= 0 || strings.IndexByte(part, '\r') >= 0 {
		return false
	}
	_, err := strictBase64.DecodeString(part[len(part)&^3:])
	return err == nil
}

// refusedParameters are the header parameters that bring a key, or make the token something other than signed claims (RFC 7515
// section 4.1, RFC 7797). Others are ignored, as RFC 7515 section 4 requires.
var refusedParameters = [...]string{"jwk", "jku", "x5u", "x5c", "crit", "b64", "cty"}

// documentedHeader is the header in the documentation's sample, encoded as in tokens.
var documentedHeader = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","typ":"JWT"}`))

// checkHeader returns the ID of the key that the header names. The algorithm was checked before. It parses the header again
// because go-jose does not distinguish a parameter that is null from one that is absent.
func checkHeader(encoded string) (keyID string, err error) {
	if encoded == documentedHeader { // nearly every token's
		return "", nil
	}
	var header map[string]any
	text, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || json.Unmarshal(text, &header) != nil {
		return "", invalid("its header is not a JSON object, or has a parameter twice")
	}
	for _, name := range refusedParameters {
		if _, ok := header[name]; ok {
			return "", invalid("its header has the parameter " + name + ", which no access token has")
		}
	}
	if value, ok := header["typ"]; ok {
		if name, _ := value.(string); !strings.EqualFold(name, "JWT") {
			return "", invalid("the typ in its header is not JWT")
		}
	}
	value, ok := header["kid"]
	if !ok {
		return "", nil
	}
	if keyID, _ = value.(string); keyID == "" {
		return "", invalid("the kid in its header is not a key ID")
	}
	return keyID, nil
}

// verifies reports whether one of the keys verifies the signature.
//
// It does not use go-jose for that, because go-jose hashes the header and the claims as it would encode them, not as they were
// received, and once for each key.
func (t *signedToken) verifies(set *keySet) bool {
	for _, key := range set.keys {
		if t.keyID != "" && key.id != "" && key.id != t.keyID {
			continue
		}
		if ecdsa.Verify(key.public, t.digest[:], t.r, t.s) {
			return true
		}
	}
	return false
}
