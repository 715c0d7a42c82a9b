package spec

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// maxQueryNames bounds the names in a query. It is more than ten times as many as any operation has.
const maxQueryNames = 256

// ignoring is the extension of an operation that ignores unknown names in the query or in a form, with the value ignored. openapi.yaml
// describes it.
const ignoring = "x-unknown-parameters"

// checkIgnoring fails if the extension has another value, which would change nothing.
func checkIgnoring(doc *openapi3.T) error {
	for _, path := range sorted(doc.Paths.Map()) {
		for method, op := range doc.Paths.Value(path).Operations() {
			if value, there := op.Extensions[ignoring]; there && value != "ignored" {
				return fmt.Errorf("%s of %s %s must be ignored, or not be there", ignoring, method, path)
			}
		}
	}
	return nil
}

// registered are parameters of OAuth 2.0 and OpenID Connect that standard clients send to every server, and that look like others.
var registered = []string{"acr_values", "actor_token", "actor_token_type", "assertion", "audience", "authorization_details", "claims",
	"claims_locales", "client_assertion", "client_assertion_type", "client_id", "client_secret", "code", "code_challenge",
	"code_challenge_method", "code_verifier", "device_code", "display", "dpop_jkt", "grant_type", "id_token_hint", "iss", "login_hint",
	"logout_hint", "max_age", "nonce", "post_logout_redirect_uri", "prompt", "redirect_uri", "refresh_token", "registration", "request",
	"request_uri", "requested_token_type", "resource", "response_mode", "response_type", "scope", "state", "subject_token",
	"subject_token_type", "ui_locales"}

// checkQuery finds what the validator overlooks because it reads parameters one by one: a query that cannot be read as a whole, a parameter
// that is given twice (RFC 6749 section 3.1), and an unknown name. A misspelt requirement would open the gate to everyone, and a
// misspelt filter would filter nothing. An operation may ignore unknown names, as OAuth 2.0 requires and standard clients expect, but not
// those that look like a misspelt one.
func (op *Operation) checkQuery(found *findings, rawQuery string) {
	if rawQuery == "" || !op.minds() {
		return
	}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		found.add("", "the query cannot be read: its names and values must be percent-encoded", op.Place+"/parameters")
		return
	}
	if len(query) > maxQueryNames { // every unknown name is compared with all known ones
		found.add("", fmt.Sprintf("the query has more than %d names", maxQueryNames), op.Place+"/parameters")
		return
	}
	known := op.queryNames()
	for _, name := range sorted(query) {
		if parameter := op.queryParameter(name); parameter == nil && op.isKey(name) {
			continue
		} else if parameter == nil {
			op.checkUnknownParameter(found, name, known, op.Place+"/parameters")
		} else if len(query[name]) > 1 && parameter.Schema != nil && !takesMany(parameter.Schema.Value) {
			found.add(name, name+" is given more than once", op.parameterPlace(parameter))
		}
	}
}

// minds reports whether it matters what a query has. An operation that takes no query and has no 400 cannot refuse one.
func (op *Operation) minds() bool {
	return op.canRefuse() ||
		slices.ContainsFunc(op.parameters, func(p *openapi3.ParameterRef) bool { return p.Value.In == openapi3.ParameterInQuery })
}

// canRefuse reports whether the contract has an answer for a request that is wrong.
func (op *Operation) canRefuse() bool {
	responses := op.Spec().Responses
	return responses.Status(http.StatusBadRequest) != nil || responses.Default() != nil
}

func (op *Operation) checkUnknownParameter(found *findings, name string, known []string, place string) {
	if op.ignores(name, known) {
		return
	}
	meant := names.Nearest(name, known)
	switch {
	case meant != "":
		shown := found.shown(name)[0]
		message := fmt.Sprintf(`"%s" is not a parameter`, shown)
		if meant != name {
			message += fmt.Sprintf("; did you mean %q?", meant)
		}
		found.addUnknown(shown, message, place)
	case len(known) > 0: // a name like none of them may be a value without its name, and a secret
		found.addUnknown("", "the query has an unknown name; its names are "+names.Listed(known, "and"), place)
	default:
		found.addUnknown("", "there is a query, and the operation takes none", place)
	}
}

// ignores reports whether the operation ignores an unknown name: not if it looks like one of those that are known.
func (op *Operation) ignores(name string, known []string) bool {
	return op.Spec().Extensions[ignoring] == "ignored" && (names.Nearest(name, known) == "" || slices.Contains(registered, name))
}

// isKey reports whether a security scheme of the operation has its key under a name in the query.
func (op *Operation) isKey(name string) bool {
	return slices.ContainsFunc(op.schemes, func(s Scheme) bool {
		return s.IsKey() && s.In == openapi3.ParameterInQuery && s.SecurityScheme.Name == name
	})
}

// queryNames returns the names that a query may have, and the names of all requirements where it may have one of them: an operation that
// ignores unknown names must not let everyone in because a gate is written in another way.
func (op *Operation) queryNames() []string {
	var known []string
	for _, parameter := range op.parameters {
		if parameter.Value.In == openapi3.ParameterInQuery {
			known = append(known, parameter.Value.Name)
		}
	}
	if op.doc.Components == nil || op.doc.Components.Schemas["Requirements"] == nil {
		return known
	}
	requirements := sorted(propertiesOf(op.doc.Components.Schemas["Requirements"].Value))
	if slices.ContainsFunc(requirements, func(name string) bool { return slices.Contains(known, name) }) {
		known = append(known, "requirements") // what they are called together in bodies
		known = append(known, requirements...)
	}
	return known
}

// queryParameter returns the parameter that a name in a query is for, or nil. The names of a deepObject's members are in brackets, and those
// of an object that is exploded stand for themselves.
func (op *Operation) queryParameter(name string) *openapi3.Parameter {
	if parameter := op.parameters.GetByInAndName(openapi3.ParameterInQuery, name); parameter != nil {
		return parameter
	}
	for _, ref := range op.parameters {
		parameter := ref.Value
		if parameter.In != openapi3.ParameterInQuery || parameter.Schema == nil || !isObject(parameter.Schema.Value) {
			continue
		}
		switch parameter.Style {
		case openapi3.SerializationDeepObject:
			if strings.HasPrefix(name, parameter.Name+"[") {
				return parameter
			}
		case "", openapi3.SerializationForm:
			exploded := parameter.Explode == nil || *parameter.Explode
			if schema := parameter.Schema.Value; exploded && (propertiesOf(schema)[name] != nil || isOpen(schema)) {
				return parameter
			}
		}
	}
	return nil
}

// parameterPlace returns where a parameter of the operation is in the description.
func (op *Operation) parameterPlace(parameter *openapi3.Parameter) string {
	path := strings.TrimSuffix(op.Place, "/"+strings.ToLower(op.Method))
	for place, all := range map[string]openapi3.Parameters{op.Place: op.Spec().Parameters, path: op.route.PathItem.Parameters} {
		for i, ref := range all {
			switch {
			case ref.Value != parameter:
			case ref.Ref != "":
				return ref.Ref
			default:
				return place + "/parameters/" + strconv.Itoa(i)
			}
		}
	}
	return op.Place + "/parameters"
}
