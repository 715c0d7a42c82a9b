package contract

import (
	"encoding/json"
	"errors"
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

// Proxy is a reverse proxy that checks what goes through it, as Transport does. It forwards every request to its target and
// every answer back, whatever is wrong with them. It is safe for concurrent use.
//
// What it forwards is what it got: the query to the letter, the path but for the base path, the body in its content coding and
// the trailers. It follows no redirect and rewrites no Location. It adds no Forwarded or X-Forwarded header, and passes on
// those that there are. It changes only what a proxy must: the Host header is the target's, the headers of the connection
// (RFC 9110 section 7.6.1) are its own, and names of headers have the case that net/http gives them.
//
// Of what is under /_mock/ it passes on no request that a web page of another origin may have made: to the target, all would come
// from the proxy. It answers those with 403; see WithControlHost.
//
// The OpenID configuration names the addresses of the target, so that who follows it goes past the proxy.
type Proxy struct {
	transport *Transport
	forward   *httputil.ReverseProxy
	target    *url.URL
	base      string // of the paths that are sent below the target's
}

// NewProxy returns a Proxy for a target, the base URL of an API such as https://picketapi.com/api/v1, which may be under another
// base path than the proxy: that of the contract, BasePath by default. It sends requests with next; where that is nil, with a
// transport of its own that is as http.DefaultTransport and leaves bodies as they are.
//
// It fails when the target is no URL to forward to. One that is http is refused unless it is on the loopback interface, because
// keys and tokens would travel where everyone can read them; WithInsecureHTTP allows it.
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
		return nil, err
	}
	if next == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.DisableCompression = true // it would ask for gzip by itself, and decode it
		own.MaxIdleConnsPerHost = 100
		next = own
	}
	p := &Proxy{transport: &Transport{next: next, checker: k}, target: to, base: from}
	p.forward = &httputil.ReverseProxy{
		Transport:     p.transport,
		Rewrite:       func(r *httputil.ProxyRequest) { rewrite(r, to, from) },
		FlushInterval: -1, // at once: a stream stays one
		ErrorHandler:  refuse,
		ErrorLog:      log.New(io.Discard, "", 0), // who asked sees that the body broke off
	}
	return p, nil
}

func checkTarget(target string, insecure bool) (*url.URL, error) {
	to, err := url.Parse(target)
	switch {
	case err != nil:
		return nil, errors.New("contract: the target is no URL; it must be like https://picketapi.com/api/v1")
	case to.User != nil:
		return nil, errors.New("contract: the target has a user or a key in it; clients send their own")
	case (to.Scheme != "https" && to.Scheme != "http") || to.Host == "" || to.RawQuery != "" || to.Fragment != "":
		return nil, errors.New("contract: the target must be like https://picketapi.com/api/v1, with no query or fragment")
	case to.Scheme == "http" && !insecure && !loopback.Is(to.Hostname()):
		return nil, errors.New("contract: the target is http, by which everyone on the way can read keys and tokens; use https, or allow it")
	}
	return to, nil
}

// rebase returns the URL of a request as the target gets it.
func rebase(in, to *url.URL, from string) *url.URL {
	sent := *in
	sent.Scheme, sent.Host, sent.User = to.Scheme, to.Host, nil
	if escaped := sent.EscapedPath(); strings.HasPrefix(escaped, from+"/") || escaped == from {
		rest := strings.TrimPrefix(escaped, from)
		base := strings.TrimSuffix(to.EscapedPath(), "/")
		sent.Path, _ = url.PathUnescape(base + rest) // both were parsed before
		sent.RawPath = base + rest
	}
	return &sent
}

// controls reports whether a request is for what controls a mock, by its URL as it came or as the target gets it: a target
// without a base path has its controls below the base path of the proxy, too.
func controls(in, sent *url.URL) bool {
	return strings.HasPrefix(in.Path, controlPath) || strings.HasPrefix(sent.Path, controlPath)
}

// rewrite sends a request to the target. httputil has taken out of it what it does not trust or cannot read.
func rewrite(r *httputil.ProxyRequest, to *url.URL, from string) {
	sent := rebase(r.In.URL, to, from)
	r.Out.URL, r.Out.Host = sent, to.Host
	if controls(r.In.URL, sent) && r.In.Header.Get("Origin") != "" { // which is the proxy's own
		r.Out.Header.Set("Origin", to.Scheme+"://"+to.Host)
	}
	r.Out.Trailer = r.In.Trailer // is filled when the body was read
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values, ok := r.In.Header[name]; ok {
			r.Out.Header[name] = values
		}
	}
}

// refuse answers when there is no answer of the target to forward.
func refuse(w http.ResponseWriter, _ *http.Request, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Del("Date") // so that it is told
	w.WriteHeader(http.StatusBadGateway)
	_ = json.NewEncoder(w).Encode(map[string]string{"msg": "the proxy got no answer from its target: " + names.Message(err.Error())}) // the client is gone
}

// Findings returns what was found so far.
func (p *Proxy) Findings() Findings { return p.transport.Findings() }

// CloseIdleConnections closes the connections to the target that are not in use.
func (p *Proxy) CloseIdleConnections() { p.transport.CloseIdleConnections() }

// ServeHTTP forwards a request.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if controls(r.URL, rebase(r.URL, p.target, p.base)) {
		if err := guard.Check(r, p.transport.checker.controlHosts); err != nil {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusForbidden)
			_ = json.NewEncoder(w).Encode(map[string]string{"code": "permission_denied", "msg": controlPath + " is not for web pages: " + err.Error()}) // the client is gone
			return
		}
	}
	w.Header()["Date"] = nil         // the server would tell the time
	w.Header()["Content-Type"] = nil // the server would guess it
	p.forward.ServeHTTP(w, r)
}
