// Package guard keeps web pages from controlling the mock. Any page in a browser can send requests to this machine. If a page makes
// its own host name point to this machine (DNS rebinding), it can also read the responses.
package guard

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket/loopback"
)

// hostForm matches host names of any length.
var hostForm = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$`)

const maxHost = 253

// CheckHost returns an error if a text is not a host name. An example of one is picket-mock, in a network of containers.
func CheckHost(name string) error {
	if len(name) > maxHost || !hostForm.MatchString(name) {
		return fmt.Errorf(`"%s" is not the name of a host: it must be a name such as picket-mock, without a scheme or a port`, names.Shown(name))
	}
	return nil
}

// Check returns an error if a web page of another origin may have made a request. That is so if its Host is not localhost, an IP
// address or one of hosts, or if its Origin or Sec-Fetch-Site header says that it comes from another origin than its Host, and than origin
// unless that is empty. IP addresses are safe because nobody can make them point elsewhere.
func Check(r *http.Request, hosts []string, origin string) error {
	if err := CheckIsHere(r.Host, hosts); err != nil {
		return err
	}
	if sites := r.Header.Values("Sec-Fetch-Site"); len(sites) > 0 && !slices.Equal(sites, []string{"same-origin"}) && !slices.Equal(sites, []string{"none"}) {
		return errors.New("a web page of another site sent the request (Sec-Fetch-Site), and only programs and the mock's own pages may; send it from the test instead")
	}
	if sent := r.Header.Values("Origin"); len(sent) > 0 && !(len(sent) == 1 && (isOrigin(sent[0], r.Host) || (origin != "" && strings.EqualFold(sent[0], origin)))) {
		return errors.New("a web page of another origin sent the request (Origin), and only programs and the mock's own pages may; send it from the test instead")
	}
	return nil
}

// CheckIsHere returns an error if a Host, with or without a port, is not localhost, an IP address or one of hosts.
func CheckIsHere(host string, hosts []string) error {
	host = hostname(host)
	_, err := netip.ParseAddr(host)
	if err != nil && !loopback.Is(host) && !slices.ContainsFunc(hosts, func(known string) bool { return strings.EqualFold(known, host) }) {
		return fmt.Errorf(`the Host "%s" is not known to be this machine, so a web page may have sent the request; use localhost or an IP address, or allow the name (-control-host, WithControlHost)`, names.Shown(host))
	}
	return nil
}

// hostname returns a Host header without its port, and an IPv6 address without its brackets.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		return strings.TrimSuffix(inner, "]")
	}
	return host
}

// isOrigin reports whether an Origin header is for a host with its port. It does not compare the scheme, because TLS may end in front of
// the mock, and a port has only one server.
func isOrigin(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && strings.EqualFold(u.Scheme+"://"+u.Host, origin) && strings.EqualFold(u.Host, host)
}
