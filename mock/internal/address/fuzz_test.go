package address_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/address"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// FuzzForwarded has a trusted proxy pass on whatever a client sent. What the server makes of it must be a base URL, whose host is the
// Host that the guard of the control API sees.
func FuzzForwarded(f *testing.F) {
	f.Add(`for="[2001:db8::1]:80";proto=https;host=mock.example, for=192.0.2.1`, "", "", "", "", "")
	f.Add("", "203.0.113.7, 192.0.2.1", "https, http", "mock.example", "8443", "/picket")
	f.Add(`for="`, "", "javascript", "a@b/c", "-1", "//evil.example/..;")
	f.Fuzz(func(t *testing.T, forwarded, from, proto, host, port, prefix string) {
		request := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:4010/api/v1/chains", nil)
		for name, value := range map[string]string{
			"Forwarded": forwarded, "X-Forwarded-For": from, "X-Forwarded-Proto": proto,
			"X-Forwarded-Host": host, "X-Forwarded-Port": port, "X-Forwarded-Prefix": prefix,
		} {
			if value != "" {
				request.Header.Set(name, value)
			}
		}
		names := address.Names{Proxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}
		seen := names.Seen(request)
		base := names.For(seen).Browsers
		u, err := url.Parse(base)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host != seen.Host || u.Hostname() == "" || u.User != nil ||
			u.RawQuery != "" || u.Fragment != "" || !strings.HasSuffix(u.Path, spec.BasePath) {
			t.Errorf("the base URL is %q, and the Host %q: %v", base, seen.Host, err)
		}
		if address.SentHost(seen) != "127.0.0.1:4010" {
			t.Errorf("the Host that was sent is %q", address.SentHost(seen))
		}
	})
}
