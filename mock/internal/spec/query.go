package spec

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// maxQueryNames bounds the names in a query. It is more than ten times as many as any operation has.
const maxQueryNames = 256

// checkQuery finds what the validator overlooks because it reads parameters one by one: a query that cannot be read as a whole, a parameter
// that is given twice (RFC 6749 section 3.1), and a misspelt requirement, which would open the gate to everyone. Other unknown names are
// ignored, as OAuth 2.0 requires and standard clients expect.
func (op *Operation) checkQuery(found *findings, rawQuery string) {
	known := op.parameters
	if !slices.ContainsFunc(known, func(p *openapi3.ParameterRef) bool { return p.Value.In == openapi3.ParameterInQuery }) {
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
	var requirements []string
	if schema := op.route.Spec.Components.Schemas["Requirements"]; schema != nil {
		requirements = sorted(propertiesOf(schema.Value))
	}
	for _, name := range sorted(query) {
		parameter := known.GetByInAndName(openapi3.ParameterInQuery, name)
		if parameter != nil && len(query[name]) > 1 && parameter.Schema != nil && !parameter.Schema.Value.Type.Is("array") {
			found.add(name, name+" is given more than once", op.parameterPlace(parameter))
		}
		if parameter != nil {
			continue
		}
		if meant := names.Nearest(name, requirements); meant != "" {
			shown := found.shown(name)[0]
			found.addUnknown(shown, fmt.Sprintf(`"%s" is not a parameter; did you mean %q?`, shown, meant), op.Place+"/parameters")
		}
	}
}

// parameterPlace returns where a parameter of the operation, or of its path, is in the description.
func (op *Operation) parameterPlace(parameter *openapi3.Parameter) string {
	for place, parameters := range map[string]openapi3.Parameters{op.Place: op.Spec().Parameters, "#/paths/" + escape(op.route.Path): op.route.PathItem.Parameters} {
		for i, ref := range parameters {
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
