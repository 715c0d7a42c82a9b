// Package loopback knows the names of this machine, to which secrets may travel without TLS.
package loopback

import (
	"net"
	"strings"
)

// Is reports whether a host, without its port, is this machine: localhost or a loopback address.
func Is(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback())
}
