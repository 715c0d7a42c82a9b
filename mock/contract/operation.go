package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// Operation is one operation of a contract.
type Operation struct {
	ID     string // the operationId, such as "nonce"
	Method string // such as "POST"
	Path   string // with the base path, and the parameters in braces: "/api/v1/chains/{chain}"

	*description
	route *routers.Route

	// What each check needs to know.
	place      string // where in the description the operation is
	schemes    []string
	keyless    bool
	parameters openapi3.Parameters
}

func newOperation(route *routers.Route, base string, d *description) *Operation {
	op := &Operation{
		ID:          route.Operation.OperationID,
		Method:      route.Method,
		Path:        base + route.Path,
		description: d,
		route:       route,
		place:       "#/paths/" + escape(route.Path) + "/" + strings.ToLower(route.Method),
	}
	op.schemes, op.keyless = security(route)
	op.parameters = slices.Clone(route.Operation.Parameters)
	for _, shared := range route.PathItem.Parameters {
		if op.parameters.GetByInAndName(shared.Value.In, shared.Value.Name) == nil {
			op.parameters = append(op.parameters, shared)
		}
	}
	return op
}

// Spec returns what the contract says of the operation. It must not be changed.
func (op *Operation) Spec() *openapi3.Operation { return op.route.Operation }

// Security returns the names of the security schemes of which a request needs one, and whether it may go without.
func (op *Operation) Security() (schemes []string, optional bool) {
	return slices.Clone(op.schemes), op.keyless
}

func security(route *routers.Route) (schemes []string, optional bool) {
	requirements := route.Operation.Security
	if requirements == nil {
		requirements = &route.Spec.Security
	}
	for _, requirement := range *requirements {
		if len(requirement) == 0 {
			optional = true
		}
		for scheme := range requirement {
			schemes = append(schemes, scheme)
		}
	}
	return schemes, optional || len(schemes) == 0
}

// Parameters returns the parameters of the operation, with those that it shares with the others of its path.
func (op *Operation) Parameters() openapi3.Parameters { return slices.Clone(op.parameters) }

func (op *Operation) pattern() string { return op.Method + " " + op.Path }

// PathValues returns the values of the path's parameters. The URL is one of this operation.
func (op *Operation) PathValues(u *url.URL) map[string]string {
	values := map[string]string{}
	segments := strings.Split(u.EscapedPath(), "/")
	for i, segment := range strings.Split(op.Path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			value, _ := url.PathUnescape(segments[i]) // was parsed before
			values[strings.TrimSuffix(name, "}")] = value
		}
	}
	return values
}

// CheckRequest returns all that is wrong with a request for the operation, the most telling first. The body is that of the
// request, which is neither read nor changed. Whether a key or token is good is not checked, only that there is one where the
// operation needs it.
func (op *Operation) CheckRequest(r *http.Request, body []byte) []Violation {
	return op.checkRequest(r, body, true)
}

// checkRequest leaves the body out when it is not known.
func (op *Operation) checkRequest(r *http.Request, body []byte, bodyKnown bool) []Violation {
	found := op.report(Request)
	op.checkAuthorization(found, r.Header)
	if op.Spec().RequestBody == nil {
		body = nil // which has no meaning (RFC 9110 section 9.3.1)
	}
	schema := op.bodySchema(r.Header)
	kept := isJSON(r.Header) && op.rules.keeps(schema, body)
	var value any
	if !kept && isJSON(r.Header) && len(body) > 0 {
		var err error
		if value, err = decodeJSON(body); err != nil {
			found.add("", err.Error(), op.place+"/requestBody")
			return found.violations
		}
	}
	if isForm(r.Header) {
		form, _ := url.ParseQuery(string(body)) // the validator tells what cannot be read
		for _, name := range sorted(form) {
			if len(form[name]) > 1 {
				shown := found.shown(name)
				found.add(pointer(shown), shown[0]+" is given more than once", op.place+"/requestBody")
			}
		}
	}
	op.checkQuery(found, r.URL.RawQuery)
	decoded := schema != nil && value != nil // so that it is not decoded a second time
	var err error
	if bodyDone := kept || decoded; !bodyDone || len(op.parameters) > 0 {
		copied := *r
		copied.Body = io.NopCloser(bytes.NewReader(body))
		err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
			Request:    &copied,
			PathParams: op.PathValues(r.URL),
			Route:      op.route,
			Options: &openapi3filter.Options{
				AuthenticationFunc:  openapi3filter.NoopAuthenticationFunc,
				SkipSettingDefaults: true,
				KeepValidatedValue:  true,
				MultiError:          true,
				ExcludeRequestBody:  !bodyKnown || bodyDone,
			},
		})
	}
	// An unknown name is told before the absence of the right one: it explains it.
	if value != nil {
		found.findDoubled(body, op.place+"/requestBody")
	}
	if decoded {
		found.findUnknown(schema, value, nil)
	}
	if err != nil {
		found.explainRequest(err)
	}
	if decoded {
		if err := schema.VisitJSON(value, openapi3.VisitAsRequest(), openapi3.MultiErrors()); err != nil {
			found.explainSchemas("", schemaErrors(err))
		}
	}
	return found.violations
}

// bodySchema returns the schema of a body that has the Content-Type of header, or nil when there is none.
func (op *Operation) bodySchema(header http.Header) *openapi3.Schema {
	if op.Spec().RequestBody == nil {
		return nil
	}
	media := op.Spec().RequestBody.Value.Content.Get(header.Get("Content-Type"))
	if media == nil || media.Schema == nil {
		return nil
	}
	return media.Schema.Value
}

// checkAuthorization looks for the header that the security schemes of type http have.
func (op *Operation) checkAuthorization(found *report, header http.Header) {
	if op.keyless {
		return // and what there is says the server better
	}
	given, _, _ := strings.Cut(header.Get("Authorization"), " ")
	var wanted []string
	for _, name := range op.schemes {
		if scheme := op.route.Spec.Components.SecuritySchemes[name]; scheme != nil && scheme.Value.Type == "http" {
			wanted = append(wanted, scheme.Value.Scheme)
		}
	}
	if len(wanted) == 0 || slices.ContainsFunc(wanted, func(scheme string) bool { return strings.EqualFold(scheme, given) }) {
		return
	}
	at := op.place + "/security"
	if op.Spec().Security == nil {
		at = "#/security"
	}
	if given == "" {
		found.add("Authorization", "Authorization is required: "+strings.Join(wanted, " or "), at)
	} else {
		found.add("Authorization", "Authorization must be of the scheme "+strings.Join(wanted, " or "), at)
	}
}

// maxQueryNames bounds the names of a query. No operation has a tenth of them.
const maxQueryNames = 256

// checkQuery refuses what the validation of single parameters lets through: a query that cannot be read as a whole, a
// parameter that is there twice (RFC 6749 section 3.1), and a misspelt requirement, which would open the gate to everyone.
// Other names that are not known are ignored, as OAuth 2.0 has it and standard clients expect.
func (op *Operation) checkQuery(found *report, rawQuery string) {
	known := op.parameters
	if !slices.ContainsFunc(known, func(p *openapi3.ParameterRef) bool { return p.Value.In == openapi3.ParameterInQuery }) {
		return
	}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		found.add("", "the query cannot be read: its names and values must be percent-encoded", op.place+"/parameters")
		return
	}
	if len(query) > maxQueryNames { // each that is not known is compared with all that are
		found.add("", fmt.Sprintf("the query has more than %d names", maxQueryNames), op.place+"/parameters")
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
			found.addUnknown(shown, fmt.Sprintf(`"%s" is not a parameter; did you mean %q?`, shown, meant), op.place+"/parameters")
		}
	}
}

// parameterPlace returns where in the description a parameter of the operation is.
func (op *Operation) parameterPlace(parameter *openapi3.Parameter) string {
	for i, ref := range op.Spec().Parameters {
		if ref.Value == parameter {
			if ref.Ref != "" {
				return ref.Ref
			}
			return op.place + "/parameters/" + strconv.Itoa(i)
		}
	}
	return op.place + "/parameters"
}

// CheckResponse returns how a response to a request of the given method breaks the contract. The body is that of the response,
// without a content coding.
func (op *Operation) CheckResponse(method string, status int, header http.Header, body []byte) []Violation {
	found := op.report(Response)
	ref := op.Spec().Responses.Status(status)
	if ref == nil {
		ref = op.Spec().Responses.Default()
	}
	if ref == nil {
		documented := slices.Sorted(maps.Keys(op.Spec().Responses.Map()))
		found.add("", fmt.Sprintf("the status is not supported: %d, only %s", status, strings.Join(documented, ", ")), op.place+"/responses")
		return found.violations
	}
	at := ref.Ref
	if at == "" {
		at = op.place + "/responses/" + strconv.Itoa(status)
	}
	if len(ref.Value.Headers) > 0 {
		err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: &http.Request{Method: method}, Route: op.route},
			Status:                 status,
			Header:                 header,
			Options:                &openapi3filter.Options{ExcludeResponseBody: true},
		})
		if err != nil {
			found.explainHeader(err, at)
		}
	}
	content := ref.Value.Content
	media := content.Get(header.Get("Content-Type"))
	switch {
	case media == nil && len(content) > 0:
		found.add("Content-Type", "the Content-Type must be "+strings.Join(sorted(content), " or "), at+"/content")
		return found.violations
	case method == http.MethodHead || !isJSON(header):
		return found.violations
	case media == nil:
		found.add("", "there is a body", at)
		return found.violations
	}
	if media.Schema != nil && op.rules.keeps(media.Schema.Value, body) {
		return found.violations
	}
	value, err := decodeJSON(body)
	if err != nil {
		found.add("", err.Error(), at+"/content")
		return found.violations
	}
	found.findDoubled(body, at+"/content")
	if media.Schema == nil {
		return found.violations
	}
	if err := media.Schema.Value.VisitJSON(value, openapi3.VisitAsResponse(), openapi3.MultiErrors()); err != nil {
		found.explainSchemas("", schemaErrors(err))
	}
	found.findUnknown(media.Schema.Value, value, nil)
	return found.violations
}

// decodeJSON returns the one JSON value that a body is. Numbers are of any size.
func decodeJSON(body []byte) (any, error) {
	if !utf8.Valid(body) {
		return nil, errors.New("the body is not UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("the body is not JSON: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("the body is not JSON: something follows the value")
	}
	return value, nil
}

func isJSON(header http.Header) bool {
	return strings.HasPrefix(header.Get("Content-Type"), "application/json")
}

func isForm(header http.Header) bool {
	return strings.HasPrefix(header.Get("Content-Type"), "application/x-www-form-urlencoded")
}
