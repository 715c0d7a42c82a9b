// Package examples makes requests of the examples that a contract has: what a client of each operation would send, byte for byte. It
// sends nothing, and it takes keys and tokens from its caller, because a contract has none.
package examples

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/runtime"

	"github.com/seed-a13ee279/picket/mock/internal/sample"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Request is an example of a request.
type Request struct {
	Name   string // of the example of its body, which is empty when there is no body or it was made up
	Media  string // the media type of the body, as the contract has it
	Path   string // with the base path, and not escaped any further
	Query  []string
	Header http.Header
	Body   []byte
}

// Requests returns the examples of an operation: one for each named example of its body, or one without a body. Each has all parameters
// that have an example. What is required and has none is made up.
func Requests(op *spec.Operation) ([]Request, error) {
	bare := Request{Path: op.Path, Header: http.Header{}}
	for _, ref := range op.Parameters() {
		if err := bare.add(ref.Value); err != nil {
			return nil, fmt.Errorf("the parameter %s of %s: %w", ref.Value.Name, op.ID, err)
		}
	}
	body := op.Spec().RequestBody
	if body == nil {
		return []Request{bare}, nil
	}
	var all []Request
	for _, mediaType := range spec.RequestTypes(op.Spec()) {
		media := body.Value.Content[mediaType]
		names := sample.ExampleNames(media)
		if len(names) == 0 {
			names = []string{""}
		}
		for _, name := range names {
			r := bare
			r.Name, r.Media, r.Header = name, mediaType, bare.Header.Clone()
			value, err := valueOf(media, name)
			if err == nil {
				var contentType string
				r.Body, contentType, err = Body(mediaType, media, value)
				r.Header.Set("Content-Type", contentType)
			}
			if err != nil {
				return nil, fmt.Errorf("the %s body of %s: %w", mediaType, op.ID, err)
			}
			all = append(all, r)
		}
	}
	return all, nil
}

// valueOf returns an example, or a value that is made up when there is none.
func valueOf(media *openapi3.MediaType, name string) (any, error) {
	if value, ok := sample.Example(media, name); ok {
		return value, nil
	}
	if media.Schema == nil {
		return "", nil
	}
	return sample.Value(media.Schema.Value, 0, 0, nil)
}

// add adds a parameter, if it has an example or is required.
func (r *Request) add(p *openapi3.Parameter) error {
	media := mediaOf(p)
	if _, ok := sample.Example(media, ""); !ok && !p.Required && p.In != openapi3.ParameterInPath {
		return nil
	}
	value, err := valueOf(media, "")
	if err != nil {
		return err
	}
	text, err := r.styled(p, value)
	if err != nil {
		return err
	}
	switch p.In {
	case openapi3.ParameterInPath:
		r.Path = strings.ReplaceAll(r.Path, "{"+p.Name+"}", text)
	case openapi3.ParameterInQuery:
		r.Query = append(slices.Clip(r.Query), text)
	case openapi3.ParameterInCookie:
		r.Header.Add("Cookie", (&http.Cookie{Name: p.Name, Value: text}).String())
	default:
		r.Header.Set(p.Name, text)
	}
	return nil
}

// styled returns the value of a parameter as it is sent, for a query together with its name.
func (r *Request) styled(p *openapi3.Parameter, value any) (string, error) {
	if p.Schema == nil {
		text, err := asJSON(value)
		if p.In == openapi3.ParameterInQuery {
			text = url.QueryEscape(p.Name) + "=" + url.QueryEscape(text)
		}
		return text, err
	}
	how, err := p.SerializationMethod()
	if err != nil {
		return "", err
	}
	places := map[string]runtime.ParamLocation{
		openapi3.ParameterInPath: runtime.ParamLocationPath, openapi3.ParameterInQuery: runtime.ParamLocationQuery,
		openapi3.ParameterInHeader: runtime.ParamLocationHeader, openapi3.ParameterInCookie: runtime.ParamLocationCookie,
	}
	text, err := runtime.StyleParamWithOptions(how.Style, how.Explode, p.Name, value, runtime.StyleParamOptions{ParamLocation: places[p.In]})
	switch p.In {
	case openapi3.ParameterInCookie:
		text = strings.TrimPrefix(text, p.Name+"=")
	case openapi3.ParameterInQuery:
		text = strings.ReplaceAll(text, " ", "%20") // which the style spaceDelimited leaves as it is
	}
	return text, err
}

// URL returns the path and the query.
func (r Request) URL() string {
	if len(r.Query) == 0 {
		return r.Path
	}
	return r.Path + "?" + strings.Join(r.Query, "&")
}

// Authorized returns the request with an API key or an access token, or both, as the first alternative that the operation has for that
// demands them. A key or token that is empty is left out.
func (r Request) Authorized(op *spec.Operation, key, token string) Request {
	r.Header, r.Query = r.Header.Clone(), slices.Clone(r.Query)
	alternatives, _ := op.Security()
	if len(alternatives) == 0 {
		return r
	}
	for _, scheme := range alternatives[0] {
		switch name := scheme.SecurityScheme.Name; {
		case scheme.IsBasic() && key != "":
			r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(key+":")))
		case scheme.IsBearer() && token != "":
			r.Header.Set("Authorization", "Bearer "+token)
		case !scheme.IsKey() || key == "":
		case scheme.In == openapi3.ParameterInQuery:
			r.Query = append(r.Query, url.QueryEscape(name)+"="+url.QueryEscape(key))
		case scheme.In == openapi3.ParameterInCookie:
			r.Header.Add("Cookie", (&http.Cookie{Name: name, Value: key}).String())
		default:
			r.Header.Set(name, key)
		}
	}
	return r
}
