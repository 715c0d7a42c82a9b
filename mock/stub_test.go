package mock_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

const nonceBody = `{"walletAddress":"` + someAddress + `"}`

// TestAStubAnswersInThePlaceOfItsOperation sets each stub in Go and over HTTP.
func TestAStubAnswersInThePlaceOfItsOperation(t *testing.T) {
	const answer = `{"nonce": "fixed",  "statement":"<Sign> & in.","format":"simple"}`
	for name, test := range map[string]struct {
		stub        mock.Stub
		json        string // of the body, where it is not a string
		contentType string
		body        string
	}{
		"an answer":                          {mock.Stub{Operation: "nonce", Status: 200, Body: answer}, "", "application/json", answer},
		"an answer in JSON":                  {mock.Stub{Operation: "nonce", Status: 200, Body: `{"nonce":"fixed","statement":"<Sign> & in.","format":"simple"}`}, answer, "application/json", `{"nonce":"fixed","statement":"<Sign> & in.","format":"simple"}`},
		"an error":                           {mock.Stub{Operation: "nonce", Status: 429, Headers: map[string]string{"Retry-After": "3", "x-trace": "a b"}, Body: `{"msg":"slow down"}`}, "", "application/json", `{"msg":"slow down"}`},
		"a page":                             {mock.Stub{Operation: "nonce", Status: 502, Headers: map[string]string{"content-type": "text/html"}, Body: "<h1>Bad gateway</h1>", BreaksContract: true}, "", "text/html", "<h1>Bad gateway</h1>"},
		"a number where an object should be": {mock.Stub{Operation: "nonce", Status: 200, Body: "1.50", BreaksContract: true}, "1.50", "application/json", "1.50"},
		"no body":                            {mock.Stub{Operation: "nonce", Status: 204, BreaksContract: true}, "", "", ""},
	} {
		for _, way := range []string{"Go", "HTTP"} {
			t.Run(name+"/"+way, func(t *testing.T) {
				srv := mock.Start(t)
				stub := test.stub
				stub.Count = 2
				if way == "Go" {
					srv.AddStub(stub)
				} else {
					fields := map[string]any{"operation": stub.Operation, "status": stub.Status, "count": stub.Count, "breaksContract": stub.BreaksContract}
					if stub.Headers != nil {
						fields["headers"] = stub.Headers
					}
					switch {
					case test.json != "":
						fields["body"] = json.RawMessage(test.json)
					case stub.Body != "":
						fields["body"] = stub.Body
					}
					text, err := json.Marshal(fields)
					if err != nil {
						t.Fatal(err)
					}
					text = []byte(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(text)))
					if got := control(t, srv, "", "POST", "/stubs", string(text), nil); got.status != http.StatusNoContent {
						t.Fatalf("got %d %s", got.status, got.body)
					}
				}
				if diff := cmp.Diff([]mock.Stub{stub}, srv.Stubs()); diff != "" {
					t.Error(diff)
				}
				for left := 1; left >= 0; left-- {
					got := roundTrip(t, srv, srv.SecretKey, "POST", "/auth/nonce", nonceBody)
					if got.status != stub.Status || got.body != test.body || got.header.Get("Content-Type") != test.contentType {
						t.Errorf("got %d %s %q", got.status, got.header.Get("Content-Type"), got.body)
					}
					for name, value := range stub.Headers {
						if got.header.Get(name) != value {
							t.Errorf("%s is %q", name, got.header.Get(name))
						}
					}
					if stubs := srv.Stubs(); len(stubs) != min(left, 1) || left > 0 && stubs[0].Count != left {
						t.Errorf("%d are left: %+v", left, stubs)
					}
				}
				if got := post(t, srv, "/auth/nonce", nonceBody); got.status != http.StatusOK || strings.Contains(got.body, "fixed") {
					t.Errorf("then the operation answers with %d %s", got.status, got.body)
				}
				var stubbed []bool
				for _, e := range srv.Journal("nonce") {
					stubbed = append(stubbed, e.Stubbed)
					if len(e.Violations) > 0 {
						t.Errorf("the journal has the violations %q", e.Violations)
					}
				}
				if diff := cmp.Diff([]bool{true, true, false}, stubbed); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestARequestToAStubIsCheckedAsBefore(t *testing.T) {
	srv := mock.Start(t)
	srv.AddStub(mock.Stub{Operation: "nonce", Status: 200, Body: `{"nonce":"fixed","statement":"Sign.","format":"simple"}`, Count: 1})
	other := srv.AddProject()
	post(t, srv, "/auth/nonce", `{"wallet_address":"x"}`).want(t, 400, picket.CodeParameterInvalid, `did you mean "walletAddress"?`)
	send(t, srv, "", "POST", "/auth/nonce", nonceBody).want(t, 401, picket.CodeAuthenticationRequired, "")
	send(t, srv, srv.SecretKey, "POST", "/auth/nonce", nonceBody, "Prefer", "code=429").want(t, 429, "", "too many requests")
	if got := send(t, srv, other.SecretKey, "POST", "/auth/nonce", nonceBody); strings.Contains(got.body, "fixed") {
		t.Errorf("another project is answered with %s", got.body)
	}
	if got := post(t, srv, "/auth/nonce", nonceBody); !strings.Contains(got.body, "fixed") {
		t.Errorf("the stub was used up before: %s", got.body)
	}
}

// TestAnOperationWithAStubDoesNotTakePlace counts what a login spends.
func TestAnOperationWithAStubDoesNotTakePlace(t *testing.T) {
	srv := mock.Start(t)
	client := newClient(t, srv, srv.SecretKey)
	request := mock.NewEthereumWallet(t).AuthRequest(t, client)
	srv.AddStub(mock.Stub{Operation: "auth", Status: 409, Body: `{"code":"account_exists","msg":"the account exists"}`, Count: 1})
	if _, err := client.Auth(ctx, request); err == nil || !strings.Contains(err.Error(), "the account exists") {
		t.Errorf("got %v", err)
	}
	if _, err := client.Auth(ctx, request); err != nil {
		t.Errorf("the nonce was spent: %v", err)
	}
}

func TestStubsAnswerInTheirOrderUntilTheyAreRemoved(t *testing.T) {
	srv := mock.Start(t)
	remove := map[string]func(){
		"clear":           srv.ClearStubs,
		"clear over HTTP": func() { control(t, srv, "", "DELETE", "/stubs", "", nil) },
		"reset":           func() { srv.Reset() },
		"reset of a part": func() { srv.Reset(mock.PartStubs) },
		"reset over HTTP": func() { control(t, srv, "", "POST", "/reset", `{"parts":["stubs"]}`, nil) },
	}
	for name, remove := range remove {
		srv.AddStub(mock.Stub{Operation: "chains", Status: 503, Body: `{"msg":"down"}`, Count: 1})
		srv.AddStub(mock.Stub{Operation: "chains", Status: 200, Body: `{"data":[]}`})
		srv.Reset(mock.PartFaults) // which leaves them
		var got []int
		for range 3 {
			got = append(got, send(t, srv, srv.SecretKey, "GET", "/chains", "").status)
		}
		if diff := cmp.Diff([]int{503, 200, 200}, got); diff != "" {
			t.Error(diff)
		}
		if got := control(t, srv, "", "GET", "/stubs", "", nil); strings.TrimSpace(got.body) != `[{"body":"{\"data\":[]}","operation":"chains","status":200}]` {
			t.Errorf("%s: listed is %s", name, got.body)
		}
		remove()
		if got := send(t, srv, srv.SecretKey, "GET", "/chains", ""); len(srv.Stubs()) > 0 || !strings.Contains(got.body, "solana") {
			t.Errorf("%s leaves %+v", name, srv.Stubs())
		}
	}
}

func TestAFaultHitsAStub(t *testing.T) {
	srv := mock.Start(t)
	srv.AddStub(mock.Stub{Operation: "chains", Status: 200, Body: `{"data":[]}`, Count: 1})
	srv.InjectFault(mock.Fault{Kind: mock.FaultStatus, Status: 503, Count: 1})
	srv.InjectFault(mock.Fault{Kind: mock.FaultMalformed, Count: 1})
	send(t, srv, srv.SecretKey, "GET", "/chains", "").want(t, 503, "", "injected fault")
	if got := roundTrip(t, srv, srv.SecretKey, "GET", "/chains", ""); got.body != `{"this": "is not JSON", ` {
		t.Errorf("got %s", got.body)
	}
	if e := srv.Journal()[1]; !e.Stubbed || e.Fault != mock.FaultMalformed {
		t.Errorf("the journal has %+v", e)
	}
}

func TestAPageMayReadTheHeadersOfAStub(t *testing.T) {
	srv := mock.Start(t)
	srv.AddStub(mock.Stub{Operation: "chains", Status: 200, Headers: map[string]string{"x-trace": "1", "retry-after": "2"}, Body: `{"data":[]}`})
	exposed := send(t, srv, srv.SecretKey, "GET", "/chains", "").header.Get("Access-Control-Expose-Headers")
	if !strings.HasSuffix(exposed, ", X-Trace") || strings.Count(strings.ToLower(exposed), "retry-after") != 1 {
		t.Errorf("it may read %s", exposed)
	}
}

func TestMistakesInStubs(t *testing.T) {
	srv := mock.Start(t)
	for name, test := range map[string]struct{ body, phrase string }{
		"no operation":             {`{"status":200}`, "operation is required"},
		"unknown operation":        {`{"operation":"login","status":200}`, `there is no operation "login"`},
		"no status":                {`{"operation":"auth"}`, "status is required"},
		"informational":            {`{"operation":"auth","status":100,"breaksContract":true}`, "status must be at least 200"},
		"a negative count":         {`{"operation":"auth","status":500,"count":-1}`, "count must be at least 0"},
		"null":                     {`{"operation":"auth","status":500,"body":null}`, "body must"},
		"a status that it has not": {`{"operation":"chains","status":418}`, "the answer breaks the contract: the status is not supported: 418"},
		"a body that it has not":   {`{"operation":"auth","status":200,"body":{"accessToken":"hunter2"}}`, "the answer breaks the contract: user is required; correct it, or say that it breaks the contract on purpose (breaksContract)"},
		"an unknown property":      {`{"operation":"auth","status":409,"body":{"msg":"x","message":"hunter2"}}`, `the answer breaks the contract: "message" is not a property`},
		"no body":                  {`{"operation":"auth","status":200}`, "the answer breaks the contract: the Content-Type must be application/json"},
		"a body that none has":     {`{"operation":"auth","status":204,"body":"x","breaksContract":true}`, "an answer with the status 204 has none"},
		"a header's name":          {`{"operation":"auth","status":500,"headers":{"a b":"c"},"breaksContract":true}`, `"a b" is not the name of a header`},
		"a header's value":         {`{"operation":"auth","status":500,"headers":{"a":"b\r\nc: d"},"breaksContract":true}`, "the header a has a control character"},
		"a header twice":           {`{"operation":"auth","status":500,"headers":{"x-a":"b","X-A":"c"},"breaksContract":true}`, "the header X-A is there twice"},
		"a length":                 {`{"operation":"auth","status":500,"headers":{"content-length":"1"},"breaksContract":true}`, "the mock sets content-length itself"},
	} {
		t.Run(name, func(t *testing.T) {
			got := control(t, srv, "", "POST", "/stubs", test.body, nil)
			got.want(t, 400, picket.CodeParameterInvalid, test.phrase)
			if strings.Contains(got.body, "hunter2") {
				t.Errorf("the answer shows it: %s", got.body)
			}
		})
	}
	if len(srv.Stubs()) > 0 {
		t.Errorf("left are %+v", srv.Stubs())
	}
	for name, stub := range map[string]mock.Stub{
		"UTF-8":     {Operation: "auth", Status: 500, Body: "\xff", BreaksContract: true},
		"a status":  {Operation: "auth", Status: 600, BreaksContract: true},
		"a count":   {Operation: "auth", Status: 500, Count: -1, BreaksContract: true},
		"contract":  {Operation: "auth", Status: 418},
		"operation": {Status: 500, BreaksContract: true},
	} {
		var stopped string
		failing, err := mock.New()
		if err != nil {
			t.Fatal(err)
		}
		func() {
			defer func() { stopped = fmt.Sprint(recover()) }()
			failing.AddStub(stub)
		}()
		if !strings.HasPrefix(stopped, "mock: AddStub: ") {
			t.Errorf("%s: got %s", name, stopped)
		}
	}
}

// TestStubsAreBounded sets them until there is no room.
func TestStubsAreBounded(t *testing.T) {
	srv := mock.Start(t, mock.WithMaxStateBytes(1<<20))
	body := fmt.Sprintf(`{"operation":"auth","status":500,"body":{"msg":%q}}`, strings.Repeat("x", 100_000))
	for range 20 {
		if got := control(t, srv, "", "POST", "/stubs", body, nil); got.status == http.StatusTooManyRequests {
			return
		}
	}
	t.Errorf("there are %d stubs", len(srv.Stubs()))
}
