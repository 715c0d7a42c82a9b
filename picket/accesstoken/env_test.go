package accesstoken_test

import (
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

func TestTheEnvironmentAllowsHTTPOnlyWhenAsked(t *testing.T) {
	for name, test := range map[string]struct {
		hosts   string
		options []accesstoken.KeysOption
		fails   string // a part of the error, or "" for success
	}{
		"asked":     {"picket-mock", []accesstoken.KeysOption{accesstoken.WithInsecureHTTPFromEnv()}, ""},
		"not asked": {"picket-mock", nil, "PICKET_INSECURE_HTTP_HOSTS"},
		"another":   {"app", []accesstoken.KeysOption{accesstoken.WithInsecureHTTPFromEnv()}, "PICKET_INSECURE_HTTP_HOSTS"},
		"no host":   {"*", []accesstoken.KeysOption{accesstoken.WithInsecureHTTPFromEnv()}, "WithInsecureHTTPFromEnv: "},
	} {
		t.Setenv("PICKET_INSECURE_HTTP_HOSTS", test.hosts)
		_, err := accesstoken.DiscoverKeys("http://picket-mock:4010/api/v1", test.options...)
		if (err == nil) != (test.fails == "") || (err != nil && !strings.Contains(err.Error(), test.fails)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
