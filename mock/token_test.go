package mock_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

func part(t *testing.T, token picket.Secret, i int) string {
	t.Helper()
	parts := strings.Split(string(token), ".")
	if len(parts) != 3 {
		t.Fatalf("the token has %d parts", len(parts))
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[i])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestATokenIsAsDocumented(t *testing.T) {
	start := time.Date(2022, 10, 25, 1, 12, 36, 0, time.UTC)
	srv := mock.Start(t, mock.WithClock(func() time.Time { return start }))
	client := newClient(t, srv, srv.SecretKey)
	wallet := mock.NewEthereumWallet(t)
	srv.SetDisplayName("ethereum", wallet.Address, "alice.eth")
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "0.1337")
	request := wallet.AuthRequest(t, client)
	request.Requirements = &picket.Requirements{ContractAddress: contract}
	auth, err := client.Auth(ctx, request)
	if err != nil {
		t.Fatal(err)
	}
	if header := part(t, auth.AccessToken, 0); header != `{"alg":"ES256","typ":"JWT"}` {
		t.Errorf("the header is %s", header)
	}
	var claims map[string]any
	if err := json.Unmarshal([]byte(part(t, auth.AccessToken, 1)), &claims); err != nil {
		t.Fatal(err)
	}
	tid, _ := claims["tid"].(string)
	for name, id := range map[string]string{"tid": tid, "project ID": srv.ID} {
		if _, err := uuid.Parse(id); err != nil {
			t.Errorf("the %s is no UUID: %q", name, id)
		}
	}
	want := map[string]any{
		"chain": "ethereum", "walletAddress": wallet.Address, "displayAddress": "alice.eth",
		"tokenBalances": map[string]any{"contractAddress": map[string]any{contract: "0.1337"}},
		"iat":           float64(start.Unix()), "exp": float64(start.Add(12 * time.Hour).Unix()),
		"iss": "picketapi.com", "sub": "ethereum:" + wallet.Address, "aud": srv.ID, "tid": tid, "ver": 1.0,
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Error(diff)
	}
}

func TestATokenLivesTwelveHours(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	srv := mock.Start(t, mock.WithClock(func() time.Time { return now }))
	client := newClient(t, srv, srv.SecretKey)
	token := mock.NewEthereumWallet(t).Login(t, client).AccessToken
	srv.Advance(12*time.Hour - time.Second)
	if _, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: token}); err != nil {
		t.Errorf("it died early: %v", err)
	}
	srv.Advance(time.Second)
	for operation, err := range useToken(client, token) {
		if !errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "expired") {
			t.Errorf("%s: got %v", operation, err)
		}
	}
}

func useToken(client *picket.Client, token picket.Secret) map[string]error {
	_, validate := client.Validate(ctx, picket.ValidateRequest{AccessToken: token})
	_, authz := client.Authz(ctx, picket.AuthzRequest{AccessToken: token, Requirements: picket.Requirements{ContractAddress: contract}})
	return map[string]error{"validate": validate, "authz": authz}
}

// other returns another digit of base64 than the given one.
func other(digit byte) string {
	if digit == 'A' {
		return "B"
	}
	return "A"
}

func TestATokenThatIsNotOursIsRefused(t *testing.T) {
	srv, elsewhere := mock.Start(t), mock.Start(t)
	elsewhere.RotateSigningKey(nil, 0)
	client := newClient(t, srv, srv.SecretKey)
	wallet := mock.NewEthereumWallet(t)
	good := wallet.Login(t, client).AccessToken
	parts := strings.Split(string(good), ".")

	claims := map[string]any{}
	if err := json.Unmarshal([]byte(part(t, good, 1)), &claims); err != nil {
		t.Fatal(err)
	}
	encode := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	forge := func(algorithm jose.SignatureAlgorithm, key any) string {
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, (&jose.SignerOptions{EmbedJWK: algorithm == jose.ES256}).WithType("JWT"))
		if err != nil {
			t.Fatal(err)
		}
		token, err := jwt.Signed(signer).Claims(claims).Serialize()
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	altered := map[string]any{}
	for name, value := range claims {
		altered[name] = value
	}
	altered["displayAddress"] = "mallory.eth"

	for name, token := range map[string]string{
		"not a token":               "hunter2hunter2",
		"two parts":                 parts[0] + "." + parts[1],
		"four parts":                string(good) + "." + parts[2],
		"empty signature":           parts[0] + "." + parts[1] + ".",
		"altered signature":         parts[0] + "." + parts[1] + "." + other(parts[2][0]) + parts[2][1:],
		"altered claims":            parts[0] + "." + encode(altered) + "." + parts[2],
		"alg none":                  encode(map[string]any{"alg": "none", "typ": "JWT"}) + "." + parts[1] + ".",
		"HS256":                     forge(jose.HS256, []byte(strings.Repeat("k", 32))),
		"another key, embedded":     forge(jose.ES256, key),
		"another server's":          string(wallet.Login(t, newClient(t, elsewhere, elsewhere.SecretKey)).AccessToken),
		"another project's":         string(wallet.Login(t, newClient(t, srv, srv.AddProject().SecretKey)).AccessToken),
		"space in front":            " " + string(good),
		"not UTF-8":                 "\xff" + string(good),
		"very long":                 strings.Repeat("a.", 1000) + "a",
		"a JSON Web Signature JSON": `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			for operation, err := range useToken(client, picket.Secret(token)) {
				if !errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "invalid access token") {
					t.Errorf("%s: got %v", operation, err)
				}
			}
			// The mock's own message does not show it either, whatever the client would redact.
			body, err := json.Marshal(map[string]string{"accessToken": token})
			if err != nil {
				t.Fatal(err)
			}
			got := post(t, srv, "/auth/validate", string(body))
			got.want(t, 400, picket.CodeParameterInvalid, "invalid access token")
			if strings.Contains(got.msg, strings.TrimSpace(token)) {
				t.Errorf("the message shows the token: %s", got.msg)
			}
		})
	}
}
