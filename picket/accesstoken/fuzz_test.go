package accesstoken_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

// fixedKey is the same in every process: a seed of one must mean the same in another.
func fixedKey(t testing.TB, number byte) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), bytes.Repeat([]byte{number}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// checkRefusal fails unless a token was refused for one reason, with an error that is fit for a log and shows no part of
// the token that is long enough to matter.
func checkRefusal(t *testing.T, token string, err error) string {
	t.Helper()
	kind := kindOf(err)
	if !slices.Contains([]string{"invalid", "expired, invalid", "unavailable"}, kind) {
		t.Fatalf("%s: %v", kind, err)
	}
	text := err.Error()
	if !utf8.ValidString(text) || len(text) > 1024 || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("the error is not fit for a log: %.500q", text)
	}
	for _, part := range strings.Split(token, ".") {
		if len(part) > 24 && strings.Contains(text, part) {
			t.Errorf("the error shows the token: %s", text)
		}
	}
	return kind
}

// FuzzToken verifies any text as an access token. None is accepted that is not, to the letter of header and claims, the one
// that was signed.
func FuzzToken(f *testing.F) {
	key := fixedKey(f, 1)
	signedText := encode(goodHeader) + "." + encode(toJSON(f, goodClaims()))
	good := string(signParts(f, key, encode(goodHeader), encode(toJSON(f, goodClaims()))))
	for _, token := range []string{
		good, good + "=", good + "\n", good + ".", " " + good, strings.Replace(good, ".", "..", 1), good[:len(good)-1], signedText + ".", signedText,
		string(assemble(f, fixedKey(f, 2), goodHeader, toJSON(f, goodClaims()))), string(assemble(f, key, `{"alg":"none"}`, toJSON(f, goodClaims()))),
		encode(`{"alg":"none"}`) + "." + encode(toJSON(f, goodClaims())) + ".", signedText + "." + strings.Repeat("A", 86), "", "..", "\xff.\xff.\xff",
		strings.Repeat("A", 17<<10),
	} {
		f.Add(token)
	}
	verifier := staticVerifier(f, key)
	f.Fuzz(func(t *testing.T, token string) {
		claims, err := verifier.Verify(ctx, picket.Secret(token))
		switch {
		case err == nil && !strings.HasPrefix(token, signedText+"."):
			t.Errorf("%q is accepted, which nobody signed", token)
		case err == nil && claims.Audience != projectID:
			t.Errorf("the claims are %+v", claims)
		case err != nil && claims != nil:
			t.Errorf("there are claims beside the error %v", err)
		case err != nil && checkRefusal(t, token, err) != "invalid":
			t.Errorf("%q is refused as something else than bad: %v", token, err)
		}
	})
}

// FuzzClaims signs any header and claims with the right key, so that all hangs on what they say. What is accepted is looked at
// with package encoding/json, which knows nothing of access tokens.
func FuzzClaims(f *testing.F) {
	for _, changes := range []object{
		nil, {"aud": "another"}, {"aud": []string{projectID}}, {"exp": issued.Unix()}, {"exp": 1e300}, {"exp": issued.Add(-time.Hour).Unix(), "iat": issued.Add(-13 * time.Hour).Unix()},
		{"iat": nil}, {"exp": nil}, {"exp": "1666660356"}, {"exp": 1666703556.5}, {"nbf": issued.Add(time.Hour).Unix()}, {"sub": "ethereum:0x0"}, {"iss": "https://evil.example"},
		{"ver": 2}, {"ver": nil}, {"tokenBalances": nil}, {"tokenBalances": object{"collection": object{"a": "-1"}}}, {"email": "a@b"}, {"walletAddress": "../x", "sub": "ethereum:../x"},
		{"chain": "", "sub": ":" + address}, {"tid": ""}, {"AUD": projectID}, {"displayAddress": 7},
	} {
		f.Add(goodHeader, toJSON(f, goodClaims(changes)))
	}
	good := toJSON(f, goodClaims())
	for _, header := range []string{
		`{"alg":"ES256"}`, `{"alg":"ES256","typ":"jwt","kid":"1"}`, `{"alg":"ES256","alg":"none"}`, `{"alg":"none"}`, `{"alg":"ES256","crit":["b64"],"b64":false}`,
		`{"alg":"ES256","jwk":{}}`, `{"alg":"ES256","kid":null}`, `{"alg":"ES256","typ":"at+jwt"}`, `[]`, ``,
	} {
		f.Add(header, good)
	}
	f.Add(goodHeader, strings.Replace(good, "{", `{"aud":"another",`, 1))
	f.Add(goodHeader, good+" ")
	f.Add(goodHeader, "null")
	key := fixedKey(f, 1)
	verifier := staticVerifier(f, key)
	f.Fuzz(func(t *testing.T, header, claims string) {
		token := assemble(t, key, header, claims)
		got, err := verifier.Verify(ctx, token)
		if err != nil {
			if kind := checkRefusal(t, string(token), err); kind == "unavailable" {
				t.Errorf("a token that is there to be checked was not: %v", err)
			}
			return
		}
		var plainHeader, plain object
		if json.Unmarshal([]byte(header), &plainHeader) != nil || json.Unmarshal([]byte(claims), &plain) != nil {
			t.Fatalf("%q.%q is accepted", header, claims)
		}
		number := func(name string) float64 { n, _ := plain[name].(float64); return n }
		now := float64(issued.Unix())
		for what, holds := range map[string]bool{
			"alg":           plainHeader["alg"] == "ES256",
			"aud":           plain["aud"] == projectID,
			"iss":           plain["iss"] == "picketapi.com" || plain["iss"] == "https://picketapi.com" || plain["iss"] == picket.DefaultBaseURL,
			"sub":           plain["sub"] == fmt.Sprint(plain["chain"], ":", plain["walletAddress"]),
			"exp":           number("exp") > now-30 && number("exp") > number("iat") && number("exp") <= number("iat")+24*3600,
			"iat":           number("iat") > 0 && number("iat") <= now+30,
			"nbf":           number("nbf") <= now+30,
			"tid":           plain["tid"] != nil && plain["tid"] != "",
			"the result":    got.Chain == plain["chain"] && got.WalletAddress == plain["walletAddress"] && got.AccessTokenID == plain["tid"] && float64(got.ExpiresAt) == number("exp"),
			"no parameters": plainHeader["jwk"] == nil && plainHeader["crit"] == nil && plainHeader["b64"] == nil,
		} {
			if !holds {
				t.Errorf("%s.%s is accepted; look at %s", header, claims, what)
			}
		}
		if _, err := json.Marshal(got); err != nil {
			t.Errorf("the claims cannot be written: %v", err)
		}
	})
}

func fuzzedKeyTexts(f *testing.F) (jwk, set, block string) {
	public := &fixedKey(f, 1).PublicKey
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		f.Fatal(err)
	}
	named := jose.JSONWebKey{Key: public, Use: "sig", Algorithm: "ES256"}
	return toJSON(f, named), toJSON(f, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{named, {Key: []byte("symmetric"), Algorithm: "HS256"}}}),
		string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// holdsKey reports whether a text can hold the key of a token: its coordinate, as JWKs and PEM have it. A text without it
// that verifies the token has brought another key.
func holdsKey(t testing.TB, text []byte) bool {
	var x [32]byte
	point, err := fixedKey(t, 1).PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	copy(x[:], point[1:33])
	if strings.Contains(strings.ReplaceAll(string(text), `\`, ""), base64.RawURLEncoding.EncodeToString(x[:])[:40]) || bytes.Contains(text, []byte(`\u`)) {
		return true
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if bytes.Contains(block.Bytes, x[:]) {
			return true
		}
	}
	return false
}

// FuzzKeys reads any text as keys. Those that are read refuse a token which another key made.
func FuzzKeys(f *testing.F) {
	jwk, set, block := fuzzedKeyTexts(f)
	for _, text := range []string{
		jwk, set, block, block + block, "\n" + block + "\n", strings.Replace(block, "PUBLIC", "PRIVATE", 2), strings.Replace(jwk, "P-256", "P-384", 1),
		strings.Replace(jwk, `"use":"sig"`, `"use":"enc"`, 1), strings.Replace(jwk, `"x":"`, `"d":"AQ","x":"A`, 1), `{"keys":[]}`, `{"keys":null}`, `{"keys":[` + jwk + `,7]}`, `{`, "", "[]",
		`{"kty":"oct","k":"AQAB","alg":"HS256"}`, "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n",
	} {
		f.Add([]byte(text))
	}
	token := assemble(f, fixedKey(f, 1), goodHeader, toJSON(f, goodClaims()))
	f.Fuzz(func(t *testing.T, text []byte) {
		keys, err := accesstoken.ParseKeys(text)
		if err != nil {
			if keys != nil || len(err.Error()) > 1024 || strings.ContainsFunc(err.Error(), func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("got %v and %.500q", keys, err)
			}
			return
		}
		_, err = newVerifier(t, keys).Verify(ctx, token)
		if err == nil && !holdsKey(t, text) {
			t.Errorf("%q verifies a token of another key", text)
		}
		if err != nil && checkRefusal(t, string(token), err) != "invalid" {
			t.Errorf("got %v", err)
		}
	})
}

// FuzzIssuer lets an OpenID issuer answer anything. A good token is accepted by the right key from the right issuer, refused
// as bad when the issuer has other keys, and otherwise could not be checked.
func FuzzIssuer(f *testing.F) {
	jwk, set, _ := fuzzedKeyTexts(f)
	good := toJSON(f, object{"issuer": issuerURL, "jwks_uri": jwksURL})
	for _, config := range []string{
		good, `{}`, `{"issuer":"` + issuerURL + `"}`, strings.Replace(good, "api/v1", "api/v1/", 1), strings.Replace(good, "https://keys", "http://keys", 1), strings.Replace(good, "{", `{"issuer":"x",`, 1),
		strings.Replace(good, "keys.test", "user:password@keys.test", 1), strings.Replace(good, `"jwks_uri"`, `"JWKS_URI"`, 1), `null`, `<html>`, "",
	} {
		f.Add(200, []byte(config), []byte(set))
	}
	other, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &fixedKey(f, 2).PublicKey}}})
	if err != nil {
		f.Fatal(err)
	}
	for _, keys := range []string{jwk, string(other), `{"keys":[]}`, `{"keys":[` + strings.Repeat(jwk+",", 20) + jwk + `]}`, "", "\xff", strings.Repeat(" ", 300<<10)} {
		f.Add(200, []byte(good), []byte(keys))
	}
	f.Add(500, []byte(good), []byte(set))
	f.Add(302, []byte(good), []byte(set))
	token := assemble(f, fixedKey(f, 1), goodHeader, toJSON(f, goodClaims()))
	f.Fuzz(func(t *testing.T, status int, config, jwks []byte) {
		if status < 200 || status > 999 {
			t.Skip("net/http lets no other status through")
		}
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			body := jwks
			if r.URL.String() == configURL {
				body = config
			}
			header := http.Header{"Location": {"https://elsewhere.test/"}}
			if !strings.HasSuffix(r.URL.Host, ".test") || r.URL.Scheme != "https" || r.URL.User != nil {
				var from struct {
					URI string `json:"jwks_uri"`
				}
				if json.Unmarshal(config, &from) != nil || r.URL.Scheme != "https" && !slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, r.URL.Hostname()) || r.URL.User != nil {
					t.Errorf("%s is asked", r.URL)
				}
			}
			return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
		})
		keys, err := accesstoken.DiscoverKeys(issuerURL, accesstoken.WithHTTPClient(&http.Client{Transport: transport}))
		if err != nil {
			t.Fatal(err)
		}
		_, err = newVerifier(t, keys).Verify(ctx, token)
		if err == nil {
			var plain struct{ Issuer string }
			if status != http.StatusOK || !holdsKey(t, jwks) || json.Unmarshal(config, &plain) != nil || plain.Issuer != issuerURL {
				t.Errorf("%d, %q and %q verify the token", status, config, jwks)
			}
			return
		}
		if kind := checkRefusal(t, string(token), err); kind == "invalid" && status != http.StatusOK {
			t.Errorf("status %d makes the token a bad one: %v", status, err)
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
