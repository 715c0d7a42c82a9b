package spec_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/examples"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// operation returns an operation GET /it with the given parameters, and more of it.
func operation(t *testing.T, parameters, more string) *spec.Operation {
	t.Helper()
	c, err := spec.Read(fmt.Appendf(nil, `
openapi: 3.0.3
info: {title: A test, version: "1"}
paths:
  /it:
    parameters: [{name: shared, in: query, schema: {type: string}}]
    get: {operationId: it, parameters: [%s], responses: {"400": {description: Refused.}}%s}
`, parameters, more), "")
	if err != nil {
		t.Fatal(err)
	}
	return c.Operation("it")
}

// asked returns what is said about a query, and whether it is all about unknown names.
func asked(op *spec.Operation, query string) (said []string, unknown bool) {
	found := op.CheckRequest(httptest.NewRequest(op.Method, op.Path+"?"+query, nil), nil)
	return messages(found), !slices.ContainsFunc(found, func(v spec.Violation) bool { return !v.Unknown })
}

func TestAnUnknownNameInAQueryIsRefused(t *testing.T) {
	const limit, ids = "{name: limit, in: query, schema: {type: integer}}", "{name: ids, in: query, schema: {type: array, items: {type: string}}}"
	const filter = "{name: filter, in: query, style: deepObject, schema: {type: object, properties: {owner: {type: string}}}}"
	const page = "{name: page, in: query, schema: {type: object, properties: {size: {type: integer}}}}"
	const ignored = ", x-unknown-parameters: ignored"
	for _, test := range []struct{ parameters, more, query, want string }{
		{limit, "", "limit=1&shared=a", ""},
		{limit, "", "limits=1", `"limits" is not a parameter; did you mean "limit"?`},
		{limit, "", "Limit=1", `"Limit" is not a parameter; did you mean "limit"?`},
		{limit, "", "shraed=1", `"shraed" is not a parameter; did you mean "shared"?`},
		{limit, "", "_=1", "the query has an unknown name; its names are limit and shared"},
		{limit, "", "hunter2hunter2", "the query has an unknown name; its names are limit and shared"},
		{limit, "", "hunter2&hunter3", "the query has an unknown name; its names are limit and shared"},
		{limit, ignored, "limits=1", `"limits" is not a parameter; did you mean "limit"?`},
		{limit, ignored, "other=1", ""},
		{ids, "", "ids=a&ids=b", ""},
		{filter, "", "filter[owner]=a", ""},
		{page, "", "size=1", ""},
		{page, "", "page=1", ""},
	} {
		op := operation(t, test.parameters, test.more)
		got, unknown := asked(op, test.query)
		if strings.Join(got, "; ") != test.want || !unknown {
			t.Errorf("%s %s: got %q, not %q; unknown: %t", test.parameters, test.query, got, test.want, unknown)
		}
	}
	op := operation(t, limit, "")
	if got, _ := asked(op, "limit=1&limit=2"); !slices.Contains(got, "limit is given more than once") {
		t.Errorf("given twice: got %q", got)
	}
}

// RFC 6749 section 3.1 demands that unknown parameters are ignored, and clients of OpenID Connect send some.
func TestTheAuthorizationEndpointIgnoresWhatStandardClientsSend(t *testing.T) {
	op := theAPI(t).Operation("authorize")
	requests, err := examples.Requests(op)
	if err != nil {
		t.Fatal(err)
	}
	valid := httpRequest(op, requests[0]).URL.RawQuery
	for _, name := range []string{"acr_values", "audience", "authorization_details", "claims", "claims_locales", "display", "dpop_jkt",
		"iss", "login_hint", "logout_hint", "registration", "request", "request_uri", "resource", "ui_locales", "utm_source", "_"} {
		if got, _ := asked(op, valid+"&"+name+"=x"); len(got) > 0 {
			t.Errorf("%s: got %q", name, got)
		}
	}
	for name, want := range map[string]string{
		"token_ids": "tokenIds", "ContractAddress": "contractAddress", "statee": "state", "redirectUri": "redirect_uri", "code_chalenge": "code_challenge",
	} {
		if got, unknown := asked(op, valid+"&"+url.QueryEscape(name)+"=x"); !unknown || !slices.Equal(got, []string{fmt.Sprintf("%q is not a parameter; did you mean %q?", name, want)}) {
			t.Errorf("%s: got %q", name, got)
		}
	}
	if got, unknown := asked(op, valid+"&requirements=x"); !unknown || !slices.Equal(got, []string{`"requirements" is not a parameter`}) {
		t.Errorf("requirements: got %q", got)
	}
}

func TestAFormOfOAuthIsReadAsAQueryIs(t *testing.T) {
	op := theAPI(t).Operation("postAuthorize")
	form := url.Values{
		"client_id": {"pk"}, "redirect_uri": {"http://localhost:3000/callback"}, "code_challenge": {strings.Repeat("a", 43)}, "code_challenge_method": {"S256"},
		"collection": {"A", "B"}, "display": {"page"}, "request": {"x"},
	}
	found := func(form url.Values) (messages []string) {
		request := httptest.NewRequest(http.MethodPost, "/api/v1/oauth2/authorize", nil)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, violation := range op.CheckRequest(request, []byte(form.Encode())) {
			messages = append(messages, violation.Message)
		}
		return messages
	}
	if got := found(form); len(got) > 0 {
		t.Errorf("got %q", got)
	}
	many := url.Values{}
	for i := range 300 {
		many.Set(fmt.Sprint("name", i), "x")
	}
	for want, values := range map[string]url.Values{
		`"token_ids" is not a parameter; did you mean "tokenIds"?`: {"token_ids": {"MINT"}},
		"client_id is given more than once":                        {"client_id": {"a", "b"}},
		"contractAddress is given more than once":                  {"contractAddress": {"a", "b"}},
		"max_age must be":                  {"max_age": {"soon"}},
		"minTokenBalance must be":          {"minTokenBalance": {"1e3"}},
		"allowedWallets":                   {"allowedWallets": {""}},
		"the form has more than 256 names": many,
	} {
		wrong := maps.Clone(form)
		maps.Copy(wrong, values)
		if got := found(wrong); !slices.ContainsFunc(got, func(message string) bool { return strings.Contains(message, want) }) {
			t.Errorf("got %q, not %q", got, want)
		}
	}
}

func TestAnOperationWithoutAQueryRefusesOneIfItCan(t *testing.T) {
	c, err := spec.Read([]byte(`
openapi: 3.0.3
info: {title: A test, version: "1"}
paths:
  /none: {get: {operationId: none, responses: {"400": {description: Refused.}}}}
  /keyed: {get: {operationId: keyed, security: [{key: []}], responses: {"400": {description: Refused.}}}}
  /never: {get: {operationId: never, responses: {"200": {description: It cannot refuse.}}}}
components: {securitySchemes: {key: {type: apiKey, in: query, name: key}}}
`), "")
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := asked(c.Operation("keyed"), "key=hunter2"); len(got) > 0 {
		t.Errorf("with its key in the query: got %q", got)
	}
	for _, test := range []struct{ id, query, want string }{
		{"keyed", "key=hunter2&x=1", "there is a query, and the operation takes none"},
		{"none", "x=1&y=2", "there is a query, and the operation takes none"},
		{"never", "x=1&y=2", ""},
	} {
		if got, unknown := asked(c.Operation(test.id), test.query); strings.Join(got, "; ") != test.want || !unknown {
			t.Errorf("%s: got %q, not %q", test.id, got, test.want)
		}
	}
}
