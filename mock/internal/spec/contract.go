package spec

import (
	_ "embed"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"

	"github.com/seed-a13ee279/picket/mock/internal/document"
	"github.com/seed-a13ee279/picket/mock/internal/rules"
)

// BasePath is the path that the operations of the Picket API are under, as in https://picketapi.com/api/v1.
const BasePath = "/api/v1"

// Contract is an OpenAPI description at a base path, ready to check messages. It is safe for concurrent use.
type Contract struct {
	*description
	base       string
	operations []*Operation
	methods    []string              // those that some operation has, in alphabetical order
	literal    map[route]*Operation  // those whose path has no parameter
	byPattern  map[string]*Operation // all of them, by their pattern in mux
	mux        *http.ServeMux
}

type route struct{ method, path string }

// description is what contracts share that differ only in their base path. Nothing changes it once it is read.
type description struct {
	doc        *openapi3.T
	places     map[*openapi3.Schema]string                  // where each schema is, as a JSON pointer into the description
	names      map[string]bool                              // the names of all properties, and the superseded names
	superseded map[*openapi3.Schema]map[string]supersession // by name; only schemas that have such names
	rules      rules.Rules                                  // for the JSON bodies
}

// describe prepares a document, in which it changes what the validator has to be told. A document that is sound was checked before.
func describe(doc *openapi3.T, sound bool) (*description, error) {
	placed := places(doc)
	d := &description{doc: doc, places: placed.schemas, names: map[string]bool{}}
	if err := acceptMore(doc, placed); err != nil {
		return nil, err
	}
	typeForms(doc, placed)
	if err := checkIgnoring(doc); err != nil {
		return nil, err
	}
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.RequestBody != nil {
				withoutCharset(op.RequestBody.Value.Content)
			}
		}
	}
	for schema := range d.places {
		schema.Nullable = schema.Nullable || allowsNull(schema)
		for name := range schema.Properties {
			d.names[name] = true
		}
	}
	if !sound {
		if err := checkSupported(doc, placed); err != nil {
			return nil, err
		}
	}
	if err := d.readSuperseded(); err != nil {
		return nil, err
	}
	for _, superseded := range d.superseded {
		for name := range superseded {
			d.names[name] = true
		}
	}
	var operations []*openapi3.Operation
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if err := d.onlyInJSON(op); err != nil {
				return nil, err
			}
			operations = append(operations, op)
		}
	}
	d.rules = rules.Compile(func(schema *openapi3.Schema) []string { return sorted(d.superseded[schema]) }, operations...)
	return d, nil
}

// openAPI is openapi.yaml as JSON. The first directive of generate.go makes it.
//
//go:embed openapi.json
var openAPI string

// API returns openapi.yaml, the contract of the Picket API, at BasePath. A program reads it once.
func API() (*Contract, error) { return api() }

var api = sync.OnceValues(func() (*Contract, error) { return ReadGenerated(openAPI, BasePath) })

// Read reads an OpenAPI 3.0 description in YAML or JSON. Its operations are under a base path such as /api/v1; the servers that the
// description lists are ignored.
func Read(text []byte, base string) (*Contract, error) {
	doc, err := openapi3.NewLoader().LoadFromData(text)
	return prepare(doc, err, false, base)
}

// ReadGenerated reads what the command asjson has made of a description, which it also has checked, in a small part of the time of Read.
func ReadGenerated(text, base string) (*Contract, error) {
	doc, err := document.Read(text)
	return prepare(doc, err, true, base)
}

func prepare(doc *openapi3.T, err error, sound bool, base string) (*Contract, error) {
	if err != nil {
		return nil, fmt.Errorf("the description cannot be read: %w", err)
	}
	d, err := describe(doc, sound)
	if err != nil {
		return nil, fmt.Errorf("the description cannot be used: %w", err)
	}
	return build(d, base)
}

// At returns the same contract under another base path, such as /v2, or "" for none.
func (c *Contract) At(base string) (*Contract, error) { return build(c.description, base) }

// WithoutRules returns the same contract, checked by the validator only. Tests compare the two.
func (c *Contract) WithoutRules() (*Contract, error) {
	d := *c.description
	d.rules = nil
	return build(&d, c.base)
}

func build(d *description, base string) (*Contract, error) {
	base = strings.TrimSuffix(base, "/")
	if base != "" && (!strings.HasPrefix(base, "/") || strings.ContainsAny(base, "{} ?#")) {
		return nil, fmt.Errorf("the base path %q is not a path such as /api/v1", base)
	}
	c := &Contract{description: d, base: base, literal: map[route]*Operation{}, byPattern: map[string]*Operation{}, mux: http.NewServeMux()}
	for path, item := range d.doc.Paths.Map() {
		for method, spec := range item.Operations() {
			op := newOperation(&routers.Route{Spec: d.doc, Path: path, PathItem: item, Method: method, Operation: spec}, base, d)
			if !strings.Contains(op.Path, "{") {
				c.literal[route{op.Method, op.Path}] = op
			}
			c.operations = append(c.operations, op)
			c.methods = append(c.methods, method)
			c.byPattern[op.pattern()] = op
		}
	}
	slices.Sort(c.methods)
	c.methods = slices.Compact(c.methods)
	slices.SortFunc(c.operations, func(a, b *Operation) int { return strings.Compare(a.name(), b.name()) })
	for i, op := range c.operations {
		if err := plainSegments(op.route.Path); err != nil {
			return nil, err
		}
		if !register(c.mux, op) {
			return nil, conflict(c.operations[:i], op)
		}
	}
	return c, nil
}

// plainSegments fails if a path has a segment that is neither a text nor a parameter.
func plainSegments(path string) error {
	for segment := range strings.SplitSeq(path, "/") {
		if strings.ContainsAny(segment, "{}") && !isParameter(segment) {
			return fmt.Errorf("the path %s has the segment %s, in which something stands beside a parameter, and the mock finds no operation by such a path; "+
				"give the parameter a segment of its own", path, segment)
		}
	}
	return nil
}

// register adds an operation to mux. It returns false if mux cannot tell it from another one, which http.ServeMux reports in no other way.
func register(mux *http.ServeMux, op *Operation) (ok bool) {
	defer func() { ok = recover() == nil }()
	mux.Handle(op.pattern(), http.NotFoundHandler())
	return true
}

// conflict says with which of the others an operation conflicts.
func conflict(others []*Operation, op *Operation) error {
	for _, other := range others {
		mux := http.NewServeMux()
		if register(mux, other); !register(mux, op) {
			return fmt.Errorf("the paths of %s %s and %s %s conflict: there are paths that match both, and neither is more specific; change one of them",
				other.Method, other.route.Path, op.Method, op.route.Path)
		}
	}
	return fmt.Errorf("the path of %s %s cannot be used", op.Method, op.route.Path)
}

// Base returns the path that the operations are under.
func (c *Contract) Base() string { return c.base }

// Operations returns all operations, sorted by method and path.
func (c *Contract) Operations() []*Operation { return slices.Clone(c.operations) }

// Operation returns the operation with an operationId, or nil.
func (c *Contract) Operation(id string) *Operation {
	for _, op := range c.operations {
		if op.ID == id {
			return op
		}
	}
	return nil
}
