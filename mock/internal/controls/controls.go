// Package controls is how tests in other languages control the mock, over HTTP under /_mock/. Its types and its interface are
// generated from control.yaml; it has the operations on projects, clocks, faults, journals and test wallets. What seeds a project is
// written in package mock, beside the Go function that does the same.
package controls

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/seed-a13ee279/picket/mock/internal/address"
	"github.com/seed-a13ee279/picket/mock/internal/api"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/guard"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
)

// Path is where the mock is controlled.
const Path = "/_mock"

// Operations are the operations of control.yaml, without those that seed a project.
type Operations struct {
	house    front.House
	contract *spec.Contract // of the API
	wallets  *api.TestWallets

	followers *atomic.Int64 // how many clients follow a journal
}

// New returns the operations of a server, which answers as the contract says.
func New(house front.House, contract *spec.Contract, wallets *api.TestWallets) Operations {
	return Operations{house: house, contract: contract, wallets: wallets, followers: &atomic.Int64{}}
}

// Project returns the project of the request's key, or the default one.
func (o Operations) Project(ctx context.Context) *tenant.Project {
	if project := front.Project(ctx); project != nil {
		return project
	}
	return o.house.Projects.Default()
}

// NewHandler answers the requests that control the mock. They are checked against the contract, which is control.yaml, as those to
// the API are, and leave no trace in the journal.
func NewHandler(house front.House, contract *front.Prepared, operations StrictServerInterface) http.Handler {
	h := front.New(house, contract)
	strict := NewStrictHandlerWithOptions(operations, nil, StrictHTTPServerOptions{
		RequestErrorHandlerFunc:  h.RefuseUnreadable,
		ResponseErrorHandlerFunc: h.Refuse,
	})
	HandlerWithOptions(strict, StdHTTPServerOptions{
		BaseURL:          Path,
		BaseRouter:       h,
		ErrorHandlerFunc: h.RefuseUnreadable,
	})
	return http.HandlerFunc(h.ServeQuietly)
}

// Guarded sends what is under Path to controls, unless it comes from a web page other than the mock's, and all else to otherwise.
// The hosts are names by which the mock may be controlled besides localhost, IP addresses and those that are set as its own.
func Guarded(controls, otherwise http.Handler, own func() address.Names, hosts []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = own().Seen(r)
		if r.URL.Path != Path && !strings.HasPrefix(r.URL.Path, Path+"/") {
			otherwise.ServeHTTP(w, r)
			return
		}
		known := slices.Concat(hosts, own().Hosts())
		err := guard.Check(r, known, own().Origin())
		if err == nil {
			err = guard.CheckIsHere(address.SentHost(r), known) // a page can send the headers of a proxy, but no other Host
		}
		if err != nil {
			refusal.PermissionDenied("%s is not for web pages: %v", Path+"/", err).Write(w)
			return
		}
		controls.ServeHTTP(w, r)
	})
}
