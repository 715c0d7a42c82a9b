package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/tokens"
	"github.com/seed-a13ee279/picket/picket"
)

// mockFlags are the flags of the mock.
type mockFlags struct {
	addr, configFile                  string
	secretKey, publishableKey         string
	projectID, signingKey             string
	tokenIssuer                       string
	format, statement                 string
	publicURL, issuer                 string
	redirectURIs, domains, hosts      list
	proxies                           list
	tls                               tlsFlags
	drift                             list
	reusableNonces, unknownProperties bool
	seed                              uint64
	log                               string
	version                           bool
	maxProjects, maxStateMiB          int
	maxConnections                    int
}

const mockUsage = `picket-mock is a mock of the Picket API.

usage: picket-mock [flags]           answer like the API
       picket-mock verify [flags]    check whether a server keeps the contract of the API
       picket-mock health [flags]    check whether a mock is up
       picket-mock proxy [flags]     forward requests to a server, and report what breaks the contract
       picket-mock learn [flags]     propose how the contract should change after what was observed

`

// set returns the flag set that fills in the flags.
func (f *mockFlags) set(stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet("picket-mock", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = fmt.Fprint(stderr, mockUsage)
		flags.PrintDefaults()
	}
	flags.StringVar(&f.addr, "addr", "127.0.0.1:4010", "the `host:port` to listen on; port 0 picks a free port")
	flags.StringVar(&f.configFile, "config", "", "a YAML `file` with projects, keys, redirect URIs, wallets, balances, names and statements; other flags win over it; SIGHUP reads it again")
	flags.Var(&f.drift, "drift", "a `file` of observations, which -observe of the commands proxy and verify writes: answer as the API that was observed does where it differs from the contract; may be repeated")
	flags.StringVar(&f.secretKey, "secret-key", mock.DefaultSecretKey, "the secret API `key`: sk_ and 32 lowercase hexadecimal digits")
	flags.StringVar(&f.publishableKey, "publishable-key", mock.DefaultPublishableKey, "the publishable API `key`: pk_ and 32 lowercase hexadecimal digits")
	flags.StringVar(&f.projectID, "project-id", mock.DefaultProjectID, "the project's `ID`, a UUID in lower case: the audience of its access tokens")
	flags.StringVar(&f.signingKey, "signing-key", "", "a `file` with the private key that signs tokens, on P-256 and in PEM; by default they are signed with a key that everybody knows")
	flags.StringVar(&f.tokenIssuer, "access-token-issuer", tokens.DefaultIssuer, "the `iss` of access tokens")
	flags.StringVar(&f.format, "format", string(picket.MessageFormatSIWE), "the `format` of the messages that wallets sign: siwe or simple")
	flags.StringVar(&f.statement, "statement", tenant.DefaultSettings().Statements[""], "the `sentence` that wallets show to their users")
	flags.Var(&f.redirectURIs, "redirect-uri", "a `URI` that /oauth2/authorize may redirect to, compared exactly; may be repeated")
	flags.Var(&f.domains, "allowed-domain", "a `domain`, such as localhost:3000, that logins must be for; may be repeated; by default logins can be for any site")
	flags.StringVar(&f.publicURL, "public-url", "", "the base `URL` of the API for browsers, such as https://mock.example/api/v1, if it is not where they send requests; may control the mock as -control-host may")
	flags.StringVar(&f.issuer, "issuer", "", "the `URL` that is the issuer of OpenID Connect, such as http://picket-mock:4010/api/v1; by default -public-url, or where a request was sent; may control the mock as -control-host may")
	flags.Var(&f.proxies, "trusted-proxy", "an IP `address`, or a range of them such as 10.0.0.0/8, of proxies whose Forwarded and X-Forwarded-… headers are believed; may be repeated")
	f.tls.set(flags)
	flags.Var(&f.hosts, "control-host", controlHostUsage)
	flags.BoolVar(&f.reusableNonces, "reusable-nonces", false, "let a nonce log in more than once, until it expires")
	flags.BoolVar(&f.unknownProperties, "unknown-properties", false, "ignore properties and query names of requests that the contract does not have, instead of refusing them")
	flags.StringVar(&f.log, "log", logNone, "write a line to stderr for each request, in a `format`: json, text or none; a request or an answer that breaks the contract is a warning")
	flags.BoolVar(&f.version, "version", false, "print the version, and exit")
	flags.Uint64Var(&f.seed, "seed", 0, "the `number` that generated responses are derived from; the same number gives the same responses")
	flags.IntVar(&f.maxProjects, "max-projects", limits.DefaultMaxProjects, "the largest `number` of projects")
	flags.IntVar(&f.maxStateMiB, "max-state-mib", limits.DefaultMaxStateBytes>>20, "how many `MiB` of state to keep at most, in all projects together")
	flags.IntVar(&f.maxConnections, "max-connections", limits.DefaultMaxConnections, "the largest `number` of open connections; one more closes the connection that has been idle the longest")
	return flags
}

// controlHostUsage is the same for the mock and the proxy.
const controlHostUsage = "a host `name`, such as that of a container, that requests under /_mock/ may be sent to, besides localhost and IP addresses; may be repeated"

// list is a flag that may be repeated.
type list []string

func (l *list) String() string { return "" } // of the zero value, which is the default

func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

// options returns the options of the mock that the flags stand for.
func (f *mockFlags) options(flags *flag.FlagSet) ([]mock.Option, error) {
	options := []mock.Option{
		mock.WithMaxProjects(f.maxProjects),
		mock.WithMaxStateBytes(int64(f.maxStateMiB) << 20),
		mock.WithMaxConnections(f.maxConnections),
	}
	if f.configFile != "" {
		options = append(options, mock.WithConfigFile(f.configFile))
	}
	if f.signingKey != "" {
		text, err := os.ReadFile(f.signingKey)
		if err != nil {
			return nil, fmt.Errorf("-signing-key: %w", err)
		}
		key, err := tokens.ParsePEM(picket.Secret(text))
		if err != nil {
			return nil, fmt.Errorf("-signing-key: %s: %w", f.signingKey, err)
		}
		options = append(options, mock.WithSigningKey(key))
	}
	for _, file := range f.drift {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("-drift: %w", err)
		}
		options = append(options, mock.WithDrift(file, text))
	}
	if f.reusableNonces {
		options = append(options, mock.WithReusableNonces())
	}
	if f.unknownProperties {
		options = append(options, mock.WithUnknownProperties())
	}
	for _, uri := range f.redirectURIs {
		options = append(options, mock.WithRedirectURI(uri))
	}
	for _, domain := range f.domains {
		options = append(options, mock.WithAllowedDomain(domain))
	}
	for _, proxy := range f.proxies {
		options = append(options, mock.WithTrustedProxy(proxy))
	}
	for _, name := range f.hosts {
		options = append(options, mock.WithControlHost(name))
	}
	overrides := map[string]mock.Option{
		"secret-key":          mock.WithSecretKey(f.secretKey),
		"publishable-key":     mock.WithPublishableKey(f.publishableKey),
		"project-id":          mock.WithProjectID(f.projectID),
		"access-token-issuer": mock.WithAccessTokenIssuer(f.tokenIssuer),
		"public-url":          mock.WithPublicURL(f.publicURL),
		"issuer":              mock.WithIssuer(f.issuer),
		"format":              mock.WithFormat(picket.MessageFormat(f.format)),
		"statement":           mock.WithStatement(f.statement),
		"seed":                mock.WithSeed(f.seed),
	}
	flags.Visit(func(given *flag.Flag) { // only flags that were given, because a default must not win over the file
		if option := overrides[given.Name]; option != nil {
			options = append(options, option)
		}
	})
	return options, nil
}
