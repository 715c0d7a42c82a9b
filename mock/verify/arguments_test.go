package verify_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/verify"
)

// TestAKeyThatTheServerDoesNotKnowIsSaidAndNothingElse has a server that lets everyone read the chains.
func TestAKeyThatTheServerDoesNotKnowIsSaidAndNothingElse(t *testing.T) {
	srv := mock.Start(t)
	for name, code := range map[string]string{"a status": "", "a code": "api_key_invalid"} {
		asked := 0
		open := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked++
			if strings.HasSuffix(r.URL.Path, "/chains") {
				r.SetBasicAuth(srv.SecretKey, "")
			}
			if key, _, _ := r.BasicAuth(); code != "" && key != srv.SecretKey && key != srv.PublishableKey {
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, `{"code":"`+code+`"}`)
				return
			}
			srv.Handler().ServeHTTP(w, r)
		}))
		t.Cleanup(open.Close)
		for kind, run := range map[string]func() (*verify.Report, error){
			"secret": func() (*verify.Report, error) {
				return verify.Run(t.Context(), open.URL+"/api/v1", "sk_hunter2")
			},
			"publishable": func() (*verify.Report, error) {
				return verify.Run(t.Context(), open.URL+"/api/v1", srv.SecretKey, verify.WithPublishableKey("pk_hunter2"))
			},
		} {
			asked = 0
			_, err := run()
			if err == nil || !strings.Contains(err.Error(), "the server has no project with this "+kind+" key") || errors.Is(err, verify.ErrUnreachable) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s, %s: got %v", name, kind, err)
			}
			if asked > 3 {
				t.Errorf("%s, %s: the server was asked %d times", name, kind, asked)
			}
		}
	}
}

func TestArgumentsThatAreNotValidAreRefused(t *testing.T) {
	const api = "https://picketapi.com/api/v1"
	for name, test := range map[string]struct {
		baseURL, secretKey string
		option             verify.Option
		want               string
	}{
		"no base URL":                        {"", mock.DefaultSecretKey, nil, "the base URL must be like"},
		"a path":                             {"/api/v1", mock.DefaultSecretKey, nil, "the base URL must be like"},
		"http elsewhere":                     {"http://picketapi.com/api/v1", mock.DefaultSecretKey, nil, "https"},
		"a key in the URL":                   {"https://hunter2@picketapi.com/api/v1", mock.DefaultSecretKey, nil, "the base URL must be like"},
		"no secret key":                      {api, "", nil, "the secret key must begin with sk_"},
		"a publishable key in its place":     {api, mock.DefaultPublishableKey, nil, "the secret key must begin with sk_"},
		"a secret key for a publishable one": {api, mock.DefaultSecretKey, verify.WithPublishableKey("sk_hunter2"), "WithPublishableKey: "},
		"an empty redirect URI":              {api, mock.DefaultSecretKey, verify.WithRedirectURI(""), "WithRedirectURI: "},
		"an empty domain":                    {api, mock.DefaultSecretKey, verify.WithDomain(""), "WithDomain: "},
		"an empty control URL":               {api, mock.DefaultSecretKey, verify.WithControlURL(""), "WithControlURL: "},
		"nothing to skip":                    {api, mock.DefaultSecretKey, verify.WithSkip(nil), "WithSkip: "},
		"no transport":                       {api, mock.DefaultSecretKey, verify.WithTransport(nil), "WithTransport: "},
		"no progress":                        {api, mock.DefaultSecretKey, verify.WithProgress(nil), "WithProgress: "},
		"no time":                            {api, mock.DefaultSecretKey, verify.WithTimeout(0), "WithTimeout: "},
		"a nil option":                       {api, mock.DefaultSecretKey, verify.Option(nil), "option 0 is nil"},
	} {
		options := []verify.Option{test.option}
		if test.option == nil && name != "a nil option" {
			options = nil
		}
		_, err := verify.Run(t.Context(), test.baseURL, test.secretKey, options...)
		if err == nil || !strings.HasPrefix(err.Error(), "verify: ") || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") || errors.Is(err, verify.ErrUnreachable) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	closed := httptest.NewServer(nil)
	closed.Close()
	if _, err := verify.Run(t.Context(), closed.URL, mock.DefaultSecretKey); !errors.Is(err, verify.ErrUnreachable) {
		t.Errorf("a server that is not there: got %v", err)
	}
}
