package observe

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Recorder notes exchanges of a contract. It is not safe for concurrent use.
type Recorder struct {
	places     places
	operations map[string]*operation
	others     map[string]*operation
	segments   segments
	values     values
	media      map[string]string // by Content-Type
	names      memo              // IsName
	words      memo              // IsWord
	headers    memo              // isHeader, and not usual

	nodes    int
	messages int64
	objects  int64
}

// Exchange is a request and its response.
type Exchange struct {
	Time      time.Time
	Base      string          // the base path of the API
	Operation *spec.Operation // nil if the contract has none for the request
	Method    string
	URL       *url.URL
	Security  string  // how the request shows who sent it, see Security
	Sent      string  // the Content-Type of the request
	Request   *[]byte // its body without content coding; nil if it is not known
	Status    int
	Answer    http.Header
	Response  *[]byte
	Broken    []string // the places of the contract that the response or an accepted request broke
}

// operation is an Operation that grows.
type operation struct {
	Operation
	messages   int64 // successful ones
	query      *node
	parameters map[string]*openapi3.Schema // that the contract has in the query
	requests   map[string]*body
	responses  map[int]*response
	segments   []*node
}

type response struct {
	Response
	headers *node
	bodies  map[string]*body
}

type body struct {
	Body
	known bool   // the contract has the media type, or it says nothing but how to read the body
	at    *place // what the contract says of it
	value *node
}

// NewRecorder returns a Recorder that has seen nothing.
func NewRecorder(contract *spec.Contract) *Recorder {
	return &Recorder{
		media:      map[string]string{},
		places:     places{contract: contract, known: map[*openapi3.Schema]*place{}},
		operations: map[string]*operation{},
		others:     map[string]*operation{},
		segments:   newSegments(contract),
		values:     newValues(),
		names:      remembering(IsName),
		words:      remembering(IsWord),
		headers:    remembering(func(name string) bool { return isHeader(name) && !isUsual(name) }),
	}
}

// Record notes an exchange.
func (r *Recorder) Record(x Exchange) {
	accepted := x.Status >= 200 && !x.Refused()
	isExample := x.Answer.Get("Preference-Applied") != "" // the client asked for this answer, so it says nothing about the API
	if x.Method == http.MethodHead || x.Method == http.MethodOptions || isExample || x.Operation == nil && !accepted {
		return
	}
	r.messages++
	p := &pass{Recorder: r, day: x.Time.UTC().Format(time.DateOnly), message: r.messages, isError: x.Status >= 400, isData: valuesOf(x)}
	op := p.operation(x)
	if op == nil {
		return
	}
	op.Count++
	op.Span.merge(Span{p.day, p.day})
	if accepted {
		op.messages++
		p.request(op, x)
	}
	p.response(op, x)
	if x.Operation != nil {
		for _, value := range x.Operation.PathValues(x.URL) {
			p.values.add(value)
		}
	}
	for _, place := range x.Broken {
		mergeCounts(&op.Broken, map[string]int64{place: 1}, MaxPlaces)
	}
}

func (p *pass) operation(x Exchange) *operation {
	if x.Operation == nil {
		return p.other(x)
	}
	name := x.Operation.Method + " " + strings.TrimPrefix(x.Operation.Path, x.Base)
	op := p.operations[name]
	if op == nil {
		op = &operation{requests: map[string]*body{}, responses: map[int]*response{}}
		p.operations[name] = op
	}
	return op
}

// request notes a request that was successful.
func (p *pass) request(op *operation, x Exchange) {
	if op.Accepted == nil {
		op.Accepted = &Request{}
		op.query, op.parameters = &node{}, p.parameters(x.Operation)
	}
	op.Accepted.Count++
	op.Accepted.Span.merge(Span{p.day, p.day})
	mergeCounts(&op.Accepted.Security, map[string]int64{x.Security: 1}, 0)
	p.noteFields(op.query, fieldsOf(x.URL.RawQuery), op.parameters)
	if x.Request == nil || len(*x.Request) == 0 {
		return
	}
	var content openapi3.Content
	if x.Operation != nil && x.Operation.Spec().RequestBody != nil {
		content = x.Operation.Spec().RequestBody.Value.Content
	}
	p.body(op.requests, x.Sent, *x.Request, content)
}

// response notes a response.
func (p *pass) response(op *operation, x Exchange) {
	answer := op.responses[x.Status]
	if answer == nil {
		if answer = (&response{headers: &node{}, bodies: map[string]*body{}}); len(op.responses) < MaxStatuses {
			op.responses[x.Status] = answer
		}
	}
	answer.Count++
	answer.Span.merge(Span{p.day, p.day})
	var documented *openapi3.Response
	if x.Operation != nil {
		documented = x.Operation.Response(x.Status)
	}
	known := map[string]bool{} // headers, whose names have no case
	if documented != nil {
		for name := range documented.Headers {
			known[http.CanonicalHeaderKey(name)] = true
		}
	}
	for name, values := range x.Answer {
		if len(values) == 1 && (known[name] || p.headers.of(name)) {
			p.note(p.property(answer.headers, name, known[name]), asJSON(values[0]), nowhere, maxDepth)
		}
	}
	if x.Response == nil || len(*x.Response) == 0 {
		return
	}
	var content openapi3.Content
	if documented != nil {
		content = documented.Content
	}
	p.body(answer.bodies, x.Answer.Get("Content-Type"), *x.Response, content)
}

// parameters returns the schemas of the parameters in the query.
func (r *Recorder) parameters(op *spec.Operation) map[string]*openapi3.Schema {
	schemas := map[string]*openapi3.Schema{}
	if op == nil {
		return schemas
	}
	for _, parameter := range op.Parameters() {
		if parameter.Value.In == openapi3.ParameterInQuery {
			schemas[parameter.Value.Name] = nil
			if parameter.Value.Schema != nil {
				schemas[parameter.Value.Name] = parameter.Value.Schema.Value
			}
		}
	}
	return schemas
}
