package accesstoken_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

func inPEM(t *testing.T, public any) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// jwkOf is a key as a JWK, with changes made to it; a nil takes a member out.
func jwkOf(t *testing.T, key any, changes object) object {
	t.Helper()
	var jwk object
	if err := json.Unmarshal([]byte(toJSON(t, jose.JSONWebKey{Key: key})), &jwk); err != nil {
		t.Fatal(err)
	}
	for name, value := range changes {
		jwk[name] = value
		if value == nil {
			delete(jwk, name)
		}
	}
	return jwk
}

func TestStaticKeysRefuseWhatES256CannotUse(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := newKey(t)
	for name, keys := range map[string][]*ecdsa.PublicKey{
		"none": {}, "nil": {nil}, "empty": {{}}, "P-384": {&p384.PublicKey}, "a good one and a nil": {&good.PublicKey, nil},
		"no point":       {{Curve: elliptic.P256()}},
		"off the curve":  {{Curve: elliptic.P256(), X: big.NewInt(1), Y: big.NewInt(1)}},
		"infinity":       {{Curve: elliptic.P256(), X: big.NewInt(0), Y: big.NewInt(0)}},
		"negative":       {{Curve: elliptic.P256(), X: big.NewInt(-1), Y: big.NewInt(-1)}},
		"another's math": {{Curve: elliptic.P256().Params(), X: good.X, Y: good.PublicKey.Y}},
	} {
		t.Run(name, func(t *testing.T) {
			if set, err := accesstoken.StaticKeys(keys...); set != nil || err == nil {
				t.Errorf("got %v, %v", set, err)
			}
		})
	}
}

func TestStaticKeysAreTriedInTurn(t *testing.T) {
	a, b := newKey(t), newKey(t)
	keys, err := accesstoken.StaticKeys(&a.PublicKey, &b.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	verifier := newVerifier(t, keys)
	for _, key := range []*ecdsa.PrivateKey{a, b} {
		for _, kid := range []string{"", "whatever: the keys have no ID"} {
			if _, err := verifier.Verify(ctx, sign(t, key, kid, goodClaims())); err != nil {
				t.Error(err)
			}
		}
	}
	wantInvalid(t, verifier, sign(t, newKey(t), "", goodClaims()), "signature")
}

func TestParseKeysReadsPEMAndJWKs(t *testing.T) {
	a, b := newKey(t), newKey(t)
	for name, text := range map[string]string{
		"PEM":           inPEM(t, &a.PublicKey),
		"PEM, two keys": inPEM(t, &b.PublicKey) + "\n" + inPEM(t, &a.PublicKey) + "\n\n",
		"JWK":           toJSON(t, jwkOf(t, &a.PublicKey, nil)),
		"JWK set":       " \n" + toJSON(t, object{"keys": []any{jwkOf(t, &b.PublicKey, nil), jwkOf(t, &a.PublicKey, nil)}}),
	} {
		t.Run(name, func(t *testing.T) {
			keys, err := accesstoken.ParseKeys([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := newVerifier(t, keys).Verify(ctx, sign(t, a, "", goodClaims())); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestParseKeysRefusesEverythingElse(t *testing.T) {
	key := newKey(t)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ text, says string }{
		"nothing":              {"", "no key"},
		"blank":                {" \n", "no key"},
		"text":                 {"hunter2hunter2", "neither PEM nor JSON"},
		"PEM and text":         {inPEM(t, &key.PublicKey) + "hunter2hunter2", "neither PEM nor JSON"},
		"a private key":        {string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})), `not "PUBLIC KEY"`},
		"malformed DER":        {string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte("hunter2hunter2")})), "malformed"},
		"RSA":                  {inPEM(t, &rsaKey.PublicKey), "P-256"},
		"an RSA JWK":           {toJSON(t, jwkOf(t, &rsaKey.PublicKey, nil)), "P-256"},
		"a private JWK":        {toJSON(t, jwkOf(t, key, nil)), "P-256"},
		"malformed JSON":       {`{"kty":"EC"`, "malformed"},
		"an empty JWK set":     {`{"keys":[]}`, "P-256"},
		"a JWK set of null":    {`{"keys":null}`, "P-256"},
		"keys that are no set": {`{"keys":{}}`, "malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			keys, err := accesstoken.ParseKeys([]byte(test.text))
			if keys != nil || err == nil || !strings.Contains(err.Error(), test.says) {
				t.Fatalf("got %v, %v", keys, err)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error shows the text: %v", err)
			}
		})
	}
}

func TestOnlyUsableKeysOfASetCount(t *testing.T) {
	key := newKey(t)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public := &key.PublicKey
	good := jwkOf(t, public, nil)
	for name, test := range map[string]struct {
		jwk    any
		usable bool
	}{
		"as it is":              {good, true},
		"for signatures":        {jwkOf(t, public, object{"use": "sig", "alg": "ES256"}), true},
		"for encryption":        {jwkOf(t, public, object{"use": "enc"}), false},
		"for another use":       {jwkOf(t, public, object{"use": "SIG"}), false},
		"for ES384":             {jwkOf(t, public, object{"alg": "ES384"}), false},
		"for HS256":             {jwkOf(t, public, object{"alg": "HS256"}), false},
		"for key agreement":     {jwkOf(t, public, object{"alg": "ECDH-ES"}), false},
		"private":               {jwkOf(t, key, nil), false},
		"with an empty secret":  {jwkOf(t, public, object{"d": ""}), false},
		"P-384":                 {jwkOf(t, &p384.PublicKey, nil), false},
		"said to be of P-384":   {jwkOf(t, public, object{"crv": "P-384"}), false},
		"of secp256k1":          {jwkOf(t, public, object{"crv": "secp256k1"}), false},
		"RSA":                   {jwkOf(t, &rsaKey.PublicKey, nil), false},
		"symmetric":             {object{"kty": "oct", "k": good["x"]}, false},
		"off the curve":         {jwkOf(t, public, object{"y": good["x"]}), false},
		"without y":             {jwkOf(t, public, object{"y": nil}), false},
		"without kty":           {jwkOf(t, public, object{"kty": nil}), false},
		"of a kind not known":   {jwkOf(t, public, object{"kty": "PQ"}), false},
		"padded":                {jwkOf(t, public, object{"x": fmt.Sprint(good["x"], "=")}), false},
		"a kid that is no text": {jwkOf(t, public, object{"kid": 1}), false},
		"null":                  {nil, false},
		"a string":              {"EC", false},
	} {
		t.Run(name, func(t *testing.T) {
			server := newIssuer(t)
			verifier := newVerifier(t, server.keys(t))
			token := sign(t, key, "", goodClaims())
			want := map[bool]string{true: "none", false: "unavailable"}[test.usable]
			server.jwks = toJSON(t, object{"keys": []any{test.jwk}})
			if _, err := verifier.Verify(ctx, token); kindOf(err) != want {
				t.Errorf("alone: got %s: %v", kindOf(err), err)
			}
			// Next to a good one it does no harm.
			server = newIssuer(t)
			server.jwks = toJSON(t, object{"keys": []any{test.jwk, good}})
			if _, err := newVerifier(t, server.keys(t)).Verify(ctx, token); err != nil {
				t.Errorf("next to a good one: %v", err)
			}
		})
	}
}

func TestAKeyIDNamesItsKeyAndThoseWithoutOne(t *testing.T) {
	a, b, unnamed := newKey(t), newKey(t), newKey(t)
	keys, err := accesstoken.ParseKeys([]byte(toJSON(t, object{"keys": []any{
		jwkOf(t, &a.PublicKey, object{"kid": "a"}), jwkOf(t, &b.PublicKey, object{"kid": "b"}), jwkOf(t, &unnamed.PublicKey, nil),
	}})))
	if err != nil {
		t.Fatal(err)
	}
	verifier := newVerifier(t, keys)
	for _, test := range []struct {
		name string
		key  *ecdsa.PrivateKey
		kid  string
		kind string
	}{
		{"none, a", a, "", "none"}, {"none, b", b, "", "none"}, {"none, unnamed", unnamed, "", "none"},
		{"a", a, "a", "none"}, {"b", b, "b", "none"}, {"a, signed by unnamed", unnamed, "a", "none"}, {"unknown, signed by unnamed", unnamed, "c", "none"},
		{"a, signed by b", b, "a", "invalid"}, {"unknown, signed by a", a, "c", "invalid"}, {"A", a, "A", "invalid"},
	} {
		if _, err := verifier.Verify(ctx, sign(t, test.key, test.kid, goodClaims())); kindOf(err) != test.kind {
			t.Errorf("%s: got %s: %v", test.name, kindOf(err), err)
		}
	}
}
