package verify_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// behind starts a proxy in front of a server that changes its responses.
func behind(t *testing.T, server string, change func(*http.Response) error) string {
	t.Helper()
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	target.Path = ""
	transport := &http.Transport{DisableCompression: true}
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Transport:      transport,
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(target); r.Out.Host = r.In.Host },
		ModifyResponse: change,
	})
	t.Cleanup(func() {
		proxy.Close()
		transport.CloseIdleConnections()
	})
	return proxy.URL + spec.BasePath
}

// notPicketMock starts a proxy in front of picket-mock that lets nobody control it, so that it stands for a staging server.
func notPicketMock(t *testing.T, server string) string {
	t.Helper()
	return behind(t, server, func(response *http.Response) error {
		if strings.HasPrefix(response.Request.URL.Path, "/_mock/") {
			response.StatusCode = http.StatusNotFound
		}
		return nil
	})
}

// replaceBody changes the text of a response.
func replaceBody(response *http.Response, old, changed string) error {
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	setBody(response, bytes.ReplaceAll(body, []byte(old), []byte(changed)))
	return nil
}

func setBody(response *http.Response, body []byte) {
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.ContentLength = int64(len(body))
	response.Header.Set("Content-Length", fmt.Sprint(len(body)))
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
