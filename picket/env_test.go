package picket_test

import (
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

func TestAClientFromTheEnvironment(t *testing.T) {
	srv := mock.Start(t)
	for name, test := range map[string]struct {
		key, base string
		options   []picket.Option
		fails     string // a part of the error, or "" for success
	}{
		"key and base URL":          {srv.SecretKey, srv.URL, nil, ""},
		"an option comes first":     {srv.SecretKey, "https://example.invalid", []picket.Option{picket.WithBaseURL(srv.URL)}, ""},
		"no base URL":               {srv.SecretKey, "", []picket.Option{picket.WithBaseURL(srv.URL)}, ""},
		"no key":                    {"", srv.URL, nil, "PICKET_API_KEY is not set"},
		"a key with a line break":   {srv.SecretKey + "\n", srv.URL, nil, "trimmed"},
		"a base URL in the clear":   {srv.SecretKey, "http://example.com", nil, "not https"},
		"a base URL that is a word": {srv.SecretKey, "picketapi", nil, "not an absolute https URL"},
	} {
		t.Setenv("PICKET_API_KEY", test.key)
		t.Setenv("PICKET_BASE_URL", test.base)
		client, err := picket.NewFromEnv(test.options...)
		if test.fails != "" {
			if err == nil || !strings.Contains(err.Error(), test.fails) || strings.Contains(err.Error(), srv.SecretKey) {
				t.Errorf("%s: got %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := client.Chains(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheEnvironmentAllowsHTTPToHostsThatItNames(t *testing.T) {
	const inside = "http://picket-mock:4010/api/v1"
	for name, test := range map[string]struct {
		hosts, base string
		options     []picket.Option
		fails       string // a part of the error, or "" for success
	}{
		"the host":                  {"picket-mock", inside, nil, ""},
		"in another case":           {"Picket-Mock", inside, nil, ""},
		"one of several":            {"a.example, picket-mock,::1", inside, nil, ""},
		"of an option":              {"picket-mock", "", []picket.Option{picket.WithBaseURL(inside)}, ""},
		"the option is enough":      {"", inside, []picket.Option{picket.WithInsecureHTTP()}, ""},
		"none":                      {"", inside, nil, "PICKET_INSECURE_HTTP_HOSTS=picket-mock"},
		"another":                   {"picket-mock.example", inside, nil, "PICKET_INSECURE_HTTP_HOSTS=picket-mock"},
		"a switch":                  {"true", inside, nil, "PICKET_INSECURE_HTTP_HOSTS=picket-mock"},
		"all":                       {"*", inside, nil, "PICKET_INSECURE_HTTP_HOSTS has an element that is not a host"},
		"a port":                    {"picket-mock:4010", inside, nil, "PICKET_INSECURE_HTTP_HOSTS has an element that is not a host"},
		"a URL":                     {inside, inside, nil, "PICKET_INSECURE_HTTP_HOSTS has an element that is not a host"},
		"a name with its last part": {"mock", inside, nil, "WithInsecureHTTP"},
	} {
		t.Setenv("PICKET_API_KEY", testKey)
		t.Setenv("PICKET_BASE_URL", test.base)
		t.Setenv("PICKET_INSECURE_HTTP_HOSTS", test.hosts)
		_, err := picket.NewFromEnv(test.options...)
		if (err == nil) != (test.fails == "") || (err != nil && !strings.Contains(err.Error(), test.fails)) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	t.Setenv("PICKET_INSECURE_HTTP_HOSTS", "picket-mock")
	if _, err := picket.New(testKey, picket.WithBaseURL(inside)); err == nil || strings.Contains(err.Error(), "PICKET_INSECURE") {
		t.Errorf("New reads the environment: %v", err)
	}
}

func TestNewDoesNotReadTheEnvironment(t *testing.T) {
	t.Setenv("PICKET_BASE_URL", "not a URL")
	t.Setenv("PICKET_API_KEY", "sk_of_the_environment")
	if _, err := picket.New(testKey); err != nil {
		t.Error(err)
	}
}
