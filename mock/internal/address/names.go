// Package address says under which URLs clients reach the server: those that were set, or else what each request says, also through
// proxies that are trusted. It does not decide who may use which of them.
package address

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Names are what a server is called by its clients. What is empty is what each request says.
type Names struct {
	Public  string         // the base URL of the API for browsers
	Issuer  string         // of OpenID Connect, below which programs find the API
	Proxies []netip.Prefix // which are trusted
}

// URLs are base URLs of the API.
type URLs struct {
	Issuer   string // of OpenID Connect
	Browsers string // for the pages that users see
	Programs string // for everything else
}

// For returns the base URLs that the client of a request is told. A client that came by the name that browsers use is told no other
// one, because it may run in a browser.
func (n Names) For(r *http.Request) URLs {
	own := seenBy(r).base()
	urls := URLs{Browsers: cmp.Or(n.Public, own)}
	urls.Issuer = cmp.Or(n.Issuer, urls.Browsers)
	urls.Programs = urls.Issuer
	if own == urls.Browsers {
		urls.Programs = own
	}
	return urls
}

// Hosts returns the hosts that were set, without their ports.
func (n Names) Hosts() (hosts []string) {
	for _, set := range []string{n.Public, n.Issuer} {
		if u, err := url.Parse(set); err == nil && set != "" {
			hosts = append(hosts, u.Hostname())
		}
	}
	return hosts
}

// Origin returns the origin of the pages of the server, if it was set.
func (n Names) Origin() string {
	u, err := url.Parse(n.Public)
	if err != nil || n.Public == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// CheckPublic returns the base URL of the API for browsers in its plain form.
func CheckPublic(base string) (string, error) {
	plain, err := CheckIssuer(base)
	if err == nil && !strings.HasSuffix(plain, spec.BasePath) {
		err = fmt.Errorf("the URL does not end in %s; it is the base URL of the API, such as https://mock.example%[1]s", spec.BasePath)
	}
	return plain, err
}

// CheckIssuer returns an issuer in its plain form.
func CheckIssuer(issuer string) (string, error) {
	u, err := url.Parse(issuer)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "":
		return "", fmt.Errorf(`"%s" is not an http or https URL, such as https://mock.example%s`, names.Answered(issuer), spec.BasePath)
	case u.User != nil:
		return "", errors.New("the URL has a user in it, and must have none")
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(issuer, "#"):
		return "", errors.New("the URL has a query or a fragment, and must have none")
	}
	host := strings.TrimSuffix(strings.ToLower(u.Host), ":"+defaultPorts[u.Scheme])
	return strings.TrimRight(u.Scheme+"://"+host+u.EscapedPath(), "/"), nil
}

// ParseProxy reads which proxies are trusted: an address, or a range of them in CIDR notation.
func ParseProxy(text string) (netip.Prefix, error) {
	if ip, err := netip.ParseAddr(text); err == nil && ip.Zone() == "" {
		return netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return prefix, fmt.Errorf(`"%s" is neither an IP address nor a range of them, such as 10.0.0.0/8`, names.Answered(text))
	}
	return prefix.Masked(), nil
}
