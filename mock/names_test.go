package mock_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
)

// discovered are the URLs of a discovery document: its issuer, where a browser is sent, and where programs ask.
type discovered struct {
	Issuer        string
	Authorization string `json:"authorization_endpoint"`
	Token         string `json:"token_endpoint"`
	UserInfo      string `json:"userinfo_endpoint"`
	JWKS          string `json:"jwks_uri"`
}

// discoveredBelow returns what is discovered when each kind of URL has its own base.
func discoveredBelow(issuer, browsers, programs string) discovered {
	return discovered{issuer, browsers + "/oauth2/authorize", programs + "/oauth2/token", programs + "/oauth2/userinfo", programs + "/oauth2/jwks"}
}

// fromProxy is where httptest says that requests come from.
const fromProxy = "192.0.2.1"

func discover(t *testing.T, srv *mock.Server, base string, header ...string) (got discovered) {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, base+"/.well-known/openid-configuration", nil)
	for i := 0; i < len(header); i += 2 {
		request.Header.Add(header[i], header[i+1])
	}
	response := httptest.NewRecorder()
	srv.Handler().ServeHTTP(response, request)
	if err := json.Unmarshal(response.Body.Bytes(), &got); err != nil {
		t.Fatalf("%d %s", response.Code, response.Body)
	}
	return got
}

func newServer(t *testing.T, options ...mock.Option) *mock.Server {
	t.Helper()
	srv, err := mock.New(options...)
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

func TestDiscoveryHasTheNamesThatWereSet(t *testing.T) {
	const here, public, inside = "http://127.0.0.1:4010/api/v1", "http://localhost:4010/api/v1", "http://picket-mock:4010/api/v1"
	for name, test := range map[string]struct {
		options []mock.Option
		asked   string
		want    discovered
	}{
		"a public URL":           {[]mock.Option{mock.WithPublicURL("HTTPS://Mock.example:443/picket/api/v1/")}, here, discoveredBelow("https://mock.example/picket/api/v1", "https://mock.example/picket/api/v1", "https://mock.example/picket/api/v1")},
		"an issuer":              {[]mock.Option{mock.WithIssuer(inside)}, here, discoveredBelow(inside, here, here)},
		"both, by a program":     {[]mock.Option{mock.WithIssuer(inside), mock.WithPublicURL(public)}, inside, discoveredBelow(inside, public, inside)},
		"both, in a browser":     {[]mock.Option{mock.WithIssuer(inside), mock.WithPublicURL(public)}, public, discoveredBelow(inside, public, public)},
		"both, by a third name":  {[]mock.Option{mock.WithIssuer(inside), mock.WithPublicURL(public)}, here, discoveredBelow(inside, public, inside)},
		"neither":                {nil, here, discoveredBelow(here, here, here)},
		"of a configuration":     {[]mock.Option{mock.WithConfig("f", []byte("issuer: "+inside+"\npublicURL: "+public))}, inside, discoveredBelow(inside, public, inside)},
		"the file is overridden": {[]mock.Option{mock.WithConfig("f", []byte("issuer: https://a.example")), mock.WithIssuer(inside)}, inside, discoveredBelow(inside, inside, inside)},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, discover(t, newServer(t, test.options...), test.asked)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestATrustedProxySaysHowItWasCalled(t *testing.T) {
	const inside = "http://10.0.0.9:4010/api/v1"
	for name, test := range map[string]struct {
		trusted []string
		header  []string
		want    string
	}{
		"scheme and host":          {[]string{fromProxy}, []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "mock.example"}, "https://mock.example/api/v1"},
		"only the scheme":          {[]string{fromProxy}, []string{"X-Forwarded-Proto", "HTTPS"}, "https://10.0.0.9:4010/api/v1"},
		"only the host":            {[]string{"192.0.2.0/24"}, []string{"X-Forwarded-Host", "mock.example:8080"}, "http://mock.example:8080/api/v1"},
		"a port":                   {[]string{fromProxy}, []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "mock.example", "X-Forwarded-Port", "8443"}, "https://mock.example:8443/api/v1"},
		"the port of the scheme":   {[]string{fromProxy}, []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "mock.example", "X-Forwarded-Port", "443"}, "https://mock.example/api/v1"},
		"a prefix":                 {[]string{fromProxy}, []string{"X-Forwarded-Host", "mock.example", "X-Forwarded-Prefix", "/picket/"}, "http://mock.example/picket/api/v1"},
		"a prefix of another host": {[]string{fromProxy}, []string{"X-Forwarded-Prefix", "//evil.example"}, inside},
		"another scheme":           {[]string{fromProxy}, []string{"X-Forwarded-Proto", "javascript"}, inside},
		"no host":                  {[]string{fromProxy}, []string{"X-Forwarded-Host", "a@evil.example/b"}, inside},
		"RFC 7239":                 {[]string{fromProxy}, []string{"Forwarded", `for=203.0.113.7;proto=https;host="mock.example:8443"`}, "https://mock.example:8443/api/v1"},
		"RFC 7239 comes first":     {[]string{fromProxy}, []string{"Forwarded", "proto=https;host=mock.example", "X-Forwarded-Host", "evil.example"}, "https://mock.example/api/v1"},
		"two proxies, RFC 7239":    {[]string{fromProxy, "2001:db8::/32"}, []string{"Forwarded", `for=203.0.113.7;proto=https;host=mock.example, For="[2001:db8::1]:4711";Proto=http;Host=inner`}, "https://mock.example/api/v1"},
		"what the client said":     {[]string{fromProxy}, []string{"Forwarded", `proto=https;host=evil.example, for=203.0.113.7;proto=http;host=mock.example`}, "http://mock.example/api/v1"},
		"two headers":              {[]string{fromProxy}, []string{"Forwarded", `host=evil.example`, "Forwarded", `for=203.0.113.7;host=mock.example`}, "http://mock.example/api/v1"},
		"two proxies":              {[]string{fromProxy, "10.0.0.0/8"}, []string{"X-Forwarded-For", "203.0.113.7, 10.0.0.1", "X-Forwarded-Proto", "https, http", "X-Forwarded-Host", "mock.example"}, "https://mock.example/api/v1"},
		"what the client said, X":  {[]string{fromProxy}, []string{"X-Forwarded-For", "10.0.0.1, 203.0.113.7", "X-Forwarded-Host", "evil.example, mock.example"}, "http://mock.example/api/v1"},
		"a proxy of somebody else": {[]string{"198.51.100.1", "192.0.2.128/25"}, []string{"X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example"}, inside},
		"nobody":                   {nil, []string{"X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example"}, inside},
		"an IPv4 address in IPv6":  {[]string{"::ffff:192.0.2.1"}, []string{"X-Forwarded-Host", "mock.example"}, "http://mock.example/api/v1"},
		"quotes that do not end":   {[]string{fromProxy}, []string{"Forwarded", `for="a;proto=https;host=mock.example`}, inside},
	} {
		t.Run(name, func(t *testing.T) {
			var options []mock.Option
			for _, proxy := range test.trusted {
				options = append(options, mock.WithTrustedProxy(proxy))
			}
			got := discover(t, newServer(t, options...), inside, test.header...)
			if diff := cmp.Diff(discoveredBelow(test.want, test.want, test.want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNamesThatAreNoneAreRefused(t *testing.T) {
	for want, option := range map[string]mock.Option{
		"WithPublicURL: the URL does not end in /api/v1": mock.WithPublicURL("https://mock.example"),
		`WithPublicURL: "mock.example" is not an http`:   mock.WithPublicURL("mock.example"),
		"WithIssuer: the URL has a user":                 mock.WithIssuer("https://me@mock.example"),
		"WithIssuer: the URL has a query":                mock.WithIssuer("https://mock.example?a"),
		"WithIssuer: the URL has a query or a fragment":  mock.WithIssuer("https://mock.example#"),
		`WithTrustedProxy: "nginx" is neither`:           mock.WithTrustedProxy("nginx"),
		`WithTrustedProxy: "10.0.0.0/33" is neither`:     mock.WithTrustedProxy("10.0.0.0/33"),
		"f:1: issuer: ":            mock.WithConfig("f", []byte("issuer: mock")),
		"f:2: publicURL: ":         mock.WithConfig("f", []byte("projects: []\npublicURL: mock")),
		"f:1: accessTokenIssuer: ": mock.WithConfig("f", []byte("accessTokenIssuer: ''\n")),
	} {
		if _, err := mock.New(option); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}

// TestTheLoginPageWorksBehindAProxy logs in through a proxy that ends TLS under another name and below another path.
func TestTheLoginPageWorksBehindAProxy(t *testing.T) {
	for name, test := range map[string]struct {
		options []mock.Option
		header  http.Header
	}{
		"that is trusted": {[]mock.Option{mock.WithTrustedProxy("127.0.0.0/8"), mock.WithControlHost("mock.example")},
			http.Header{"X-Forwarded-Proto": {"https"}, "X-Forwarded-Host": {"mock.example"}, "X-Forwarded-Prefix": {"/picket"}}},
		"that says nothing": {[]mock.Option{mock.WithPublicURL("https://mock.example/picket/api/v1")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t, append(test.options, mock.WithRedirectURI(redirectURI))...)
			proxied := func(method, target string, form url.Values, header http.Header) (int, string, http.Header) {
				inside := strings.Replace(target, "https://mock.example/picket", strings.TrimSuffix(srv.URL, "/api/v1"), 1)
				r, err := http.NewRequest(method, inside, strings.NewReader(form.Encode()))
				if err != nil {
					t.Fatal(err)
				}
				for _, from := range []http.Header{header, test.header} {
					for name, values := range from {
						r.Header[name] = values
					}
				}
				if form != nil {
					r.Header.Set("Content-Type", formType)
				}
				response, err := http.DefaultTransport.RoundTrip(r)
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(response.Body)
				if err != nil {
					t.Fatal(err)
				}
				_ = response.Body.Close()
				return response.StatusCode, string(body), response.Header
			}
			page := "https://mock.example/picket/api/v1/oauth2/authorize?" + authorizeQuery(srv.Project).Encode()
			status, text, _ := proxied(http.MethodGet, page, nil, nil)
			if status != http.StatusOK {
				t.Fatalf("got %d %s", status, text)
			}
			action := resolved(t, page, between(t, text, `action="`, `"`))
			if !strings.HasPrefix(action, "https://mock.example/picket/_mock/authorize?") {
				t.Errorf("the form leads to %s", action)
			}
			form := url.Values{"decision": {"approve"}, "wallet": {srv.TestWallets()[0].Address}}
			fromPage := http.Header{"Origin": {"https://mock.example"}, "Sec-Fetch-Site": {"same-origin"}}
			status, text, header := proxied(http.MethodPost, action, form, fromPage)
			if status != http.StatusFound || !strings.Contains(header.Get("Location"), "code=") {
				t.Errorf("got %d %s %s", status, header, text)
			}
			if status, _, _ = proxied(http.MethodPost, action, form, http.Header{"Origin": {"https://evil.example"}}); status != http.StatusForbidden {
				t.Errorf("a page of another origin: got %d", status)
			}
		})
	}
}

// TestAPageCannotPretendToBeAProxy has a page at a name that was made to lead here, on a machine whose own proxy is trusted.
func TestAPageCannotPretendToBeAProxy(t *testing.T) {
	srv := newServer(t, mock.WithTrustedProxy(fromProxy))
	for host, want := range map[string]int{"evil.example:4010": http.StatusForbidden, "127.0.0.1:4010": http.StatusOK} {
		request := httptest.NewRequest(http.MethodGet, "http://"+host+"/_mock/projects", nil)
		request.Header.Set("X-Forwarded-Host", "localhost")
		response := httptest.NewRecorder()
		srv.Handler().ServeHTTP(response, request)
		if response.Code != want {
			t.Errorf("%s: got %d %s", host, response.Code, response.Body)
		}
	}
}

func TestTheNamesThatWereSetMayControlTheMock(t *testing.T) {
	srv := newServer(t, mock.WithPublicURL("https://mock.example/api/v1"), mock.WithIssuer("http://picket-mock:4010/api/v1"))
	for host, want := range map[string]int{"mock.example": 200, "picket-mock:4010": 200, "evil.example": 403} {
		response := httptest.NewRecorder()
		srv.Handler().ServeHTTP(response, httptest.NewRequest(http.MethodGet, "http://"+host+"/_mock/health", nil))
		if response.Code != want {
			t.Errorf("%s: got %d", host, response.Code)
		}
	}
}

func TestAnIDTokenHasTheIssuerOfDiscovery(t *testing.T) {
	const issuer = "http://picket-mock:4010/api/v1"
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI), mock.WithIssuer(issuer), mock.WithPublicURL("http://localhost:4010/api/v1"))
	var claims struct{ Iss string }
	if err := json.Unmarshal([]byte(part(t, tokenOf(t, srv, "openid").IDToken, 1)), &claims); err != nil || claims.Iss != issuer {
		t.Errorf("got %+v, %v", claims, err)
	}
}

func resolved(t *testing.T, base, reference string) string {
	t.Helper()
	b, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	u, err := b.Parse(strings.ReplaceAll(reference, "&amp;", "&"))
	if err != nil {
		t.Fatal(err)
	}
	return u.String()
}

func between(t *testing.T, text, before, after string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, before)
	inside, _, ends := strings.Cut(rest, after)
	if !found || !ends {
		t.Fatalf("%q is not in %s", before, text)
	}
	return inside
}
