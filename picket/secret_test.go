package picket_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/picket"
)

var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"}

// fill sets every Secret that v holds.
func fill(v reflect.Value, secret string) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), secret)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), secret)
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[picket.Secret]() {
			v.SetString(secret)
		}
	}
}

func TestNoTypePrintsASecret(t *testing.T) {
	const secret = "hunter2hunter2"
	found := 0
	for _, value := range []any{
		&picket.AuthRequest{}, &picket.AuthResponse{}, &picket.AuthzRequest{}, &picket.ValidateRequest{},
		&picket.TokenRequest{}, &picket.TokenResponse{}, new(picket.Secret),
	} {
		fill(reflect.ValueOf(value).Elem(), secret)
		if wire, err := json.Marshal(value); err != nil || !bytes.Contains(wire, []byte(secret)) {
			t.Errorf("%T is not filled, or not sent as it is: %s, %v", value, wire, err)
		}
		check := func(verb string, printed any) {
			text := fmt.Sprintf(verb, printed)
			if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
				t.Errorf("%T prints its secret with %s: %s", printed, verb, text)
			}
			found += strings.Count(text, "[redacted]")
		}
		plain := reflect.ValueOf(value).Elem().Interface()
		for _, verb := range verbs {
			check(verb, value)
			check(verb, plain)
			check(verb, map[string]any{"k": plain})
		}
		for _, verb := range []string{"%v", "%+v", "%#v"} {
			check(verb, []any{value})
			check(verb, map[string]any{"k": []any{plain, value}})
		}
	}
	if found == 0 {
		t.Error("nothing was redacted, so nothing was tested")
	}
	if s := picket.Secret(secret); s.String()+s.GoString() != "[redacted][redacted]" {
		t.Errorf("got %s and %s", s.String(), s.GoString())
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("", "token", picket.Secret(secret))
	if strings.Contains(log.String(), secret) {
		t.Errorf("slog shows the secret: %s", log.String())
	}
}

func TestNoClientPrintsItsKey(t *testing.T) {
	client, err := picket.New(testKey)
	if err != nil {
		t.Fatal(err)
	}
	credentials := base64.StdEncoding.EncodeToString([]byte(testKey + ":"))
	for _, printed := range []any{client, *client, []any{client}, struct{ C picket.Client }{*client}} {
		for _, verb := range verbs {
			if text := fmt.Sprintf(verb, printed); strings.Contains(text, testKey) || strings.Contains(text, credentials) {
				t.Errorf("%T prints its key with %s", printed, verb)
			}
		}
	}
}

// TestNoErrorShowsASecret lets servers and transports say the secrets of a request back in every way.
func TestNoErrorShowsASecret(t *testing.T) {
	const (
		signature = "0xABCDEF0123"
		other     = "eyJhbGciOiJFUzI1NiJ9.eyJ0aWQiOiIyIn0.b3RoZXI"
	)
	credentials := base64.StdEncoding.EncodeToString([]byte(testKey + ":"))
	secrets := []string{testKey, credentials, signature, strings.ToLower(signature), sample, other, "c0de!c0de!", "ver1fier!!", "n0t a UTF\xff"}
	all := "all: " + strings.Join(secrets, " and ")
	asJSON, _ := json.Marshal(all)

	calls := map[string]func(*picket.Client) error{
		"auth": func(c *picket.Client) error {
			_, err := c.Auth(context.Background(), picket.AuthRequest{WalletAddress: address, Signature: signature})
			return err
		},
		"validate": func(c *picket.Client) error {
			_, err := c.Validate(context.Background(), picket.ValidateRequest{AccessToken: sample})
			return err
		},
		"authz": func(c *picket.Client) error {
			_, err := c.Authz(context.Background(), picket.AuthzRequest{AccessToken: sample, Requirements: picket.Requirements{ContractAddress: "0xC0"}})
			return err
		},
		"token": func(c *picket.Client) error {
			_, err := c.Token(context.Background(), picket.TokenRequest{Code: "c0de!c0de!", CodeVerifier: "ver1fier!!", RedirectURI: "http://localhost/"})
			return err
		},
		"token by password": func(c *picket.Client) error {
			_, err := c.Token(context.Background(), picket.TokenRequest{GrantType: picket.GrantPassword, Username: address, Password: "n0t a UTF\xff"})
			return err
		},
	}
	own := map[string][]string{
		"auth": {signature, strings.ToLower(signature)}, "validate": {sample}, "authz": {sample},
		"token": {"c0de!c0de!", "ver1fier!!"}, "token by password": {"n0t a UTF"},
	}
	servers := map[string]http.HandlerFunc{
		"in msg": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, `{"msg":%s,"code":%s}`, asJSON, asJSON)
		},
		"in the request id": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["X-Request-Id"] = []string{all}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"msg":"no"}`)
		},
		"in a 200": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprintf(w, `{"accessToken":%s,"tokenBalances":{"contractAddress":{"a":%s}},"user":{"tokenBalances":{"contractAddress":{"a":%s}}}}`, asJSON, asJSON, asJSON)
		},
		"in the content type": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{"text/" + sample}
			_, _ = io.WriteString(w, `{}`)
		},
		"in a redirect": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://user:"+testKey+"@elsewhere.example/"+sample+"?"+credentials+"#"+signature)
			w.WriteHeader(http.StatusFound)
		},
	}
	check := func(t *testing.T, call string, err error) {
		t.Helper()
		var failure *picket.Error
		if !errors.As(err, &failure) {
			t.Fatalf("got %v", err)
		}
		texts := []string{err.Error()}
		for _, verb := range verbs {
			texts = append(texts, fmt.Sprintf(verb, err), fmt.Sprintf(verb, *failure))
		}
		for _, text := range texts {
			for _, secret := range append([]string{testKey, credentials, sample, other}, own[call]...) {
				if strings.Contains(text, secret) {
					t.Errorf("shows %q: %s", secret, text)
				}
			}
			if strings.ContainsAny(text, "\n\r") {
				t.Errorf("has several lines: %q", text)
			}
		}
	}
	for name, handler := range servers {
		for call, do := range calls {
			t.Run(name+"/"+call, func(t *testing.T) {
				server := httptest.NewServer(handler)
				defer server.Close()
				client, err := picket.New(testKey, picket.WithBaseURL(server.URL), picket.WithMaxRetries(0))
				if err != nil {
					t.Fatal(err)
				}
				check(t, call, do(client))
			})
		}
	}
	for call, do := range calls {
		t.Run("in a transport's error/"+call, func(t *testing.T) {
			client, err := picket.New(testKey, picket.WithMaxRetries(0), picket.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				return nil, fmt.Errorf("dump: %v %s", r.Header, all)
			})}))
			if err != nil {
				t.Fatal(err)
			}
			check(t, call, do(client))
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAShortSecretTakesNothingOutOfAMessage(t *testing.T) {
	client, _ := serve(t, http.StatusBadRequest, "application/json", `{"code":"invalid_grant","msg":"the code is a spent one"}`)
	_, err := client.Token(context.Background(), picket.TokenRequest{Code: "a", CodeVerifier: "code", RedirectURI: "http://localhost/"})
	if !errors.Is(err, picket.ErrInvalidGrant) || !strings.Contains(err.Error(), "the code is a spent one") {
		t.Errorf("got %v", err)
	}
}
