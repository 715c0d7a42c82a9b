package mock_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// control sends a request to what controls the mock and decodes the answer into result, unless that is nil.
func control(t *testing.T, srv *mock.Server, key, method, path, body string, result any, header ...string) answer {
	t.Helper()
	got := send(t, &mock.Server{URL: strings.TrimSuffix(srv.URL, "/api/v1") + "/_mock"}, key, method, path, body, header...)
	if result != nil {
		if err := json.Unmarshal([]byte(got.body), result); err != nil {
			t.Fatalf("%s %s: %d %s", method, path, got.status, got.body)
		}
	}
	return got
}

func TestHealth(t *testing.T) {
	srv := mock.Start(t)
	if got := control(t, srv, "", "GET", "/health", "", nil); got.status != http.StatusOK || strings.TrimSpace(got.body) != `{"status":"ok"}` {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

func TestWhatIsSeededOverHTTPIsSeededInGoAndTheOtherWayRound(t *testing.T) {
	srv := mock.Start(t)
	evm, solana := mock.NewEthereumWallet(t), mock.NewSolanaWallet(t)
	var want []any
	for _, balance := range []map[string]any{
		{"chain": "ethereum", "walletAddress": evm.Address, "contractAddress": contract, "balance": "12.5"},
		{"chain": "solana", "walletAddress": solana.Address, "collection": "apes", "balance": "1"},
		{"chain": "solana", "walletAddress": solana.Address, "creatorAddress": "carol", "balance": "0.1"},
		{"chain": "solana", "walletAddress": solana.Address, "tokenId": "mint", "balance": "2"},
	} {
		body, err := json.Marshal(balance)
		if err != nil {
			t.Fatal(err)
		}
		if got := control(t, srv, srv.SecretKey, "PUT", "/balances", string(body), nil); got.status != http.StatusNoContent {
			t.Errorf("got %d %s", got.status, got.body)
		}
		want = append(want, balance)
	}
	var listed []any
	control(t, srv, "", "GET", "/balances", "", &listed)
	if diff := cmp.Diff(want, listed); diff != "" {
		t.Error(diff)
	}
	if got := srv.Balances(); len(got) != 4 || got[0].Balance != "12.5" || got[0].WalletAddress != evm.Address {
		t.Errorf("got %+v", got)
	}

	srv.SetDisplayName("ethereum", strings.ToLower(evm.Address), "alice.eth")
	control(t, srv, "", "PUT", "/displayNames", `{"chain":"solana","walletAddress":"`+solana.Address+`","name":"bob.sol"}`, nil)
	wantNames := []mock.DisplayName{{Chain: "ethereum", WalletAddress: evm.Address, Name: "alice.eth"}, {Chain: "solana", WalletAddress: solana.Address, Name: "bob.sol"}}
	if diff := cmp.Diff(wantNames, srv.DisplayNames()); diff != "" {
		t.Error(diff)
	}
	var names []any
	control(t, srv, "", "GET", "/displayNames", "", &names)
	if len(names) != 2 {
		t.Errorf("got %v", names)
	}

	control(t, srv, "", "POST", "/notTokens", `{"chain":"ethereum","contractAddress":"`+contract+`"}`, nil)
	_, err := newClient(t, srv, srv.SecretKey).TokenOwnership(ctx, "ethereum", evm.Address, picket.TokenOwnershipRequest{ContractAddress: contract})
	if err == nil || !strings.Contains(err.Error(), "any ERC20, ERC721, ERC1155 tokens") {
		t.Errorf("got %v", err)
	}

	if got := control(t, srv, "", "POST", "/reset", "", nil); got.status != http.StatusNoContent {
		t.Errorf("got %d %s", got.status, got.body)
	}
	if len(srv.Balances())+len(srv.DisplayNames())+len(srv.FlowKeys()) != 0 {
		t.Error("a reset forgets nothing")
	}
}

func TestMistakesInControl(t *testing.T) {
	srv := mock.Start(t)
	wallet := `"chain":"ethereum","walletAddress":"` + someAddress + `"`
	for name, test := range map[string]struct {
		method, path, body string
		status             int
		phrase             string
	}{
		"not JSON":           {"PUT", "/balances", `{`, 400, "not JSON"},
		"no balance":         {"PUT", "/balances", `{` + wallet + `,"contractAddress":"` + contract + `"}`, 400, "balance is required"},
		"malformed balance":  {"PUT", "/balances", `{` + wallet + `,"contractAddress":"` + contract + `","balance":"-1"}`, 400, "balance must be"},
		"no token":           {"PUT", "/balances", `{` + wallet + `,"balance":"1"}`, 400, "exactly one of"},
		"two tokens":         {"PUT", "/balances", `{` + wallet + `,"contractAddress":"` + contract + `","collection":"c","balance":"1"}`, 400, "exactly one of"},
		"misspelt":           {"PUT", "/balances", `{"walletAdress":"x"}`, 400, `"walletAdress" is not a property; did you mean "walletAddress"?`},
		"unknown property":   {"PUT", "/displayNames", `{"x":"y"}`, 400, `"x" is not a property; the properties are chain, name and walletAddress`},
		"only property":      {"POST", "/reset", `{"x":"y"}`, 400, `"x" is not a property; the only property is parts`},
		"a query":            {"GET", "/balances?chain=polygon", ``, 400, "there is a query, and the operation takes none"},
		"a query, clear":     {"DELETE", "/faults?operation=auth", ``, 400, "there is a query, and the operation takes none"},
		"no parts":           {"POST", "/reset", `{"parts":[]}`, 400, "parts must have at least 1 item"},
		"malformed contract": {"PUT", "/balances", `{` + wallet + `,"contractAddress":"0xC0","balance":"1"}`, 400, "does not name a token"},
		"malformed wallet":   {"PUT", "/displayNames", `{"chain":"ethereum","walletAddress":"0x1","name":"a"}`, 400, "not an address on ethereum"},
		"unknown chain":      {"PUT", "/displayNames", `{"chain":"bitcoin","walletAddress":"0x1","name":"a"}`, 404, "no chain"},
		"Flow key":           {"POST", "/flowKeys", `{"address":"0x1654653399040a61","publicKey":"` + strings.Repeat("00", 64) + `"}`, 400, "not a point on P-256"},
		"Flow curve":         {"POST", "/flowKeys", `{"address":"0x1654653399040a61","publicKey":"` + strings.Repeat("00", 64) + `","curve":"ed25519"}`, 400, "curve must be P-256 or secp256k1"},
		"Flow address":       {"POST", "/flowKeys", `{"address":"0x1","publicKey":"` + strings.Repeat("00", 64) + `"}`, 400, "not an address on flow"},
		"time":               {"PUT", "/clock", `{"now":"yesterday"}`, 400, "now must be a date and time such as 2006-01-02T15:04:05Z (RFC 3339)"},
		"time running back":  {"POST", "/clock/advance", `{"seconds":-1}`, 400, "seconds must be at least 0"},
		"fault of nothing":   {"POST", "/faults", `{}`, 400, "nothing would go wrong"},
		"fault of no status": {"POST", "/faults", `{"kind":"status"}`, 400, "the status 0 is not from 400 to 599"},
		"fault, operation":   {"POST", "/faults", `{"kind":"reset","operation":"login"}`, 400, `there is no operation "login"`},
		"journal, operation": {"GET", "/journal?operation=login", ``, 400, `there is no operation "login"`},
		"count, operation":   {"GET", "/journal/count?operation=login", ``, 400, `there is no operation "login"`},
		"fault, long delay":  {"POST", "/faults", `{"delayMs":86400001}`, 400, "delayMs must be at most 86400000"},
		"fault, probability": {"POST", "/faults", `{"kind":"reset","probability":1.5}`, 400, "probability"},
		"fault, large count": {"POST", "/faults", `{"kind":"reset","count":9223372036854775808}`, 400, "count must be a whole number from -9223372036854775808 to 9223372036854775807"},
		"project key":        {"POST", "/projects", `{"secretKey":"hunter2"}`, 400, "secretKey must be a string that matches"},
		"second of a list":   {"POST", "/projects", `{"redirectURIs":["http://localhost:3000/","/callback"]}`, 400, "redirectURIs.1: the redirect URI is not absolute"},
		"project key taken":  {"POST", "/projects", `{"secretKey":"` + mock.DefaultSecretKey + `"}`, 400, "another project has one of these keys"},
		"project statements": {"POST", "/projects", `{"statements":{"fr":"Bonjour."}}`, 400, `statements: there is none for ""`},
		"redirect URI":       {"POST", "/redirectURIs", `{"redirectURI":"/callback"}`, 400, "not absolute"},
		"unknown path":       {"GET", "/balance", ``, 404, "did you mean GET /_mock/balances?"},
		"method":             {"DELETE", "/balances", ``, 405, "only GET and PUT"},
	} {
		t.Run(name, func(t *testing.T) {
			got := control(t, srv, "", test.method, test.path, test.body, nil)
			if got.status != test.status || !strings.Contains(got.msg, test.phrase) || strings.Contains(got.msg, "hunter2") {
				t.Errorf("got %d %s", got.status, got.body)
			}
		})
	}
	if got := control(t, srv, "sk_ffffffffffffffffffffffffffffffff", "GET", "/balances", "", nil); got.status != http.StatusUnauthorized {
		t.Errorf("an unknown key: got %d %s", got.status, got.body)
	}
}

func TestProjectsAreTenants(t *testing.T) {
	srv := mock.Start(t, mock.WithStatement("Default."))
	var made struct{ ID, SecretKey, PublishableKey string }
	got := control(t, srv, "", "POST", "/projects", `{"format":"simple","statements":{"":"Come in.","fr":"Entrez."},"reusableNonces":true,"unknownProperties":true}`, &made)
	if got.status != http.StatusCreated || made.SecretKey == srv.SecretKey {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	control(t, srv, made.SecretKey, "POST", "/redirectURIs", `{"redirectURI":"http://localhost:3000/callback"}`, nil)
	var list []struct {
		ID           string
		RedirectURIs []string
	}
	control(t, srv, made.SecretKey, "GET", "/projects", "", &list)
	if len(list) != 2 || list[0].ID != srv.ID || list[1].ID != made.ID || len(list[1].RedirectURIs) != 1 {
		t.Errorf("got %+v", list)
	}
	control(t, srv, made.PublishableKey, "PUT", "/displayNames", `{"chain":"ethereum","walletAddress":"`+someAddress+`","name":"alice.eth"}`, nil)
	if len(srv.DisplayNames()) != 0 {
		t.Error("a name was set in another project")
	}
	client := newClient(t, srv, made.SecretKey)
	nonce, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: someAddress, Locale: "fr-CA"})
	if err != nil || nonce.Statement != "Entrez." || nonce.Format != picket.MessageFormatSimple {
		t.Errorf("got %+v, %v", nonce, err)
	}
	request := mock.NewEthereumWallet(t).AuthRequest(t, client)
	for range 2 {
		if _, err := client.Auth(ctx, request); err != nil {
			t.Error(err)
		}
	}
	if got := send(t, srv, made.SecretKey, "POST", "/auth/nonce", `{"walletAddress":"`+someAddress+`","zzz":1}`); got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.body)
	}
	nonce, err = newClient(t, srv, srv.SecretKey).Nonce(ctx, picket.NonceRequest{WalletAddress: someAddress})
	if err != nil || nonce.Statement != "Default." || nonce.Format != picket.MessageFormatSIWE {
		t.Errorf("the default project changed: %+v, %v", nonce, err)
	}
}

func TestTheClockObeys(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	token := mock.NewEthereumWallet(t).Login(t, client).AccessToken
	valid := func() bool {
		_, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: token})
		return err == nil
	}
	type clock struct {
		Now     time.Time
		Running bool
	}
	var c clock
	control(t, srv, "", "GET", "/clock", "", &c)
	if !c.Running || c.Now.IsZero() || !valid() {
		t.Errorf("got %+v", c)
	}
	start := c.Now
	control(t, srv, "", "POST", "/clock/advance", `{"seconds":43200.5}`, &c)
	if !c.Running || c.Now.Before(start.Add(12*time.Hour)) || valid() {
		t.Errorf("got %+v", c)
	}
	control(t, srv, "", "PUT", "/clock", `{"now":"`+start.Format(time.RFC3339Nano)+`"}`, &c)
	if c.Running || !c.Now.Equal(start) || !valid() {
		t.Errorf("got %+v", c)
	}
	control(t, srv, "", "POST", "/clock/advance", `{"seconds":60}`, &c)
	if c.Running || !c.Now.Equal(start.Add(time.Minute)) || !srv.Now().Equal(c.Now) {
		t.Errorf("got %+v", c)
	}
	control(t, srv, "", "POST", "/clock/run", "", &c)
	if !c.Running || c.Now.Before(start.Add(time.Minute)) || c.Now.After(start.Add(time.Hour)) {
		t.Errorf("got %+v", c)
	}
	control(t, srv, "", "POST", "/reset", `{"parts":["clock"]}`, nil)
	if now := srv.Now(); time.Until(now).Abs() > time.Minute {
		t.Errorf("a reset leaves the clock at %v", now)
	}
}

func TestResetOfParts(t *testing.T) {
	srv := mock.Start(t)
	seed := func() {
		srv.SetBalance("ethereum", someAddress, mock.Contract(contract), "1")
		srv.InjectFault(mock.Fault{Operation: "chain", Kind: mock.FaultReset})
		send(t, srv, srv.SecretKey, "GET", "/chains", "")
	}
	left := func() string { return fmt.Sprint(len(srv.Balances()), len(srv.Faults()), len(srv.Journal())) }
	for part, want := range map[string]string{"state": "0 1 1", "faults": "1 0 1", "journal": "1 1 0", "clock": "1 1 1"} {
		for _, reset := range []func(){
			func() { control(t, srv, "", "POST", "/reset", `{"parts":["`+part+`"]}`, nil) },
			func() { srv.Reset(mock.Part(part)) },
		} {
			srv.Reset()
			seed()
			reset()
			if got := left(); got != want {
				t.Errorf("after a reset of %s there is %s, not %s", part, got, want)
			}
		}
		srv.Reset()
		if got := left(); got != "0 0 0" {
			t.Errorf("after a reset there is %s", got)
		}
	}
}

func TestTheJournalShowsSupersededNames(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewSolanaWallet(t)
	post(t, srv, "/auth", `{"chain":"solana","walletAddress":"`+wallet.Address+`","signature":"hunter2","tokenIds":["m1nt"],"token_ids":["hunter2"]}`)
	post(t, srv, "/chains/solana/wallets/"+wallet.Address+"/tokenOwnership", `{"requirements":{"collection":"DEGODS"}}`)
	text, err := json.Marshal(srv.Journal())
	if err != nil {
		t.Fatal(err)
	}
	if shown := string(text); !strings.Contains(shown, "m1nt") || !strings.Contains(shown, "DEGODS") || strings.Contains(shown, "hunter2") {
		t.Errorf("the journal has %s", shown)
	}
}

func TestTheJournalKeepsWhatWasAskedAndAnswered(t *testing.T) {
	now := time.Date(2022, 10, 25, 1, 12, 36, 0, time.UTC)
	srv := mock.Start(t, mock.WithClock(func() time.Time { return now }))
	client := newClient(t, srv, srv.SecretKey)
	wallet := mock.NewEthereumWallet(t)
	auth := wallet.Login(t, client)
	post(t, srv, "/auth/nonce", `{"wallet_address":"x"}`)
	post(t, srv, "/auth/nonces", `{}`)
	send(t, srv, "", "POST", "/oauth2/token", "grant_type=authorization_code&code=hunter2&code_verifier=hunter2", "Content-Type", "application/x-www-form-urlencoded")
	page, err := http.Get(srv.URL + "/oauth2/authorize?client_id=" + srv.PublishableKey + "&signature=hunter2")
	if err != nil {
		t.Fatal(err)
	}
	_ = page.Body.Close()
	post(t, srv, "/auth/validate", `not JSON hunter2`)
	post(t, srv, "/auth/validate", `{"access_token":"hunter2","acessToken":["hunter2"]}`)
	send(t, srv, srv.SecretKey, "GET", "/chains?token=hunter2", "")

	journal := srv.Journal()
	text, err := json.Marshal(journal)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"hunter2", string(auth.AccessToken), srv.SecretKey, "Authorization"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the journal shows %q: %s", secret, text)
		}
	}
	if len(journal) != 9 {
		t.Fatalf("got %d exchanges: %s", len(journal), text)
	}
	want := mock.Exchange{
		Number: 3, Time: now, Operation: "nonce", Method: "POST", Path: "/api/v1/auth/nonce", RequestBody: `{"wallet_address":"[redacted]"}`, Status: 400,
		ResponseBody: `{"code":"parameter_invalid","msg":"\"wallet_address\" is not a property; did you mean \"walletAddress\"?"}`,
		Violations:   []string{`"wallet_address" is not a property; did you mean "walletAddress"?`, "walletAddress is required"},
	}
	if diff := cmp.Diff(want, journal[2]); diff != "" {
		t.Error(diff)
	}
	if v := journal[3].Violations; len(v) != 1 || !strings.Contains(v[0], "did you mean POST /api/v1/auth/nonce?") {
		t.Errorf("got %q", v)
	}
	if e := journal[1]; e.Operation != "auth" || e.Status != 200 || !strings.Contains(e.RequestBody, `"signature":"[redacted]"`) || !strings.Contains(e.ResponseBody, `"accessToken":"[redacted]"`) {
		t.Errorf("got %+v", e)
	}
	if e := journal[4]; !strings.Contains(e.RequestBody, `"code":"[redacted]"`) {
		t.Errorf("got %+v", e)
	}

	for operation, want := range map[string]int{"?operation=nonce": 2, "?operation=auth": 1, "?operation=": 1, "": 9, "?operation=chains": 1} {
		var count struct{ Count int }
		control(t, srv, "", "GET", "/journal/count"+operation, "", &count)
		var list struct{ Exchanges []struct{ Number int } }
		control(t, srv, "", "GET", "/journal"+operation, "", &list)
		if count.Count != want || len(list.Exchanges) != want {
			t.Errorf("%q: got %d and %d, not %d", operation, count.Count, len(list.Exchanges), want)
		}
	}
	if len(srv.AddProject().Journal()) != 0 {
		t.Error("projects share a journal")
	}
}

// A body that is sent as what it is not has secrets in its names: that of curl -d with JSON is a form.
func TestNoSecretIsTakenForAName(t *testing.T) {
	const secret = "hunter2hunter2"
	token := "eyJ" + strings.Repeat(secret, 10)
	for name, test := range map[string]struct{ path, contentType, body string }{
		"JSON as a form":              {"/auth/validate", formType, `{"accessToken":"` + secret + `"}`},
		"JSON with = as a form":       {"/oauth2/token", formType, `{"accessToken":"` + secret + `==","code":"` + secret + `"}`},
		"a secret as a form":          {"/oauth2/token", formType, secret},
		"a secret for a parameter":    {"/oauth2/token", formType, "grant_type=password&" + secret + "&username=x"},
		"a token for a name":          {"/oauth2/token", formType, token + "=x"},
		"a parameter of a form twice": {"/oauth2/token", formType, `{"code":"` + secret + `"}=1&{"code":"` + secret + `"}=2`},
		"JSON in a name of JSON":      {"/auth/validate", "application/json", `{"{\"code\":\"` + secret + `\"}":1}`},
		"a token as a name of JSON":   {"/auth/validate", "application/json", `{"accessToken":"x","requirements":{"` + token + `":{"a":1}}}`},
		"JSON in a name of a gate":    {"/authz", "application/json", `{"accessToken":"x","requirements":{"{\"code\":\"` + secret + `\"}":[1]}}`},
		"a secret as a query":         {"/auth/validate?" + secret, "application/json", `{}`},
		"JSON as a query":             {"/auth/validate?" + url.QueryEscape(`{"code":"`+secret+`"}`) + "=1", "application/json", `{}`},
		"a token in a path":           {"/auth/validate/" + token, "application/json", `{}`},
		"JSON in a path":              {"/" + url.PathEscape(`{"code":"`+secret+`"}`), "application/json", `{}`},
		"a misspelt gate in a query":  {"/oauth2/authorize?" + url.QueryEscape(`{"allowedWallet":"`+secret+`"}`) + "=1", formType, ``},
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t)
			answer := roundTrip(t, srv, srv.SecretKey, http.MethodPost, test.path, test.body, "Content-Type", test.contentType)
			if answer.status < 400 {
				t.Errorf("it is not refused: %d", answer.status)
			}
			if strings.Contains(answer.body, secret) {
				t.Errorf("the answer shows it: %s", answer.body)
			}
			for _, e := range srv.Journal() {
				if shown := fmt.Sprintf("%+v", e); strings.Contains(shown, secret) {
					t.Errorf("the journal shows it: %s", shown)
				}
			}
		})
	}
}

func TestTheJournalHasEveryViolation(t *testing.T) {
	srv := mock.Start(t)
	post(t, srv, "/auth", `{"wallet_address":"x","sig":"y","chain":7,"requirements":{"allowedWallets":"a","tokenIds":[1,"m",2]},"context":{"chainID":1}}`)
	want := []string{
		`"chainID" is not a property of context; did you mean "chainId"?`,
		`"sig" is not a property; the properties are chain, context, requirements, signature and walletAddress`,
		`"wallet_address" is not a property; did you mean "walletAddress"?`,
		"chain must be a string",
		"requirements.tokenIds.0 must be a string",
		"requirements.tokenIds.2 must be a string",
		"requirements.allowedWallets must be an array",
		"walletAddress is required",
		"signature is required",
	}
	got := srv.Journal("auth")[0].Violations
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheJournalIsBounded(t *testing.T) {
	srv := mock.Start(t)
	for range mock.JournalSize + 10 {
		send(t, srv, srv.SecretKey, "GET", "/chains/solana", "")
	}
	post(t, srv, "/auth/nonce", `{"walletAddress":"`+strings.Repeat("x", 100_000)+`"}`)
	journal := srv.Journal()
	if len(journal) != mock.JournalSize || journal[0].Number != 12 || journal[len(journal)-1].Number != mock.JournalSize+11 {
		t.Errorf("got %d exchanges from %d to %d", len(journal), journal[0].Number, journal[len(journal)-1].Number)
	}
	if last := journal[len(journal)-1]; last.RequestBody != "[100020 bytes of JSON]" {
		t.Errorf("got %s", last.RequestBody[:100])
	}
}
