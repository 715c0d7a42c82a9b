package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// CheckRequest returns everything that is wrong with a request for the operation, the most telling first. It takes the body as an
// argument, and neither reads nor changes that of the request. It does not check whether a key or token is good, only that there is one
// where the operation needs it.
func (op *Operation) CheckRequest(r *http.Request, body []byte) []Violation {
	return op.ReadRequest(r, body).Violations
}

// Request is a request that was read and checked.
type Request struct {
	Body       []byte      // with everything at its present place, and in the media type that the description offers
	Header     http.Header // for Body
	Moved      []Moved     // what the request has under superseded names
	Violations []Violation // as CheckRequest returns them
}

// ReadRequest checks a request as CheckRequest does, and brings its body into the present form.
func (op *Operation) ReadRequest(r *http.Request, body []byte) Request {
	found := op.inRequest()
	op.checkSecurity(found, r)
	b, err := op.readRequestBody(r.Header, body)
	if err != nil {
		found.add("", err.Error(), op.Place+"/requestBody")
		return Request{Body: body, Header: r.Header, Violations: found.violations}
	}
	fields := fieldsOf(r.Header, b.text)
	op.checkForm(found, fields, b)
	op.checkQuery(found, r.URL.RawQuery)
	op.checkParameterTexts(found, r)
	op.checkFieldTexts(found, fields, b.schema)
	invalid := op.validate(r, b.text, b.checkedHere(r.Header))
	b.checkNames(found) // an unknown name comes first, because it explains why the right one is missing
	if invalid != nil {
		found.explainRequest(invalid)
	}
	b.checkValue(found)
	if found.modernised {
		if text, err := json.Marshal(b.value); err == nil { // it was JSON before
			body = text
		}
	}
	read := Request{Body: body, Header: r.Header, Moved: found.moved(), Violations: found.violations}
	if form, ok := asForm(op.Spec(), r.Header, body); ok {
		read.Body, read.Header = []byte(form), r.Header.Clone()
		read.Header.Set("Content-Type", mediaForm)
	}
	return read
}

// CheckRequestHead checks a request for the operation except for its body.
func (op *Operation) CheckRequestHead(r *http.Request) []Violation {
	found := op.inRequest()
	op.checkSecurity(found, r)
	op.checkQuery(found, r.URL.RawQuery)
	op.checkParameterTexts(found, r)
	if err := op.validate(r, nil, true); err != nil {
		found.explainRequest(err)
	}
	return found.violations
}

// requestBody is the body of a request, and how it is checked. JSON is decoded here and not by the validator, which knows nothing of
// unknown and duplicate names; what is not JSON is left to the validator.
type requestBody struct {
	op       *Operation
	text     []byte
	known    bool             // whether the contract has its Content-Type
	schema   *openapi3.Schema // for its Content-Type; nil when the contract has none
	accepted bool             // by a rule
	value    any              // decoded, if no rule accepts it
}

// readRequestBody fails if the body should be JSON and is not.
func (op *Operation) readRequestBody(header http.Header, text []byte) (b requestBody, err error) {
	if op.Spec().RequestBody == nil {
		text = nil // it has no meaning (RFC 9110 section 9.3.1)
	}
	b = requestBody{op: op, text: text}
	b.schema, b.known = op.bodySchema(header)
	if !isJSON(header) || len(text) == 0 {
		return b, nil
	}
	if b.accepted = op.rules.Accepts(b.schema, text); !b.accepted {
		b.value, err = decodeJSON(text)
	}
	return b, err
}

// decoded reports whether the value was decoded and there is a schema to check it with.
func (b *requestBody) decoded() bool { return b.schema != nil && b.value != nil }

// checkedHere reports whether nothing is left for the validator of whole requests. It cannot read every type of the contract, such as
// image/png, and would refuse what it cannot read.
func (b *requestBody) checkedHere(header http.Header) bool {
	return b.accepted || b.decoded() || len(b.text) > 0 && b.known && openapi3filter.RegisteredBodyDecoder(mediaType(header)) == nil
}

// checkNames finds duplicate names, unknown ones, and values that are given in two places. It moves what has a superseded name.
func (b *requestBody) checkNames(found *findings) {
	if b.value != nil {
		found.findDuplicates(b.text, b.op.Place+"/requestBody")
	}
	if b.decoded() {
		found.modernise(b.schema, b.value, nil)
		found.findUnknown(b.schema, b.value, nil)
	}
}

// checkValue checks a decoded value with its schema.
func (b *requestBody) checkValue(found *findings) {
	if !b.decoded() {
		return
	}
	if err := b.schema.VisitJSON(b.value, append(checkFormats, openapi3.VisitAsRequest(), openapi3.MultiErrors())...); err != nil {
		found.explainSchemas("", schemaErrors(err))
	}
}

// checkForm finds fields of a form that are given more than once and are no lists, which the validator overlooks, and fields that the
// contract does not have. The endpoints of OAuth 2.0 ignore unknown fields as they ignore unknown names in the query.
func (op *Operation) checkForm(found *findings, fields map[string][]string, b requestBody) {
	if len(fields) == 0 || b.schema == nil {
		return
	}
	known := propertiesOf(b.schema)
	if len(fields) > maxQueryNames { // every unknown name is compared with all known ones
		found.add("", fmt.Sprintf("the form has more than %d names", maxQueryNames), op.Place+"/requestBody")
		return
	}
	for _, name := range sorted(fields) {
		property := known[name]
		switch {
		case property != nil || len(known) == 0 || op.ignores(name, sorted(known)):
		case op.Spec().Extensions[ignoring] != nil: // of OAuth 2.0, which calls them parameters
			op.checkUnknownParameter(found, name, sorted(known), op.Place+"/requestBody")
		default:
			found.findUnknown(b.schema, map[string]any{name: nil}, nil)
		}
		if len(fields[name]) > 1 && (property == nil || !takesMany(property.Value)) {
			shown := found.shown(name)
			found.add(pointer(shown), shown[0]+" is given more than once", op.Place+"/requestBody")
		}
	}
}

// validate lets the validator check the parameters of a request, and its body unless bodyDone.
func (op *Operation) validate(r *http.Request, body []byte, bodyDone bool) error {
	if bodyDone && len(op.parameters) == 0 {
		return nil
	}
	copied := *r
	copied.Body = io.NopCloser(bytes.NewReader(body))
	return openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request:    &copied,
		PathParams: op.PathValues(r.URL),
		Route:      op.route,
		Options: &openapi3filter.Options{
			AuthenticationFunc:      openapi3filter.NoopAuthenticationFunc,
			SkipSettingDefaults:     true,
			KeepValidatedValue:      true,
			MultiError:              true,
			ExcludeRequestBody:      bodyDone,
			SchemaValidationOptions: checkFormats,
		},
	})
}

// checkSecurity finds that a request shows nothing for the security schemes of the operation.
func (op *Operation) checkSecurity(found *findings, r *http.Request) {
	if op.keyless {
		return // if there is something, the server knows better what is wrong with it
	}
	at := op.Place + "/security"
	if op.Spec().Security == nil {
		at = "#/security"
	}
	if place, message := missing(op.alternatives, r); message != "" {
		found.add(place, message, at)
	}
}
