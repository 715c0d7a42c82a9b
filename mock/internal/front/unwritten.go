package front

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

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
	b, err := h.bodyFor(in, response, "")
	if err != nil {
		return err
	}
	return h.writeFromContract(w, in, status, response, b)
}

// body is what a response says; without a type it says nothing.
type body struct{ contentType, text string }

var errNoExample = errors.New("there is no such example")

// bodyFor returns the body of a response by the contract: the named example, or, without a name, the first one, or else
// one that is made up.
func (h *Handler) bodyFor(in *Incoming, response *openapi3.Response, name string) (body, error) {
	for _, contentType := range sample.ContentTypes(response.Content) {
		media := response.Content[contentType]
		value, ok := sample.Example(media, name)
		switch {
		case !ok && name != "":
			continue
		case !ok && media.Schema != nil:
			var err error
			if value, err = h.makeUp(in, media.Schema.Value); err != nil {
				return body{}, fmt.Errorf("no answer of %s can be made up: %w; give it an example in openapi.yaml", in.Op.ID, err)
			}
		}
		if text, isText := value.(string); isText && !strings.Contains(contentType, "json") {
			return body{contentType, text}, nil
		}
		text, err := json.Marshal(value)
		return body{contentType, string(text)}, err
	}
	if name != "" {
		return body{}, errNoExample
	}
	return body{}, nil
}

// makeUp returns a value for a schema, the same for the same request. Properties with the name of a parameter of the path
// have its value, where they may.
func (h *Handler) makeUp(in *Incoming, schema *openapi3.Schema) (any, error) {
	stream := fnv.New64a()
	_, _ = fmt.Fprintf(stream, "%s %s\n%s", in.Op.Method, in.Request.URL.RequestURI(), in.body) // it cannot fail
	return sample.Value(schema, h.Seed, stream.Sum64(), in.Op.PathValues(in.Request.URL))
}

// writeFromContract writes a response with the headers that the contract has an example for, or asks for.
func (h *Handler) writeFromContract(w http.ResponseWriter, in *Incoming, status int, response *openapi3.Response, b body) error {
	for name, header := range response.Headers {
		value := header.Value.Example
		if value == nil && header.Value.Required && header.Value.Schema != nil {
			var err error
			if value, err = h.makeUp(in, header.Value.Schema.Value); err != nil {
				return fmt.Errorf("the header %s of %s cannot be made up: %w; give it an example in openapi.yaml", name, in.Op.ID, err)
			}
		}
		if value != nil {
			w.Header().Set(name, fmt.Sprint(value))
		}
	}
	if b.contentType != "" {
		w.Header().Set("Content-Type", b.contentType)
	}
	w.WriteHeader(status)
	_, err := w.Write([]byte(b.text))
	return err
}
