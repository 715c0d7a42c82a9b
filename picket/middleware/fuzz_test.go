package middleware_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// FuzzCredentials sends any Authorization and Cookie headers; a line break stands between several. The only good token is
// token. Whoever gets in has sent it, once, and where anything was sent as a token, nobody gets in without one.
func FuzzCredentials(f *testing.F) {
	for _, seed := range []struct{ authorization, cookie string }{
		{"Bearer " + token, ""}, {"bearer   " + token, ""}, {"Bearer " + token + " ", ""}, {"Bearer", ""}, {"Bearer\t" + token, ""}, {"", ""},
		{"Bearer " + token + "\nBearer " + token, ""}, {"Basic c2tfOg==", "session=" + token}, {"Bearer " + token, "session=other"},
		{"", "session=" + token}, {"", "a=b; session=" + token + "; c"}, {"", "session=" + token + "; session=" + token}, {"", "session=" + token + "\nsession=x"},
		{"", "session="}, {"", "session"}, {"", ` session ="` + token + `"`}, {"Bearer eyJ.e30.", ""}, {"Bearer a.b.c, Bearer " + token, ""},
		{"Bearer " + strings.Repeat("a", 20_000), ""}, {" Bearer " + token, ""}, {"Bearer" + token, ""}, {"Bearer \xff", "\xff=\x00"}, {"\n", "\n"},
	} {
		f.Add(seed.authorization, seed.cookie)
	}
	f.Fuzz(func(t *testing.T, authorization, cookie string) {
		asked := 0
		v := validator(func(_ context.Context, sent picket.Secret, _ *picket.Gate) (*picket.AccessTokenPayload, error) {
			asked++
			if sent == token {
				return claims(), nil
			}
			return nil, fmt.Errorf("no: %w", picket.CodeParameterInvalid)
		})
		auth := newAuthenticator(t, v, middleware.WithCookie("session"))
		header := http.Header{}
		for name, value := range map[string]string{"Authorization": authorization, "Cookie": cookie} {
			if value != "" {
				header[name] = strings.Split(value, "\n")
			}
		}
		for name, wrap := range map[string]func(http.Handler) http.Handler{"required": auth.Required, "optional": auth.Optional} {
			var reached bool
			var user *middleware.User
			response := httptest.NewRecorder()
			request := httptest.NewRequest(http.MethodGet, "/", nil)
			request.Header = header.Clone()
			wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				reached = true
				user, _ = middleware.UserFromContext(r.Context())
			})).ServeHTTP(response, request)

			switch {
			case reached && user != nil:
				from := cookie
				if strings.HasPrefix(strings.ToLower(authorization), "bearer") {
					from = authorization
				}
				if user.AccessToken != token || !strings.Contains(from, token) || len(header["Authorization"]) > 1 {
					t.Errorf("%s: %q and %q let a user in", name, authorization, cookie)
				}
			case reached && (name == "required" || sendsToken(header)):
				t.Errorf("%s: %q and %q get in without a user", name, authorization, cookie)
			case !reached:
				checkRefusal(t, response)
			}
		}
		if asked > 2 {
			t.Errorf("the validator was asked %d times", asked)
		}
	})
}

// sendsToken reports whether headers look as if a token was meant, in whatever way. It is as crude as can be.
func sendsToken(header http.Header) bool {
	for _, value := range header["Authorization"] {
		if len(value) >= 6 && strings.EqualFold(value[:6], "bearer") {
			return true
		}
	}
	for _, line := range header["Cookie"] {
		for _, pair := range strings.Split(line, ";") {
			if strings.HasPrefix(strings.Trim(pair, " \t"), "session=") {
				return true
			}
		}
	}
	return false
}

func checkRefusal(t *testing.T, response *httptest.ResponseRecorder) {
	t.Helper()
	var body struct{ Code, Msg string }
	if err := json.Unmarshal(response.Body.Bytes(), &body); err != nil || body.Code == "" || body.Msg == "" {
		t.Errorf("the refusal is %q", response.Body)
	}
	if response.Code != http.StatusUnauthorized && response.Code != http.StatusBadRequest {
		t.Errorf("the status is %d", response.Code)
	}
	challenge := response.Header().Get("WWW-Authenticate")
	if !strings.HasPrefix(challenge, `Bearer realm="picket"`) || strings.ContainsAny(challenge, "\r\n") || strings.Contains(challenge+response.Body.String(), token) {
		t.Errorf("the challenge is %q, the body %q", challenge, response.Body)
	}
	if response.Header().Get("Cache-Control") != "no-store" {
		t.Error("the refusal may be stored")
	}
}

// FuzzUnverifiedClaims sends tokens with any claims to gates, in front of an API that finds every token bad. Nobody gets in, and
// nothing that a token says of itself makes a request more than one call.
func FuzzUnverifiedClaims(f *testing.F) {
	wallet := claims().WalletAddress
	good := `{"chain":"ethereum","walletAddress":"` + wallet + `","exp":99999999999,"tokenBalances":{"contractAddress":{"` + contract + `":"3"}}}`
	for _, claims := range []string{
		good, `{}`, `null`, `[]`, `7`, `"a"`, ``, `{`, `{"chain":7}`, `{"chain":"ethereum","walletAddress":"` + wallet + `","exp":1}`, strings.Replace(good, "ethereum", "polygon", 1),
		strings.Replace(good, `"3"`, `"1e999"`, 1), strings.Replace(good, `"3"`, `-1`, 1), strings.Replace(good, "chain", "Chain", 1), `{"chain":"polygon",` + good[1:], good + good, "\xff",
	} {
		f.Add([]byte(claims))
	}
	gates := map[string]*picket.Gate{"": nil, "list": gateOf(f, picket.Requirements{AllowedWallets: []string{wallet}}), "token": gateOf(f, holders)}
	f.Fuzz(func(t *testing.T, claims []byte) {
		token := picket.Secret("eyJhbGciOiJFUzI1NiJ9." + base64.RawURLEncoding.EncodeToString(claims) + ".c2lnbmF0dXJl")
		for name, gate := range gates {
			calls := 0
			client, err := picket.New("sk_00000000000000000000000000000000", picket.WithHTTPClient(&http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
				calls++
				return &http.Response{
					StatusCode: http.StatusBadRequest, Header: http.Header{"Content-Type": {"application/json"}},
					Body: io.NopCloser(strings.NewReader(`{"code":"parameter_invalid","msg":"invalid access token"}`)), Request: r,
				}, nil
			})}))
			if err != nil {
				t.Fatal(err)
			}
			got, err := newCache(t, middleware.Remote(client)).Validate(t.Context(), token, gate)
			if got != nil || !errors.Is(err, picket.CodeParameterInvalid) || calls > 1 {
				t.Errorf("at gate %q: got %v, %v after %d calls", name, got, err, calls)
			}
		}
	})
}

// transport is an HTTP transport that is a function.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
