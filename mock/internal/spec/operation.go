package spec

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// Operation is one operation of a contract.
type Operation struct {
	ID     string // the operationId, such as "nonce"
	Method string // such as "POST"
	Path   string // with the base path, and the parameters in braces: "/api/v1/chains/{chain}"
	Place  string // where it is in the description, as a URI fragment: "#/paths/~1chains~1{chain}/get"

	*description
	route        *routers.Route
	alternatives [][]Scheme          // what may authorize a request; each has the schemes that it needs together
	schemes      []Scheme            // all of them
	keyless      bool                // a request needs none of them
	parameters   openapi3.Parameters // with those of the path
	responses    map[string]documented
	respells     bool // a response can have superseded names
}

func newOperation(route *routers.Route, base string, d *description) *Operation {
	op := &Operation{
		ID:          route.Operation.OperationID,
		Method:      route.Method,
		Path:        base + route.Path,
		Place:       "#/paths/" + escape(route.Path) + "/" + strings.ToLower(route.Method),
		description: d,
		route:       route,
	}
	op.alternatives, op.keyless = security(route)
	op.schemes = slices.Concat(op.alternatives...)
	op.responses = documentedResponses(route.Operation, op.Place)
	op.respells = d.answersSuperseded(route.Operation)
	op.parameters = slices.Clone(route.Operation.Parameters)
	for _, shared := range route.PathItem.Parameters {
		if op.parameters.GetByInAndName(shared.Value.In, shared.Value.Name) == nil {
			op.parameters = append(op.parameters, shared)
		}
	}
	return op
}

// Spec returns what the contract says about the operation. Callers must not change it.
func (op *Operation) Spec() *openapi3.Operation { return op.route.Operation }

// Security returns what may authorize a request: each element has the schemes that it needs together. It also returns whether a request
// may come without any. Callers must not change it.
func (op *Operation) Security() (alternatives [][]Scheme, optional bool) {
	return op.alternatives, op.keyless
}

// Schemes returns the schemes of all alternatives of Security. Callers must not change them.
func (op *Operation) Schemes() []Scheme { return op.schemes }

// Parameters returns the parameters of the operation, including those that all operations of its path share.
func (op *Operation) Parameters() openapi3.Parameters { return slices.Clone(op.parameters) }

// TakesForm reports whether a body with the Content-Type of header is a form that the operation takes.
func (op *Operation) TakesForm(header http.Header) bool {
	_, known := op.bodySchema(header)
	return known && isForm(header)
}

// bodySchema returns the schema for a body with the Content-Type of header, or nil, and whether the contract has that type.
func (op *Operation) bodySchema(header http.Header) (*openapi3.Schema, bool) {
	if op.Spec().RequestBody == nil {
		return nil, false
	}
	media := op.Spec().RequestBody.Value.Content.Get(contentTypeOf(header))
	if media == nil || media.Schema == nil {
		return nil, media != nil
	}
	return media.Schema.Value, true
}

// Expected says what a parameter of the operation must be, as a noun with its article.
func (op *Operation) Expected(parameter string) string {
	for _, ref := range op.parameters {
		if ref.Value.Name == parameter && ref.Value.Schema != nil {
			return expectation(ref.Value.Schema.Value)
		}
	}
	return unknownKind
}

func (op *Operation) name() string { return op.Method + " " + op.Path }

// pattern returns the pattern of the operation for http.ServeMux. The names of parameters are left out, because it takes only those of
// Go, and a slash at the end does not stand for everything below it.
func (op *Operation) pattern() string {
	segments := strings.Split(op.Path, "/")
	for i, segment := range segments {
		if isParameter(segment) {
			segments[i] = fmt.Sprintf("{p%d}", i)
		}
	}
	if last := len(segments) - 1; segments[last] == "" {
		segments[last] = "{$}"
	}
	return op.Method + " " + strings.Join(segments, "/")
}

// isParameter reports whether a segment of a path is a parameter and nothing else.
func isParameter(segment string) bool {
	return len(segment) > 2 && strings.IndexByte(segment, '{') == 0 && strings.IndexByte(segment, '}') == len(segment)-1
}

// PathValues returns the values of the path's parameters in the URL of a request for this operation.
func (op *Operation) PathValues(u *url.URL) map[string]string {
	values := map[string]string{}
	segments := strings.Split(u.EscapedPath(), "/")
	for i, segment := range strings.Split(op.Path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			value, _ := url.PathUnescape(segments[i]) // it was valid when the URL was parsed
			values[strings.TrimSuffix(name, "}")] = value
		}
	}
	return values
}
