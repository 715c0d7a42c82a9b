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
func Handler(house front.House, c *spec.Contract, operations server.StrictServerInterface) http.Handler {
	h := front.New(house, c)
	h.RefuseBy("authorize", authorizationRefuser(house.Projects))
	strict := server.NewStrictHandlerWithOptions(operations, nil, server.StrictHTTPServerOptions{
		RequestErrorHandlerFunc:  h.RefuseUnreadable,
		ResponseErrorHandlerFunc: h.AnswerUnwritten,
	})
	server.HandlerWithOptions(strict, server.StdHTTPServerOptions{
		BaseURL:          spec.BasePath,
		BaseRouter:       h.Mux,
		ErrorHandlerFunc: h.RefuseUnreadable,
	})
	return h
}
