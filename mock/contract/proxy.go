package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/guard"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket/loopback"
)

// Proxy is a reverse proxy that checks what goes through it, as Transport does. It forwards every request to its target and every answer
// back, whatever is wrong with them. It is safe for concurrent use.
//
// It forwards what it received: the query exactly, the path except for the base path, the body in its content coding, and the trailers. It
// follows no redirects and does not rewrite Location. It adds no Forwarded or X-Forwarded headers, and passes on those that are there. It
// changes only what a proxy must: the Host header is the target's, headers of the connection (RFC 9110 section 7.6.1) are its own, and
// header names have the case that net/http gives them.
//
// To the target, every request comes from the proxy. So the proxy itself refuses requests under /_mock/ that a web page of another origin
// may have made, with status 403; see WithControlHost.
//
// The OpenID configuration names the addresses of the target, so clients that follow it bypass the proxy.
type Proxy struct {
	transport *Transport
	forward   *httputil.ReverseProxy
	target    *url.URL
	base      string // of the proxy; the target's replaces it
}

// NewProxy returns a Proxy for a target: the base URL of an API, such as https://picketapi.com/api/v1. The proxy itself serves the API at
// the base path /api/v1, or that of WithBasePath; that of the target may differ. The proxy sends requests with next. If next is nil, it uses
// a transport of its own, which is like http.DefaultTransport and does not decompress bodies.
//
// It fails if the target is not a URL that it can forward to. A target that is http is refused unless it is on the loopback interface,
// because anyone on the network path could read keys and tokens; WithInsecureHTTP allows it.
func NewProxy(target string, next http.RoundTripper, options ...Option) (*Proxy, error) {
	k, err := newChecker(options)
	if err != nil {
		return nil, err
	}
	to, err := checkTarget(target, k.insecureHTTP)
	if err != nil {
		return nil, err
	}
	from := k.contract.Base()
	if k.contract, err = k.contract.At(to.EscapedPath()); err != nil {
		return nil, fmt.Errorf("contract: the target: %w", err)
	}
	if next == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.DisableCompression = true // otherwise it asks for gzip by itself, and decodes it
		own.MaxIdleConnsPerHost = 100
		next = own
	}
	p := &Proxy{transport: &Transport{next: next, checker: k}, target: to, base: from}
	p.forward = &httputil.ReverseProxy{
		Transport:     p.transport,
		Rewrite:       func(r *httputil.ProxyRequest) { rewrite(r, to, from) },
		FlushInterval: -1, // immediately, so that a stream stays a stream
		ErrorHandler:  refuse,
		ErrorLog:      log.New(io.Discard, "", 0), // the client sees that the body broke off
	}
	return p, nil
}

func checkTarget(target string, insecure bool) (*url.URL, error) {
	to, err := url.Parse(target)
	switch {
	case err != nil:
		return nil, errors.New("contract: the target is not a URL; it must be like https://picketapi.com/api/v1")
	case to.User != nil:
		return nil, errors.New("contract: the target has a user or a key in it; remove it, because clients send their own")
	case (to.Scheme != "https" && to.Scheme != "http") || to.Host == "" || to.RawQuery != "" || to.Fragment != "":
		return nil, errors.New("contract: the target must be like https://picketapi.com/api/v1, with no query or fragment")
	case to.Scheme == "http" && !insecure && !loopback.Is(to.Hostname()):
		return nil, errors.New("contract: the target is http, so anyone on the network path can read keys and tokens; use https, or allow http (WithInsecureHTTP, -insecure-http)")
	}
	return to, nil
}

// rebase returns the URL that a request is sent to: that of the target, with the path below the base path from.
func rebase(in, to *url.URL, from string) *url.URL {
	sent := *in
	sent.Scheme, sent.Host, sent.User = to.Scheme, to.Host, nil
	if escaped := sent.EscapedPath(); strings.HasPrefix(escaped, from+"/") || escaped == from {
		rest := strings.TrimPrefix(escaped, from)
		base := strings.TrimSuffix(to.EscapedPath(), "/")
		sent.Path, _ = url.PathUnescape(base + rest) // both were valid when they were parsed
		sent.RawPath = base + rest
	}
	return &sent
}

// controls reports whether a request is for the control of a mock, by the URL that it came with or that it is sent to: the control of a
// target without a base path is also under the base path of the proxy.
func controls(in, sent *url.URL) bool {
	return strings.HasPrefix(in.Path, controlPath) || strings.HasPrefix(sent.Path, controlPath)
}

// rewrite changes a request for the target, and restores what httputil.ReverseProxy removed from it.
func rewrite(r *httputil.ProxyRequest, to *url.URL, from string) {
	sent := rebase(r.In.URL, to, from)
	r.Out.URL, r.Out.Host = sent, to.Host
	if controls(r.In.URL, sent) && r.In.Header.Get("Origin") != "" { // it is the proxy's own: ServeHTTP checked it
		r.Out.Header.Set("Origin", to.Scheme+"://"+to.Host)
	}
	r.Out.Trailer = r.In.Trailer // net/http fills it when the body is read
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, ok := r.In.Header[name]; ok {
			r.Out.Header[name] = values
		}
	}
}

// refuse answers a request when the target does not.
func refuse(w http.ResponseWriter, _ *http.Request, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Del("Date") // so that net/http sets it
	w.WriteHeader(http.StatusBadGateway)
	_ = json.NewEncoder(w).Encode(map[string]string{"msg": "the proxy got no answer from its target: " + names.Message(err.Error())}) // fails only if the client is gone
}

// Findings returns what was found so far.
func (p *Proxy) Findings() Findings { return p.transport.Findings() }

// CloseIdleConnections closes the connections to the target that are not in use.
func (p *Proxy) CloseIdleConnections() { p.transport.CloseIdleConnections() }

// ServeHTTP forwards a request to the target, and the answer back.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if controls(r.URL, rebase(r.URL, p.target, p.base)) {
		if err := guard.Check(r, p.transport.checker.controlHosts, ""); err != nil {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusForbidden)
			_ = json.NewEncoder(w).Encode(map[string]string{"code": "permission_denied", "msg": controlPath + " is not for web pages: " + err.Error()}) // fails only if the client is gone
			return
		}
	}
	w.Header()["Date"] = nil         // otherwise net/http adds the time
	w.Header()["Content-Type"] = nil // otherwise net/http guesses it
	// Without this, net/http closes the body of the request when the answer begins, and a transport that still reads it then closes the
	// connection to the target before the answer is whole. HTTP/2 needs no such switch, and has none.
	_ = http.NewResponseController(w).EnableFullDuplex()
	p.forward.ServeHTTP(w, r)
}
