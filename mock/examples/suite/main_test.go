package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// TestTheClub runs all stories in parallel against one mock. Each has a project of its own, with its own keys, balances, faults, journal
// and clock, so that none disturbs another.
func TestTheClub(t *testing.T) {
	api := mock.Start(t)
	for name, story := range map[string]func(*world){
		"a holder of three tokens enters":        aHolderEnters,
		"a holder of two tokens stays outside":   aPoorWalletStaysOutside,
		"tokens on another chain do not count":   tokensOnAnotherChainDoNotCount,
		"nobody enters without a login":          nobodyEntersWithoutALogin,
		"a token of another project is refused":  aTokenOfAnotherProjectIsRefused,
		"after twelve hours the login is over":   theLoginExpires,
		"an outage of the API is not a refusal":  anOutageIsNoRefusal,
		"a user who comes often is checked once": theAPIIsAskedOnce,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			story(newWorld(t, api))
		})
	}
}

// world is the server under test, and the project of the mock that it uses.
type world struct {
	*testing.T
	api     *mock.Server
	project *mock.Project
	client  *picket.Client
	server  http.Handler
}

func newWorld(t *testing.T, api *mock.Server) *world {
	t.Helper()
	project := api.AddProject()
	client, err := picket.New(project.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		t.Fatal(err)
	}
	server, err := newServer(client, middleware.WithClock(project.Now), middleware.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	return &world{t, api, project, client, server}
}

// login logs in a new wallet that holds so many tokens on a chain, and returns its access token.
func (w *world) login(chain string, balance picket.Decimal) picket.Secret {
	w.Helper()
	wallet := mock.NewEthereumWallet(w)
	wallet.Chain = chain
	w.project.SetBalance(chain, wallet.Address, mock.Contract(holders.ContractAddress), balance)
	return wallet.Login(w, w.client).AccessToken
}

// visit goes to the club, and checks the status of the answer.
func (w *world) visit(token picket.Secret, want int) {
	w.Helper()
	request := httptest.NewRequest(http.MethodGet, "/club", nil)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+string(token))
	}
	answer := httptest.NewRecorder()
	w.server.ServeHTTP(answer, request)
	if answer.Code != want {
		w.Errorf("got %d %s; want %d", answer.Code, answer.Body, want)
	}
}

func aHolderEnters(w *world)             { w.visit(w.login("ethereum", "3"), http.StatusOK) }
func aPoorWalletStaysOutside(w *world)   { w.visit(w.login("ethereum", "2.99"), http.StatusForbidden) }
func nobodyEntersWithoutALogin(w *world) { w.visit("", http.StatusUnauthorized) }

func tokensOnAnotherChainDoNotCount(w *world) { w.visit(w.login("polygon", "3"), http.StatusForbidden) }

func aTokenOfAnotherProjectIsRefused(w *world) {
	other := newWorld(w.T, w.api)
	w.visit(other.login("ethereum", "3"), http.StatusUnauthorized)
}

// The test moves the clock instead of sleeping. Clocks differ, so the middleware may let a token that it knows in for another 30 seconds.
func theLoginExpires(w *world) {
	token := w.login("ethereum", "3")
	w.project.Advance(11 * time.Hour)
	w.visit(token, http.StatusOK)
	w.project.Advance(time.Hour + time.Minute)
	w.visit(token, http.StatusUnauthorized)
}

func anOutageIsNoRefusal(w *world) {
	token := w.login("ethereum", "3")
	w.project.InjectFault(mock.Fault{Operation: "validate", Kind: mock.FaultStatus, Status: http.StatusBadGateway})
	w.visit(token, http.StatusServiceUnavailable)
	w.project.ClearFaults()
	w.visit(token, http.StatusOK)
}

func theAPIIsAskedOnce(w *world) {
	token := w.login("ethereum", "3")
	w.visit(token, http.StatusOK)
	w.visit(token, http.StatusOK)
	var asked []string
	for _, exchange := range w.project.Journal() {
		asked = append(asked, exchange.Operation)
	}
	if diff := cmp.Diff([]string{"nonce", "auth", "validate"}, asked); diff != "" {
		w.Error(diff)
	}
}
