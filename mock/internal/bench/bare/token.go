package bare

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
	"time"
)

type claims struct {
	user
	IssuedAt  int64  `json:"iat"`
	ExpiresAt int64  `json:"exp"`
	Issuer    string `json:"iss"`
	Subject   string `json:"sub"`
	Audience  string `json:"aud"`
	ID        string `json:"tid"`
	Version   int    `json:"ver"`
}

const project = "00000000-0000-4000-8000-000000000000"

var header = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","typ":"JWT"}`))

// token signs an access token (ES256, RFC 7518 section 3.4).
func (s *server) token(who user, now time.Time) (string, error) {
	payload, err := json.Marshal(claims{who, now.Unix(), now.Add(12 * time.Hour).Unix(), "picketapi.com", who.Chain + ":" + who.WalletAddress, project, rand.Text(), 1})
	if err != nil {
		return "", err
	}
	signed := header + "." + base64.RawURLEncoding.EncodeToString(payload)
	digest := sha256.Sum256([]byte(signed))
	a, b, err := ecdsa.Sign(rand.Reader, s.signing, digest[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	a.FillBytes(signature[:32])
	b.FillBytes(signature[32:])
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// verify returns the claims of an access token, or refuses it.
func (s *server) verify(w http.ResponseWriter, token string) (c claims, ok bool) {
	dot := strings.LastIndexByte(token, '.')
	if dot >= 0 {
		digest := sha256.Sum256([]byte(token[:dot]))
		signature, err := base64.RawURLEncoding.DecodeString(token[dot+1:])
		ok = err == nil && len(signature) == 64 &&
			ecdsa.Verify(&s.signing.PublicKey, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
	}
	if ok {
		_, encoded, _ := strings.Cut(token[:dot], ".")
		payload, err := base64.RawURLEncoding.DecodeString(encoded)
		ok = err == nil && json.Unmarshal(payload, &c) == nil
	}
	s.mu.Lock()
	s.answered++
	now := s.now()
	s.mu.Unlock()
	if !ok || now.Unix() >= c.ExpiresAt || c.Audience != project {
		refuse(w, http.StatusBadRequest, "parameter_invalid", "the access token is not valid, or it has expired")
		return c, false
	}
	return c, true
}
