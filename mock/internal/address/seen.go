package address

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// seen is where the client of a request sees the server.
type seen struct {
	scheme, host, prefix string
	sent                 string // the Host as it was sent
}

func (s seen) base() string { return s.scheme + "://" + s.host + s.prefix + spec.BasePath }

type seenKey struct{}

func seenBy(r *http.Request) seen {
	if s, ok := r.Context().Value(seenKey{}).(seen); ok {
		return s
	}
	s := seen{scheme: "http", host: r.Host, sent: r.Host}
	if r.TLS != nil {
		s.scheme = "https"
	}
	return s
}

// SentHost returns the Host of a request as it was sent. That of a request through a trusted proxy is the one that the proxy sent.
func SentHost(r *http.Request) string { return seenBy(r).sent }

// Seen returns a request as the client of a trusted proxy sent it: with the Host that the client named.
func (n Names) Seen(r *http.Request) *http.Request {
	if len(n.Proxies) == 0 || !n.trusts(r.RemoteAddr) {
		return r
	}
	s, stated := seenBy(r), n.xForwarded(r.Header)
	if r.Header.Get("Forwarded") != "" {
		stated = n.forwarded(r.Header)
	}
	if stated.scheme == "http" || stated.scheme == "https" {
		s.scheme = stated.scheme
	}
	if u, err := url.Parse("//" + stated.host); err == nil && stated.host != "" && u.Host == stated.host && u.Hostname() != "" {
		s.host = stated.host
	}
	if u, err := url.Parse(stated.prefix); err == nil && strings.HasPrefix(stated.prefix, "/") && u.Path == stated.prefix && u.Host == "" {
		s.prefix = strings.TrimRight(stated.prefix, "/")
	}
	r = r.WithContext(context.WithValue(r.Context(), seenKey{}, s))
	r.Host = s.host
	return r
}

// trusts reports whether an address, with or without a port, is that of a trusted proxy.
func (n Names) trusts(address string) bool {
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	ip, err := netip.ParseAddr(strings.Trim(address, "[]"))
	return err == nil && slices.ContainsFunc(n.Proxies, func(p netip.Prefix) bool { return p.Contains(ip.Unmap().WithZone("")) })
}

// forwarded returns what the outermost trusted proxy says in a Forwarded header (RFC 7239). Each proxy adds an element that says
// from whom it has the request.
func (n Names) forwarded(header http.Header) (s seen) {
	elements := splitQuoted(strings.Join(header.Values("Forwarded"), ","), ',')
	for _, element := range slices.Backward(elements) {
		from := ""
		for _, pair := range splitQuoted(element, ';') {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			value = strings.Trim(value, `"`)
			switch strings.ToLower(name) {
			case "for":
				from = value
			case "proto":
				s.scheme = strings.ToLower(value)
			case "host":
				s.host = value
			}
		}
		if !n.trusts(from) {
			break
		}
	}
	return s
}

// splitQuoted splits a text at a separator, except inside double quotes.
func splitQuoted(text string, separator rune) []string {
	quoted := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == separator && !quoted
	})
}

// xForwarded returns what the outermost trusted proxy says in X-Forwarded headers. Where a header has as many elements as there were
// proxies, the element of that proxy counts, and otherwise the first one.
func (n Names) xForwarded(header http.Header) seen {
	elements := func(name string) (list []string) {
		for element := range strings.SplitSeq(strings.Join(header.Values(name), ","), ",") {
			list = append(list, strings.TrimSpace(element))
		}
		return list
	}
	inner := 0 // how many trusted proxies stand between the outermost and the server
	for _, from := range slices.Backward(elements("X-Forwarded-For")) {
		if !n.trusts(from) {
			break
		}
		inner++
	}
	pick := func(name string) string {
		list := elements(name)
		return list[max(len(list)-1-inner, 0)]
	}
	s := seen{scheme: strings.ToLower(pick("X-Forwarded-Proto")), host: pick("X-Forwarded-Host"), prefix: pick("X-Forwarded-Prefix")}
	if port := pick("X-Forwarded-Port"); port != "" && s.host != "" && !hasPort(s.host) && port != defaultPorts[s.scheme] {
		s.host += ":" + port
	}
	return s
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}

func hasPort(host string) bool {
	_, _, err := net.SplitHostPort(host)
	return err == nil
}
