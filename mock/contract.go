package mock

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	contract "github.com/seed-a13ee279/picket"
)

// apiContract is an OpenAPI description, ready to validate with: openapi.yaml, or control.yaml.
type apiContract struct {
	base       string                // the path that all others are under
	operations map[string]*operation // by the pattern that http.ServeMux has for them
	requests   redactor              // of bodies and queries
	responses  redactor              // of bodies
}

// operation is one operation of the API.
type operation struct {
	id    string
	path  string // with the parameters in braces
	route *routers.Route
}

// theContract reads openapi.yaml once in a program.
var theContract = sync.OnceValues(func() (*apiContract, error) { return readContract(contract.OpenAPI(), basePath) })

func readContract(text []byte, base string) (*apiContract, error) {
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, err
	}
	c := &apiContract{base: base, operations: map[string]*operation{}, requests: redactor{strict: true, secret: map[string]bool{}}, responses: redactor{secret: map[string]bool{}}}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			c.operations[method+" "+base+path] = &operation{
				id:   op.OperationID,
				path: base + path,
				route: &routers.Route{
					Spec:      doc,
					Path:      path,
					PathItem:  item,
					Method:    method,
					Operation: op,
				},
			}
			c.collectSecrets(op)
		}
	}
	return c, nil
}

// collectSecrets notes which names hold secrets, for the journal.
func (c *apiContract) collectSecrets(op *openapi3.Operation) {
	if op.RequestBody != nil {
		for _, media := range op.RequestBody.Value.Content {
			c.requests.collect(media.Schema.Value)
		}
	}
	for _, response := range op.Responses.Map() {
		for _, media := range response.Value.Content {
			c.responses.collect(media.Schema.Value)
		}
	}
	for _, parameter := range op.Parameters {
		c.requests.note(parameter.Value.Name, parameter.Value.Schema.Value)
	}
}

// hasOperation reports whether there is an operation with the given operationId.
func (c *apiContract) hasOperation(id string) bool {
	for _, op := range c.operations {
		if op.id == id {
			return true
		}
	}
	return false
}

// maxNearPath bounds the paths that are compared with routes, in bytes: a comparison takes the square of the length.
const maxNearPath = 256

// nearestRoute returns the method and path that a request for another was probably meant for, or nothing.
func (c *apiContract) nearestRoute(method, path string) string {
	if len(path) > maxNearPath {
		return ""
	}
	path = strings.TrimSuffix(path, "/")
	best, distance := "", len(path)/3+1
	for _, route := range sortedKeys(c.operations) {
		routeMethod, template, _ := strings.Cut(route, " ")
		d := levenshtein.ComputeDistance(path, fillIn(template, path))
		if routeMethod != method {
			d++
		}
		if d < distance {
			best, distance = route, d
		}
	}
	return best
}

// fillIn puts the segments of a path into the parameters of a template of as many segments.
func fillIn(template, path string) string {
	wanted, given := strings.Split(template, "/"), strings.Split(path, "/")
	for i := range min(len(wanted), len(given)) {
		if strings.HasPrefix(wanted[i], "{") && len(wanted) == len(given) {
			wanted[i] = given[i]
		}
	}
	return strings.Join(wanted, "/")
}

// security returns the names of the security schemes of which a request needs one, and whether it may go without.
func (op *operation) security() (schemes []string, optional bool) {
	requirements := op.route.Operation.Security
	if requirements == nil {
		requirements = &op.route.Spec.Security
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

func (op *operation) input(r *http.Request, options *openapi3filter.Options) *openapi3filter.RequestValidationInput {
	return &openapi3filter.RequestValidationInput{
		Request:    r,
		PathParams: op.pathValues(r.URL),
		Route:      op.route,
		Options:    options,
	}
}

// pathValues returns the values of the path's parameters. The URL is one of this operation.
func (op *operation) pathValues(u *url.URL) map[string]string {
	values := map[string]string{}
	segments := strings.Split(u.EscapedPath(), "/")
	for i, segment := range strings.Split(op.path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			value, _ := url.PathUnescape(segments[i]) // was parsed before
			values[strings.TrimSuffix(name, "}")] = value
		}
	}
	return values
}

// checkRequest returns all that is wrong with a request, by the contract, the most telling first, and leaves its body to be
// read. What it says holds nothing of what the request said but the names of its properties.
func (op *operation) checkRequest(r *http.Request, body []byte, allowUnknown bool) []string {
	if op.route.Operation.RequestBody == nil {
		body = nil // which has no meaning (RFC 9110 section 9.3.1)
	}
	var value any
	if isJSON(r.Header) && len(body) > 0 {
		var err error
		if value, err = decodeJSON(body); err != nil {
			return []string{err.Error()}
		}
	}
	var wrong []string
	if isForm(r.Header) {
		form, _ := url.ParseQuery(string(body)) // the validator tells what cannot be read
		for _, name := range sortedKeys(form) {
			if len(form[name]) > 1 {
				wrong = append(wrong, shorten(name)+" is given more than once")
			}
		}
	}
	wrong = append(wrong, op.checkQuery(r.URL.RawQuery, allowUnknown)...)
	r.Body = io.NopCloser(bytes.NewReader(body))
	err := openapi3filter.ValidateRequest(r.Context(), op.input(r, &openapi3filter.Options{
		AuthenticationFunc:  openapi3filter.NoopAuthenticationFunc,
		SkipSettingDefaults: true,
		KeepValidatedValue:  true,
		MultiError:          true,
	}))
	// An unknown name is told before the absence of the right one: it explains it.
	if !allowUnknown && value != nil {
		for _, unknown := range findUnknown(op.requestSchema(), value, "") {
			wrong = append(wrong, unknown.String())
		}
	}
	if err != nil {
		wrong = append(wrong, explainRequestError(err)...)
	}
	return wrong
}

// checkQuery refuses what the validation of single parameters lets through: a query that cannot be read as a whole, a
// parameter that is there twice (RFC 6749 section 3.1), and a misspelt requirement, which would open the gate to everyone.
// Other names that are not known are ignored, as OAuth 2.0 has it and standard clients expect.
func (op *operation) checkQuery(rawQuery string, allowUnknown bool) []string {
	known := op.route.Operation.Parameters
	if !slices.ContainsFunc(known, func(p *openapi3.ParameterRef) bool { return p.Value.In == openapi3.ParameterInQuery }) {
		return nil
	}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return []string{"the query cannot be read: its names and values must be percent-encoded"}
	}
	var requirements []string
	if schema := op.route.Spec.Components.Schemas["Requirements"]; schema != nil {
		requirements = sortedKeys(propertiesOf(schema.Value))
	}
	var wrong []string
	for _, name := range sortedKeys(query) {
		parameter := known.GetByInAndName(openapi3.ParameterInQuery, name)
		if parameter != nil && len(query[name]) > 1 && !parameter.Schema.Value.Type.Is("array") {
			wrong = append(wrong, name+" is given more than once")
		}
		if meant := nearest(name, requirements); parameter == nil && meant != "" && !allowUnknown {
			wrong = append(wrong, fmt.Sprintf("%q is not a parameter; did you mean %q?", shorten(name), meant))
		}
	}
	return wrong
}

func (op *operation) requestSchema() *openapi3.Schema {
	return op.route.Operation.RequestBody.Value.Content.Get("application/json").Schema.Value
}

// checkResponse returns how a response of the mock breaks the contract.
func (op *operation) checkResponse(r *http.Request, status int, header http.Header, body []byte) error {
	err := openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: op.input(r, nil),
		Status:                 status,
		Header:                 header,
		Body:                   io.NopCloser(bytes.NewReader(body)),
		Options:                &openapi3filter.Options{IncludeResponseStatus: true, ExcludeResponseBody: !isJSON(header)},
	})
	if err != nil {
		return describeResponseError(err)
	}
	content := op.route.Operation.Responses.Status(status).Value.Content
	media := content.Get(header.Get("Content-Type"))
	switch {
	case media == nil && len(content) > 0:
		return fmt.Errorf("the Content-Type is %q", header.Get("Content-Type"))
	case r.Method == http.MethodHead || !isJSON(header):
		return nil
	case media == nil:
		return errors.New("there is a body")
	}
	value, err := decodeJSON(body)
	if err != nil {
		return err
	}
	if unknown := findUnknown(media.Schema.Value, value, ""); len(unknown) > 0 {
		return errors.New(unknown[0].String())
	}
	return nil
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
