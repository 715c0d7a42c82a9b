// Package verify tells whether a server keeps the contract of the Picket API, openapi.yaml: the mock, a staging server, or the
// API itself. It runs every flow with wallets that are made for it, with both outcomes, success and refusal, and holds each
// request and each response against the contract.
//
//	report, err := verify.Run(ctx, verify.Config{BaseURL: srv.URL, SecretKey: srv.SecretKey})
//	…
//	report.Check(t) // each failure, with the operation, the place in the body and the place in openapi.yaml
//
// It leaves little behind: nonces and logins of wallets that nobody has. What would write to a server is sent to a mock alone.
// Checks that need balances, projects, redirect URIs or a clock of their own set them up where picket-mock can be told so,
// and are skipped by name elsewhere.
//
// The command "picket-mock verify" does the same for the command line.
package verify
