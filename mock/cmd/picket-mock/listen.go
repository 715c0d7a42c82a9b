package main

import (
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/certificates"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// errArgument is a mistake in the arguments, whose text says what it is.
type errArgument struct{ error }

func (e errArgument) Unwrap() error { return e.error }

// exitOf returns the exit status for an error of listen.
func exitOf(err error) int {
	if errors.As(err, &errArgument{}) {
		return exitUsage
	}
	return exitFailed
}

// listen listens at the address of -addr.
func listen(addr string) (net.Listener, error) {
	const hint = "-addr is host:port, such as 127.0.0.1:4010; port 0 picks a free one"
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, errArgument{fmt.Errorf("%w; %s", err, hint)}
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return nil, errArgument{fmt.Errorf("the port of -addr is not a number from 0 to 65535; %s", hint)}
	}
	listener, err := net.Listen("tcp", addr)
	var unknown *net.DNSError
	switch {
	case errors.As(err, &unknown):
		return nil, errArgument{fmt.Errorf("%w; %s", err, hint)}
	case err != nil:
		return nil, fmt.Errorf("%w; -addr 127.0.0.1:0 takes any free port", err)
	}
	return listener, nil
}

// baseURL returns a base URL at which programs on this machine reach the API that is served on a listener.
func baseURL(listener net.Listener, scheme string) string {
	host := listener.Addr().String()
	if at, ok := listener.Addr().(*net.TCPAddr); ok && at.IP.IsUnspecified() { // all interfaces
		local := "localhost"
		if at.IP.To4() != nil {
			local = "127.0.0.1"
		}
		host = net.JoinHostPort(local, strconv.Itoa(at.Port))
	}
	return scheme + "://" + host + spec.BasePath
}

// tlsFlags say how to serve TLS, if at all.
type tlsFlags struct{ certificate, key, authority string }

func (f *tlsFlags) set(flags *flag.FlagSet) {
	flags.StringVar(&f.certificate, "tls-cert", "", "serve https, and HTTP/2, with the certificate in this PEM `file`")
	flags.StringVar(&f.key, "tls-key", "", "the PEM `file` with the key of -tls-cert")
	flags.StringVar(&f.authority, "tls-ca", "", "serve https, and HTTP/2, with a certificate that is made up, and write that of the authority that clients have to trust to this PEM `file`")
}

// config returns how to serve TLS, or nil for http. A certificate that is made up is for the given hosts.
func (f *tlsFlags) config(hosts []string) (*tls.Config, error) {
	config := &tls.Config{NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12}
	switch {
	case f.authority != "" && (f.certificate != "" || f.key != ""):
		return nil, errors.New("-tls-ca makes up a certificate; leave out -tls-cert and -tls-key, or -tls-ca")
	case f.authority != "":
		certificate, authority, err := certificates.New(hosts, time.Now())
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(f.authority, authority, 0o644); err != nil { //nolint:gosec // it is public, and for other programs
			return nil, fmt.Errorf("-tls-ca: %w", err)
		}
		config.Certificates = []tls.Certificate{certificate}
	case f.certificate == "" && f.key == "":
		return nil, nil
	case f.certificate == "" || f.key == "":
		return nil, errors.New("-tls-cert and -tls-key belong together; one of them is missing")
	default:
		certificate, err := tls.LoadX509KeyPair(f.certificate, f.key)
		if err != nil {
			return nil, fmt.Errorf("-tls-cert, -tls-key: %w", err)
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	return config, nil
}

// certificateHosts returns the names and addresses by which clients may reach the mock.
func (f *mockFlags) certificateHosts() []string {
	hosts := append([]string{"localhost", "127.0.0.1", "::1"}, f.hosts...)
	if host, _, err := net.SplitHostPort(f.addr); err == nil && host != "" {
		hosts = append(hosts, host)
	}
	for _, set := range []string{f.publicURL, f.issuer} {
		if u, err := url.Parse(set); err == nil && u.Hostname() != "" {
			hosts = append(hosts, u.Hostname())
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}
