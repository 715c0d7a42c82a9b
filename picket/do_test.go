package picket_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
)

type contractInfo struct {
	Chain    string `json:"chain"`
	Standard string `json:"standard,omitempty"`
}

func TestDoSendsWhatItIsGiven(t *testing.T) {
	type grant struct {
		Token picket.Secret `json:"token"`
		Note  string        `json:"note,omitempty"`
	}
	for name, test := range map[string]struct {
		method, path string
		in           any
		want         recorded
	}{
		"a GET":                {"GET", "/chains/polygon/contracts/0xC0", nil, recorded{"GET", "/base/v1/chains/polygon/contracts/0xC0", "", nil}},
		"an escaped path":      {"GET", "/contracts/a%20b", nil, recorded{"GET", "/base/v1/contracts/a%20b", "", nil}},
		"a body with secrets":  {"POST", "/grants", grant{Token: "s3cret-t0ken"}, recorded{"POST", "/base/v1/grants", `{"token":"s3cret-t0ken"}`, nil}},
		"a map of secrets":     {"PUT", "/grants/1", map[string]picket.Secret{"token": "s3cret"}, recorded{"PUT", "/base/v1/grants/1", `{"token":"s3cret"}`, nil}},
		"a DELETE with none":   {"DELETE", "/grants/1", nil, recorded{"DELETE", "/base/v1/grants/1", "", nil}},
		"a PATCH with a query": {"PATCH", "/grants/1?dry=true", grant{}, recorded{"PATCH", "/base/v1/grants/1", `{"token":""}`, nil}},
	} {
		t.Run(name, func(t *testing.T) {
			client, requests := serve(t, http.StatusOK, "application/json", `{"chain":"polygon","new":[1]}`)
			var got contractInfo
			if err := client.Do(t.Context(), test.method, test.path, test.in, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(contractInfo{Chain: "polygon"}, got); diff != "" {
				t.Error(diff)
			}
			sent := (*requests)[0]
			if sent.Header.Get("Authorization") == "" || !strings.HasPrefix(sent.Header.Get("User-Agent"), "picket-client-go/") {
				t.Errorf("the headers are %v", sent.Header)
			}
			if want := map[bool]string{true: "application/json"}[test.in != nil]; sent.Header.Get("Content-Type") != want {
				t.Errorf("the Content-Type is %q, not %q", sent.Header.Get("Content-Type"), want)
			}
			sent.Header = nil
			if diff := cmp.Diff(test.want, sent); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDoRefusesWhatItShouldNotSend(t *testing.T) {
	out := &contractInfo{}
	type loop struct{ Next *loop }
	var nowhere *contractInfo
	endless := &loop{}
	endless.Next = endless
	paths := map[string]string{ // and what the error says
		"": "begin with a slash", "chains": "begin with a slash", "https://evil.example/": "begin with a slash",
		"//evil.example/chains": "host", "/": "empty part", "/chains/": "empty part", "/chains//polygon": "empty part",
		"/..": "leads elsewhere", "/../admin": "leads elsewhere", "/chains/../../admin": "leads elsewhere", "/./chains": "leads elsewhere",
		"/%2e%2e/admin": "leads elsewhere", "/chains/%2E./x": "leads elsewhere", "/..;/admin": "semicolon", "/auth;x": "semicolon",
		"/a%2fb": "escaped slash", "/a%5cb": "escaped slash", `/a\b`: "escaped", "/a%252e": "escaped twice", "/a%zz": "not one of a URL",
		"/chains/%c0%ae%c0%ae/admin": "not UTF-8", "/a%c0%afb": "not UTF-8", "/a%ff": "not UTF-8",
		"/a b": "must be escaped", "/a\r\nX: y": "must be escaped", "/ä": "must be escaped", "/a#b": "must be escaped", "/a%00": "control character",
		"/auth": "Client.Auth is for", "/%61uth": "Client.Auth is for", "/AUTH": "Client.Auth is for", "/auth?x=1": "Client.Auth is for",
		"/authz": "Client.Authz is for", "/auth/validate": "Client.Validate is for", "/oauth2/token": "Client.ExchangeGrant is for",
	}
	type refused struct {
		method, path string
		in, out      any
		options      []picket.CallOption
		want         string
	}
	tests := map[string]refused{
		"HEAD":                  {"HEAD", "/chains", nil, out, nil, "must be GET, POST"},
		"get":                   {"get", "/chains", nil, out, nil, "must be GET, POST"},
		"no method":             {"", "/chains", nil, out, nil, "must be GET, POST"},
		"two methods":           {"GET /x HTTP/1.1\r\nX:", "/chains", nil, out, nil, "must be GET, POST"},
		"a GET with a body":     {"GET", "/chains", struct{}{}, out, nil, "no body"},
		"out is no pointer":     {"GET", "/chains", nil, contractInfo{}, nil, "must be a pointer"},
		"out is a nil pointer":  {"GET", "/chains", nil, nowhere, nil, "must be a pointer"},
		"in cannot be written":  {"POST", "/x", make(chan int), out, nil, "unsupported type"},
		"in leads to itself":    {"POST", "/x", endless, out, nil, "cycle"},
		"a hidden secret":       {"POST", "/x", map[string]any{"token": picket.Secret("hunter2hunter2")}, out, nil, "in place of a Secret"},
		"in is a nil pointer":   {"POST", "/x", nowhere, out, nil, "sent as null"},
		"in is a nil map":       {"POST", "/x", map[string]string(nil), out, nil, "sent as null"},
		"a nil option":          {"GET", "/chains", nil, out, []picket.CallOption{nil}, "an option is nil"},
		"a chain":               {"GET", "/chains", nil, out, []picket.CallOption{picket.WithChain("polygon")}, "WithChain"},
		"an origin":             {"GET", "/chains", nil, out, []picket.CallOption{picket.WithOrigin("https://example.com")}, "WithOrigin"},
		"an option that is not": {"GET", "/chains", nil, out, []picket.CallOption{picket.WithTimeout(-1)}, "negative"},
	}
	for path, want := range paths {
		tests["the path "+path] = refused{"POST", path, nil, out, nil, want}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			client, requests := serve(t, http.StatusOK, "application/json", `{"chain":"polygon"}`)
			err := client.Do(t.Context(), test.method, test.path, test.in, test.out, test.options...)
			if !errors.Is(err, picket.ErrInvalidArgument) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") || strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("got %v; want %q", err, test.want)
			}
			if len(*requests) > 0 {
				t.Errorf("a request was sent: %+v", *requests)
			}
		})
	}
	if err := (*picket.Client)(nil).Do(t.Context(), "GET", "/chains", nil, nil); !errors.Is(err, picket.ErrInvalidArgument) {
		t.Errorf("a nil client: got %v", err)
	}
}

func TestDoReadsAResponseAsEveryCallDoes(t *testing.T) {
	type inner struct {
		Balance picket.Decimal `json:"balance,omitzero"`
	}
	type embedded struct {
		ID string `json:"id"`
	}
	type known struct {
		embedded
		Allowed bool             `json:"allowed"`
		Since   time.Time        `json:"since,omitzero"`
		Names   map[string]inner `json:"names,omitempty"`
		Any     any              `json:"any,omitempty"`
		Percent string           `json:"100%,omitempty"`
		Plain   string           `json:",omitempty"`
		Hidden  string           `json:"-"`
		private string
	}
	for body, want := range map[string]string{ // what the error says, if there is one
		`{"id":"1","allowed":true,"since":"2026-01-02T03:04:05Z","names":{"a":{"balance":1}},"any":{"x":[{"y":1}]},"Plain":"p"}`: "",
		`{"id":"1","allowed":true,"new":{"a":1}}`:               "",
		`{"allowed":true}`:                                      `lacks "id"`,
		`{"id":"1"}`:                                            `lacks "allowed"`,
		`{"id":"1","allowed":null}`:                             `lacks "allowed"`,
		`{"id":"1","Allowed":true}`:                             `"Allowed", and not "allowed" exactly`,
		`{"id":"1","allowed":true,"ALLOWED":false}`:             `"ALLOWED", and not "allowed" exactly`,
		`{"id":"1","allowed":true,"allowed":false}`:             `"allowed" twice`,
		`{"id":"1","ID":"2","allowed":true}`:                    `"ID", and not "id" exactly`,
		`{"id":"1","allowed":true,"plain":"p"}`:                 `"plain", and not "Plain" exactly`,
		`{"id":"1","allowed":true,"names":{"a":{"Balance":1}}}`: `.Balance", and not "balance" exactly`,
		`{"id":"1","allowed":true,"any":{"x":[{"y":1,"y":2}]}}`: `a name twice`,
		`{"id":"1","allowed":true,"names":{"a":{},"a":{}}}`:     `a name twice`,
		`{"id":"1","allowed":"yes"}`:                            `a string at "allowed"; it must be a boolean`,
		`[]`:                                                    "the response is a list; it must be an object",
		`null`:                                                  "is null",
		``:                                                      "not as expected",
	} {
		t.Run(body, func(t *testing.T) {
			client, _ := serve(t, http.StatusOK, "application/json", body)
			before := known{Allowed: true, Plain: "before", private: "kept"}
			out := before
			err := client.Do(t.Context(), "GET", "/x", nil, &out)
			switch {
			case want == "" && (err != nil || out.ID != "1" || out.private != ""):
				t.Errorf("got %v, %+v", err, out)
			case want != "" && (!errors.Is(err, picket.ErrUnexpectedResponse) || !strings.Contains(err.Error(), want)):
				t.Errorf("got %v; want %q", err, want)
			case want != "" && fmt.Sprint(out) != fmt.Sprint(before):
				t.Errorf("out was changed: %+v", out)
			}
		})
	}
}

func TestDoNeedsNoBodyWhereNobodyLooks(t *testing.T) {
	client, _ := serve(t, http.StatusNoContent, "", "")
	if err := client.Do(t.Context(), "DELETE", "/grants/1", nil, nil); err != nil {
		t.Error(err)
	}
	client, _ = serve(t, http.StatusForbidden, "application/json", `{"code":"permission_denied","msg":"no"}`)
	err := client.Do(t.Context(), "DELETE", "/grants/1", nil, nil)
	if want := "picket: DELETE /grants/1: 403 Forbidden (permission_denied): no"; !errors.Is(err, picket.CodePermissionDenied) || err.Error() != want {
		t.Errorf("got %v; want %s", err, want)
	}
}

func TestDoHidesTheSecretsOfItsRequest(t *testing.T) {
	type box struct {
		Tokens []*picket.Secret          `json:"tokens"`
		Named  map[string]picket.Secret  `json:"named"`
		Pair   [1]map[string]interface{} `json:"pair"`
	}
	first, second := picket.Secret("f1rst-hunter2"), picket.Secret("s3cond-hunter2")
	client, _ := serve(t, http.StatusBadRequest, "application/json", `{"code":"parameter_invalid","msg":"f1rst-hunter2 and s3cond-hunter2"}`)
	err := client.Do(t.Context(), "POST", "/x", box{Tokens: []*picket.Secret{&first}, Named: map[string]picket.Secret{"a": second}}, nil)
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
	err = client.Do(t.Context(), "GET", "/x/"+sample, nil, nil) // in the wrong place
	if err == nil || strings.Contains(fmt.Sprintf("%+v", err), sample) {
		t.Errorf("got %v", err)
	}
}

func TestDoTakesAValueThatLeadsBackToItselfThroughWhatIsNotSent(t *testing.T) {
	type node struct {
		Name     string                    `json:"name"`
		Token    picket.Secret             `json:"token"`
		Children []struct{ Parent *node }  `json:"-"`
		Named    map[string]map[string]any `json:"-"`
	}
	root := &node{Name: "root", Token: "hunter2hunter2"}
	root.Children = []struct{ Parent *node }{{root}, {root}}
	root.Named = map[string]map[string]any{"self": {"root": root, "children": root.Children}}
	client, requests := serve(t, http.StatusBadRequest, "application/json", `{"code":"parameter_invalid","msg":"hunter2hunter2"}`)
	err := client.Do(t.Context(), "POST", "/x", root, nil)
	if !errors.Is(err, picket.CodeParameterInvalid) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
	if got := (*requests)[0].Body; got != `{"name":"root","token":"hunter2hunter2"}` {
		t.Errorf("sent %s", got)
	}
}

func TestDoReadsTheFieldThatCountsOfSeveralWithOneName(t *testing.T) {
	type base struct {
		ID    string `json:"id"`
		At    string `json:"at"`
		Count string
	}
	type other struct {
		Count int
	}
	type out struct {
		base
		other        // its count and that of base cancel each other out
		At       int `json:"at"`
		Tagged   int `json:"Plain"`
		Plain    string
		Optional int `json:"optional,omitempty"`
	}
	for body, want := range map[string]string{ // what the error says, if there is one
		`{"id":"1","at":7,"Plain":1}`:                     "",
		`{"id":"1","at":7,"Plain":1,"Count":true}`:        "",
		`{"id":"1","Plain":1}`:                            `lacks "at"`,
		`{"id":"1","at":7}`:                               `lacks "Plain"`,
		`{"id":"1","at":7,"at":7,"Plain":1}`:              `"at" twice`,
		`{"id":"1","At":7,"Plain":1}`:                     `"At", and not "at" exactly`,
		`{"id":"1","at":"7","Plain":1}`:                   `a string at "at"; it must be a whole number`,
		`{"id":"1","at":7,"Plain":1,"OPTIONAL":1}`:        `"OPTIONAL", and not "optional" exactly`,
		`{"id":"1","at":7,"Plain":1,"Count":1,"Count":1}`: `"Count" twice`,
	} {
		t.Run(body, func(t *testing.T) {
			client, _ := serve(t, http.StatusOK, "application/json", body)
			var got out
			err := client.Do(t.Context(), "GET", "/x", nil, &got)
			switch {
			case want == "" && (err != nil || got.ID != "1" || got.At != 7 || got.Tagged != 1 || got.Plain != ""):
				t.Errorf("got %v, %+v", err, got)
			case want != "" && (!errors.Is(err, picket.ErrUnexpectedResponse) || !strings.Contains(err.Error(), want)):
				t.Errorf("got %v; want %q", err, want)
			}
		})
	}
}

func TestDoShowsNoQuery(t *testing.T) {
	var log bytes.Buffer
	client, err := picket.New(testKey, picket.WithMaxRetries(0), picket.WithLogger(slog.New(slog.NewTextHandler(&log, nil))),
		picket.WithHTTPClient(&http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return nil, errors.New("connection refused")
		})}))
	if err != nil {
		t.Fatal(err)
	}
	err = client.Do(t.Context(), "GET", "/users?email=alice@example.com", nil, nil)
	if !errors.Is(err, picket.ErrNoResponse) || !strings.Contains(err.Error(), "/users") || strings.Contains(err.Error()+log.String(), "alice") {
		t.Errorf("got %v, and the log has %s", err, &log)
	}
}

func TestDoRepeatsOnlyWhatMayBeRepeated(t *testing.T) {
	for name, test := range map[string]struct {
		method  string
		options []picket.CallOption
		want    int
	}{
		"a GET":                  {"GET", nil, 3},
		"a POST":                 {"POST", nil, 1},
		"a PUT":                  {"PUT", nil, 1},
		"a DELETE":               {"DELETE", nil, 1},
		"a POST that is said so": {"POST", []picket.CallOption{picket.WithRepeatable()}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			client, requests := serve(t, http.StatusBadGateway, "text/html", "<h1>")
			options := append([]picket.CallOption{picket.WithMaxRetries(2), picket.WithRetryWait(0, 0)}, test.options...)
			if err := client.Do(t.Context(), test.method, "/x", nil, nil, options...); err == nil || len(*requests) != test.want {
				t.Errorf("got %v after %d requests; want %d", err, len(*requests), test.want)
			}
		})
	}
	t.Run("a login, whatever is said", func(t *testing.T) {
		client, requests := serve(t, http.StatusBadGateway, "text/html", "<h1>", picket.WithRepeatable(), picket.WithMaxRetries(2), picket.WithRetryWait(0, 0))
		_, err := client.Auth(t.Context(), picket.AuthRequest{WalletAddress: address, Signature: "0x51"})
		if err == nil || len(*requests) != 1 {
			t.Errorf("got %v after %d requests", err, len(*requests))
		}
	})
}

func TestDoComparesTheChainWhereItKnowsTheUser(t *testing.T) {
	const body = `{"accessToken":"a.b.c","user":{"chain":"polygon","walletAddress":"0x1","displayAddress":"0x1"}}`
	client, _ := serve(t, http.StatusOK, "application/json", body, picket.WithChain("ethereum"))
	var auth picket.AuthResponse
	if err := client.Do(t.Context(), "POST", "/auth/refresh", nil, &auth); !errors.Is(err, picket.ErrChainMismatch) || auth.AccessToken != "" {
		t.Errorf("got %v", err)
	}
}
