// Package mock is a mock of the Picket API for tests: complete enough that a client cannot tell it from the API, and under
// the test's control.
//
// A test starts a server of its own, on a free loopback port, and calls it with the client of package picket:
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
// OAuth 2.0 and OpenID Connect work with standard clients, whose configuration is found at the base URL: WithRedirectURI
// names where answers may go. Where a browser comes to /oauth2/authorize without a wallet's signature, a page lets a person
// log in with one of Server.TestWallets.
//
// A wallet signs for the site that its user sees. WithAllowedDomain has the mock refuse logins that were signed for another one, so
// that a test shows whether a server would let another site log in as its users.
//
// Every request is checked against openapi.yaml. One that breaks it is refused with a message that says what is wrong and
// where; a property that openapi.yaml does not have is refused, too, with the name that was probably meant. Every response
// is checked as well: should the mock break its contract, it answers 500, and the test that Start was given fails.
//
// An operation that openapi.yaml has and nobody wrote a behaviour for is guarded, checked and journalled as all others. It
// answers with the first success that openapi.yaml has for it: its example, or else what is made up from its schema, the
// same for the same request; WithSeed sets from what.
//
// A test makes things go wrong with Project.InjectFault, from statuses to connections that break off, reads what was asked
// and answered from Project.Journal, and stops, moves and sets the clock. The header "Prefer: code=429" (RFC 7240) answers
// any request with an example of openapi.yaml. All this is also there over HTTP, under /_mock/, as control.yaml describes, for
// programs and not for web pages: see WithControlHost.
//
// The package contract, below this one, finds what breaks openapi.yaml between any client and any server; the package verify
// checks a whole server.
//
// A server holds any number of projects, each with keys, state and a clock of its own, so that parallel tests can share
// one. The command picket-mock, below this package, is the same server for clients in other languages.
package mock

//go:generate go tool oapi-codegen -config internal/controls/oapi-codegen.yaml control.yaml
//go:generate go tool oapi-codegen -config internal/unwritten/oapi-codegen.yaml ../openapi.yaml
