// Package loopback recognizes the names of this machine: the hosts to which secrets may be sent without TLS.
//
// All packages of this module use this one check, so that a host does not count as this machine in one place and as another one
// elsewhere.
package loopback

import (
	"net/netip"
	"strings"
)

// Is reports whether a host, without its port and without the brackets of an IPv6 address, is certainly this machine:
// "localhost", in any case and with or without the dot of the root, an address of 127.0.0.0/8, or ::1.
//
// When in doubt, it is not. "sub.localhost" is a name that some resolvers look up in the network (RFC 6761 section 6.3 only
// recommends that they do not), "127.1" is an address for some programs and a name for others, 0.0.0.0 is every interface, and a
// zone, as in "::1%eth0", can mean another machine.
func Is(host string) bool {
	if name := strings.TrimSuffix(host, "."); len(name) == len("localhost") && strings.EqualFold(name, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Zone() == "" && address.Unmap().IsLoopback()
}
