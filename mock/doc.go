// Package mock is a mock of the Picket API for tests. It is complete enough that a client cannot tell it from the API, and the test
// controls it.
//
// A test starts its own server, on a free loopback port, and calls it with the client of package picket:
//
//	srv := mock.Start(t)
//	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
//	…
//	wallet := mock.NewEthereumWallet(t)
//	srv.SetBalance("ethereum", wallet.Address, mock.Contract("0x1f98…F984"), "3")
//	auth := wallet.Login(t, client)
//	srv.Advance(12 * time.Hour) // the access token expires, without sleeping
//
// Wallets have real keys and sign; the mock verifies their signatures over the exact messages. Nonces live two minutes and
// log in once. Access tokens are ES256 JWTs that live twelve hours. Balances are exact decimals.
//
// OAuth 2.0 and OpenID Connect work with standard clients, which discover their configuration at the base URL. WithRedirectURI names
// where answers may go. When a browser opens /oauth2/authorize without a wallet's signature, a page lets a person log in with one of
// Server.TestWallets.
//
// A wallet signs for the site that its user sees. With WithAllowedDomain the mock refuses logins that were signed for another site, so a
// test shows whether a server would let another site log in as its users.
//
// Every request is checked against openapi.yaml. A request that breaks it is refused with a message that says what is wrong and
// where. A property that openapi.yaml does not have is refused too, and the message suggests the name that was probably meant. Every
// response is checked as well: if the mock breaks its own contract, it answers 500, and the test that Start was given fails.
//
// An operation of openapi.yaml that the mock has no code for is guarded, checked and journalled like all others. It answers with the
// first success that openapi.yaml has for it: its example, or else an answer made up from its schema. The same request gets the same
// answer; WithSeed changes which.
//
// A test makes things go wrong with Project.InjectFault, from error statuses to connections that break off, reads in Project.Journal
// what was asked and answered, keeps a whole state with Project.Export and Project.SaveScenario, gives an operation a fixed answer with Project.AddStub, and sets, stops and moves the clock. A request with the header "Prefer: code=429" (RFC 7240) is answered
// with an example of openapi.yaml. All of this also works over HTTP, under /_mock/, as control.yaml describes; it is open to programs
// and closed to web pages, see WithControlHost.
//
// WithDrift has the answers differ from openapi.yaml as those of an API were observed to, so that an application is tested against what
// openapi.yaml does not say yet.
//
// The package contract finds what breaks openapi.yaml between any client and any server, and the package verify checks a whole
// server.
//
// What clients are set up with is fixed, unless an option says otherwise, so that it can be written into configurations: the keys and
// the ID of the default project, and the key that signs tokens, which Server.RotateSigningKey replaces. WithPublicURL, WithIssuer and
// WithTrustedProxy are for servers that are reached by several names. WithConfigFile sets a server up, and Server.ReloadConfig does so
// again.
//
// A server has any number of projects, each with its own keys, state and clock, so parallel tests can share a server. The command
// picket-mock is the same server for clients in other languages.
package mock

//go:generate go run ./internal/asjson -server-only control.yaml internal/controls/control.json
//go:generate go tool oapi-codegen -config internal/controls/oapi-codegen.yaml control.yaml
//go:generate go tool oapi-codegen -config internal/unwritten/oapi-codegen.yaml ../openapi.yaml
