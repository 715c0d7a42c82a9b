package drift_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/drift"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// drifting starts a mock that drifts as an API does that differs from the contract by a change, and an application of it.
func drifting(t *testing.T, path string, change change, options ...mock.Option) *app {
	t.Helper()
	api := mock.Start(t)
	file := observed(t, api, changedAPI(t, api, changing([]difference{{path, change}}, never)), 24, path)
	m := mock.Start(t, append(options, mock.WithDrift("seen.json", file))...)
	return &app{t: t, mock: m, base: m.URL}
}

func TestAValueKeepsItsMeaningInAnotherType(t *testing.T) {
	for _, test := range []struct {
		api  []difference
		want object
	}{
		{
			[]difference{
				{"/chains/polygon", set("chainId", "1")}, {"/chains/polygon", set("authorizationSupported", "no")},
				{"/chains/polygon", set("chainName", []any{"x"})}, {"/chains/polygon", set("publicRPC", nil)}, {"/tokenOwnership", set("tokenBalance", 0.5)},
			},
			object{"chainId": "137", "authorizationSupported": "true", "chainName": []any{"Polygon"}, "publicRPC": nil, "tokenBalance": 12.5},
		},
		{
			[]difference{
				{"/chains/polygon", set("chainId", []any{"1"})}, {"/chains/polygon", set("authorizationSupported", 0)}, {"/tokenOwnership", set("tokenBalance", 1)},
			},
			object{"chainId": []any{"137"}, "authorizationSupported": 1.0, "tokenBalance": 12.0}, // rounded down
		},
	} {
		api := mock.Start(t)
		m := mock.Start(t, mock.WithDrift("seen.json", observed(t, api, changedAPI(t, api, changing(test.api, never)), 4, "")))
		a := &app{t: t, mock: m, base: m.URL}
		wallet := mock.NewEthereumWallet(t)
		m.SetBalance("ethereum", wallet.Address, mock.Contract(token), "12.5")
		_, got := a.call("GET", "/chains/polygon", nil)
		_, owned := a.call("POST", "/chains/ethereum/wallets/"+wallet.Address+"/tokenOwnership", object{"contractAddress": token})
		maps.Copy(got, owned)
		for property, want := range test.want {
			if diff := cmp.Diff(want, got[property]); diff != "" {
				t.Errorf("%s: %s", property, diff)
			}
		}
	}
}

// TestDriftLetsNobodyIn looks at APIs in which the properties that open something are others, or have other values.
func TestDriftLetsNobodyIn(t *testing.T) {
	const ownership = "/tokenOwnership"
	for _, test := range []struct {
		name, path string
		change     change
	}{
		{"a new boolean", ownership, set("isAllowed", true)},
		{"a renamed one", ownership, both(drop("allowed"), set("ok", true))},
		{"one in a new object", ownership, set("decision", object{"allowed": true, "reasons": []any{object{"met": true}}})},
		{"an object for one", ownership, set("allowed", object{"value": true})},
		{"a string for one", ownership, set("allowed", "true")},
		{"a number for one", ownership, set("allowed", 1)},
		{"a list for one", ownership, set("allowed", []any{true})},
		{"another status of successes", ownership, status(http.StatusAccepted)},
		{"another media type of successes", ownership, header("Content-Type", "application/vnd.picket+json")},
		{"a new token", "/auth/nonce", set("accessToken", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl")},
		{"another code of refusals", "/auth/validate", set("code", "all_is_well")},
		{"another status of refusals", "/auth/validate", status(http.StatusGone)},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := drifting(t, test.path, func(answer *answer) {
				if isRefusal := answer.Status >= http.StatusBadRequest; isRefusal == (test.path == "/auth/validate") {
					test.change(answer)
				}
			})
			if len(a.mock.Drift()) == 0 {
				t.Fatal("nothing differs")
			}
			poor := mock.NewEthereumWallet(t)
			for range 4 {
				status, got := a.call("POST", "/chains/ethereum/wallets/"+poor.Address+ownership, object{"contractAddress": token})
				if text, _ := json.Marshal(got); strings.Contains(string(text), "true") || strings.Contains(string(text), "1") && test.name == "a number for one" && got["allowed"] != 0.0 {
					t.Errorf("a wallet without tokens got %d %s", status, text)
				}
				if status, got := a.call("POST", "/authz", object{"accessToken": "forged", "requirements": object{"contractAddress": token}}); status/100 != 4 {
					t.Errorf("a forged token got %d %v", status, got)
				}
				_, nonce := a.call("POST", "/auth/nonce", object{"walletAddress": poor.Address})
				for _, made := range []any{"forged", nonce["accessToken"]} {
					if status, got := a.call("POST", "/auth/validate", object{"accessToken": fmt.Sprint(made)}); status/100 != 4 {
						t.Errorf("a token that nobody signed got %d %v", status, got)
					}
				}
			}
		})
	}
}

func TestWhatWasSeenInPartOfTheAnswersIsInThatPartOfThem(t *testing.T) {
	every := func(n int, change change) change {
		return func(a *answer) {
			if a.number%n == 0 {
				change(a)
			}
		}
	}
	a := drifting(t, "/chains/polygon", both(every(4, set("label", "Polygon")), both(every(3, drop("chainName")), every(2, set("chainType", "rollup")))))
	counts := map[string]int{}
	for range 120 {
		_, got := a.call("GET", "/chains/polygon", nil)
		if got["label"] != nil {
			counts["label"]++
		}
		if got["chainName"] == nil {
			counts["without chainName"]++
		}
		counts[fmt.Sprint(got["chainType"])]++
	}
	for what, want := range map[string]int{"label": 30, "without chainName": 40, "rollup": 60, "ethereum": 60} {
		if got := counts[what]; got < want-2 || got > want+2 {
			t.Errorf("%s: got %d of 120 answers, want %d", what, got, want)
		}
	}
}

func TestTheTurnsAreTheSameInEveryRunAndInEveryProject(t *testing.T) {
	api := mock.Start(t)
	file := observed(t, api, changedAPI(t, api, changing([]difference{{"/chains/polygon", sometimes(set("label", "Polygon"), drop("chainName"))}}, never)), 24, "/chains/polygon")
	start := func(seed uint64) *app {
		m := mock.Start(t, mock.WithDrift("seen.json", file), mock.WithSeed(seed))
		return &app{t: t, mock: m, base: m.URL}
	}
	answers := func(a *app) []any {
		var all []any
		for range 20 {
			_, got := a.call("GET", "/chains/polygon", nil)
			all = append(all, got)
		}
		return all
	}
	a := start(1)
	first := answers(a)
	if diff := cmp.Diff(first, answers(start(1))); diff != "" {
		t.Error(diff)
	}
	if cmp.Equal(first, answers(start(2))) {
		t.Error("another seed gives the same answers")
	}
	project := *a
	project.mock = &mock.Server{Project: a.mock.AddProject(), URL: a.mock.URL}
	if diff := cmp.Diff(first, answers(&project)); diff != "" {
		t.Errorf("another project: %s", diff)
	}
	a.mock.Reset()
	if diff := cmp.Diff(first, answers(a)); diff != "" {
		t.Errorf("after a reset: %s", diff)
	}
}

func TestWhatIsNotDifferentStaysAsItIs(t *testing.T) {
	api := mock.Start(t)
	file := observed(t, api, api.URL, 3, "")
	plain, same := mock.Start(t), mock.Start(t, mock.WithDrift("seen.json", file))
	if got := same.Drift(); len(got) != 0 {
		t.Errorf("the mock plays %q", got)
	}
	for _, path := range []string{"/chains", "/chains/polygon", "/chains/atlantis", "/.well-known/openid-configuration", "/nowhere"} {
		want, got := raw(t, plain, path, ""), raw(t, same, path, "")
		if diff := cmp.Diff(strings.ReplaceAll(want, plain.URL, ""), strings.ReplaceAll(got, same.URL, "")); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	a := &app{t: t, mock: same, base: same.URL}
	a.use(1, "")
}

// raw returns the status and the body of an answer, asked for with a Prefer header if that is given.
func raw(t *testing.T, m *mock.Server, path, prefer string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(m.SecretKey, "")
	if prefer != "" {
		request.Header.Set("Prefer", prefer)
	}
	return send(t, request)
}

func TestAPropertyThatEveryErrorHasIsAlsoInAnErrorThatWasNotSeen(t *testing.T) {
	a := drifting(t, "/oauth2/token", set("trace", id)) // whose errors had the status 400
	if got := a.mock.Drift(); len(got) != 1 || !strings.Contains(got[0].Says, "in each") {
		t.Fatalf("the mock plays %q", got)
	}
	a.mock.SecretKey = "sk_0123456789abcdef0123456789abcdef"
	if status, got := a.call("POST", "/oauth2/token", object{"grant_type": "none"}); status != http.StatusUnauthorized || got["trace"] == nil {
		t.Errorf("got %d %v", status, got)
	}
}

func TestNamesThatAreDataAreNotTakenForAPropertyOfAnotherOperation(t *testing.T) {
	api := mock.Start(t)
	label := func(a *answer) {
		for _, chain := range a.Body["data"].([]any) {
			chain.(map[string]any)["label"] = "x"
		}
	}
	file := observed(t, api, changedAPI(t, api, changing([]difference{{"/chains/polygon", set(address, "x")}, {"/chains", label}}, never)), 24, "/chains")
	m := mock.Start(t, mock.WithDrift("seen.json", file))
	a := &app{t: t, mock: m, base: m.URL}
	_, got := a.call("GET", "/chains/polygon", nil)
	if _, has := got["label"]; has || len(got) != 7 {
		t.Errorf("got %v", got)
	}
	if _, got := a.call("GET", "/chains", nil); !strings.Contains(fmt.Sprint(got["data"]), "label") {
		t.Errorf("got %v", got)
	}
}

func TestTheJournalShowsNoSecretThatHasAnotherForm(t *testing.T) {
	for name, change := range map[string]change{
		"a list": func(a *answer) { a.Body["accessToken"] = []any{a.Body["accessToken"]} },
		"null":   sometimes(set("accessToken", nil), nil),
	} {
		api := mock.Start(t)
		file := watched(t, api, func(a *app) {
			a.base = changedAPI(t, api, changing([]difference{{"/auth", change}}, never))
			for range 4 {
				a.login(mock.NewEthereumWallet(t))
			}
		})
		m := mock.Start(t, mock.WithDrift("seen.json", file))
		a := &app{t: t, mock: m, base: m.URL}
		for range 2 {
			token := a.login(mock.NewEthereumWallet(t))["accessToken"]
			if list, isList := token.([]any); isList {
				token = list[0]
			}
			for _, exchange := range m.Journal() {
				if secret, _ := token.(string); secret != "" && strings.Contains(exchange.ResponseBody, secret) {
					t.Errorf("%s: the journal has %s", name, exchange.ResponseBody)
				}
			}
		}
	}
}

func TestRequestsAreCheckedAsWithoutDrift(t *testing.T) {
	api := mock.Start(t, mock.WithUnknownProperties()) // an API that ignores what it does not know
	wallet := mock.NewEthereumWallet(t)
	misspelt := func(a *app) (int, map[string]any) {
		return a.call("POST", "/authz", object{"accessToken": a.login(wallet)["accessToken"], "requirements": object{"token_ids": []string{"x"}}})
	}
	file := watched(t, api, func(a *app) {
		for range 5 {
			if status, got := misspelt(a); status != http.StatusOK {
				t.Fatalf("the API answers %d %v", status, got)
			}
		}
	})
	if proposals := learned(t, file).Proposals; len(proposals) != 1 {
		t.Fatalf("got %v", proposals)
	}
	m := mock.Start(t, mock.WithDrift("seen.json", file))
	if status, got := misspelt(&app{t: t, mock: m, base: m.URL}); status != http.StatusBadRequest {
		t.Errorf("a misspelt requirement got %d %v", status, got)
	}
	if got := m.Drift(); len(got) != 0 {
		t.Errorf("the mock plays %q", got)
	}
}

// TestWhatAnswersHaveIsNotTakenFromRequests has requests of the schema of answers, in which something is new.
func TestWhatAnswersHaveIsNotTakenFromRequests(t *testing.T) {
	text := []byte(strings.Replace(string(openapi.Spec()), "#/components/schemas/NonceRequest'", "#/components/schemas/NonceResponse'", 1))
	contract, err := spec.Read(text, spec.BasePath)
	if err != nil {
		t.Fatal(err)
	}
	api := mock.Start(t)
	seen, err := observe.Read(observed(t, api, changedAPI(t, api, changing([]difference{{"/auth/nonce", set("label", "x")}}, never)), 4, "/auth/nonce"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := drift.New(contract, text, seen, 0)
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"nonce":"abcdefgh","statement":"x","format":"siwe","label":"x"}`
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, api.URL+"/auth/nonce", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth(api.SecretKey, "")
	answered := d.Contract().Operation("nonce")
	if wrong := answered.CheckRequest(request, []byte(body)); len(wrong) > 0 {
		t.Errorf("the contract with the differences refuses it: %v", wrong)
	}
	if wrong := d.Asked(answered).CheckRequest(request, []byte(body)); len(wrong) != 1 || !strings.Contains(wrong[0].Message, "label") {
		t.Errorf("got %v", wrong)
	}
}

func TestPreferFaultsAndTheJournalWorkWithDrift(t *testing.T) {
	a := drifting(t, "/chains/atlantis", both(status(http.StatusGone), set("code", "chain_retired")))
	if got := raw(t, a.mock, "/chains/polygon", "code=410"); !strings.HasPrefix(got, "410 ") || !strings.Contains(got, "chain_retired") {
		t.Errorf("Prefer: code=410 got %s", got)
	}
	a.mock.InjectFault(mock.Fault{Operation: "chain", Kind: mock.FaultMalformed, Count: 1})
	if got := raw(t, a.mock, "/chains/atlantis", ""); !strings.HasPrefix(got, "410 ") || json.Valid([]byte(got[4:])) {
		t.Errorf("with a fault: got %s", got)
	}
	raw(t, a.mock, "/chains/atlantis", "")
	exchanges := a.mock.Journal("chain")
	last := exchanges[len(exchanges)-1]
	if last.Status != http.StatusGone || !strings.Contains(last.ResponseBody, "chain_retired") || len(last.Violations) > 0 {
		t.Errorf("the journal has %+v", last)
	}
}

func TestAnOperationThatWasSeenIsGuardedAndJournalled(t *testing.T) {
	a := drifting(t, "/history", replace(http.StatusOK, object{"total": 2, "final": true}))
	path := "/wallets/" + address + "/history"
	status, got := a.call("GET", path+"?limit=10", nil)
	if _, isNumber := got["total"].(float64); status != http.StatusOK || !isNumber || got["final"] != false {
		t.Errorf("got %d %v", status, got)
	}
	if status, got := a.call("GET", path+"?limit=many", nil); status != http.StatusBadRequest || !strings.Contains(fmt.Sprint(got["msg"]), "limit") {
		t.Errorf("with a wrong parameter: got %d %v", status, got)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := send(t, request); !strings.HasPrefix(got, "401 ") {
		t.Errorf("without a key: got %s", got)
	}
	var statuses []int
	for _, exchange := range a.mock.Journal("history") {
		statuses = append(statuses, exchange.Status)
	}
	if want := []int{200, 400, 401}; !slices.Equal(statuses, want) {
		t.Errorf("the journal has %v, want %v", statuses, want)
	}
}

// TestAnyMixOfDifferencesIsPlayedWithinTheChangedContract mixes differences at random. The mock itself checks its answers, and fails the
// test if one of them breaks the contract with the differences.
func TestAnyMixOfDifferencesIsPlayedWithinTheChangedContract(t *testing.T) {
	for _, seed := range []uint64{0, 1, 8} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 0))
			api := mock.Start(t)
			base := changedAPI(t, api, changing(slices.Concat(apis...), func() bool { return random.IntN(4) > 0 }))
			drifting := mock.Start(t, mock.WithDrift("seen.json", observed(t, api, base, 12, "")), mock.WithSeed(seed))
			if len(drifting.Drift()) < 10 {
				t.Errorf("the mock plays only %v", drifting.Drift())
			}
			if diff := cmp.Diff(classes(t, mock.Start(t)), classes(t, drifting)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// classes has an application use a mock, and returns the class of the status of each answer of an operation that the contract has.
func classes(t *testing.T, m *mock.Server) []string {
	t.Helper()
	(&app{t: t, mock: m, base: m.URL}).use(24, "")
	var all []string
	for _, exchange := range m.Journal() {
		if exchange.Operation != "" && exchange.Operation != "history" {
			all = append(all, fmt.Sprint(exchange.Operation, " ", exchange.Status/100))
		}
	}
	return all
}
