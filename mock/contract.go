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
	base            string                // the path that all others are under
	operations      map[string]*operation // by the pattern that http.ServeMux has for them
	requestSecrets  secretNames           // of bodies and queries
	responseSecrets secretNames           // of bodies
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
	c := &apiContract{base: base, operations: map[string]*operation{}, requestSecrets: secretNames{}, responseSecrets: secretNames{}}
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

func (c *apiContract) collectSecrets(op *openapi3.Operation) {
	collect := func(names secretNames, content openapi3.Content) {
		for _, media := range content {
			names.collect(media.Schema.Value)
		}
	}
	if op.RequestBody != nil {
		collect(c.requestSecrets, op.RequestBody.Value.Content)
	}
	for _, response := range op.Responses.Map() {
		collect(c.responseSecrets, response.Value.Content)
	}
	for _, parameter := range op.Parameters {
		if isSecret(parameter.Value.Schema.Value) {
			c.requestSecrets[parameter.Value.Name] = true
		}
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

// nearestRoute returns the method and path that a request for another was probably meant for, or nothing.
func (c *apiContract) nearestRoute(method, path string) string {
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

// checkRequest returns what is wrong with a request, by the contract, and leaves its body to be read. The text of the
// error holds nothing of what the request said but the names of its properties.
func (op *operation) checkRequest(r *http.Request, body []byte, allowUnknown bool) *apiError {
	if isJSON(r.Header) && !utf8.Valid(body) {
		return invalidParameter("the body is not UTF-8")
	}
	if len(body) > 0 && isJSON(r.Header) && !json.Valid(body) {
		var value any
		return invalidParameter("the body is not JSON: %v", json.Unmarshal(body, &value))
	}
	if isForm(r.Header) {
		form, _ := url.ParseQuery(string(body)) // the validator tells what cannot be read
		for _, name := range sortedKeys(form) {
			if len(form[name]) > 1 {
				return invalidParameter("%s is given more than once", shorten(name))
			}
		}
	}
	if err := op.checkQuery(r.URL.RawQuery, allowUnknown); err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	err := openapi3filter.ValidateRequest(r.Context(), op.input(r, &openapi3filter.Options{
		AuthenticationFunc:  openapi3filter.NoopAuthenticationFunc,
		SkipSettingDefaults: true,
		KeepValidatedValue:  true,
	}))
	// An unknown name is told before the absence of the right one: it explains it.
	if !allowUnknown && isJSON(r.Header) && op.route.Operation.RequestBody != nil {
		var value any
		if json.Unmarshal(body, &value) == nil {
			if unknown := findUnknown(op.requestSchema(), value, ""); unknown != nil {
				return invalidParameter("%s", unknown)
			}
		}
	}
	if err != nil {
		return explainRequestError(err)
	}
	return nil
}

// checkQuery refuses what the validation of single parameters lets through: a query that cannot be read as a whole, a
// parameter that is there twice (RFC 6749 section 3.1), and a misspelt requirement, which would open the gate to everyone.
// Other names that are not known are ignored, as OAuth 2.0 has it and standard clients expect.
func (op *operation) checkQuery(rawQuery string, allowUnknown bool) *apiError {
	known := op.route.Operation.Parameters
	if !slices.ContainsFunc(known, func(p *openapi3.ParameterRef) bool { return p.Value.In == openapi3.ParameterInQuery }) {
		return nil
	}
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return invalidParameter("the query cannot be read: its names and values must be percent-encoded")
	}
	var requirements []string
	if schema := op.route.Spec.Components.Schemas["Requirements"]; schema != nil {
		requirements = sortedKeys(propertiesOf(schema.Value))
	}
	for _, name := range sortedKeys(query) {
		parameter := known.GetByInAndName(openapi3.ParameterInQuery, name)
		if parameter != nil && len(query[name]) > 1 && !parameter.Schema.Value.Type.Is("array") {
			return invalidParameter("%s is given more than once", name)
		}
		if meant := nearest(name, requirements); parameter == nil && meant != "" && !allowUnknown {
			return invalidParameter("%q is not a parameter; did you mean %q?", shorten(name), meant)
		}
	}
	return nil
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
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return err
	}
	if unknown := findUnknown(media.Schema.Value, value, ""); unknown != nil {
		return errors.New(unknown.String())
	}
	return nil
}

func isJSON(header http.Header) bool {
	return strings.HasPrefix(header.Get("Content-Type"), "application/json")
}

func isForm(header http.Header) bool {
	return strings.HasPrefix(header.Get("Content-Type"), "application/x-www-form-urlencoded")
}
