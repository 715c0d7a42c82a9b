package contract_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// leavesNothing fails a test that leaves a goroutine.
func leavesNothing(t *testing.T) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
}

// origin starts a server.
func origin(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// plain returns a transport that leaves bodies as they are.
func plain(t testing.TB) *http.Transport {
	t.Helper()
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// startProxy starts a proxy in front of a server.
func startProxy(t testing.TB, target string, options ...contract.Option) (*httptest.Server, *contract.Proxy) {
	t.Helper()
	proxy, err := contract.NewProxy(target, nil, options...)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(proxy)
	t.Cleanup(func() {
		server.Close()
		proxy.CloseIdleConnections()
	})
	return server, proxy
}

// way is one of several ways to reach a server.
type way struct {
	name      string
	url       string
	transport http.RoundTripper
}

// ways returns the ways that must make no difference: first the direct one, without checks, then through a Transport and through
// a Proxy.
func ways(t *testing.T, server *httptest.Server) []way {
	t.Helper()
	proxied, _ := startProxy(t, server.URL+spec.BasePath)
	return []way{
		{"direct", server.URL, plain(t)},
		{"transport", server.URL, contract.NewTransport(plain(t))},
		{"proxy", proxied.URL, plain(t)},
	}
}

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// received is everything that a client can see of a response.
type received struct {
	Status   string
	Header   http.Header
	Length   int64
	Encoding []string
	Body     string
	Failed   bool // whether the body broke off
	Trailer  http.Header
}

func TestEveryResponseArrivesAsItWasSent(t *testing.T) {
	garbage := make([]byte, 256)
	for i := range garbage {
		garbage[i] = byte(255 - i)
	}
	large := strings.Repeat("0123456789abcdef", 3<<16) // 3 MiB, more than is checked
	zipped := string(gzipped(t, `{"data":[]}`))
	for name, test := range map[string]struct{ method, path, response string }{
		"odd header case":      {"GET", "/api/v1/chains", "HTTP/1.1 200 OK\r\ncontent-TYPE: application/json\r\nx-oDD-name: a\r\nX-ODD-NAME: b\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\n{}"},
		"gzip":                 {"GET", "/api/v1/chains", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(zipped) + "0\r\n\r\n"},
		"gzip that is not":     {"GET", "/api/v1/chains", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nzip!"},
		"another coding":       {"GET", "/api/v1/chains", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\n\x01\x02\x03\x04"},
		"chunked":              {"GET", "/api/v1/chains", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(`{"data"`) + chunk(`:[]}`) + "0\r\n\r\n"},
		"trailers":             {"GET", "/api/v1/chains", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(`{"data":[]}`) + "0\r\nX-Sum: 42\r\n\r\n"},
		"trailers unannounced": {"GET", "/api/v1/chains", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(`{"data":[]}`) + "0\r\nX-Sum: 42\r\n\r\n"},
		"HEAD":                 {"HEAD", "/api/v1/chains", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1234\r\n\r\n"},
		"204":                  {"GET", "/api/v1/chains", "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n"},
		"304":                  {"GET", "/api/v1/chains", "HTTP/1.1 304 Not Modified\r\nEtag: \"a\"\r\n\r\n"},
		"a redirect":           {"GET", "/api/v1/chains", "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://elsewhere.example/api/v1/chains\r\nContent-Length: 0\r\n\r\n"},
		"no type, no date":     {"GET", "/api/v1/chains", "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<!doctype html>"},
		"binary garbage":       {"GET", "/api/v1/chains", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 256\r\n\r\n" + string(garbage)},
		"a large body":         {"GET", "/api/v1/chains", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 3145728\r\n\r\n" + large},
		"a body broken off":    {"GET", "/api/v1/chains", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"data\""},
		"up to the end":        {"GET", "/api/v1/chains", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"data\":[]}"},
		"an unknown status":    {"GET", "/api/v1/chains", "HTTP/1.1 799 Odd\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nodd"},
		"no operation":         {"GET", "/api/v1/nothing", "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nnone"},
		"beside the API":       {"GET", "/elsewhere", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nhere"},
	} {
		t.Run(name, func(t *testing.T) {
			leavesNothing(t)
			server := origin(t, func(w http.ResponseWriter, _ *http.Request) {
				connection, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.WriteString(connection, test.response)
				_ = connection.Close()
			})
			var want received
			for i, way := range ways(t, server) {
				request, err := http.NewRequest(test.method, way.url+test.path, nil)
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("Accept-Encoding", "gzip, br")
				response, err := way.transport.RoundTrip(request)
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(response.Body)
				_ = response.Body.Close()
				got := received{response.Status, response.Header, response.ContentLength, response.TransferEncoding, string(body), err != nil, response.Trailer}
				if way.name == "proxy" && want.Length < 0 && len(want.Encoding) == 0 && !strings.Contains(test.response, "chunked") {
					got.Encoding = nil // what ends with the connection before the proxy is chunked behind it
				}
				if len(got.Trailer) == 0 {
					got.Trailer = nil
				}
				got.Status = strings.Fields(got.Status)[0] // net/http has words of its own for the rest
				if i == 0 {
					want = got
				} else if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", way.name, diff)
				}
			}
		})
	}
}

func chunk(text string) string {
	const hex = "0123456789abcdef"
	return string([]byte{hex[len(text)>>4], hex[len(text)&15]}) + "\r\n" + text + "\r\n"
}

// asked is everything that a server can see of a request.
type asked struct {
	Method, URI string
	Header      http.Header
	Length      int64
	Encoding    []string
	Body        string
	Trailer     http.Header
}

func TestEveryRequestArrivesAsItWasSent(t *testing.T) {
	large := strings.Repeat("x", 3<<20)
	for name, request := range map[string]string{
		"odd header case":      "GET /api/v1/chains HTTP/1.1\r\nHost: h\r\nauthorization: Basic a2V5Og==\r\nx-oDD: a\r\nX-ODD: b\r\n\r\n",
		"no user agent":        "GET /api/v1/chains HTTP/1.1\r\nHost: h\r\n\r\n",
		"forwarded before":     "GET /api/v1/chains HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: a\r\nForwarded: for=192.0.2.1\r\n\r\n",
		"an odd path":          "GET /api/v1/chains/a%2Fb%2fc//..;/%E4 HTTP/1.1\r\nHost: h\r\n\r\n",
		"an odd query":         "GET /api/v1/chains?a=%zz&;b&&c=d;e#? HTTP/1.1\r\nHost: h\r\n\r\n",
		"an empty query":       "GET /api/v1/chains? HTTP/1.1\r\nHost: h\r\n\r\n",
		"only the base path":   "GET /api/v1 HTTP/1.1\r\nHost: h\r\n\r\n",
		"beside the base path": "GET /api/v1x/chains HTTP/1.1\r\nHost: h\r\n\r\n",
		"control":              "GET /_mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"an odd method":        "PROPFIND /api/v1/chains HTTP/1.1\r\nHost: h\r\n\r\n",
		"a preflight":          "OPTIONS /api/v1/chains HTTP/1.1\r\nHost: h\r\nOrigin: https://a.example\r\nAccess-Control-Request-Method: GET\r\n\r\n",
		"a body":               "POST /api/v1/auth/nonce HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\": 1",
		"an empty body":        "POST /api/v1/auth/nonce HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n",
		"a chunked body":       "POST /api/v1/auth/nonce HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk("{") + chunk("}") + "0\r\n\r\n",
		"trailers":             "POST /api/v1/auth/nonce HTTP/1.1\r\nHost: h\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk("{}") + "0\r\nX-Sum: 42\r\n\r\n",
		"a gzip body":          "POST /api/v1/auth/nonce HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(string(gzipped(t, "{}"))) + "0\r\n\r\n",
		"binary garbage":       "POST /api/v1/auth/nonce HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n\xff\x00\xfe\x80",
		"a large body":         "POST /api/v1/auth/nonce HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 3145728\r\n\r\n" + large,
	} {
		t.Run(name, func(t *testing.T) {
			leavesNothing(t)
			var mu sync.Mutex
			var got []asked
			server := origin(t, func(_ http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				got = append(got, asked{r.Method, r.RequestURI, r.Header, r.ContentLength, r.TransferEncoding, string(body), r.Trailer})
			})
			proxied, _ := startProxy(t, server.URL+spec.BasePath)
			for _, address := range []string{server.Listener.Addr().String(), proxied.Listener.Addr().String()} {
				connection, err := net.Dial("tcp", address)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.WriteString(connection, request); err != nil {
					t.Fatal(err)
				}
				response, err := http.ReadResponse(bufio.NewReader(connection), nil)
				if err != nil {
					t.Fatal(err)
				}
				_ = response.Body.Close()
				_ = connection.Close()
			}
			if len(got) != 2 {
				t.Fatalf("%d requests arrived", len(got))
			}
			if diff := cmp.Diff(got[0], got[1]); diff != "" {
				t.Errorf("direct and through the proxy (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheTransportLeavesTheRequestAsItIs(t *testing.T) {
	var sent *http.Request
	var body []byte
	transport := contract.NewTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
		sent = r
		if r.Body != nil {
			body, _ = io.ReadAll(r.Body)
		}
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
	}))
	ctx := context.WithValue(t.Context(), struct{ name string }{"a"}, "b")
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://localhost/api/v1/auth/nonce?a=b;c", strings.NewReader(`{"walletAddress": "x"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"x-oDD-name": {"a"}, "Content-Type": {"application/json"}}
	given, header := request.Body, request.Header.Clone()
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	if request.Body != given || !cmp.Equal(request.Header, header) {
		t.Error("the request was changed")
	}
	if !cmp.Equal(sent.Header, header) || sent.URL.String() != "http://localhost/api/v1/auth/nonce?a=b;c" || sent.ContentLength != 22 ||
		string(body) != `{"walletAddress": "x"}` || sent.Context() != ctx {
		t.Errorf("%s %s was sent, with %v and %s", sent.Method, sent.URL, sent.Header, body)
	}
	if response.Body != http.NoBody {
		t.Error("an empty body is no longer http.NoBody")
	}
	again, err := sent.GetBody()
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(again); string(text) != `{"walletAddress": "x"}` || err != nil {
		t.Errorf("the second body is %s, %v", text, err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestABodyIsPassedOnWhileItComes(t *testing.T) {
	leavesNothing(t)
	next := make(chan struct{})
	server := origin(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for _, part := range []string{`{"data"`, `:[]}`} {
			_, _ = io.WriteString(w, part)
			_ = http.NewResponseController(w).Flush()
			<-next // until the client has it
		}
	})
	for _, way := range ways(t, server) {
		request, err := http.NewRequest(http.MethodGet, way.url+"/api/v1/chains", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := way.transport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{`{"data"`, `:[]}`} {
			got := make([]byte, len(part))
			if _, err := io.ReadFull(response.Body, got); err != nil || string(got) != part {
				t.Errorf("%s: got %q, %v", way.name, got, err)
			}
			next <- struct{}{}
		}
		_ = response.Body.Close()
	}
}

func TestAClientThatGoesAwayIsNotWaitedFor(t *testing.T) {
	leavesNothing(t)
	gone := make(chan struct{})
	server := origin(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, strings.Repeat(" ", 1024))
			_ = http.NewResponseController(w).Flush()
		}
		gone <- struct{}{}
	})
	transport := contract.NewTransport(plain(t))
	proxied, proxy := startProxy(t, server.URL+spec.BasePath)
	for _, way := range []way{{"transport", server.URL, transport}, {"proxy", proxied.URL, plain(t)}} {
		request, err := http.NewRequest(http.MethodGet, way.url+"/api/v1/chains", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.SetBasicAuth("key", "")
		response, err := way.transport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(response.Body, make([]byte, 100)); err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		<-gone
	}
	proxied.Close() // waits for what is under way
	for name, found := range map[string]contract.Findings{"transport": transport.Findings(), "proxy": proxy.Findings()} {
		if len(found.Violations) != 0 || len(found.Unchecked) != 1 || found.Unchecked[0].Operation != "chains" || found.Unchecked[0].Direction != contract.Response {
			t.Errorf("%s found %+v", name, found)
		}
	}
}
