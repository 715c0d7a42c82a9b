// Package guard keeps web pages away from what controls the mock. Any page that a browser shows can send requests to this machine,
// and under a name of its own that it lets point here (DNS rebinding) it can read the answers, too.
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

// hostForm is that of the name of a host.
var hostForm = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?$`)

// CheckHost refuses what is not the name of a host, such as picket-mock in a network of containers.
func CheckHost(name string) error {
	if !hostForm.MatchString(name) {
		return fmt.Errorf(`"%s" is not the name of a host, such as picket-mock, without a scheme or port`, names.Shown(name))
	}
	return nil
}

// Check refuses a request that a web page of another origin may have made: one whose Host is neither this machine, nor an IP
// address, nor one of the further hosts, or that comes from another origin by its Origin or Sec-Fetch-Site header. An IP address
// is no name that anyone could let point elsewhere.
func Check(r *http.Request, hosts []string) error {
	host := hostname(r.Host)
	_, err := netip.ParseAddr(host)
	if err != nil && !loopback.Is(host) && !slices.ContainsFunc(hosts, func(known string) bool { return strings.EqualFold(known, host) }) {
		return fmt.Errorf(`the Host "%s" is not this machine's, and a web page could have made it up; call the mock by localhost or an IP address, or allow the name (-control-host, WithControlHost)`, names.Shown(host))
	}
	if sites := r.Header.Values("Sec-Fetch-Site"); len(sites) > 0 && !slices.Equal(sites, []string{"same-origin"}) && !slices.Equal(sites, []string{"none"}) {
		return errors.New("a page of another site asked for this (Sec-Fetch-Site), and only pages of the mock and programs may; let the test call it, and no page")
	}
	if origins := r.Header.Values("Origin"); len(origins) > 0 && !(len(origins) == 1 && isOrigin(origins[0], r.Host)) {
		return errors.New("a page of another origin asked for this (Origin), and only pages of the mock and programs may; let the test call it, and no page")
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

// isOrigin reports whether an Origin header is that of a host with its port. Its scheme is not compared: TLS may end before the
// mock, and no port has two servers.
func isOrigin(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && strings.EqualFold(u.Scheme+"://"+u.Host, origin) && strings.EqualFold(u.Host, host)
}
