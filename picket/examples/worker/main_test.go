package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
)

var token = mock.Contract("0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984")

type world struct {
	*testing.T
	srv    *mock.Server
	client *picket.Client
	worker *worker
}

func newWorld(t *testing.T) world {
	t.Helper()
	srv := mock.Start(t)
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL), picket.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	worker, err := newWorker(t.Context(), client, srv.ID, accesstoken.WithClock(srv.Now))
	if err != nil {
		t.Fatal(err)
	}
	return world{t, srv, client, worker}
}

// login returns the access token of a new user who holds so many tokens. With requirements, the token proves the balance.
func (w world) login(chain string, balance picket.Decimal, requirements *picket.Requirements) string {
	w.Helper()
	wallet := mock.NewEthereumWallet(w)
	wallet.Chain = chain
	w.srv.SetBalance(chain, wallet.Address, token, balance)
	request := wallet.AuthRequest(w, w.client)
	request.Requirements = requirements
	auth, err := w.client.Auth(w.Context(), request)
	if err != nil {
		w.Fatal(err)
	}
	return string(auth.AccessToken)
}

// outcomes runs the worker, and returns the outcome of each line.
func (w world) outcomes(lines ...string) []outcome {
	w.Helper()
	var printed strings.Builder
	if err := w.worker.work(w.Context(), strings.NewReader(strings.Join(lines, "\n")), &printed); err != nil {
		w.Fatal(err)
	}
	var outcomes []outcome
	for line := range strings.Lines(printed.String()) {
		var answer result
		if err := json.Unmarshal([]byte(line), &answer); err != nil {
			w.Fatal(err)
		}
		outcomes = append(outcomes, answer.Outcome)
	}
	return outcomes
}

func line(accessToken string) string { return `{"id":"1","accessToken":"` + accessToken + `"}` }

func TestHoldersGetTheirJobsDone(t *testing.T) {
	w := newWorld(t)
	proven := w.login("ethereum", "3", &picket.Requirements{ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"})
	unproven, poor, elsewhere := w.login("ethereum", "3", nil), w.login("ethereum", "2", nil), w.login("polygon", "3", nil)
	got := w.outcomes(line(proven), line(unproven), line(poor), line(elsewhere), line(proven+"x"), line("a.b.c"), line(""), "no job")
	if diff := cmp.Diff([]outcome{done, done, refused, refused, refused, refused, refused, refused}, got); diff != "" {
		t.Error(diff)
	}
	if asked := len(w.srv.Journal("validate")); asked != 2 {
		t.Errorf("the API was asked %d times; want 2, about those whose tokens prove no balance", asked)
	}
	w.srv.Advance(13 * time.Hour)
	if diff := cmp.Diff([]outcome{refused}, w.outcomes(line(proven))); diff != "" {
		t.Errorf("after the token has expired: %s", diff)
	}
}

func TestWhatCouldNotBeCheckedIsTriedAgain(t *testing.T) {
	w := newWorld(t)
	holder := w.login("ethereum", "3", nil)
	for _, fault := range []mock.Fault{
		{Operation: "validate", Kind: mock.FaultStatus, Status: http.StatusServiceUnavailable, Count: 1},
		{Operation: "validate", Kind: mock.FaultReset, Count: 1},
		{Operation: "validate", Kind: mock.FaultContentType, Count: 1},
	} {
		w.srv.InjectFault(fault)
		if diff := cmp.Diff([]outcome{retry, done}, w.outcomes(line(holder), line(holder))); diff != "" {
			t.Errorf("%s: %s", fault.Kind, diff)
		}
	}
}

func TestAWorkerThatIsSetUpWrongTakesNoJob(t *testing.T) {
	w := newWorld(t)
	if _, err := newWorker(t.Context(), w.client, ""); err == nil {
		t.Error("a worker without a project was made")
	}
	w.srv.InjectFault(mock.Fault{Operation: "openIDConfiguration", Kind: mock.FaultEmpty})
	if _, err := newWorker(t.Context(), w.client, w.srv.ID); err == nil {
		t.Error("a worker without keys was made")
	}
}
