package picket_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/lmittmann/tint"
	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/wire"
)

var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"}

const hidden = "hunter2hunter2"

// typesOfTheClient returns every struct that a method of the client takes or returns and that holds a Secret somewhere, so
// that a new one is among them.
func typesOfTheClient(t *testing.T) []reflect.Type {
	t.Helper()
	found, seen := map[reflect.Type]bool{}, map[reflect.Type]bool{}
	var holds func(reflect.Type) bool
	holds = func(t reflect.Type) bool {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
			return holds(t.Elem())
		case reflect.Struct:
			if seen[t] { // a schema may contain itself
				return found[t]
			}
			seen[t] = true
			for i := range t.NumField() {
				if t.Field(i).IsExported() && holds(t.Field(i).Type) {
					found[t] = true
				}
			}
			return found[t]
		}
		return t == reflect.TypeFor[picket.Secret]()
	}
	client := reflect.TypeFor[*picket.Client]()
	for i := range client.NumMethod() {
		method := client.Method(i).Type
		for j := range method.NumIn() {
			if in := method.In(j); in != client {
				holds(in)
			}
		}
		for j := range method.NumOut() {
			holds(method.Out(j))
		}
	}
	for _, known := range []any{
		picket.AuthRequest{}, picket.AuthResponse{}, picket.AuthzRequest{}, picket.ValidateRequest{}, picket.OAuthTokenRequest{}, picket.OAuthTokenResponse{},
	} {
		if !found[reflect.TypeOf(known)] {
			t.Errorf("%T is not found", known)
		}
	}
	// Structs of an application, such as one around middleware.User.
	type session struct {
		User  picket.AuthResponse
		Token picket.Secret `xml:",attr"`
	}
	type user struct {
		*picket.AuthRequest
		Tokens []picket.Secret
		Named  map[string]picket.Secret
		Last   *picket.Secret
		Any    any
	}
	return append(slices.Collect(maps.Keys(found)), reflect.TypeFor[session](), reflect.TypeFor[user](), reflect.TypeFor[picket.Secret]())
}

// fill sets every Secret that v can hold.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		element := reflect.New(v.Type().Elem()).Elem()
		fill(element)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("key").Convert(v.Type().Key()), element)
	case reflect.Interface:
		v.Set(reflect.ValueOf(picket.Secret(hidden)))
	case reflect.String:
		switch v.Type() {
		case reflect.TypeFor[picket.Secret]():
			v.SetString(hidden)
		case reflect.TypeFor[picket.Decimal]():
			v.SetString("1")
		}
	}
}

// around returns a value in everything that it can be printed in.
func around(v any) map[string]any {
	pointer := reflect.New(reflect.TypeOf(v))
	pointer.Elem().Set(reflect.ValueOf(v))
	list := reflect.MakeSlice(reflect.SliceOf(pointer.Type()), 0, 1)
	type box struct {
		Name  string
		Value any
	}
	return map[string]any{
		"a value": v, "a pointer": pointer.Interface(), "a nil pointer": reflect.Zero(pointer.Type()).Interface(),
		"a list": []any{v, pointer.Interface()}, "a list of pointers": reflect.Append(list, pointer).Interface(),
		"a map": map[string]any{"k": v}, "a map of pointers": map[string]any{"k": pointer.Interface()},
		"a struct": box{"n", v}, "a pointer to a struct": &box{"n", pointer.Interface()}, "a list of structs": []box{{"n", []any{v}}},
	}
}

// printers are the ways out of a program: what print of a value they make.
func printers() map[string]func(any) string {
	encoded := func(encode func(any) ([]byte, error)) func(any) string {
		return func(v any) string {
			text, err := encode(v)
			return fmt.Sprint(string(text), err)
		}
	}
	logged := func(handler func(io.Writer) slog.Handler) func(any) string {
		return func(v any) string {
			var log bytes.Buffer
			logger := slog.New(handler(&log))
			logger.Info("m", "k", v, slog.Group("g", "k", v))
			logger.With("k", v).WithGroup("g").Error("m", slog.Any("err", fmt.Errorf("wrapped: %v", v)))
			return log.String()
		}
	}
	all := map[string]func(any) string{
		"json": encoded(json.Marshal), "xml": encoded(xml.Marshal), "yaml": encoded(yaml.Marshal),
		"slog text": logged(func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }),
		"slog json": logged(func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) }),
		"tint":      logged(func(w io.Writer) slog.Handler { return tint.NewTextHandler(w, nil) }),
	}
	for _, verb := range verbs {
		all[verb] = func(v any) string { return fmt.Sprintf(verb, v) }
	}
	return all
}

func TestNoTypePrintsASecret(t *testing.T) {
	redactions := map[string]int{}
	for _, typ := range typesOfTheClient(t) {
		value := reflect.New(typ).Elem()
		fill(value)
		for in, v := range around(value.Interface()) {
			for name, print := range printers() { //nolint:predeclared // what it does
				inside := typ.Name() == "user" || in == "a list" || (strings.Contains(in, "pointer") && in != "a pointer")
				if inside && slices.Contains([]string{"%s", "%q", "%t"}, name) {
					continue // of a verb that does not fit a pointer, fmt asks no type what is behind it: Secret's comment says so
				}
				text := print(v)
				if strings.Contains(text, hidden) || strings.Contains(strings.ToLower(text), hex.EncodeToString([]byte(hidden))) {
					t.Errorf("%s shows the secret of %s of %v: %s", name, in, typ, text)
				}
				redactions[name] += strings.Count(text, "[redacted]")
			}
		}
	}
	for name := range printers() {
		if redactions[name] < 10 {
			t.Errorf("%s redacted %d secrets, so it was not tested", name, redactions[name])
		}
	}
	if s := picket.Secret(hidden); s.String()+s.GoString() != "[redacted][redacted]" {
		t.Errorf("got %s and %s", s.String(), s.GoString())
	}
}

func TestWhatIsSentHasTheSecrets(t *testing.T) {
	for _, typ := range typesOfTheClient(t) {
		if typ.PkgPath() != reflect.TypeFor[picket.AuthRequest]().PkgPath() {
			continue // one of this test
		}
		value := reflect.New(typ)
		fill(value.Elem())
		for _, v := range []any{value.Interface(), value.Elem().Interface()} {
			if text, err := wire.Marshal(v); err != nil || !strings.Contains(string(text), hidden) || strings.Contains(string(text), "[redacted]") {
				t.Errorf("%v is sent as %s, %v", typ, text, err)
			}
		}
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
			_, err := c.ExchangeGrant(context.Background(), picket.OAuthTokenRequest{Code: "c0de!c0de!", CodeVerifier: "ver1fier!!", RedirectURI: "http://localhost/"})
			return err
		},
		"token by password": func(c *picket.Client) error {
			_, err := c.ExchangeGrant(context.Background(), picket.OAuthTokenRequest{GrantType: picket.GrantPassword, Username: address, Password: "n0t a UTF\xff"})
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
	_, err := client.ExchangeGrant(context.Background(), picket.OAuthTokenRequest{Code: "a", CodeVerifier: "code", RedirectURI: "http://localhost/"})
	if !errors.Is(err, picket.CodeOAuthInvalidGrant) || !strings.Contains(err.Error(), "the code is a spent one") {
		t.Errorf("got %v", err)
	}
	_, err = client.ExchangeGrant(context.Background(), picket.OAuthTokenRequest{Code: "a         \u200b", CodeVerifier: "\u0301\u0301\u0301\u0301\u0301", RedirectURI: "http://localhost/"})
	if !errors.Is(err, picket.CodeOAuthInvalidGrant) || !strings.Contains(err.Error(), "the code is a spent one") {
		t.Errorf("got %v", err)
	}
}

// The contract says that a token response has further properties, among them tokens in another spelling. A map of them would print them.
func TestATokenResponseKeepsNothingThatItDoesNotName(t *testing.T) {
	var response picket.OAuthTokenResponse
	if err := json.Unmarshal([]byte(`{"accessToken":"a","other_token":"hunter2"}`), &response); err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprintf("%+v", response); strings.Contains(text, "hunter2") {
		t.Errorf("it is %s", text)
	}
}
