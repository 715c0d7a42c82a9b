package contract

import (
	_ "embed"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// BasePath is the path that the operations of the API are under, as in the address of the Picket API.
const BasePath = "/api/v1"

// Contract is an OpenAPI description, ready to check with. It is safe for concurrent use.
type Contract struct {
	*description
	base       string
	operations []*Operation
	literal    map[route]*Operation  // those whose path has no parameter
	byPattern  map[string]*Operation // all, by the pattern that mux has for them
	mux        *http.ServeMux
}

type route struct{ method, path string }

// description is what contracts share that differ in their base path alone. It is not changed once it was read.
type description struct {
	doc    *openapi3.T
	places map[*openapi3.Schema]string // where in the description each schema is, as a JSON pointer
	names  map[string]bool             // of all properties
	rules  rules                       // of the bodies in JSON
}

func describe(doc *openapi3.T) *description {
	d := &description{doc, places(doc), map[string]bool{}, compile(doc)}
	for schema := range d.places {
		for name := range schema.Properties {
			d.names[name] = true
		}
	}
	return d
}

//go:generate go run ../internal/asjson ../../openapi.yaml openapi.json

// openAPI is openapi.yaml in JSON, which takes a third less time to read.
//
//go:embed openapi.json
var openAPI []byte

// API returns openapi.yaml, the contract of the Picket API, at BasePath. It is read once in a program.
func API() (*Contract, error) { return api() }

var api = sync.OnceValues(func() (*Contract, error) { return Read(openAPI, BasePath) })

// Read returns an OpenAPI 3.0 description, in YAML or JSON, whose paths are under a base path such as /api/v1; that of the
// description's servers makes no difference.
func Read(text []byte, base string) (*Contract, error) {
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("contract: the description cannot be read: %w", err)
	}
	return build(describe(doc), base)
}

// At returns the same contract under another base path, such as /v2, or "" for none.
func (c *Contract) At(base string) (*Contract, error) { return build(c.description, base) }

func build(d *description, base string) (c *Contract, err error) {
	base = strings.TrimSuffix(base, "/")
	if base != "" && (!strings.HasPrefix(base, "/") || strings.ContainsAny(base, "{} ?#")) {
		return nil, fmt.Errorf("contract: the base path %q is no path, such as /api/v1", base)
	}
	c = &Contract{description: d, base: base, literal: map[route]*Operation{}, byPattern: map[string]*Operation{}, mux: http.NewServeMux()}
	for path, item := range d.doc.Paths.Map() {
		for method, spec := range item.Operations() {
			op := newOperation(&routers.Route{Spec: d.doc, Path: path, PathItem: item, Method: method, Operation: spec}, base, d)
			if !strings.Contains(op.Path, "{") {
				c.literal[route{op.Method, op.Path}] = op
			}
			c.operations = append(c.operations, op)
			c.byPattern[op.pattern()] = op
		}
	}
	slices.SortFunc(c.operations, func(a, b *Operation) int { return strings.Compare(a.pattern(), b.pattern()) })
	defer func() {
		if reason := recover(); reason != nil { // of http.ServeMux, which knows no other way
			c, err = nil, fmt.Errorf("contract: the paths cannot be told apart: %v", reason)
		}
	}()
	for _, op := range c.operations {
		c.mux.Handle(op.pattern(), http.NotFoundHandler())
	}
	return c, nil
}

// Base returns the path that the operations are under.
func (c *Contract) Base() string { return c.base }

// Operations returns all operations, by method and path.
func (c *Contract) Operations() []*Operation { return slices.Clone(c.operations) }

// Operation returns the operation with an operationId, or nil if there is none.
func (c *Contract) Operation(id string) *Operation {
	for _, op := range c.operations {
		if op.ID == id {
			return op
		}
	}
	return nil
}

// Find returns the operation that a request is for, or nil if there is none. HEAD is taken for GET. A path must be in its
// plain form: the API redirects nothing.
func (c *Contract) Find(r *http.Request) *Operation {
	escaped := r.URL.EscapedPath()
	if op := c.literal[route{r.Method, escaped}]; op != nil {
		return op
	}
	if path.Clean(escaped) != escaped {
		return nil
	}
	_, pattern := c.mux.Handler(&http.Request{Method: r.Method, URL: r.URL})
	return c.byPattern[pattern]
}

// maxNearPath bounds the paths that are compared with those of operations, in bytes: a comparison takes the square of the length.
const maxNearPath = 256

// Nearest returns the method and path of the operation that a request for another was probably meant for, or nothing.
func (c *Contract) Nearest(method, path string) string {
	if len(path) > maxNearPath {
		return ""
	}
	path = strings.TrimSuffix(path, "/")
	best, distance := "", len(path)/3+1
	for _, op := range c.operations {
		d := levenshtein.ComputeDistance(path, fillIn(op.Path, path))
		if op.Method != method {
			d++
		}
		if d < distance {
			best, distance = op.pattern(), d
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
