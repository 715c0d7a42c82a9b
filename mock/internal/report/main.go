// Command report lists what is left to write by hand after openapi.yaml was changed and the code generated: methods of
// picket.Client, behaviour in the mock, and names for error codes. Everything works without them: the generated client has the
// operation, the mock answers it from the contract, and every code is a picket.ErrorCode.
//
// It also lists the few things that do not work until somebody writes them: superseded names of responses, which picket has to know,
// and security schemes that the mock cannot check, and, before everything else, what does not compile any more.
//
// Run it in the top folder of the module; it reads and builds the Go code there.
package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/mock/internal/examples"
	"github.com/seed-a13ee279/picket/mock/internal/sample"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// notInPicket are the operations for which picket.Client has no method on purpose, and why.
var notInPicket = map[string]string{
	"Authorize":                   "browsers are sent there",
	"PostAuthorize":               "browsers are sent there",
	"Logout":                      "browsers are sent there",
	"PostLogout":                  "browsers are sent there",
	"AuthorizationServerMetadata": "standard OAuth 2.0 clients read it",
	"OpenIDConfiguration":         "standard OpenID Connect clients read it",
	"JWKS":                        "standard OpenID Connect clients read it",
	"GetUserInfo":                 "standard OpenID Connect clients call it, with an access token instead of an API key",
	"PostUserInfo":                "standard OpenID Connect clients call it, with an access token instead of an API key",
}

func main() {
	broken, err := compileErrors(context.Background(), ".")
	if err == nil {
		err = report(os.Stdout, ".", openapi.Spec(), broken)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

// sources is what report reads.
type sources struct {
	api                            *spec.Contract
	doc                            *openapi3.T
	generated, mock, picket, types source
	// values are the packages in which the mock makes what its operations send.
	values []source
}

func read(root string, contract []byte) (s sources, err error) {
	if s.api, err = spec.Read(contract, spec.BasePath); err != nil {
		return s, err
	}
	// spec changes what it reads, so that superseded names and further forms are accepted.
	if s.doc, err = openapi3.NewLoader().LoadFromData(contract); err != nil {
		return s, err
	}
	if s.generated, err = parse(filepath.Join(root, "mock/internal/unwritten")); err != nil {
		return s, err
	}
	if s.mock, err = parse(filepath.Join(root, "mock/internal/api")); err != nil {
		return s, err
	}
	for _, dir := range []string{"mock/internal/tokens", "mock/internal/wallets", "mock/internal/gating"} {
		made, err := parse(filepath.Join(root, dir))
		if err != nil {
			return s, err
		}
		s.values = append(s.values, made)
	}
	if s.types, err = parse(filepath.Join(root, "picket/types")); err != nil {
		return s, err
	}
	s.picket, err = parse(filepath.Join(root, "picket"))
	return s, err
}

// report writes the list. The places that do not compile are given.
func report(w io.Writer, root string, contract []byte, broken []string) error {
	s, err := read(root, contract)
	if err != nil {
		return err
	}
	left, err := s.operationsLeft()
	if err != nil {
		return err
	}
	named := s.picket.errorCodes()
	for _, code := range examples.ErrorCodes(s.api) {
		if !named[code] {
			left = append(left, "error code "+code, fmt.Sprintf("    constant in picket: missing; picket.ErrorCode(%q) works", code))
		}
	}
	missing := append(s.spellingsMissing(), s.securityMissing()...)
	if len(broken)+len(left)+len(missing) == 0 {
		_, err = fmt.Fprintln(w, "Nothing is left to write by hand: every operation has its method in picket and its behaviour in mock.")
		return err
	}
	for _, section := range []struct {
		heading string
		lines   []string
	}{
		{"Does not compile until it is adapted to the changed contract:", broken},
		{"Left to write by hand; everything works without it:", left},
		{"Left to write by hand; it does not work until then:", missing},
	} {
		if len(section.lines) == 0 {
			continue
		}
		if _, err := fmt.Fprintf(w, "%s\n%s\n", section.heading, strings.Join(indent(section.lines), "\n")); err != nil {
			return err
		}
	}
	return nil
}

// operationsLeft lists what the operations lack.
func (s sources) operationsLeft() ([]string, error) {
	names, behaves, called := s.generated.operations(), s.mock.methodsOf("Operations"), s.picket.calls()
	var left []string
	for _, op := range s.api.Operations() {
		route := op.Method + " " + strings.TrimPrefix(op.Path, spec.BasePath)
		name, ok := names[route]
		if !ok {
			return nil, fmt.Errorf("the generated code has no %s; run make generate", route)
		}
		var missing []string
		if _, onPurpose := notInPicket[name]; !onPurpose && !called[name] {
			missing = append(missing, "friendly method in picket: missing; until then, Client.Do calls it")
		}
		if !behaves[name] {
			missing = append(missing, "behaviour in mock: answers from "+answersFrom(op))
		} else {
			missing = append(missing, s.unsent(op)...)
		}
		if len(missing) > 0 {
			left = append(left, fmt.Sprintf("%s, %s", op.ID, route))
			left = append(left, indent(missing)...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(notInPicket)) {
		if !slices.Contains(slices.Collect(maps.Values(names)), name) || called[name] {
			left = append(left, name, "    notInPicket, in mock/internal/report: remove it, because there is no such operation or it has a method")
		}
	}
	return left, nil
}

func indent(lines []string) []string {
	var indented []string
	for _, line := range lines {
		indented = append(indented, "    "+line)
	}
	return indented
}

// answersFrom returns where the mock takes the answer of an operation without a behaviour from.
func answersFrom(op *spec.Operation) string {
	status := sample.FirstSuccess(op.Spec())
	if status == 0 {
		return "nothing, because openapi.yaml has no success for it"
	}
	content := op.Spec().Responses.Status(status).Value.Content
	types := sample.ContentTypes(content)
	if len(types) == 0 {
		return "the status only"
	}
	media := content[types[0]]
	if _, ok := sample.Example(media, ""); ok {
		return "the example"
	}
	if media.Schema != nil {
		if _, err := sample.Value(media.Schema.Value, 0, 0, nil); err != nil {
			return fmt.Sprintf("nothing, because no value of the schema can be made up (%v); give it an example in openapi.yaml", err)
		}
	}
	return "the schema, because there is no named example, which make test requires"
}
