package drift

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/examples"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/sample"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Answer is what a mock answers.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Change returns an answer of an operation of Contract as the API that was observed gives it. It may change the header in place. What is
// made up is the same for the same stream.
func (d *Drift) Change(op *spec.Operation, stream uint64, turns *Turns, answer Answer) Answer {
	if d == nil {
		return answer
	}
	of, ok := d.changes[op]
	if !ok {
		return answer
	}
	a := answering{chooser: chooser{d.seed, stream, turns}, change: of, drift: d, Answer: answer, at: spot{hash(0, op.ID), hash(stream, op.ID)}}
	a.chooseStatus()
	a.at = a.at.below(strconv.Itoa(a.Status))
	a.documented, a.described = nil, of.is.Response(a.Status)
	if of.was != nil {
		a.documented = of.was.Response(a.Status)
	}
	if of.seen != nil {
		a.seen = of.seen.Responses[strconv.Itoa(a.Status)]
	}
	if a.described != nil {
		a.changeHeaders()
		a.changeBody()
	}
	return a.Answer
}

// answering is an answer that is being changed.
type answering struct {
	Answer
	chooser
	change

	drift      *Drift
	at         spot
	documented *openapi3.Response // what the contract has for the status; nil for a status that it does not have
	described  *openapi3.Response // what the contract with the differences has
	seen       *observe.Response  // nil if the status was not seen
}

// ofItsOwn are the statuses of the 4xx that do not say that the operation refuses something: they are about the key, the method, what
// is accepted, the size of a request, or how many there are. None takes the place of another status, and none takes theirs.
var ofItsOwn = []int{http.StatusUnauthorized, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge,
	http.StatusUnsupportedMediaType, http.StatusTooManyRequests, http.StatusRequestHeaderFieldsTooLarge}

// class returns the class in which a status may take the place of another one, or 0.
func class(status int) int {
	if status >= http.StatusInternalServerError || slices.Contains(ofItsOwn, status) {
		return 0
	}
	return status / 100
}

// isKnown reports whether so many messages had something that its names were kept. Before, little is known of it.
func isKnown(count int64) bool { return count >= observe.Shared }

// chooseStatus lets statuses that the contract does not have take their turns.
func (a *answering) chooseStatus() {
	if a.change.seen == nil || class(a.Status) == 0 {
		return
	}
	var statuses []int
	var weights []int64
	total := int64(0)
	for _, text := range slices.Sorted(maps.Keys(a.change.seen.Responses)) {
		status, _ := strconv.Atoi(text) // a file has only numbers there
		if class(status) != class(a.Status) {
			continue
		}
		count := a.change.seen.Responses[text].Count
		total += count
		if (a.was == nil || a.was.Response(status) == nil) && a.is.Response(status) != nil && isKnown(count) {
			statuses, weights = append(statuses, status), append(weights, count)
		}
	}
	if i := a.among(a.at, fmt.Sprintf("status %dxx", a.Status/100), weights, total); i >= 0 {
		a.Status = statuses[i]
	}
}

// changeHeaders adds headers that the contract does not have, and leaves out those that it requires and that were not always there.
func (a *answering) changeHeaders() {
	if a.seen == nil {
		return
	}
	for _, given := range slices.Sorted(maps.Keys(a.described.Headers)) {
		described, name := a.described.Headers[given].Value, http.CanonicalHeaderKey(given)
		count := a.seen.Headers[name].Count()
		documented := headerOf(a.documented, name)
		switch {
		case documented != nil:
			if documented.Required && !described.Required && a.happens(a.at, "no header "+name, a.seen.Count-count, a.seen.Count) {
				a.Header.Del(name)
			}
		case a.Header.Get(name) == "" && described.Example != nil && a.happens(a.at, "header "+name, count, a.seen.Count):
			a.Header.Set(name, fmt.Sprint(described.Example))
		}
	}
}

// headerOf returns what a contract says about a header of a response, or nil.
func headerOf(response *openapi3.Response, name string) *openapi3.Header {
	if response != nil {
		for given, header := range response.Headers {
			if http.CanonicalHeaderKey(given) == name {
				return header.Value
			}
		}
	}
	return nil
}

// changeBody lets media types that the contract does not have take their turns, and changes what is JSON.
func (a *answering) changeBody() {
	is, media := a.chooseMedia()
	if is == nil {
		return
	}
	isNew := a.documentedMedia(media) == nil
	switch real, err := decode(a.Body); {
	case !isJSON(media) && isNew:
		a.writeExample(media, is)
	case isJSON(media) && (err == nil || isNew) && is.Schema != nil:
		a.changeJSON(media, real, err == nil, is)
	}
}

// chooseMedia returns the media type of the answer and what is said about it; nil if there is nothing to change.
func (a *answering) chooseMedia() (is *openapi3.MediaType, name string) {
	current, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if a.documented == nil && len(a.described.Content) == 0 {
		a.Header.Del("Content-Type")
		a.Body = nil
		return nil, ""
	}
	if a.seen == nil {
		return a.described.Content.Get(current), current
	}
	var fresh []string
	var weights []int64
	total := a.seen.Count
	if a.documented == nil {
		total = 0 // it is one of these
	}
	for _, media := range slices.Sorted(maps.Keys(a.seen.Bodies)) {
		if a.described.Content.Get(media) != nil && a.documentedMedia(media) == nil && (a.documented == nil || isKnown(a.seen.Bodies[media].Count)) {
			fresh, weights = append(fresh, media), append(weights, a.seen.Bodies[media].Count)
		}
	}
	if i := a.among(a.at, "media type", weights, total); i >= 0 {
		current = fresh[i]
	}
	return a.described.Content.Get(current), current
}

func (a *answering) documentedMedia(name string) *openapi3.MediaType {
	if a.documented == nil {
		return nil
	}
	return a.documented.Content.Get(name)
}

// writeExample answers with what the contract with the differences has.
func (a *answering) writeExample(name string, media *openapi3.MediaType) {
	example, ok := sample.Example(media, "")
	if !ok {
		return
	}
	if text, contentType, err := examples.Body(name, media, example); err == nil {
		a.Body = text
		a.Header.Set("Content-Type", contentType)
	}
}

// changeJSON changes a body of JSON, or makes one up if the mock has none.
func (a *answering) changeJSON(name string, real any, has bool, media *openapi3.MediaType) {
	is := schema{media.Schema.Value, a.drift.contract}
	was := schema{nil, a.drift.was}
	if documented := a.documentedMedia(name); documented != nil {
		if documented.Schema == nil {
			return
		}
		was = was.with(documented.Schema.Value)
	} else {
		a.Header.Set("Content-Type", name)
	}
	var seen *observe.Value
	if a.seen != nil && a.seen.Bodies[name] != nil {
		seen = a.seen.Bodies[name].Value
	}
	changed, ok := any(nil), false
	if !has || a.was == nil && a.Status < http.StatusBadRequest { // an operation that the contract does not have answers with an example
		changed, ok = a.make(is, seen, a.at)
	}
	if !ok {
		changed = a.value(real, was, is, seen, a.at)
	}
	if object, isObject := changed.(map[string]any); isObject && seen != nil && a.Status >= http.StatusBadRequest {
		a.changeCodes(object, is, seen)
	}
	if reflect.DeepEqual(changed, real) {
		return // so that its bytes stay as they are
	}
	if text, err := json.Marshal(changed); err == nil {
		a.Body = append(text, '\n')
	}
}

// changeCodes lets codes of errors that the contract does not have take their turns. An error that has its code under two names has the
// same under both.
func (a *answering) changeCodes(object map[string]any, is schema, seen *observe.Value) {
	words, strings := map[string]int64{}, int64(0)
	for _, name := range examples.CodeNames {
		if value := seen.Properties[name]; value != nil && value.Types["string"] > strings {
			words, strings = value.Words, value.Types["string"]
		}
	}
	code, ok := a.word(words, strings, func(word string) bool { return slices.Contains(a.drift.codes, word) }, a.at)
	if !ok {
		return
	}
	for _, name := range examples.CodeNames {
		if _, isText := object[name].(string); isText && is.property(name).allows(code) {
			object[name] = code
		}
	}
}

func isJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

func decode(body []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	err := decoder.Decode(&value)
	return value, err
}
