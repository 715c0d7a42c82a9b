package oauth_test

import (
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/picket/oauth"
)

func TestTheEnvironmentAllowsHTTPOnlyWhenAsked(t *testing.T) {
	const inside, callback = "http://picket-mock:4010/api/v1", "http://app:3000/callback"
	for name, test := range map[string]struct {
		hosts   string
		options []oauth.Option
		fails   string // a part of the error, or "" for success
	}{
		"asked":           {"picket-mock,app", []oauth.Option{oauth.WithInsecureHTTPFromEnv()}, ""},
		"one is missing":  {"picket-mock", []oauth.Option{oauth.WithInsecureHTTPFromEnv()}, "PICKET_INSECURE_HTTP_HOSTS"},
		"not asked":       {"picket-mock,app", nil, "PICKET_INSECURE_HTTP_HOSTS"},
		"not set":         {"", []oauth.Option{oauth.WithInsecureHTTPFromEnv()}, "PICKET_INSECURE_HTTP_HOSTS"},
		"no host":         {"http://app", []oauth.Option{oauth.WithInsecureHTTPFromEnv()}, "WithInsecureHTTPFromEnv: "},
		"with the option": {"app", []oauth.Option{oauth.WithInsecureHTTP(), oauth.WithInsecureHTTPFromEnv()}, ""},
	} {
		t.Setenv("PICKET_INSECURE_HTTP_HOSTS", test.hosts)
		_, err := oauth.New("pk_00000000000000000000000000000000", callback, append(test.options, oauth.WithBaseURL(inside))...)
		if (err == nil) != (test.fails == "") || (err != nil && !strings.Contains(err.Error(), test.fails)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
