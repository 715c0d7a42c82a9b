package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// eachOperation calls do with each operation, in the order of paths and methods.
func (s sources) eachOperation(do func(route string, op *openapi3.Operation)) {
	for _, path := range slices.Sorted(maps.Keys(s.doc.Paths.Map())) {
		operations := s.doc.Paths.Value(path).Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			do(method+" "+path, operations[method])
		}
	}
}

// spellingsMissing lists the superseded names of responses that picket does not know, of the operations that it calls.
func (s sources) spellingsMissing() []string {
	names, known, called := s.generated.operations(), s.picket.spellings(), s.picket.calls()
	var missing []string
	s.eachOperation(func(route string, op *openapi3.Operation) {
		if !called[names[route]] {
			return
		}
		unknown := map[string]bool{}
		for status, response := range op.Responses.Map() {
			for _, media := range response.Value.Content {
				if !strings.HasPrefix(status, "2") || media.Schema == nil {
					continue
				}
				superseded, _ := media.Schema.Value.Extensions["x-superseded"].(map[string]any)
				for name := range superseded {
					unknown[name] = !known[name]
				}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(unknown)) {
			if unknown[name] {
				missing = append(missing, fmt.Sprintf("superseded name %s in the response of %s, %s", name, op.OperationID, route),
					"    entry of otherSpellings in picket/spelling.go: missing; until then, picket does not read a response that has only that name")
			}
		}
	})
	return missing
}

// securityMissing lists the credentials that operations need and that the mock cannot check.
func (s sources) securityMissing() []string {
	reasons := map[string][]string{} // and the operations that have them
	s.eachOperation(func(route string, op *openapi3.Operation) {
		needed := s.doc.Security
		if op.Security != nil {
			needed = *op.Security
		}
		for _, alternative := range needed {
			for name, scopes := range alternative {
				for _, reason := range s.uncheckable(name, scopes) {
					if !slices.Contains(reasons[reason], route) {
						reasons[reason] = append(reasons[reason], route)
					}
				}
			}
		}
	})
	var missing []string
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		missing = append(missing, reason, "    in mock/internal/front: missing; until then, the mock lets nobody in where they are needed: "+strings.Join(reasons[reason], ", "))
	}
	return missing
}

// uncheckable says what the mock cannot check of credentials. It checks API keys and access tokens, which have no scopes.
func (s sources) uncheckable(name string, scopes []string) []string {
	var reasons []string
	if s.doc.Components == nil || s.doc.Components.SecuritySchemes[name] == nil {
		return []string{"security scheme " + name + ", which openapi.yaml does not have"}
	}
	scheme := s.doc.Components.SecuritySchemes[name].Value
	kind := scheme.Type
	if kind == "http" {
		kind += " " + strings.ToLower(scheme.Scheme)
	}
	if !slices.Contains([]string{"http basic", "http bearer", "apiKey", "oauth2", "openIdConnect"}, kind) {
		reasons = append(reasons, fmt.Sprintf("security scheme %s (%s)", name, kind))
	}
	if len(scopes) > 0 {
		reasons = append(reasons, fmt.Sprintf("scopes of the security scheme %s (%s)", name, strings.Join(scopes, ", ")))
	}
	return reasons
}
