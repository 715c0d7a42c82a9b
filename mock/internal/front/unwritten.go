package front

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/examples"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/sample"
	"github.com/seed-a13ee279/picket/mock/internal/unwritten"
)

// AnswerUnwritten answers a request whose operation returned an error. When the error is that the operation is not written,
// the answer is the first success that openapi.yaml has: its example, or else one that is made up from its schema.
func (h *Handler) AnswerUnwritten(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, unwritten.Error{}) {
		err = h.answerFirstSuccess(w, r)
	}
	if err != nil {
		in, status := incomingOf(r.Context()), refusal.Of(err).Status
		in.undocumented = status == http.StatusNotAcceptable && in.Op.Spec().Responses.Status(status) == nil
		h.Refuse(w, r, err)
	}
}

func (h *Handler) answerFirstSuccess(w http.ResponseWriter, r *http.Request) error {
	in := incomingOf(r.Context())
	if err := h.admit(w.Header(), in); err != nil { // a client that is left to the operation is not authenticated yet
		return err
	}
	status := sample.FirstSuccess(in.Op.Spec())
	if status == 0 {
		return fmt.Errorf("openapi.yaml has no success for %s", in.Op.ID)
	}
	response := in.Op.Spec().Responses.Status(status).Value
	b, err := h.bodyFor(in, status, response, "")
	if err != nil {
		return err
	}
	return h.writeFromContract(w, in, status, response, b)
}

// body is what a response says; without a type it says nothing.
type body struct {
	contentType string
	text        []byte
	chosen      bool // among several types, by what the request accepts
}

var errNoExample = errors.New("there is no such example")

// bodyFor returns the body of a response by the contract: the named example, or, without a name, the first one, or else
// one that is made up.
//
// Where a success has several media types, it is one that the request accepts. A single type is the answer whatever the request accepts,
// which RFC 9110 section 12.5.1 leaves to the server, and errors are for programs that read them in one form.
func (h *Handler) bodyFor(in *Incoming, status int, response *openapi3.Response, name string) (body, error) {
	mediaTypes := slices.DeleteFunc(sample.ContentTypes(response.Content), func(mediaType string) bool {
		_, ok := sample.Example(response.Content[mediaType], name)
		return name != "" && !ok
	})
	if len(mediaTypes) == 0 {
		if name != "" {
			return body{}, errNoExample
		}
		return body{}, nil
	}
	mediaType, chosen := mediaTypes[0], len(response.Content) > 1 && status < http.StatusBadRequest
	if chosen {
		accepted := Acceptable(in.Request.Header.Values("Accept"), mediaTypes)
		if len(accepted) == 0 {
			return body{}, refusal.NotAcceptable("the Accept header allows none of the media types that there are: %s", strings.Join(mediaTypes, ", "))
		}
		mediaType = accepted[0]
	}
	media := response.Content[mediaType]
	value, ok := sample.Example(media, name)
	if !ok && media.Schema != nil {
		var err error
		if value, err = h.makeUp(in, media.Schema.Value); err != nil {
			return body{}, fmt.Errorf("no answer of %s can be made up: %w; give it an example in openapi.yaml", in.Op.ID, err)
		}
	}
	text, contentType, err := examples.Body(mediaType, media, value)
	return body{contentType, text, chosen}, err
}

// makeUp returns a value for a schema, the same for the same request. Properties with the name of a parameter of the path
// have its value, where they may.
func (h *Handler) makeUp(in *Incoming, schema *openapi3.Schema) (any, error) {
	return sample.Value(schema, h.Seed, in.stream(), in.Op.PathValues(in.Request.URL))
}

// writeFromContract writes a response with the headers that the contract has an example for, or asks for.
func (h *Handler) writeFromContract(w http.ResponseWriter, in *Incoming, status int, response *openapi3.Response, b body) error {
	for name, header := range response.Headers {
		value, ok, err := examples.Header(header.Value, func(schema *openapi3.Schema) (any, error) { return h.makeUp(in, schema) })
		if err != nil {
			return fmt.Errorf("the header %s of %s cannot be made up: %w; give it an example in openapi.yaml", name, in.Op.ID, err)
		}
		if ok {
			w.Header().Set(name, value)
		}
	}
	if b.contentType != "" {
		w.Header().Set("Content-Type", b.contentType)
	}
	if b.chosen {
		w.Header().Add("Vary", "Accept")
	}
	w.WriteHeader(status)
	_, err := w.Write(b.text)
	return err
}
