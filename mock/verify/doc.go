// Package verify checks whether a server keeps the contract of the Picket API, openapi.yaml: the mock, a staging server, or the
// API itself. It runs every flow with wallets that it makes for this, and expects success where the API must agree and an error
// where it must refuse. It also checks each request and each response against the contract.
//
//	report, err := verify.Run(ctx, srv.URL, srv.SecretKey)
//	…
//	report.Check(t) // each failure, with the operation, the place in the body and the place in openapi.yaml
//
// A run leaves little behind: nonces and logins of wallets that nobody has, and on picket-mock some balances of these wallets. The
// projects that it makes on picket-mock it removes again. Example requests that may write something are sent only to picket-mock.
// Checks that need balances, redirect URIs, or a project or a clock of their own set them up through picket-mock's control API. On
// any other server these checks are skipped, and the report says which they are.
//
// Logins are for the site localhost:3000, unless WithDomain or the project, on picket-mock, names another.
//
// The command "picket-mock verify" does the same for the command line.
package verify
