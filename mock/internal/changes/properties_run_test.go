package changes_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"
)

// TestANewPropertyNeedsNoCode adds a property of every kind to a request and to a response, both to those of an operation with a
// behaviour and, required, to those of a new operation. It does nothing but generate.
func TestANewPropertyNeedsNoCode(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.keep()
	w.addRows()
	w.run("generate", "./...")
	w.write("mock/internal/probe/main.go", probe())
	out, ok := w.goes("run", "./mock/internal/probe")
	if !ok {
		t.Fatalf("the client cannot use what was generated; the names of files are those of the rows: %s", out)
	}
	if out != "" {
		t.Errorf("the client does not get or send these rows: %s", out)
	}
	w.checkRefusals()
	if report := w.run("run", "./mock/internal/report"); !strings.Contains(report, "rowDateTime") {
		t.Errorf("the report does not list the new properties: %s", report)
	}
	w.run("test", "-vet=off", "-skip", recursive, "./...")
	w.checkDiff("rowDateTime", "POST /rows")
	w.checkVerify(w.start())
}

// TestWhatIsNotSupportedIsRefused makes changes that the generator makes nothing useful of.
func TestWhatIsNotSupportedIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.insert("\n  schemas:\n", `    Client:
      description: A client.
      type: object
      properties:
        name: {type: string, description: Its name.}

    Tree:
      description: A tree.
      type: object
      properties:
        branch: {$ref: '#/components/schemas/Tree'}
        client: {$ref: '#/components/schemas/Client'}
        note: {type: object, nullable: true, description: A note., properties: {text: {type: string, description: Its text.}}}

`)
	out, ok := w.goes("generate", ".")
	if ok {
		t.Fatal("it is not refused")
	}
	for _, sentence := range []string{
		"Client needs another name in Go, because generated/client has a Client of its own: give its schema an x-go-name",
		"the property branch of Tree contains Tree itself, which no struct in Go can: give it x-go-type-skip-optional-pointer: false",
		"the property note of Tree would be sent as null when it is absent: give it x-omitzero: true, or describe its object in components/schemas and refer to it",
	} {
		if !strings.Contains(out, sentence+"\n") {
			t.Errorf("it is not said that %s: %s", sentence, out)
		}
	}
}

// addRows adds the rows to openapi.yaml.
func (w workshop) addRows() {
	w.Helper()
	const nonce = `{"nonce":"3OUGVWAZ5MJTB5IWYDQZ2KUD5A","statement":"Sign in.","format":"simple",`
	const wallet = `{"walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8",`
	w.insert("      required: [walletAddress]\n      properties:\n", properties("request"))
	w.insert("      required: [nonce, statement, format]\n      properties:\n", properties("response"))
	w.insert("              $ref: '#/components/schemas/NonceRequest'\n            examples:\n", strings.ReplaceAll("\n"+example(wallet+object("request")[1:]), "\n  ", "\n")[1:])
	w.insert("                $ref: '#/components/schemas/NonceResponse'\n              examples:\n", example(nonce+object("response")[1:]))
	var names []string
	for _, row := range rowsIn("both") {
		names = append(names, row.property)
	}
	w.insert("\n  schemas:\n", further+"    Rows:\n      description: All rows.\n      x-provenance: inferred\n      type: object\n      required: ["+
		strings.Join(names, ", ")+"]\n      properties:\n"+properties("both")+"\n")
	body := "          application/json:\n            schema: {$ref: '#/components/schemas/Rows'}\n            examples:\n" +
		strings.ReplaceAll(example(object("both")), "\n  ", "\n")[2:]
	w.insert("\npaths:\n", `  /rows:
    post:
      operationId: rows
      tags: [Chains]
      summary: Send all rows
      description: Sends and returns all rows.
      x-provenance: inferred
      x-source: a test
      requestBody:
        required: true
        content:
`+body+`      responses:
        '200':
          description: The rows.
          content:
`+strings.ReplaceAll("\n"+strings.TrimSuffix(body, "\n"), "\n", "\n  ")[1:]+`
        '400': {$ref: '#/components/responses/BadRequest'}
        '401': {$ref: '#/components/responses/Unauthorized'}
        '413': {$ref: '#/components/responses/PayloadTooLarge'}
        '503': {$ref: '#/components/responses/ServiceUnavailable'}

`)
}

// rowsIn returns the rows of a request, of a response, or those of both.
func rowsIn(where string) (in []row) {
	for _, row := range rows {
		if row.only == "" || row.only == where {
			in = append(in, row)
		}
	}
	return in
}

// properties returns the rows as the properties of a schema.
func properties(where string) string {
	var b strings.Builder
	for _, row := range rowsIn(where) {
		description, rest := "description: The row "+row.property+".", row.schema[1:]
		switch {
		case strings.HasPrefix(rest, "$ref"):
			description = ""
		case rest != "}":
			description += ", "
		}
		fmt.Fprintf(&b, "        %s: {%s%s\n", row.property, description, rest)
	}
	return b.String()
}

// object returns the good values as an object, in JSON.
func object(where string) string {
	var members []string
	for _, row := range rowsIn(where) {
		members = append(members, fmt.Sprintf("%q:%s", row.property, row.good))
	}
	return "{" + strings.Join(members, ",") + "}"
}

func example(value string) string {
	return "                rows:\n                  summary: All rows\n                  value: " + strings.NewReplacer(`":`, `": `).Replace(value) + "\n"
}

// probe returns a program that sends and gets the rows through package picket, and prints those that are not as they should be.
func probe() string {
	var checks strings.Builder
	for _, row := range rowsIn("response") {
		// The directive makes the compiler name the row.
		fmt.Fprintf(&checks, "//line %s:1\n	check(%[1]q, func() bool { v := got.%s; return %s })\n", row.property, goName(row.property), row.uses)
	}
	return `package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"reflect"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/wire"
)

var _ = math.MinInt32

// preferring asks for an example, and keeps the body of the last request.
type preferring struct{ sent []byte }

func (p *preferring) RoundTrip(r *http.Request) (*http.Response, error) {
	p.sent = must(io.ReadAll(r.Body))
	r.Body = io.NopCloser(bytes.NewReader(p.sent))
	r.Header.Set("Prefer", "example=rows")
	return http.DefaultTransport.RoundTrip(r)
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func check(row string, ok func() bool) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Println(row, p)
		}
	}()
	if !ok() {
		fmt.Println(row, "has another value in Go")
	}
}

func same(what string, got []byte, want string) {
	var all, wanted map[string]any
	if err := json.Unmarshal(got, &all); err != nil {
		panic(err)
	}
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		panic(err)
	}
	for name, value := range wanted {
		if there, ok := all[name]; !ok || !reflect.DeepEqual(there, value) {
			fmt.Println(name, "in the", what, "is", there, "and not", value)
		}
	}
}

const (
	request = ` + goString(`{"walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8",`+object("request")[1:]) + `
	response = ` + goString(object("response")) + `
	both = ` + goString(object("both")) + `
)

func main() {
	srv := must(mock.New())
	prefer := new(preferring)
	server := httptest.NewServer(srv.Handler())
	defer server.Close()
	client := must(picket.New(srv.SecretKey, picket.WithBaseURL(server.URL+"/api/v1"), picket.WithHTTPClient(&http.Client{Transport: prefer})))
	var in picket.NonceRequest
	if err := json.NewDecoder(bytes.NewBufferString(request)).Decode(&in); err != nil {
		panic(err)
	}
	got, err := client.Nonce(context.Background(), in)
	if err != nil {
		panic(err)
	}
	same("request", prefer.sent, request)
	same("response", must(wire.Marshal(got)), response)
	var required picket.Rows
	if err := client.Do(context.Background(), "POST", "/rows", json.RawMessage(both), &required); err != nil {
		fmt.Println("all required:", err)
	}
	same("required response", must(wire.Marshal(required)), both)
` + checks.String() + `}
`
}

func goString(s string) string { return "`" + strings.ReplaceAll(s, "`", "` + \"`\" + `") + "`" }

// goName returns the name of a property in Go.
func goName(property string) string {
	var b strings.Builder
	up := true
	for _, r := range property {
		if r == '_' || r == '-' {
			up = true
			continue
		}
		if up {
			r = unicode.ToUpper(r)
		}
		b.WriteRune(r)
		up = false
	}
	return b.String()
}

// checkRefusals checks that the mock refuses each bad value, of a request with and without a behaviour, and names the property.
func (w workshop) checkRefusals() {
	w.Helper()
	const key = "sk_00000000000000000000000000000000"
	base := w.start()
	for _, row := range rowsIn("request") {
		for _, bad := range row.bad {
			status, body := w.ask(key, "POST", base+"/auth/nonce", `{"walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8","`+row.property+`":`+bad+`}`)
			if status != 400 || !strings.Contains(body, row.property) {
				w.Errorf("%s: the mock answers %d %s to %s", row.property, status, body, bad)
			}
		}
	}
	var answer map[string]json.RawMessage
	status, body := w.ask(key, "POST", base+"/rows", object("both"))
	if err := json.Unmarshal([]byte(body), &answer); err != nil || status != 200 {
		w.Fatalf("the mock answers %d %s to all rows", status, body)
	}
	for _, row := range rowsIn("both") {
		if string(answer[row.property]) != row.good {
			w.Errorf("%s: the mock sends %s, not the example", row.property, answer[row.property])
		}
	}
}
