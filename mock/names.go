package mock

import (
	"cmp"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/address"
)

// WithPublicURL sets the base URL of the API as browsers reach it, such as https://mock.example/api/v1, when a request does not say it:
// behind a proxy, or in a network of containers, where programs use another name. OpenID Connect's discovery names it. Requests to
// what is under /_mock/ may have its host, and the login page its origin. By default the base URL is where a request was sent.
func WithPublicURL(base string) Option {
	return ofServer("WithPublicURL", func(s *serverSettings) (err error) {
		s.names.Public, err = address.CheckPublic(base)
		return err
	})
}

// WithIssuer sets the issuer of OpenID Connect, the iss of ID tokens, such as http://picket-mock:4010/api/v1. Discovery names the
// endpoints for programs below it, unless it was asked by the URL of WithPublicURL. Requests to what is under /_mock/ may have its
// host. The default is the URL of WithPublicURL, and else where a request was sent.
func WithIssuer(issuer string) Option {
	return ofServer("WithIssuer", func(s *serverSettings) (err error) {
		s.names.Issuer, err = address.CheckIssuer(issuer)
		return err
	})
}

// Issuer returns the issuer of OpenID Connect, as clients that call the API at URL are told. It is empty if it was not set and URL is
// not either: then it is where a request was sent.
func (s *Server) Issuer() string {
	names := s.names()
	return cmp.Or(names.Issuer, names.Public, s.URL)
}

// WithTrustedProxy believes proxies with an IP address, or in a range of them such as 10.0.0.0/8, what they say about the requests that
// they forward: the scheme, the host and the path prefix that the client used, in Forwarded (RFC 7239) or in the headers that begin
// with X-Forwarded-. The option may be repeated. By default no proxy is trusted, because a client can send these headers too.
func WithTrustedProxy(addresses string) Option {
	return ofServer("WithTrustedProxy", func(s *serverSettings) error {
		proxies, err := address.ParseProxy(addresses)
		s.names.Proxies = append(slices.Clone(s.names.Proxies), proxies)
		return err
	})
}
