// Package api is how the operations of the API behave, a file for each resource. It decides what an operation answers; whether a
// request is well-formed and whose it is was decided on the way to it, in package front.
package api

import (
	"net/http"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/address"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/tokens"
	"github.com/seed-a13ee279/picket/mock/internal/unwritten"
)

// Operations implements server.StrictServerInterface, so the compiler says when the contract and the mock differ. An operation
// without a method here is answered from the contract.
type Operations struct {
	unwritten.Operations

	projects *tenant.Projects
	tokens   *tokens.Signer
	names    func() address.Names
	wallets  *TestWallets
}

var _ server.StrictServerInterface = Operations{}

// New returns the operations of a server.
func New(house front.House, wallets *TestWallets) Operations {
	return Operations{projects: house.Projects, tokens: house.Tokens, names: house.Names, wallets: wallets}
}

// Handler answers the requests for the operations of a contract: those of New, or others that implement the same interface.
func Handler(house front.House, contract *front.Prepared, operations server.StrictServerInterface) http.Handler {
	h := front.New(house, contract)
	h.RefuseBy(authorizationRefuser(house), "authorize", "postAuthorize")
	h.RefuseBy(pageRefuser, "logout", "postLogout")
	strict := server.NewStrictHandlerWithOptions(operations, nil, server.StrictHTTPServerOptions{
		RequestErrorHandlerFunc:  h.RefuseUnreadable,
		ResponseErrorHandlerFunc: h.AnswerUnwritten,
	})
	server.HandlerWithOptions(strict, server.StdHTTPServerOptions{
		BaseURL:          spec.BasePath,
		BaseRouter:       h,
		ErrorHandlerFunc: h.RefuseUnreadable,
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, inside(r)) })
}

// wellKnown are the places of operations outside of spec.BasePath, each with the one inside: clients look for them where the
// well-known part stands before the path of the issuer (RFC 8414 sections 3.1 and 5).
var wellKnown = map[string]string{
	"/.well-known/oauth-authorization-server" + spec.BasePath: spec.BasePath + "/.well-known/oauth-authorization-server",
	"/.well-known/openid-configuration" + spec.BasePath:       spec.BasePath + "/.well-known/openid-configuration",
}

// inside returns a request for an operation at its place inside of spec.BasePath.
func inside(r *http.Request) *http.Request {
	path, known := wellKnown[r.URL.EscapedPath()]
	if !known {
		return r
	}
	moved := r.Clone(r.Context())
	moved.URL.Path, moved.URL.RawPath = path, ""
	return moved
}
