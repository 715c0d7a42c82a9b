package mock_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

func newSigningKey(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// newSigningKeyPEM returns a key, and its PEM as openssl writes it.
func newSigningKeyPEM(t *testing.T) (*ecdsa.PrivateKey, string) {
	t.Helper()
	key := newSigningKey(t, elliptic.P256())
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	parameters := pem.EncodeToMemory(&pem.Block{Type: "EC PARAMETERS", Bytes: []byte("\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07")})
	return key, string(append(parameters, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})...))
}

// servedKeys returns the keys of /oauth2/jwks, by ID.
func servedKeys(t *testing.T, srv *mock.Server) (set jose.JSONWebKeySet, ids []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(send(t, srv, "", "GET", "/oauth2/jwks", "").body), &set); err != nil {
		t.Fatal(err)
	}
	for _, key := range set.Keys {
		ids = append(ids, key.KeyID)
	}
	return set, ids
}

func isValid(t *testing.T, srv *mock.Server, token picket.Secret) bool {
	t.Helper()
	_, err := newClient(t, srv, srv.SecretKey).Validate(ctx, picket.ValidateRequest{AccessToken: token})
	return err == nil
}

func TestTheDefaultProjectIsTheSameInEveryServer(t *testing.T) {
	first, second := mock.Start(t), mock.Start(t)
	if first.ID != mock.DefaultProjectID || second.ID != first.ID || first.AddProject().ID == first.ID {
		t.Errorf("the IDs are %s and %s", first.ID, second.ID)
	}
	token := mock.NewEthereumWallet(t).Login(t, newClient(t, first, first.SecretKey)).AccessToken
	if !isValid(t, second, token) {
		t.Error("a token is not valid after a restart")
	}
	_, before := servedKeys(t, first)
	if _, after := servedKeys(t, second); !slices.Equal(before, after) || !strings.HasPrefix(before[0], "picket-mock-") {
		t.Errorf("the keys are %q and %q", before, after)
	}
}

func TestAnotherSigningKeyTellsServersApart(t *testing.T) {
	key := newSigningKey(t, elliptic.P256())
	srv, other, same := mock.Start(t, mock.WithSigningKey(key)), mock.Start(t), mock.Start(t, mock.WithSigningKey(key))
	token := mock.NewEthereumWallet(t).Login(t, newClient(t, srv, srv.SecretKey)).AccessToken
	if isValid(t, other, token) || !isValid(t, same, token) {
		t.Error("the wrong server takes the token")
	}
	if set, _ := servedKeys(t, srv); !key.PublicKey.Equal(set.Keys[0].Key) {
		t.Errorf("served %+v", set)
	}
}

func TestTheProjectsIDAndTheIssuerOfItsTokensAreSet(t *testing.T) {
	const id = "01234567-89ab-4cde-8f01-23456789abcd"
	srv := mock.Start(t, mock.WithProjectID(id), mock.WithAccessTokenIssuer("https://picketapi.com"))
	auth := mock.NewEthereumWallet(t).Login(t, newClient(t, srv, srv.SecretKey))
	claims, err := newClient(t, srv, srv.SecretKey).Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken})
	if err != nil || srv.ID != id || claims.Audience != id || claims.Issuer != "https://picketapi.com" {
		t.Errorf("got %+v of %s, %v", claims, srv.ID, err)
	}
	for name, option := range map[string]mock.Option{
		"a project ID is a UUID":      mock.WithProjectID("shop"),
		"in lower case":               mock.WithProjectID(strings.ToUpper(id)),
		"the issuer is empty":         mock.WithAccessTokenIssuer(""),
		"the key is nil":              mock.WithSigningKey(nil),
		"the key is not on P-256":     mock.WithSigningKey(newSigningKey(t, elliptic.P384())),
		"iss is a claim that":         mock.WithIDTokenClaims(map[string]any{"iss": "me"}),
		"cannot be written as JSON":   mock.WithIDTokenClaims(map[string]any{"f": func() {}}),
		"another project has this ID": mock.WithConfig("f", []byte("projects: [{id: "+id+"}, {id: "+id+"}]")),
	} {
		if _, err := mock.New(option); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAnOldKeyIsServedForAsLongAsWasAsked(t *testing.T) {
	for name, rotate := range map[string]func(*testing.T, *mock.Server, time.Duration){
		"in Go": func(_ *testing.T, srv *mock.Server, keep time.Duration) { srv.RotateSigningKey(nil, keep) },
		"over HTTP": func(t *testing.T, srv *mock.Server, keep time.Duration) {
			body, _ := json.Marshal(map[string]any{"keepSeconds": keep.Seconds()})
			var keys []struct{ KID, ServedUntil string }
			if got := control(t, srv, "", "POST", "/signingKeys/rotate", string(body), &keys); got.status != http.StatusOK {
				t.Fatalf("got %d %s", got.status, got.body)
			}
			if want := len(srv.SigningKeys()); len(keys) != want || keys[0].ServedUntil != "" || (want > 1 && keys[1].ServedUntil == "") {
				t.Errorf("got %+v", keys)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t)
			client := newClient(t, srv, srv.SecretKey)
			wallet := mock.NewEthereumWallet(t)
			first := wallet.Login(t, client).AccessToken
			_, before := servedKeys(t, srv)
			rotate(t, srv, time.Hour)
			second := wallet.Login(t, client).AccessToken
			if _, ids := servedKeys(t, srv); len(ids) != 2 || ids[1] != before[0] {
				t.Errorf("served %q", ids)
			}
			if !isValid(t, srv, first) || !isValid(t, srv, second) {
				t.Error("a token of a served key is not valid")
			}
			srv.Advance(time.Hour)
			_, ids := servedKeys(t, srv)
			if len(ids) != 1 || ids[0] == before[0] || isValid(t, srv, first) || !isValid(t, srv, second) {
				t.Errorf("after an hour, served %q", ids)
			}
			rotate(t, srv, 0)
			if _, now := servedKeys(t, srv); len(now) != 1 || now[0] == ids[0] || isValid(t, srv, second) {
				t.Errorf("a key that was dropped at once: served %q", now)
			}
		})
	}
}

func TestRotationTakesAGivenKeyAndTheClockOfItsProject(t *testing.T) {
	srv := mock.Start(t)
	_, before := servedKeys(t, srv)
	key, text := newSigningKeyPEM(t)
	body, _ := json.Marshal(map[string]any{"privateKey": text})
	p := srv.AddProject()
	if got := control(t, srv, p.SecretKey, "POST", "/signingKeys/rotate", string(body), nil); got.status != http.StatusOK {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	if set, ids := servedKeys(t, srv); !key.PublicKey.Equal(set.Keys[0].Key) || len(ids) != 2 {
		t.Errorf("served %q", ids)
	}
	srv.Advance(24 * time.Hour)
	if _, ids := servedKeys(t, srv); len(ids) != 2 {
		t.Errorf("the clock of another project ends a key: served %q", ids)
	}
	p.Advance(12*time.Hour + time.Second)
	if _, ids := servedKeys(t, srv); len(ids) != 1 || ids[0] == before[0] {
		t.Errorf("after twelve hours, served %q", ids)
	}
	var listed []struct{ KID string }
	control(t, srv, "", "GET", "/signingKeys", "", &listed)
	if len(listed) != 1 || listed[0].KID != srv.SigningKeys()[0].ID {
		t.Errorf("listed %+v", listed)
	}
	for name, test := range map[string]struct{ body, want string }{
		"no PEM":      {`{"privateKey":"hunter2"}`, "no private key in PEM"},
		"a public":    {`{"privateKey":"-----BEGIN PUBLIC KEY-----\nhunt\n-----END PUBLIC KEY-----\n"}`, "not that of an unencrypted private key"},
		"negative":    {`{"keepSeconds":-1}`, "keepSeconds"},
		"misspelt":    {`{"keep":1}`, "keep"},
		"another one": {string(ed25519PEM(t)), "P-256"},
	} {
		if got := control(t, srv, "", "POST", "/signingKeys/rotate", test.body, nil); got.status != http.StatusBadRequest || !strings.Contains(got.body, test.want) || strings.Contains(got.body, "hunt") {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
}

// ed25519PEM returns a request with a key of another kind.
func ed25519PEM(t *testing.T) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(newSigningKey(t, elliptic.P384()))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := json.Marshal(map[string]any{"privateKey": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))})
	return body
}

func TestOldKeysThatAreServedAreFew(t *testing.T) {
	srv := mock.Start(t)
	var got answer
	for range 17 {
		got = control(t, srv, "", "POST", "/signingKeys/rotate", `{"keepSeconds":60}`, nil)
	}
	if got.status != http.StatusTooManyRequests || len(srv.SigningKeys()) != 17 {
		t.Errorf("got %d %s", got.status, got.body)
	}
	srv.RotateSigningKey(nil, 0) // drops only the one that signs
	srv.Advance(time.Minute)
	srv.RotateSigningKey(nil, time.Minute)
	if keys := srv.SigningKeys(); len(keys) != 2 {
		t.Errorf("%d keys are served", len(keys))
	}
}

func TestCustomClaimsAreInTheIDTokensOfTheirProject(t *testing.T) {
	claims := map[string]any{"groups": []any{"staff", "admin"}, "level": 3.0, "org": map[string]any{"id": "a"}}
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI), mock.WithConfig("picket.yaml", []byte(`
projects:
  - idTokenClaims: {groups: [staff, admin], level: 3, org: {id: a}}
`)))
	payload := func(token picket.Secret) (all map[string]any) {
		t.Helper()
		set, _ := servedKeys(t, srv)
		parsed, err := jose.ParseSignedCompact(string(token), []jose.SignatureAlgorithm{jose.ES256})
		if err != nil {
			t.Fatal(err)
		}
		text, err := parsed.Verify(set)
		if err == nil {
			err = json.Unmarshal(text, &all)
		}
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	token := tokenOf(t, srv, "openid email")
	got := payload(token.IDToken)
	for _, name := range []string{"iss", "sub", "aud", "iat", "exp", "auth_time", "at_hash", "email"} {
		if got[name] == nil {
			t.Errorf("%s is missing in %v", name, got)
		}
		delete(got, name)
	}
	if diff := cmp.Diff(claims, got); diff != "" {
		t.Error(diff)
	}
	var added struct{ SecretKey, PublishableKey, ID string }
	const id = "01234567-89ab-4cde-8f01-23456789abcd"
	control(t, srv, "", "POST", "/projects", `{"id":"`+id+`","idTokenClaims":{"role":"reader"},"redirectURIs":["`+redirectURI+`"]}`, &added)
	if added.ID != id {
		t.Errorf("added %+v", added)
	}
	for body, want := range map[string]string{`{"idTokenClaims":{"sub":"me"}}`: "sub is a claim", `{"id":"` + id + `"}`: "another project has this ID", `{"id":"shop"}`: "id"} {
		if got := control(t, srv, "", "POST", "/projects", body, nil); got.status != http.StatusBadRequest || !strings.Contains(got.body, want) {
			t.Errorf("%s: got %d %s", body, got.status, got.body)
		}
	}
}

func TestASigningKeyOfAConfiguration(t *testing.T) {
	key, text := newSigningKeyPEM(t)
	srv := mock.Start(t, mock.WithConfig("picket.yaml", []byte("signingKey: |\n  "+strings.ReplaceAll(text, "\n", "\n  "))))
	if set, _ := servedKeys(t, srv); !key.PublicKey.Equal(set.Keys[0].Key) {
		t.Errorf("served %+v", set)
	}
}
