package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

func securityOf(spec *openapi3.T, op *openapi3.Operation) openapi3.SecurityRequirements {
	security := spec.Security
	if op.Security != nil {
		security = *op.Security
	}
	if len(security) == 0 {
		return openapi3.SecurityRequirements{{}} // no credential is needed
	}
	return security
}

// security compares what a caller of an operation needs: one of several alternatives, each of one or more schemes.
func (r *rest) security(name string, before, after openapi3.SecurityRequirements) {
	anonymously := func(alternatives openapi3.SecurityRequirements) bool {
		return slices.ContainsFunc(alternatives, func(a openapi3.SecurityRequirement) bool { return len(a) == 0 })
	}
	has := func(alternatives openapi3.SecurityRequirements, wanted openapi3.SecurityRequirement) bool {
		return slices.ContainsFunc(alternatives, func(a openapi3.SecurityRequirement) bool { return words(a) == words(wanted) })
	}
	for _, was := range before {
		if has(after, was) {
			continue
		}
		// Who has more than is needed is let in. Only, where callers could be anonymous before, credentials have a meaning that is lost.
		enough := slices.ContainsFunc(after, func(is openapi3.SecurityRequirement) bool {
			return suffices(was, is) && (len(is) > 0 || !anonymously(before))
		})
		r.say(name, !enough, "cannot be called with %s any more; it can be called with %s", words(was), list(after))
	}
	for _, is := range after {
		if !has(before, is) {
			r.say(name, false, "can be called with %s", words(is))
		}
	}
}

// suffices reports whether credentials are all that is needed.
func suffices(credentials, needed openapi3.SecurityRequirement) bool {
	for scheme, scopes := range needed {
		given, ok := credentials[scheme]
		if !ok {
			return false
		}
		for _, scope := range scopes {
			if !slices.Contains(given, scope) {
				return false
			}
		}
	}
	return true
}

func list(alternatives openapi3.SecurityRequirements) string {
	var all []string
	for _, alternative := range alternatives {
		all = append(all, words(alternative))
	}
	return strings.Join(all, " or ")
}

func words(alternative openapi3.SecurityRequirement) string {
	if len(alternative) == 0 {
		return "no credential"
	}
	var schemes []string
	for _, scheme := range slices.Sorted(maps.Keys(alternative)) {
		name := "`" + scheme + "`"
		if scopes := slices.Sorted(slices.Values(alternative[scheme])); len(scopes) > 0 {
			name = fmt.Sprintf("%s (%s)", name, strings.Join(scopes, ", "))
		}
		schemes = append(schemes, name)
	}
	return strings.Join(schemes, " and ")
}

// flows compares the ways to get a token of OAuth 2.0. Of those that both versions have, oasdiff compares the URLs and scopes.
func (r *rest) flows(before, after *openapi3.T) {
	for name, flows := range flowsOf(before) {
		others, ok := flowsOf(after)[name]
		if !ok {
			continue
		}
		for _, flow := range keysOf(flows, others) {
			switch {
			case others[flow] == nil:
				r.say(r.name, true, "the security scheme `%s` has no flow `%s` any more", name, flow)
			case flows[flow] == nil:
				r.say(r.name, false, "the security scheme `%s` has the flow `%s`", name, flow)
			}
		}
	}
}

func flowsOf(spec *openapi3.T) map[string]map[string]*openapi3.OAuthFlow {
	found := map[string]map[string]*openapi3.OAuthFlow{}
	if spec.Components == nil {
		return found
	}
	for name, scheme := range spec.Components.SecuritySchemes {
		if flows := scheme.Value.Flows; flows != nil {
			found[name] = map[string]*openapi3.OAuthFlow{
				"implicit": flows.Implicit, "password": flows.Password, "clientCredentials": flows.ClientCredentials, "authorizationCode": flows.AuthorizationCode,
			}
			maps.DeleteFunc(found[name], func(_ string, flow *openapi3.OAuthFlow) bool { return flow == nil })
		}
	}
	return found
}
