package observe

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/tidwall/gjson"

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

// Refused reports whether the server refused the request, so that it says nothing about the API: by its status or, as an authorization is
// refused in OAuth 2.0, by a redirect with an error (RFC 6749 section 4.1.2.1).
func (x Exchange) Refused() bool {
	if x.Status/100 != 3 {
		return x.Status >= 400
	}
	location, err := url.Parse(x.Answer.Get("Location"))
	return err == nil && location.Query().Has("error")
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
	p := &pass{Recorder: r, day: x.Time.UTC().Format(time.DateOnly), message: r.messages, isError: x.Status >= 400, isData: r.valuesOf(x)}
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
	var schemas func(media string) *openapi3.Schema
	if x.Operation != nil && x.Operation.Spec().RequestBody != nil {
		schemas = schemasOf(x.Operation.Spec().RequestBody.Value.Content)
	}
	p.body(op.requests, x.Sent, *x.Request, schemas)
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
	var schemas func(media string) *openapi3.Schema
	if documented != nil {
		schemas = schemasOf(documented.Content)
	}
	p.body(answer.bodies, x.Answer.Get("Content-Type"), *x.Response, schemas)
}

func schemasOf(content openapi3.Content) func(string) *openapi3.Schema {
	return func(media string) *openapi3.Schema {
		found := content.Get(media)
		for known, of := range content {
			if plain, _, _ := strings.Cut(known, ";"); found == nil && strings.EqualFold(strings.TrimSpace(plain), media) {
				found = of // such as that of application/json; charset=utf-8
			}
		}
		if found != nil && found.Schema != nil {
			return found.Schema.Value
		}
		return nil
	}
}

// usualMedia are media types that say nothing but what a body is.
var usualMedia = regexp.MustCompile(`^(?:application/(?:json|problem\+json|jwt|xml|octet-stream|x-www-form-urlencoded|pdf|cbor)|multipart/form-data|text/(?:plain|html|css|csv|xml|javascript|markdown|event-stream)|image/(?:png|jpeg|gif|webp|svg\+xml))$`)

// isMedia reports whether each part of a media type consists of words.
func isMedia(media string) bool {
	if !mediaForm.MatchString(media) {
		return false
	}
	for part := range strings.FieldsFuncSeq(media, func(r rune) bool { return strings.ContainsRune("/.+-", r) }) {
		if !consistsOfWords(part) {
			return false
		}
	}
	return true
}

var mediaForm = regexp.MustCompile(`^[a-z]+/[a-z0-9][a-z0-9.+-]{0,63}$`)

// mediaOf returns the media type in a Content-Type. It remembers those that it has seen.
func (r *Recorder) mediaOf(contentType string) string {
	if media, ok := r.media[contentType]; ok {
		return media
	}
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil || contentType == "" {
		media = "application/octet-stream" // which is what a body without a type is (RFC 9110 section 8.3)
	}
	if len(r.media) < MaxNames {
		r.media[contentType] = media
	}
	return media
}

// body notes a body. The schemas are those of its media types; nil stands for none.
func (p *pass) body(bodies map[string]*body, contentType string, text []byte, schemas func(string) *openapi3.Schema) {
	media := p.mediaOf(contentType)
	b := bodies[media]
	if b == nil {
		var schema *openapi3.Schema
		if schemas != nil {
			schema = schemas(media)
		}
		known := usualMedia.MatchString(media) || schema != nil
		if !known && !isMedia(media) || len(bodies) == MaxMedia {
			return
		}
		b = &body{known: known, at: p.places.of(schema)}
		bodies[media] = b
	}
	b.Count++
	b.Span.merge(Span{p.day, p.day})
	if b.value == nil {
		b.value = &node{}
	}
	switch {
	case (media == "application/json" || strings.HasSuffix(media, "+json")) && json.Valid(text):
		p.note(b.value, gjson.ParseBytes(text), b.at, 0)
	case media == "application/x-www-form-urlencoded":
		p.noteFields(b.value, fieldsOf(string(text)), b.at.names)
	}
}

// fieldsOf returns the fields of a form or a query. Those that cannot be decoded are left out.
func fieldsOf(text string) url.Values {
	values, _ := url.ParseQuery(text)
	return values
}

// noteFields notes the fields of a form or a query as the properties of an object. One that is given several times is an array.
func (p *pass) noteFields(n *node, fields url.Values, known map[string]*openapi3.Schema) {
	p.count(n, "object")
	for name, values := range fields {
		schema, isKnown := known[name]
		if !isKnown && (!p.names.of(name) || p.isData(name)) {
			p.noteData(n, name, asJSON(values[0]), nowhere, maxDepth)
			continue
		}
		property, at := p.property(n, name, isKnown), p.places.of(schema)
		if len(values) == 1 {
			p.note(property, asJSON(values[0]), at, maxDepth)
			continue
		}
		p.count(property, "array")
		property.Size = property.Size.with(int64(len(values)))
		if property.items == nil {
			property.items = p.newNode(true)
		}
		for _, value := range values {
			p.note(property.items, asJSON(value), p.places.of(at.items), maxDepth)
		}
	}
}

// asJSON returns a text as a string of JSON.
func asJSON(text string) gjson.Result { return gjson.Result{Type: gjson.String, Str: text} }

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

// Security returns how a request with some headers shows who sent it: basic, bearer, other or none.
func Security(header http.Header) string {
	scheme, _, _ := strings.Cut(header.Get("Authorization"), " ")
	switch scheme = strings.ToLower(scheme); scheme {
	case "":
		return "none"
	case "basic", "bearer":
		return scheme
	}
	return "other"
}

// valuesOf returns a function that reports whether a text is a value of an exchange: a string in a body, a segment of the path, or a value
// in the query. It looks at the exchange when it is first called.
func (r *Recorder) valuesOf(x Exchange) func(string) bool {
	var all map[string]bool
	return func(text string) bool {
		if all == nil {
			all = map[string]bool{}
			for _, text := range []*[]byte{x.Request, x.Response} {
				if text != nil && json.Valid(*text) {
					addStrings(all, gjson.ParseBytes(*text), 0)
				}
			}
			for _, values := range fieldsOf(x.URL.RawQuery) {
				for _, value := range values {
					all[value] = true
				}
			}
			if x.Operation != nil {
				for _, value := range x.Operation.PathValues(x.URL) {
					all[value] = true
				}
			}
		}
		return all[text]
	}
}

func addStrings(all map[string]bool, value gjson.Result, depth int) {
	switch {
	case value.Type == gjson.String:
		all[value.Str] = true
	case value.Type == gjson.JSON && depth < maxDepth:
		value.ForEach(func(_, value gjson.Result) bool {
			addStrings(all, value, depth+1)
			return true
		})
	}
}

// Log returns what was seen and may be kept.
func (r *Recorder) Log() *Log {
	l := New()
	for name, op := range r.operations {
		mergeMap(&l.Operations, map[string]*Operation{name: op.kept(&r.values)}, MaxPaths, mergeOperation)
	}
	messages := map[string]int64{}
	others := map[string]*Operation{}
	for name, op := range r.others {
		method, template, _ := strings.Cut(name, " ")
		template, added := r.segments.folded(template)
		if r.isValue(template) {
			continue
		}
		kept := op.kept(&r.values)
		kept.insertSegments(template, added)
		name = method + " " + template
		messages[name] += op.messages
		others[name] = mergeOperation(others[name], kept)
	}
	for name, op := range others {
		if messages[name] >= Shared {
			mergeMap(&l.Others, map[string]*Operation{name: op}, MaxPaths, mergeOperation)
		}
	}
	return l
}

// isValue reports whether a word of a template is a value somewhere. Then the path is not kept: whether the word is data is unclear.
func (r *Recorder) isValue(template string) bool {
	before := ""
	for segment := range strings.SplitSeq(strings.TrimPrefix(template, "/"), "/") {
		if segment != Placeholder && !r.segments.words[before][segment] && r.values.has(segment) {
			return true
		}
		before += "/" + segment
	}
	return false
}

// insertSegments adds segments of which nothing was noted, because they looked like words, at the given places of a template.
func (op *Operation) insertSegments(template string, added []int) {
	data := 0
	for i, segment := range strings.Split(strings.TrimPrefix(template, "/"), "/") {
		if slices.Contains(added, i) {
			op.Segments = slices.Insert(op.Segments, data, &Value{Span: op.Span, Types: map[string]int64{"string": op.Count}})
		}
		if segment == Placeholder {
			data++
		}
	}
}

func (op *operation) kept(values *values) *Operation {
	kept := mergeOperation(nil, &op.Operation)
	if kept.Accepted != nil {
		kept.Accepted.Query = propertiesOf(op.query, values)
		for _, odd := range op.query.Keys {
			kept.Accepted.Odd += odd
		}
		kept.Accepted.Bodies = keptBodies(op.requests, values)
	}
	for status, answer := range op.responses {
		response := mergeResponse(nil, &answer.Response)
		response.Headers, response.Bodies = headersOf(answer.headers, values), keptBodies(answer.bodies, values)
		mergeMap(&kept.Responses, map[string]*Response{strconv.Itoa(status): response}, 0, mergeResponse)
	}
	for _, segment := range op.segments {
		kept.Segments = append(kept.Segments, segment.kept(values))
	}
	return kept
}

func propertiesOf(n *node, values *values) map[string]*Value {
	n.Types = map[string]int64{"object": 1}
	if kept := n.kept(values); kept != nil {
		return kept.Properties
	}
	return nil
}

// headersOf returns the headers that may be kept.
func headersOf(n *node, values *values) map[string]*Value {
	headers := propertiesOf(n, values)
	for name := range headers {
		if !n.properties[name].known && values.hasPart(name) {
			delete(headers, name)
		}
	}
	return headers
}

func keptBodies(bodies map[string]*body, values *values) map[string]*Body {
	kept := map[string]*Body{}
	for media, b := range bodies {
		if !b.known && (b.Count < Shared || values.hasPart(media)) {
			continue
		}
		kept[media] = mergeBody(nil, &b.Body)
		kept[media].Value = b.value.kept(values)
	}
	return kept
}

// usual are headers that say nothing about an API: those of connections, content, caches, browsers and hosts.
var usual = regexp.MustCompile(`^(?:(?:Access-Control|Content|Cross-Origin|Sec|Cf|Fly|X-Amz|X-Amzn|X-Vercel|X-Cloud|X-Envoy|X-Forwarded|X-Cache|X-Served|X-Timer|X-Frame|X-Content|X-Xss|X-Dns|X-Permitted|X-Download)(?:-.*)?|` +
	`Accept-Ranges|Age|Allow|Alt-Svc|Cache-Control|Connection|Date|Etag|Expect-Ct|Expires|Keep-Alive|Last-Modified|Nel|Origin-Agent-Cluster|Permissions-Policy|Pragma|` +
	`Proxy-.*|Referrer-Policy|Report-To|Reporting-Endpoints|Server|Server-Timing|Set-Cookie|Strict-Transport-Security|Te|Trailer|Transfer-Encoding|Upgrade|` +
	`Vary|Via|X-Powered-By|X-Request-Id|X-Correlation-Id|X-Trace-Id|Traceparent|Tracestate|X-Robots-Tag|X-Runtime|Content-Security-Policy.*)$`)

func isUsual(header string) bool { return usual.MatchString(header) }
