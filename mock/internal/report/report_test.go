package main

import (
	"bytes"
	"strings"
	"testing"

	openapi "github.com/seed-a13ee279/picket"
)

func reportOf(t *testing.T, contract string) string {
	t.Helper()
	var out bytes.Buffer
	if err := report(&out, "../../..", []byte(contract), nil); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestTheReportListsWhatIsLeft changes the contract, of which something may be left to write as it is.
func TestTheReportListsWhatIsLeft(t *testing.T) {
	before := reportOf(t, string(openapi.Spec()))
	check := func(name, contract, heading, lines string) {
		t.Helper()
		got := reportOf(t, contract)
		switch {
		case lines == "" && got != before:
			t.Errorf("%s: the report is\n%s\nand not, as before,\n%s", name, got, before)
		case strings.Contains(before, lines) && lines != "", !strings.Contains(got, heading), !strings.Contains(got, lines):
			t.Errorf("%s: the report is\n%s\nwithout\n%s%s", name, got, heading, lines)
		}
	}
	const works, broken = "Left to write by hand; everything works without it:\n", "Left to write by hand; it does not work until then:\n"
	const inFront = "        in mock/internal/front: missing; until then, the mock lets nobody in where they are needed: POST /auth/nonce\n"
	const nonce = "      operationId: nonce\n"
	for name, change := range map[string]struct{ old, changed, heading, lines string }{
		"an error code": {"code: parameter_invalid", "code: parameter_missing", works, `    error code parameter_missing
        constant in picket: missing; picket.ErrorCode("parameter_missing") works
`},
		"a superseded name": {"        access_token: {by: accessToken", "        token: {by: accessToken}\n        access_token: {by: accessToken", broken, `    superseded name token in the response of token, POST /oauth2/token
        entry of otherSpellings in picket/spelling.go: missing; until then, picket does not read a response that has only that name
`},
		"a superseded name of a request":   {"      x-superseded:\n        requirements: {by: .", "      x-superseded:\n        needed: {by: .}\n        requirements: {by: .", "", ""},
		"a security scheme":                {"  securitySchemes:\n", "  securitySchemes:\n    digest: {type: http, scheme: Digest}\n", "", ""},
		"a security scheme that is needed": {"  securitySchemes:\n", "  securitySchemes:\n    digest: {type: http, scheme: Digest}\n", broken, "    security scheme digest (http digest)\n" + inFront},
		"another API key":                  {"  securitySchemes:\n", "  securitySchemes:\n    digest: {type: apiKey, in: header, name: X-Key}\n", "", ""},
	} {
		contract := string(openapi.Spec())
		if !strings.Contains(contract, change.old) {
			t.Fatalf("%s: the contract has no %q", name, change.old)
		}
		contract = strings.Replace(contract, change.old, change.changed, 1)
		if strings.Contains(name, "needed") || strings.Contains(name, "another API key") {
			contract = strings.Replace(contract, nonce, nonce+"      security: [{digest: []}]\n", 1)
		}
		check(name, contract, change.heading, change.lines)
	}
	contract := strings.Replace(string(openapi.Spec()), nonce, nonce+"      security: [{bearerToken: [read, write]}]\n", 1)
	check("scopes", contract, broken, "    scopes of the security scheme bearerToken (read, write)\n"+inFront)
}
