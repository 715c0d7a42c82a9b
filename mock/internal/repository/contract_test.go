package repository_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// theContract reads openapi.yaml when the tests run, rather than to embed it: so make mutate builds them once for all mutants.
func theContract(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(read(t, filepath.Join(root, "openapi.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// operations calls check with each operation of the contract.
func operations(doc *openapi3.T, check func(name string, op *openapi3.Operation)) {
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			check(method+" "+path, op)
		}
	}
}

// properties calls check with each property of each schema, and the provenance that it inherits.
func properties(name string, schema *openapi3.SchemaRef, inherited any, check func(name string, property *openapi3.SchemaRef, provenance any)) {
	if own, ok := schema.Value.Extensions["x-provenance"]; ok {
		inherited = own
	}
	for _, part := range schema.Value.AllOf {
		if part.Ref == "" {
			properties(name, part, inherited, check)
		}
	}
	for property, ref := range schema.Value.Properties {
		check(name+"."+property, ref, inherited)
		if ref.Ref == "" {
			properties(name+"."+property, ref, inherited, check)
		}
	}
}

// superseded returns the entries of x-superseded of a schema.
func superseded(schema *openapi3.Schema) map[string]map[string]any {
	entries := map[string]map[string]any{}
	extension, _ := schema.Extensions["x-superseded"].(map[string]any)
	for name, entry := range extension {
		entries[name], _ = entry.(map[string]any)
	}
	return entries
}

func isProvenance(v any) bool {
	return slices.Contains([]any{"documented", "sdk", "observed", "inferred"}, v)
}

func TestTheContractIsValid(t *testing.T) {
	doc := theContract(t)
	if doc.OpenAPI != "3.0.3" {
		t.Errorf("it is OpenAPI %s", doc.OpenAPI)
	}
	if err := doc.Validate(t.Context()); err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n") // the schema and the value follow
		t.Error(first)
	}
}

func TestTheContractHasEveryEndpointThatIsKnown(t *testing.T) {
	known := []string{
		"GET /.well-known/openid-configuration",
		"GET /chains",
		"GET /chains/{chain}",
		"GET /oauth2/authorize",
		"GET /oauth2/jwks",
		"GET /oauth2/userinfo",
		"POST /auth",
		"POST /auth/nonce",
		"POST /auth/validate",
		"POST /authz",
		"POST /chains/{chain}/wallets/{walletAddress}/tokenOwnership",
		"POST /oauth2/token",
		"POST /oauth2/userinfo",
	}
	var got []string
	operations(theContract(t), func(name string, _ *openapi3.Operation) { got = append(got, name) })
	for _, name := range known {
		if !slices.Contains(got, name) {
			t.Errorf("it lacks %s", name)
		}
	}
}

func TestEveryOperationAndPropertySaysWhereItIsKnownFrom(t *testing.T) {
	doc := theContract(t)
	operations(doc, func(name string, op *openapi3.Operation) {
		if !isProvenance(op.Extensions["x-provenance"]) {
			t.Errorf("%s has the x-provenance %v", name, op.Extensions["x-provenance"])
		}
		if source, _ := op.Extensions["x-source"].(string); source == "" {
			t.Errorf("%s has no x-source", name)
		}
	})
	checked := 0
	for name, schema := range doc.Components.Schemas {
		if !isProvenance(schema.Value.Extensions["x-provenance"]) {
			t.Errorf("the schema %s has the x-provenance %v", name, schema.Value.Extensions["x-provenance"])
		}
		for old, entry := range superseded(schema.Value) {
			if own, ok := entry["x-provenance"]; ok && !isProvenance(own) {
				t.Errorf("%s, which is superseded in %s, has the x-provenance %v", old, name, own)
			}
		}
		properties(name, schema, nil, func(name string, property *openapi3.SchemaRef, provenance any) {
			checked++
			if own, ok := property.Value.Extensions["x-provenance"]; ok {
				provenance = own
			}
			if !isProvenance(provenance) {
				t.Errorf("%s has the x-provenance %v", name, provenance)
			}
		})
	}
	if checked < 100 {
		t.Errorf("only %d properties were checked", checked)
	}
}

func TestEverythingIsDescribed(t *testing.T) {
	doc := theContract(t)
	described := func(name, description string) {
		if strings.TrimSpace(description) == "" {
			t.Errorf("%s has no description", name)
		}
	}
	for path, item := range doc.Paths.Map() {
		for _, parameter := range item.Parameters {
			described(path+", parameter "+parameter.Value.Name, parameter.Value.Description)
		}
	}
	operations(doc, func(name string, op *openapi3.Operation) {
		described(name, op.Description)
		if op.OperationID == "" {
			t.Errorf("%s has no operationId, which names it in the generated code, in faults and in the journal", name)
		}
		if op.Summary == "" {
			t.Errorf("%s has no summary", name)
		}
		if len(op.Tags) != 1 {
			t.Errorf("%s has %d tags, and needs exactly one, because generators make a class of each", name, len(op.Tags))
		}
		for _, parameter := range op.Parameters {
			described(name+", parameter "+parameter.Value.Name, parameter.Value.Description)
		}
		for status, response := range op.Responses.Map() {
			described(name+", status "+status, *response.Value.Description)
		}
	})
	for name, schema := range doc.Components.Schemas {
		described(name, schema.Value.Description)
		properties(name, schema, nil, func(name string, property *openapi3.SchemaRef, _ any) {
			described(name, property.Value.Description)
		})
	}
}

// TestEveryParameterCanBeSent holds that the generated client can send what the contract asks for.
func TestEveryParameterCanBeSent(t *testing.T) {
	check := func(name string, parameters openapi3.Parameters) {
		for _, parameter := range parameters {
			if parameter.Value.Style == openapi3.SerializationSpaceDelimited {
				t.Errorf("%s, parameter %s has the style spaceDelimited, for which the generated client writes a space into the URL; use form or pipeDelimited", name, parameter.Value.Name)
			}
		}
	}
	doc := theContract(t)
	for path, item := range doc.Paths.Map() {
		check(path, item.Parameters)
	}
	operations(doc, func(name string, op *openapi3.Operation) { check(name, op.Parameters) })
}

func TestEveryBodyHasNamedExamples(t *testing.T) {
	named := func(name string, content openapi3.Content) {
		for contentType, media := range content {
			if len(media.Examples) == 0 {
				t.Errorf("%s, %s has no named example", name, contentType)
			}
			for example, ref := range media.Examples {
				if ref.Value.Summary == "" {
					t.Errorf("%s, %s, example %s has no summary", name, contentType, example)
				}
			}
		}
	}
	operations(theContract(t), func(name string, op *openapi3.Operation) {
		if op.RequestBody != nil {
			named(name+", request", op.RequestBody.Value.Content)
		}
		success := false
		for status, response := range op.Responses.Map() {
			named(fmt.Sprintf("%s, status %s", name, status), response.Value.Content)
			success = success || strings.HasPrefix(status, "2") || strings.HasPrefix(status, "3")
		}
		if !success {
			t.Errorf("%s has no success: no status of 2xx or 3xx", name)
		}
	})
}

// TestErrorCodesStayOpen holds that no enum closes a set that the documentation leaves open.
func TestErrorCodesStayOpen(t *testing.T) {
	doc := theContract(t)
	for _, schema := range []string{"ErrorResponse", "OAuthError"} {
		if code := doc.Components.Schemas[schema].Value.Properties["code"].Value; len(code.Enum) > 0 || code.Pattern != "" {
			t.Errorf("%s.code is closed", schema)
		}
	}
	operations(doc, func(name string, op *openapi3.Operation) {
		if op.Responses.Default() != nil {
			t.Errorf("%s has a default response, which would hide statuses that are not documented", name)
		}
	})
}
