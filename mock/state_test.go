package mock_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// busy starts a server on whose default project everything happened that a project keeps.
func busy(t *testing.T) (srv *mock.Server, evm *mock.Wallet, token picket.Secret) {
	t.Helper()
	srv = mock.Start(t,
		mock.WithProjectID("01234567-89ab-4cde-8f01-23456789abcd"),
		mock.WithSecretKey("sk_0123456789abcdef0123456789abcdef"), mock.WithPublishableKey("pk_0123456789abcdef0123456789abcdef"),
		mock.WithRedirectURI(redirectURI), mock.WithAllowedDomain("localhost:3000"), mock.WithFormat(picket.MessageFormatSIWE),
		mock.WithStatements(map[string]string{"": "Come <in> & out.", "fr": "Entrez."}),
		mock.WithUnknownProperties(), mock.WithIDTokenClaims(map[string]any{"groups": []string{"staff"}, "big": uint64(9007199254740993)}))
	evm = mock.NewEthereumWallet(t)
	solana := mock.NewSolanaWallet(t)
	flow := mock.NewFlowWallet(t, srv.Project, mock.CurveSecp256k1)
	srv.AddFlowKey(mock.FlowKey{Address: "0x1654653399040a61", PublicKey: flowKey})
	srv.SetBalance("ethereum", evm.Address, mock.Contract(contract), "12.50")
	srv.SetBalance("solana", solana.Address, mock.Collection("apes"), "1")
	srv.SetBalance("solana", solana.Address, mock.Mint("mint"), "2")
	srv.SetBalance("solana", solana.Address, mock.Creator("carol"), "0.1")
	srv.SetDisplayName("ethereum", evm.Address, "alice.eth")
	srv.SetDisplayName("ethereum", someAddress, "")
	srv.SetNotToken("polygon", contract)
	srv.AddContractWallet(mock.ContractWallet{Chain: "polygon", Address: contract, Owners: []string{evm.Address}, AnySignature: true})
	srv.AddTestWallet(evm)
	srv.AddTestWallet(flow)
	solana.Domain = "shop.example"
	srv.AddTestWallet(solana)
	client := newClient(t, srv, srv.SecretKey)
	token = evm.Login(t, client).AccessToken
	for _, locale := range []string{"", "fr"} {
		if _, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: evm.Address, Locale: locale}); err != nil {
			t.Fatal(err)
		}
	}
	newCode(t, srv, authorizeQuery(srv.Project))
	srv.InjectFault(mock.Fault{Operation: "chains", Kind: mock.FaultStatus, Status: 503, Code: "down", RetryAfter: "2", Probability: 0.5, Performed: true})
	for range 3 {
		send(t, srv, srv.SecretKey, "GET", "/chains", "")
	}
	srv.InjectFault(mock.Fault{Operation: "chain", Kind: mock.FaultDrip, Delay: time.Microsecond, Interval: 1500 * time.Nanosecond, Count: 7})
	srv.AddStub(mock.Stub{Operation: "jwks", Status: 200, Headers: map[string]string{"X-A": "b"}, Body: `{"keys": [] , "<&>":1}`, Count: 2, BreaksContract: true})
	return srv, evm, token
}

// TestAnExportIsTheSameAfterAnImport moves a state from one server to others, in Go and over HTTP, with each setting of the clock.
func TestAnExportIsTheSameAfterAnImport(t *testing.T) {
	for name, setClock := range map[string]func(*mock.Server){
		"running": func(*mock.Server) {},
		"moved":   func(s *mock.Server) { s.Advance(90 * time.Minute) },
		"stopped": func(s *mock.Server) { s.SetTime(time.Date(2022, 10, 25, 1, 12, 36, 123456789, time.UTC)) },
	} {
		t.Run(name, func(t *testing.T) {
			srv, _, _ := busy(t)
			setClock(srv)
			first := string(srv.Export())
			over := control(t, srv, srv.SecretKey, "GET", "/state", "", nil)
			if over.status != http.StatusOK || over.body != first || over.header.Get("Content-Type") != "application/json" {
				t.Errorf("over HTTP: %d\n%s", over.status, cmp.Diff(first, over.body))
			}
			fresh := mock.Start(t)
			fresh.Import([]byte(first))
			if diff := cmp.Diff(first, string(fresh.Export())); diff != "" {
				t.Errorf("in Go: %s", diff)
			}
			if fresh.ID != srv.ID || fresh.SecretKey != srv.SecretKey || fresh.PublishableKey != srv.PublishableKey {
				t.Errorf("got the project %s %s %s", fresh.ID, fresh.SecretKey, fresh.PublishableKey)
			}
			another := mock.Start(t, mock.WithRedirectURI("http://localhost:9/"), mock.WithAllowedDomain("other.example"), mock.WithReusableNonces())
			if got := control(t, another, "", "PUT", "/state", first, nil); got.status != http.StatusNoContent {
				t.Fatalf("got %d %s", got.status, got.body)
			}
			if diff := cmp.Diff(first, control(t, another, srv.PublishableKey, "GET", "/state", "", nil).body); diff != "" {
				t.Errorf("over HTTP: %s", diff)
			}
			if diff := cmp.Diff(first, string(another.Export())); diff != "" { // by the handle from before
				t.Errorf("over HTTP: %s", diff)
			}
			configured, err := mock.New(mock.WithConfig("state.json", []byte(first)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(first, string(configured.Export())); diff != "" {
				t.Errorf("by configuration: %s", diff)
			}
		})
	}
}

// TestAStateGoesOnWhereItWas logs in with a nonce, redeems a code and uses a token that another server gave out.
func TestAStateGoesOnWhereItWas(t *testing.T) {
	srv, evm, token := busy(t)
	srv.ClearFaults()
	srv.InjectFault(mock.Fault{Operation: "chains", Kind: mock.FaultStatus, Status: 503, Probability: 0.5})
	draws := func(s *mock.Server) (drawn string) {
		for range 20 {
			drawn += fmt.Sprint(send(t, s, srv.SecretKey, "GET", "/chains", "").status/100, " ")
		}
		return drawn
	}
	draws(srv)
	request := evm.AuthRequest(t, newClient(t, srv, srv.SecretKey))
	asked := authorizeQuery(srv.Project)
	asked.Set("scope", "openid email")
	asked.Set("nonce", "n-0S6_WzA2Mj")
	code := newCode(t, srv, asked)
	document := srv.Export()

	fresh := mock.Start(t)
	fresh.Import(document)
	client := newClient(t, fresh, fresh.SecretKey)
	if _, err := client.Auth(ctx, request); err != nil {
		t.Errorf("the nonce is lost: %v", err)
	}
	if _, err := client.Auth(ctx, request); err == nil {
		t.Error("the nonce was not spent")
	}
	claims, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: token})
	if err != nil || claims.DisplayAddress != "alice.eth" {
		t.Errorf("the token is lost: %+v, %v", claims, err)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {string(code)}, "redirect_uri": {redirectURI}, "code_verifier": {verifier}, "client_id": {fresh.PublishableKey}}
	for _, status := range []int{200, 400} {
		if got := send(t, fresh, "", "POST", "/oauth2/token", form.Encode(), "Content-Type", formType); got.status != status {
			t.Errorf("the code is answered with %d %s", got.status, got.body)
		}
	}
	if there, here := draws(srv), draws(fresh); there != here {
		t.Errorf("the faults hit %s there and %s here", there, here)
	}
	if journal := fresh.Journal("jwks"); len(journal) > 0 || fresh.Journal()[0].Number != 1 {
		t.Errorf("the journal has %+v", fresh.Journal()[0])
	}
}

func TestAMistakeInAStateLeavesWhatWas(t *testing.T) {
	srv, _, _ := busy(t)
	other := srv.AddProject()
	document := srv.Export()
	changed := func(change func(doc map[string]any)) string {
		var doc map[string]any
		if err := json.Unmarshal(document, &doc); err != nil {
			t.Fatal(err)
		}
		change(doc)
		text, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	second := func(doc map[string]any, list string) map[string]any { return doc[list].([]any)[1].(map[string]any) }
	for name, test := range map[string]struct{ text, phrase string }{
		"not JSON":        {`{`, "not JSON"},
		"no version":      {changed(func(doc map[string]any) { delete(doc, "stateVersion") }), "stateVersion is required"},
		"another version": {changed(func(doc map[string]any) { doc["stateVersion"] = 2 }), "stateVersion must be 1"},
		"an unknown name": {changed(func(doc map[string]any) { doc["balance"] = 1 }), `"balance" is not a property; did you mean "balances"?`},
		"one further in":  {changed(func(doc map[string]any) { second(doc, "balances")["x"] = 1 }), `"x" is not a property of balances; the properties are balance`},
		"a setting":       {changed(func(doc map[string]any) { doc["statements"] = map[string]any{"fr": "Entrez."} }), `statements: there is none for ""`},
		"a URI":           {changed(func(doc map[string]any) { doc["redirectURIs"] = []any{redirectURI, "/x"} }), "redirectURIs.1: the redirect URI is not absolute"},
		"a domain":        {changed(func(doc map[string]any) { doc["allowedDomains"] = []any{"a b"} }), "allowedDomains.0: "},
		"claims":          {changed(func(doc map[string]any) { doc["idTokenClaims"] = map[string]any{"iss": "x"} }), "idTokenClaims: iss is a claim"},
		"a clock": {changed(func(doc map[string]any) {
			doc["clock"] = map[string]any{"movedAt": "2026-01-01T00:00:00Z", "stoppedAt": "2026-01-01T00:00:00Z"}
		}), "clock: a clock is either stopped or moved"},
		"half a move": {changed(func(doc map[string]any) { doc["clock"] = map[string]any{"movedAt": "2026-01-01T00:00:00Z"} }), "clock: the year 1 is not"},
		"a chain":     {changed(func(doc map[string]any) { second(doc, "balances")["chain"] = "bitcoin" }), "balances.1: there is no chain"},
		"a name": {changed(func(doc map[string]any) {
			doc["displayNames"] = []any{map[string]any{"chain": "solana", "walletAddress": "x", "name": "y"}}
		}), "displayNames.0: walletAddress"},
		"a contract": {changed(func(doc map[string]any) {
			doc["notTokens"] = []any{map[string]any{"chain": "polygon", "contractAddress": "x"}}
		}), "notTokens.0: contractAddress"},
		"a Flow key": {changed(func(doc map[string]any) { second(doc, "flowKeys")["address"] = "x" }), "flowKeys.1: "},
		"a nonce": {changed(func(doc map[string]any) {
			doc["nonces"].([]any)[0].(map[string]any)["walletAddress"] = strings.ToLower(someAddress)
		}), "nonces.0: walletAddress"},
		"a fault":            {changed(func(doc map[string]any) { second(doc, "faults")["operation"] = "login" }), `faults.1: there is no operation "login"`},
		"draws":              {changed(func(doc map[string]any) { doc["faultChance"] = strings.Repeat("0", 40) }), "faultChance: it is not what an export writes"},
		"a stub":             {changed(func(doc map[string]any) { doc["stubs"].([]any)[0].(map[string]any)["breaksContract"] = false }), "stubs.0: the answer breaks the contract"},
		"a wallet's address": {changed(func(doc map[string]any) { second(doc, "wallets")["address"] = "alice" }), "wallets.1: walletAddress is not an address"},
		"a wallet":           {changed(func(doc map[string]any) { second(doc, "wallets")["privateKey"] = "hunter2" }), "wallets.1: the private key is not"},
		"too many wallets": {changed(func(doc map[string]any) {
			w := second(doc, "wallets")
			var many []any
			for i := range 100 {
				many = append(many, map[string]any{"chain": w["chain"], "address": w["address"], "privateKey": w["privateKey"], "domain": fmt.Sprint("d", i)})
			}
			doc["wallets"] = many
		}), "test wallets"},
		"the key of another project": {changed(func(doc map[string]any) { doc["secretKey"] = other.SecretKey }), "another project has one of these keys"},
		"the ID of another project":  {changed(func(doc map[string]any) { doc["id"] = other.ID }), "another project has this ID"},
		"a large document":           {changed(func(doc map[string]any) { doc["x"] = strings.Repeat("x", 1<<20) }), "larger than 1048576 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			got := control(t, srv, srv.SecretKey, "PUT", "/state", test.text, nil)
			if got.status < 400 || got.status >= 500 || !strings.Contains(got.msg, test.phrase) || strings.Contains(got.body, "hunter2") {
				t.Errorf("over HTTP: got %d %s", got.status, got.body)
			}
			failing, err := mock.New(mock.WithConfig("state.json", document))
			if err != nil {
				t.Fatal(err)
			}
			failing.AddProject(mock.WithProjectID(other.ID), mock.WithSecretKey(other.SecretKey))
			var stopped string
			func() {
				defer func() { stopped = fmt.Sprint(recover()) }()
				failing.Import([]byte(test.text))
			}()
			if !strings.HasPrefix(stopped, "mock: Import: ") || !strings.Contains(stopped, test.phrase) || strings.Contains(stopped, "hunter2") {
				t.Errorf("in Go: got %s", stopped)
			}
			for way, now := range map[string][]byte{"over HTTP": srv.Export(), "in Go": failing.Export()} {
				if diff := cmp.Diff(string(document), string(now)); diff != "" {
					t.Errorf("%s it left %s", way, diff)
				}
			}
		})
	}
}

func TestWhatADocumentLeavesOutStaysOrIsReset(t *testing.T) {
	srv, _, _ := busy(t)
	var before, after map[string]any
	if err := json.Unmarshal(srv.Export(), &before); err != nil {
		t.Fatal(err)
	}
	srv.Import([]byte(`{"stateVersion":1}`))
	if err := json.Unmarshal(srv.Export(), &after); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"balances", "displayNames", "notTokens", "flowKeys", "contractWallets", "nonces", "codes", "faults", "faultChance", "stubs"} {
		if before[name] == nil {
			t.Errorf("there was no %s", name)
		}
		delete(before, name)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
	if len(srv.Journal()) > 0 {
		t.Errorf("the journal has %+v", srv.Journal())
	}
}

func TestAStateCanBeTooLargeToExport(t *testing.T) {
	srv := mock.Start(t, mock.WithMaxBodyBytes(2000))
	for i := range 20 {
		srv.SetDisplayName("ethereum", fmt.Sprintf("0x%040x", i+1), "alice.eth")
	}
	control(t, srv, "", "GET", "/state", "", nil).want(t, 413, picket.CodeParameterInvalid, "the document of the state is larger than 2000 bytes")
	control(t, srv, "", "PUT", "/scenarios/large", "", nil).want(t, 413, picket.CodeParameterInvalid, "larger than 2000 bytes")
}

// TestAnImportIntoAFullServerIsRefused fills it up, and imports what needs more than the share of a project.
func TestAnImportIntoAFullServerIsRefused(t *testing.T) {
	srv := mock.Start(t, mock.WithMaxStateBytes(64<<10))
	var names []string
	for i := range 200 {
		names = append(names, fmt.Sprintf(`{"chain":"ethereum","walletAddress":"0x%040x","name":"alice.eth"}`, i+1))
	}
	document := `{"stateVersion":1,"displayNames":[` + strings.Join(names, ",") + `]}`
	if got := control(t, srv, "", "PUT", "/state", document, nil); got.status != http.StatusNoContent {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	if got := control(t, srv, "", "PUT", "/state", document, nil); got.status != http.StatusTooManyRequests || len(srv.DisplayNames()) != 200 {
		t.Errorf("got %d %s, with %d names", got.status, got.body, len(srv.DisplayNames()))
	}
	srv.Reset()
	for range 5 { // what is replaced gives back its room
		if got := control(t, srv, "", "PUT", "/state", document, nil); got.status != http.StatusNoContent {
			t.Errorf("got %d %s", got.status, got.body)
		}
		srv.Reset()
	}
}

// TestImportsDoNotDisturbRequests imports one state again and again, in parallel, while a client logs in.
func TestImportsDoNotDisturbRequests(t *testing.T) {
	srv, evm, _ := busy(t)
	document := string(srv.Export())
	var working sync.WaitGroup
	for range 4 {
		working.Go(func() {
			for range 10 {
				if got := control(t, srv, srv.SecretKey, "PUT", "/state", document, nil); got.status != http.StatusNoContent && got.status != http.StatusConflict {
					t.Errorf("an import: %d %s", got.status, got.body)
				}
			}
		})
		working.Go(func() {
			for range 20 {
				if got := send(t, srv, srv.SecretKey, "POST", "/auth/nonce", `{"walletAddress":"`+evm.Address+`"}`); got.status >= 500 {
					t.Errorf("a nonce: %d %s", got.status, got.body)
				}
				srv.Balances()
			}
		})
	}
	working.Wait()
	if got := control(t, srv, srv.SecretKey, "PUT", "/state", document, nil); got.status != http.StatusNoContent {
		t.Errorf("at last: %d %s", got.status, got.body)
	}
	if diff := cmp.Diff(document, string(srv.Export())); diff != "" {
		t.Error(diff)
	}
}

func TestAnImportedProjectCanBeRemoved(t *testing.T) {
	srv, _, _ := busy(t)
	target := mock.Start(t)
	project := target.AddProject()
	project.Import(srv.Export())
	if got := target.Projects(); len(got) != 2 || got[1] != project || project.SecretKey != srv.SecretKey {
		t.Errorf("got %d projects", len(got))
	}
	target.RemoveProject(project)
	if got := send(t, target, srv.SecretKey, "GET", "/chains", ""); got.status != http.StatusUnauthorized || len(target.Projects()) != 1 {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

// TestAScenarioIsLoadedIntoAnyProject saves the state of one project, and loads it into another one.
func TestAScenarioIsLoadedIntoAnyProject(t *testing.T) {
	srv, _, _ := busy(t)
	for _, way := range []string{"Go", "HTTP"} {
		t.Run(way, func(t *testing.T) {
			project := srv.AddProject()
			if way == "Go" {
				srv.SaveScenario("logged-in.1")
				project.LoadScenario("logged-in.1")
			} else {
				if got := control(t, srv, srv.SecretKey, "PUT", "/scenarios/logged-in.1", "", nil); got.status != http.StatusNoContent {
					t.Fatalf("got %d %s", got.status, got.body)
				}
				if got := control(t, srv, project.SecretKey, "POST", "/scenarios/logged-in.1/load", "", nil); got.status != http.StatusNoContent {
					t.Fatalf("got %d %s", got.status, got.body)
				}
			}
			replace := strings.NewReplacer(srv.ID, project.ID, srv.SecretKey, project.SecretKey, srv.PublishableKey, project.PublishableKey)
			if diff := cmp.Diff(replace.Replace(string(srv.Export())), string(project.Export())); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]string{"logged-in.1"}, srv.Scenarios()); diff != "" {
				t.Error(diff)
			}
			if got := control(t, srv, "", "GET", "/scenarios", "", nil); strings.TrimSpace(got.body) != `[{"name":"logged-in.1"}]` {
				t.Errorf("got %s", got.body)
			}
			if way == "Go" {
				srv.DeleteScenario("logged-in.1")
			} else {
				control(t, srv, "", "DELETE", "/scenarios/logged-in.1", "", nil)
			}
			if left := srv.Scenarios(); len(left) > 0 {
				t.Errorf("left are %q", left)
			}
			for _, request := range []string{"POST /scenarios/logged-in.1/load", "DELETE /scenarios/logged-in.1"} {
				method, path, _ := strings.Cut(request, " ")
				control(t, srv, "", method, path, "", nil).want(t, 404, picket.CodeResourceNotFound, `there is no scenario "logged-in.1"`)
			}
			control(t, srv, "", "PUT", "/scenarios/a%20b", "", nil).want(t, 400, picket.CodeParameterInvalid, "name must be")
		})
	}
}

func TestScenariosAndStatesAreConfigured(t *testing.T) {
	srv := mock.Start(t, mock.WithConfig("picket.yaml", []byte(`
projects:
  - redirectURIs: [http://localhost:3000/callback]
  - state:
      stateVersion: 1
      id: 01234567-89ab-4cde-8f01-23456789abcd
      displayNames:
        - {chain: ethereum, walletAddress: "`+someAddress+`", name: bob.eth}
scenarios:
  vip:
    stateVersion: 1
    balances:
      - {chain: ethereum, walletAddress: "`+someAddress+`", contractAddress: "`+contract+`", balance: "12.5"}
    stubs:
      - {operation: chains, status: 200, body: {data: []}}
  empty: {stateVersion: 1}
`)))
	if second := srv.Projects()[1]; second.ID != "01234567-89ab-4cde-8f01-23456789abcd" || len(second.DisplayNames()) != 1 {
		t.Errorf("the second project is %+v", second)
	}
	if diff := cmp.Diff([]string{"empty", "vip"}, srv.Scenarios()); diff != "" {
		t.Error(diff)
	}
	srv.LoadScenario("vip")
	if b := srv.Balances(); len(b) != 1 || b[0].Balance != "12.5" || len(srv.RedirectURIs()) != 1 {
		t.Errorf("got %+v and %q", b, srv.RedirectURIs())
	}
	if got := send(t, srv, srv.SecretKey, "GET", "/chains", ""); got.body != `{"data":[]}` {
		t.Errorf("got %s", got.body)
	}
	srv.LoadScenario("empty")
	if len(srv.Balances())+len(srv.Stubs()) > 0 {
		t.Errorf("left are %+v, %+v", srv.Balances(), srv.Stubs())
	}
}

func TestOptionsAfterAStateWinOverIt(t *testing.T) {
	srv, _, _ := busy(t)
	const key = "sk_ffffffffffffffffffffffffffffffff"
	other := mock.Start(t, mock.WithConfig("state.json", srv.Export()), mock.WithSecretKey(key), mock.WithStatement("Other."))
	if other.SecretKey != key || other.PublishableKey != srv.PublishableKey || len(other.Balances()) != 4 {
		t.Errorf("got %s %s", other.SecretKey, other.PublishableKey)
	}
	nonce, err := newClient(t, other, key).Nonce(ctx, picket.NonceRequest{WalletAddress: someAddress})
	if err != nil || nonce.Statement != "Other." {
		t.Errorf("got %+v, %v", nonce, err)
	}
}

func TestEveryFieldOfFaultsAndStubsIsInABusyProject(t *testing.T) {
	srv, _, _ := busy(t)
	for _, list := range []any{srv.Faults(), srv.Stubs(), srv.FlowKeys(), srv.ContractWallets()} {
		all := reflect.ValueOf(list)
		for i := range all.Type().Elem().NumField() {
			set := false
			for j := range all.Len() {
				set = set || !all.Index(j).Field(i).IsZero()
			}
			if !set {
				t.Errorf("no %s has a %s", all.Type().Elem(), all.Type().Elem().Field(i).Name)
			}
		}
	}
}

func TestMistakesInConfiguredStatesAreReportedWithTheirLine(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"a state":              {"projects:\n  - format: siwe\n    state: {stateVersion: 1, balance: []}", `picket.yaml:3: "balance" is not a property; did you mean "balances"?`},
		"its version":          {"projects:\n  - state: {stateVersion: 2}", "picket.yaml:2: stateVersion must be 1"},
		"a key":                {"projects:\n  - state: {stateVersion: 1, secretKey: hunter2}", "picket.yaml:2: secretKey must be a string that matches"},
		"what is in it":        {"projects:\n  - {}\n  - state: {stateVersion: 1, notTokens: [{chain: polygon, contractAddress: x}]}", "picket.yaml:3: notTokens.0: contractAddress is not a contract"},
		"a scenario":           {"scenarios:\n  vip: {stateVersion: 1, balance: []}", `picket.yaml:2: scenarios.vip: "balance" is not a property`},
		"what is in one":       {"scenarios:\n  vip:\n    stateVersion: 1\n    notTokens: [{chain: polygon, contractAddress: x}]", "picket.yaml:2: scenarios.vip: notTokens.0: contractAddress is not"},
		"its name":             {"scenarios: {a b: {stateVersion: 1}}", "the name of a scenario has"},
		"a document by itself": {`{"stateVersion":1,"wallets":[{"chain":"ethereum","address":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8","privateKey":"hunter2"}]}`, "picket.yaml:1: wallets.0: the private key"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mock.New(mock.WithConfig("picket.yaml", []byte(test.text)))
			if err == nil || !strings.HasPrefix(err.Error(), "mock: ") || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestAReloadBringsScenariosUpToDate changes the file, with and without a mistake.
func TestAReloadBringsScenariosUpToDate(t *testing.T) {
	file := filepath.Join(t.TempDir(), "picket.yaml")
	write := func(name string) {
		text := `{projects: [{state: {stateVersion: 1, displayNames: [{chain: ethereum, walletAddress: "` + someAddress + `", name: ` + name + `}]}}], scenarios: {` + name + `: {stateVersion: 1}}}`
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("alice")
	srv := mock.Start(t, mock.WithConfigFile(file))
	srv.SaveScenario("saved")
	write("bob")
	if err := srv.ReloadConfig(); err != nil {
		t.Fatal(err)
	}
	write("a:b")
	if err := srv.ReloadConfig(); err == nil {
		t.Error("the mistake is not reported")
	}
	if diff := cmp.Diff([]string{"alice", "bob", "saved"}, srv.Scenarios()); diff != "" {
		t.Error(diff)
	}
	if names := srv.Projects()[0].DisplayNames(); len(names) != 1 || names[0].Name != "bob" {
		t.Errorf("got %+v", names)
	}
}
