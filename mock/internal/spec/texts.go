package spec

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
)

// checkParameterTexts finds what the validator takes for a value although it is none: "1" for true, or bytes that are not UTF-8. It also
// finds headers and cookies that are there several times, of which the validator reads the first.
func (op *Operation) checkParameterTexts(found *findings, r *http.Request) {
	if len(op.parameters) == 0 {
		return
	}
	query := r.URL.Query()
	for _, name := range sorted(query) {
		if parameter := op.queryParameter(name); parameter != nil && parameter.Schema != nil {
			if what := inexact(query[name], memberSchema(parameter, name)); what != "" {
				found.addInexact(parameter.Name, parameter.Name+what, op.parameterPlace(parameter)+"/schema")
			}
		}
	}
	inPath := op.PathValues(r.URL)
	for _, ref := range op.parameters {
		parameter := ref.Value
		var texts []string
		switch parameter.In {
		case openapi3.ParameterInPath:
			if text := inPath[parameter.Name]; utf8.ValidString(text) || op.canRefuse() { // others find nothing by such a name
				texts = []string{text}
			}
		case openapi3.ParameterInHeader:
			texts = r.Header.Values(parameter.Name)
		case openapi3.ParameterInCookie:
			for _, cookie := range r.CookiesNamed(parameter.Name) {
				texts = append(texts, cookie.Value)
			}
		}
		if len(texts) > 1 && (parameter.Schema == nil || !takesMany(parameter.Schema.Value)) {
			found.add(parameter.Name, parameter.Name+" is given more than once", op.parameterPlace(parameter))
		}
		if parameter.Schema == nil {
			continue
		}
		if what := inexact(texts, parameter.Schema.Value); what != "" {
			found.addInexact(parameter.Name, parameter.Name+what, op.parameterPlace(parameter)+"/schema")
		}
	}
}

// memberSchema returns the schema for what a query has under a name: that of the parameter, or of a property of it.
func memberSchema(parameter *openapi3.Parameter, name string) *openapi3.Schema {
	schema := parameter.Schema.Value
	if name == parameter.Name {
		return schema
	}
	member := strings.TrimSuffix(strings.TrimPrefix(name, parameter.Name+"["), "]")
	if property := propertiesOf(schema)[member]; property != nil {
		return property.Value
	}
	return schema
}

// checkFieldTexts is checkParameterTexts for the fields of a form.
func (op *Operation) checkFieldTexts(found *findings, fields map[string][]string, schema *openapi3.Schema) {
	if len(fields) == 0 || schema == nil {
		return
	}
	properties := propertiesOf(schema)
	for _, name := range sorted(fields) {
		if property := properties[name]; property != nil {
			if what := inexact(fields[name], property.Value); what != "" {
				found.addInexact(pointer([]string{name}), name+what, op.keyword(property.Value, "type"))
			}
		}
	}
}

// addInexact adds that a text is not written as its schema asks for. The validator may find more of it, which is not said.
func (f *findings) addInexact(at, message, place string) {
	f.add(at, message, place)
	if f.inexact == nil {
		f.inexact = map[string]bool{}
	}
	f.inexact[at] = true
}
