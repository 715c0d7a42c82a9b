package oauth_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/oauth"
)

// RFC 9207 section 2.4.
func TestACallbackOfAnotherServerIsNotExchanged(t *testing.T) {
	const base, discovered, other = picket.DefaultBaseURL, "https://id.picketapi.com", "https://evil.example/\nlevel=info"
	configuration := func(issuer string, namesItself any) map[string]any {
		return map[string]any{"issuer": issuer, "authorization_response_iss_parameter_supported": namesItself}
	}
	silent := map[string]any{"issuer": base}
	for name, test := range map[string]struct {
		iss           []string
		configuration any // none when nil
		want          error
		reads         int // how often the configuration is read
	}{
		"the base URL":                         {[]string{base}, configuration(discovered, true), nil, 0},
		"the issuer":                           {[]string{discovered}, configuration(discovered, true), nil, 1},
		"the issuer of one that does not say":  {[]string{discovered}, map[string]any{"issuer": discovered}, nil, 1},
		"another":                              {[]string{other}, configuration(discovered, true), oauth.ErrIssuer, 1},
		"another, of one that does not say":    {[]string{other}, silent, oauth.ErrIssuer, 1},
		"another, and no configuration":        {[]string{other}, nil, oauth.ErrIssuer, 1},
		"with a slash":                         {[]string{base + "/"}, configuration(base, true), oauth.ErrIssuer, 1},
		"in capitals":                          {[]string{strings.ToUpper(base)}, configuration(base, true), oauth.ErrIssuer, 1},
		"empty":                                {[]string{""}, configuration(base, true), oauth.ErrIssuer, 1},
		"empty, of one that does not say":      {[]string{""}, silent, oauth.ErrIssuer, 1},
		"twice":                                {[]string{base, base}, configuration(base, true), oauth.ErrIssuer, 0},
		"none":                                 {nil, configuration(base, true), oauth.ErrIssuer, 1},
		"none, of one that sends none":         {nil, configuration(base, false), nil, 1},
		"none, of one that does not say":       {nil, silent, nil, 1},
		"none, and no configuration":           {nil, nil, nil, 1},
		"none, and a configuration unreadable": {nil, map[string]any{"issuer": base, "authorization_response_iss_parameter_supported": "yes"}, picket.ErrUnexpectedResponse, 1},
	} {
		t.Run(name, func(t *testing.T) {
			const path = "/.well-known/openid-configuration"
			answers := map[string]any{
				"/oauth2/token":  map[string]any{"accessToken": "a.b.c", "tokenType": "Bearer", "expiresIn": 1},
				"/auth/validate": claims(),
			}
			if test.configuration != nil {
				answers[path] = test.configuration
			}
			client, requests := api(t, answers)
			pending, answer := aPendingLogin("polygon")
			if test.iss != nil {
				answer["iss"] = test.iss
			}
			token, err := pending.Exchange(ctx, client, answer)
			if !errors.Is(err, test.want) || (token == nil) != (test.want != nil) {
				t.Errorf("got %v, %v; want %v", token, err, test.want)
			}
			if requests[path] != test.reads || (requests["/oauth2/token"] > 0) != (test.want == nil) {
				t.Errorf("got %v", requests)
			}
			if err != nil && strings.ContainsAny(err.Error(), "\n") {
				t.Errorf("the error is not fit for a log: %q", err)
			}
		})
	}
	t.Run("kept before there was an issuer", func(t *testing.T) {
		client, requests := api(t, map[string]any{
			"/oauth2/token":                     map[string]any{"accessToken": "a.b.c", "tokenType": "Bearer", "expiresIn": 1},
			"/auth/validate":                    claims(),
			"/.well-known/openid-configuration": configuration(base, true),
		})
		pending, answer := aPendingLogin("polygon")
		pending.Issuer = ""
		answer.Set("iss", base)
		if _, err := pending.Exchange(ctx, client, answer); err != nil || len(requests) != 3 {
			t.Errorf("got %v after %v", err, requests)
		}
	})
}

func TestAnIssuerThatCannotBeCheckedIsNoOtherServer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	defer server.Close()
	client, err := picket.New("sk_0123456789abcdef0123456789abcdef", picket.WithBaseURL(server.URL), picket.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	pending, answer := aPendingLogin("polygon")
	var refused *picket.Error
	if _, err := pending.Exchange(ctx, client, answer); errors.Is(err, oauth.ErrIssuer) || !errors.As(err, &refused) || refused.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("got %v", err)
	}
}

func TestTheMockNamesItselfAsTheLoginExpects(t *testing.T) {
	srv, logins, client := start(t)
	wallet := mock.NewEthereumWallet(t)
	login, _ := begin(t, logins, "ethereum", oauth.Parameters{})
	answer := sign(t, client, wallet, login.URL)
	if answer.Get("iss") != srv.URL || login.Pending.Issuer != srv.URL {
		t.Errorf("got %q, and expect %q", answer.Get("iss"), login.Pending.Issuer)
	}
	for _, iss := range []url.Values{{}, {"iss": {"https://evil.example"}}} {
		answer["iss"] = iss["iss"]
		if _, err := login.Pending.Exchange(ctx, client, answer); !errors.Is(err, oauth.ErrIssuer) {
			t.Errorf("%v: got %v", iss, err)
		}
	}
	answer.Set("iss", srv.URL)
	if _, err := login.Pending.Exchange(ctx, client, answer); err != nil {
		t.Errorf("the code is spent: %v", err)
	}
}
