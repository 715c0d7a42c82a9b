package accesstoken_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

const (
	projectID  = "7b0f0d4f-2a52-4b8e-9c3d-5a1f6e8d2c11"
	address    = "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"
	contract   = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
	goodHeader = `{"alg":"ES256","typ":"JWT"}`

	maxTokenBytes = 64 << 10
)

var ctx = context.Background()

// issued is when the tokens of goodClaims were issued.
var issued = time.Date(2022, 10, 25, 1, 12, 36, 0, time.UTC)

func atIssue() time.Time { return issued }

type object = map[string]any

// goodClaims are those of the documentation's sample, with changes made to them; a nil takes a claim out.
func goodClaims(changes ...object) object {
	claims := object{
		"chain": "ethereum", "walletAddress": address, "displayAddress": "alice.eth",
		"tokenBalances": object{"contractAddress": object{contract: "12.5"}},
		"iat":           issued.Unix(), "exp": issued.Add(12 * time.Hour).Unix(),
		"iss": "picketapi.com", "sub": "ethereum:" + address, "aud": projectID,
		"tid": "0f9b8a7c-6d5e-4f3a-8b2c-1d0e9f8a7b6c", "ver": 1,
	}
	for _, c := range changes {
		maps.Copy(claims, c)
	}
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return claims
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func toJSON(t testing.TB, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// signature is the ES256 signature of a text (RFC 7518 section 3.4).
func signature(t testing.TB, key *ecdsa.PrivateKey, text string) []byte {
	t.Helper()
	digest := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	both := make([]byte, 64)
	r.FillBytes(both[:32])
	s.FillBytes(both[32:])
	return both
}

// assemble makes a token by hand, of a header and claims as they are, with a signature that verifies.
func assemble(t testing.TB, key *ecdsa.PrivateKey, header, claims string) picket.Secret {
	t.Helper()
	return signParts(t, key, encode(header), encode(claims))
}

// signParts signs parts that are encoded already.
func signParts(t testing.TB, key *ecdsa.PrivateKey, header, claims string) picket.Secret {
	t.Helper()
	text := header + "." + claims
	return picket.Secret(text + "." + base64.RawURLEncoding.EncodeToString(signature(t, key, text)))
}

// sign makes a token with go-jose, as Picket makes them; with a key ID, the header names it.
func sign(t testing.TB, key *ecdsa.PrivateKey, keyID string, claims any) picket.Secret {
	t.Helper()
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: keyID}},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return picket.Secret(token)
}

// newVerifier makes a verifier of keys that lives at the time when the tokens of goodClaims were issued.
func newVerifier(t testing.TB, keys accesstoken.Keys, options ...accesstoken.VerifierOption) *accesstoken.Verifier {
	t.Helper()
	verifier, err := accesstoken.NewVerifier(projectID, keys, append([]accesstoken.VerifierOption{accesstoken.WithClock(atIssue)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

func staticVerifier(t testing.TB, key *ecdsa.PrivateKey, options ...accesstoken.VerifierOption) *accesstoken.Verifier {
	t.Helper()
	keys, err := accesstoken.StaticKeys(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return newVerifier(t, keys, options...)
}

// wantInvalid fails unless the token is refused, as bad and nothing else, with an error that says why and shows
// nothing.
func wantInvalid(t testing.TB, verifier *accesstoken.Verifier, token picket.Secret, why string) {
	t.Helper()
	claims, err := verifier.Verify(ctx, token)
	if claims != nil || kindOf(err) != "invalid" {
		t.Errorf("got claims %v and %s: %v", claims, kindOf(err), err)
		return
	}
	if !strings.Contains(err.Error(), why) {
		t.Errorf("the error does not say %q: %v", why, err)
	}
	wantSecret(t, err, token)
}

// wantSecret fails when an error shows a part of the token, or the name that forgers have here.
func wantSecret(t testing.TB, err error, token picket.Secret) {
	t.Helper()
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
		for _, part := range append(strings.Split(string(token), "."), "mallory") {
			if len(part) > 6 && strings.Contains(text, part) {
				t.Errorf("the error shows what is in the token: %s", text)
			}
		}
	}
}

// kindOf names all that an error is, so that an error of two kinds is found as well.
func kindOf(err error) string {
	if err == nil {
		return "none"
	}
	var kinds []string
	for _, kind := range []struct {
		name string
		err  error
	}{
		{"expired", accesstoken.ErrExpired},
		{"invalid", accesstoken.ErrInvalid},
		{"unavailable", accesstoken.ErrKeysUnavailable},
		{"undecided", accesstoken.ErrUndecided},
		{"denied", picket.CodePermissionDenied},
		{"other chain", picket.ErrChainMismatch},
		{"bad argument", picket.ErrInvalidArgument},
		{"canceled", context.Canceled},
		{"deadline", context.DeadlineExceeded},
	} {
		if errors.Is(err, kind.err) {
			kinds = append(kinds, kind.name)
		}
	}
	if errors.Is(err, accesstoken.ErrInvalid) != errors.Is(err, picket.CodeParameterInvalid) {
		kinds = append(kinds, "invalid or a bad parameter and not both")
	}
	return strings.Join(kinds, ", ")
}

const (
	issuerURL = "https://issuer.test/api/v1"
	configURL = issuerURL + "/.well-known/openid-configuration"
	jwksURL   = "https://keys.test/jwks?tenant=1"
)

// issuer is an OpenID issuer in memory. It answers without a network, so that time in a synctest bubble passes it by.
type issuer struct {
	mu       sync.Mutex
	config   string // the configuration document
	jwks     string // the key set
	status   int
	delay    time.Duration
	failure  error
	panics   bool
	requests map[string]int // by URL
}

func newIssuer(t testing.TB, keys ...*ecdsa.PrivateKey) *issuer {
	i := &issuer{
		config:   toJSON(t, object{"issuer": issuerURL, "jwks_uri": jwksURL}),
		status:   http.StatusOK,
		requests: map[string]int{},
	}
	i.rotate(t, keys...)
	return i
}

// rotate replaces the keys that the issuer publishes. They have no key IDs.
func (i *issuer) rotate(t testing.TB, keys ...*ecdsa.PrivateKey) {
	t.Helper()
	set := jose.JSONWebKeySet{}
	for _, key := range keys {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: &key.PublicKey, Use: "sig", Algorithm: "ES256"})
	}
	i.change(func() { i.jwks = toJSON(t, set) })
}

func (i *issuer) change(change func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change()
}

// fetches is how often the keys were asked for.
func (i *issuer) fetches() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.requests[jwksURL]
}

func (i *issuer) RoundTrip(request *http.Request) (*http.Response, error) {
	i.mu.Lock()
	location := request.URL.String()
	i.requests[location]++
	body, ok := map[string]string{configURL: i.config, jwksURL: i.jwks}[location]
	status, delay, failure, panics := i.status, i.delay, i.failure, i.panics
	i.mu.Unlock()

	select {
	case <-time.After(delay):
	case <-request.Context().Done():
		return nil, request.Context().Err()
	}
	switch {
	case panics:
		panic("a fault of the HTTP client")
	case failure != nil:
		return nil, failure
	case !ok:
		status, body = http.StatusNotFound, ""
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewBufferString(body)), Request: request,
	}, nil
}

// keys are those of the issuer, found by discovery, and fetched again after exactly the documented times.
func (i *issuer) keys(t testing.TB, options ...accesstoken.KeysOption) accesstoken.Keys {
	t.Helper()
	client := accesstoken.WithHTTPClient(&http.Client{Transport: i})
	keys, err := accesstoken.DiscoverKeys(issuerURL, append([]accesstoken.KeysOption{client, exactly()}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}
