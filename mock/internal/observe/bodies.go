package observe

import (
	"encoding/json"
	"mime"
	"net/url"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/tidwall/gjson"
)

// body notes a body. The content is what the contract has for it.
func (p *pass) body(bodies map[string]*body, contentType string, text []byte, content openapi3.Content) {
	media := p.mediaOf(contentType)
	b := bodies[media]
	if b == nil {
		schema := schemaOf(content, media)
		known := usualMedia.MatchString(media) || schema != nil
		if !known && !isMedia(media) || len(bodies) == MaxMedia {
			return
		}
		b = &body{known: known, at: p.places.of(schema), value: &node{}}
		bodies[media] = b
	}
	b.Count++
	b.Span.merge(Span{p.day, p.day})
	switch {
	case (media == "application/json" || strings.HasSuffix(media, "+json")) && json.Valid(text):
		p.note(b.value, gjson.ParseBytes(text), b.at, 0)
	case media == "application/x-www-form-urlencoded":
		p.noteFields(b.value, fieldsOf(string(text)), b.at.names)
	}
}

// schemaOf returns the schema that content has for a media type, which it may have with parameters, as application/json; charset=utf-8.
func schemaOf(content openapi3.Content, media string) *openapi3.Schema {
	found := content.Get(media)
	for known, of := range content {
		if plain, _, _ := strings.Cut(known, ";"); found == nil && strings.EqualFold(strings.TrimSpace(plain), media) {
			found = of
		}
	}
	if found == nil || found.Schema == nil {
		return nil
	}
	return found.Schema.Value
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
	if len(r.media) < MaxNames && len(contentType) <= maxName {
		r.media[contentType] = media
	}
	return media
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
