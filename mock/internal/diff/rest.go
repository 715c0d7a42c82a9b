package diff

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A rest compares what oasdiff leaves out.
type rest struct {
	name    string // of the contract
	prefix  string // of the paths
	changes []Change
}

// operation returns the name of an operation or, without a path, of the contract.
func (r *rest) operation(method, path string) string {
	if path == "" {
		return r.name
	}
	return strings.TrimSpace(strings.ToUpper(method) + " " + r.prefix + path)
}

func (r *rest) say(name string, breaking bool, format string, args ...any) {
	r.changes = append(r.changes, Change{name, fmt.Sprintf(format, args...), breaking})
}

func (r *rest) compare(before, after *openapi3.T) {
	r.servers(r.name, before.Servers, after.Servers)
	r.extensions(r.name, "the contract", before.Extensions, after.Extensions)
	r.flows(before, after)
	for _, path := range slices.Sorted(maps.Keys(before.Paths.Map())) {
		was, is := before.Paths.Value(path), after.Paths.Value(path)
		if is == nil {
			continue
		}
		for _, method := range slices.Sorted(maps.Keys(was.Operations())) {
			a, b := was.Operations()[method], is.Operations()[method]
			if b == nil {
				continue
			}
			name := r.operation(method, path)
			r.servers(name, serversOf(was, a), serversOf(is, b))
			r.security(name, securityOf(before, a), securityOf(after, b))
			r.extensions(name, "the operation", a.Extensions, b.Extensions)
			r.parameters(name, parametersOf(was, a), parametersOf(is, b))
			r.callbacks(name, a.Callbacks, b.Callbacks)
			r.errorCodes(name, a.Responses, b.Responses)
			if a.RequestBody != nil && b.RequestBody != nil {
				r.content(name, "the request body", requests, a.RequestBody.Value.Content, b.RequestBody.Value.Content)
				r.alsoAccepted(name, "the request body", requests, mediaTypesAlso(a.RequestBody.Value), mediaTypesAlso(b.RequestBody.Value))
				r.extensions(name, "the request body", a.RequestBody.Value.Extensions, b.RequestBody.Value.Extensions)
			}
			r.responses(name, a.Responses, b.Responses)
		}
	}
}

// A direction says who writes a value.
type direction bool

const (
	requests  direction = false
	responses direction = true
)

// content compares what oasdiff leaves out of a body.
func (r *rest) content(name, what string, way direction, before, after openapi3.Content) {
	for _, mediaType := range slices.Sorted(maps.Keys(before)) {
		a, b := before[mediaType], after[mediaType]
		if b == nil {
			continue
		}
		schemas{r, name, what, way, map[[2]*openapi3.Schema]bool{}}.compare("", a.Schema, b.Schema)
		for _, property := range keysOf(a.Encoding, b.Encoding) {
			was, is := canonical(a.Encoding[property]), canonical(b.Encoding[property])
			if was != is {
				r.say(name, true, "`%s` is sent in another way in `%s` of %s: %s, before %s", property, mediaType, what, orDefault(is), orDefault(was))
			}
		}
	}
}

func orDefault(encoding string) string {
	if encoding == "null" || encoding == "{}" {
		return "the default way"
	}
	return encoding
}

func (r *rest) responses(name string, before, after *openapi3.Responses) {
	// oasdiff compares those with a status.
	switch was, is := before.Default() != nil, after.Default() != nil; {
	case was && !is:
		r.say(name, false, "removed the response `default`")
	case !was && is:
		r.say(name, false, "added the response `default`")
	}
	for _, status := range slices.Sorted(maps.Keys(before.Map())) {
		is := after.Value(status)
		if is == nil {
			continue
		}
		a, b := before.Value(status).Value, is.Value
		r.content(name, "the response for the status `"+status+"`", responses, a.Content, b.Content)
		r.links(name, status, a.Links, b.Links)
		r.headers(name, status, a.Headers, b.Headers)
	}
}

// links compares where one can go on after a response. Stateful tools follow them.
func (r *rest) links(name, status string, before, after openapi3.Links) {
	for _, link := range keysOf(before, after) {
		a, b := before[link], after[link]
		if b == nil {
			r.say(name, true, "removed the link `%s` for the status `%s`", link, status)
			continue
		}
		if a == nil {
			r.say(name, false, "added the link `%s` for the status `%s`", link, status)
			continue
		}
		was, is := leaves(a.Value), leaves(b.Value)
		for _, leaf := range keysOf(was, is) {
			if was[leaf] != is[leaf] {
				r.say(name, true, "`%s` of the link `%s` is %s; it was %s for the status `%s`", leaf, link, orNone(is[leaf]), orNone(was[leaf]), status)
			}
		}
	}
}

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return "`" + value + "`"
}

// leaves returns the values in an object, by their paths with dots.
func leaves(of any) map[string]string {
	found := map[string]string{}
	var walk func(path string, value any)
	walk = func(path string, value any) {
		object, ok := value.(map[string]any)
		if !ok {
			found[path] = fmt.Sprint(value)
			return
		}
		for key, member := range object {
			if path != "" {
				key = path + "." + key
			}
			walk(key, member)
		}
	}
	var value any
	_ = json.Unmarshal([]byte(canonical(of)), &value) // is JSON
	walk("", value)
	return found
}

func (r *rest) headers(name, status string, before, after openapi3.Headers) {
	for _, header := range slices.Sorted(maps.Keys(before)) {
		if after[header] == nil {
			continue
		}
		a, b := before[header].Value, after[header].Value
		if !a.Required && b.Required {
			r.say(name, false, "the response header `%s` is always sent for the status `%s`", header, status)
		}
		if was, is := styleOf(openapi3.ParameterInHeader, &a.Parameter), styleOf(openapi3.ParameterInHeader, &b.Parameter); was != is {
			r.say(name, true, "the response header `%s` is written in the style %s for the status `%s`; before in %s", header, is, status, was)
		}
		r.mediaTypes(name, "header", header, &a.Parameter, &b.Parameter)
		what := fmt.Sprintf("the response header `%s` for the status `%s`", header, status)
		schemas{r, name, what, responses, map[[2]*openapi3.Schema]bool{}}.compare("", a.Schema, b.Schema)
	}
}

// callbacks compares the requests that the API sends.
func (r *rest) callbacks(name string, before, after openapi3.Callbacks) {
	for _, callback := range keysOf(before, after) {
		a, b := before[callback], after[callback]
		switch {
		case b == nil:
			r.say(name, true, "removed the callback `%s`", callback)
		case a == nil:
			r.say(name, false, "added the callback `%s`", callback)
		case canonical(a.Value) != canonical(b.Value):
			r.say(name, true, "the callback `%s` changed (callbacks are compared only as a whole)", callback)
		}
	}
}

const (
	supersededExtension   = "x-superseded"
	alsoAcceptedExtension = "x-also-accepts"
	ignoringExtension     = "x-unknown-parameters"
)

// alsoAccepted compares the further forms of a value that the contract does not offer to new clients. In a response, they are forms that
// clients have to read.
func (r *rest) alsoAccepted(name, what string, way direction, before, after []any) {
	was, is := canonical(before), canonical(after)
	switch {
	case was == is:
	case len(before) == 0:
		r.say(name, way == responses, "%s may also be %s", what, is)
	case len(after) == 0:
		r.say(name, way == requests, "%s may not be %s any more", what, was)
	default:
		breaks := !(way == requests && allowsMore(before, after) || way == responses && allowsMore(after, before))
		r.say(name, breaks, "%s may also be %s; before %s", what, is, was)
	}
}

// narrowing are the keywords of a schema without which it allows more.
var narrowing = []string{"enum", "exclusiveMaximum", "exclusiveMinimum", "format", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum",
	"multipleOf", "pattern", "uniqueItems"}

// allowsMore reports whether a further form only lost keywords, so that it allows at least what it allowed before.
func allowsMore(before, after []any) bool {
	if len(before) != 1 || len(after) != 1 {
		return false
	}
	was, isSchema := before[0].(map[string]any)
	is, areSchemas := after[0].(map[string]any)
	if !isSchema || !areSchemas {
		return false
	}
	for keyword := range is {
		if canonical(was[keyword]) != canonical(is[keyword]) {
			return false
		}
	}
	for keyword := range was {
		if _, stayed := is[keyword]; !stayed && !slices.Contains(narrowing, keyword) {
			return false
		}
	}
	return true
}

// mediaTypesAlso returns the further media types of a body.
func mediaTypesAlso(body *openapi3.RequestBody) []any {
	also, _ := body.Extensions[alsoAcceptedExtension].([]any)
	return also
}

// ourExtension reports whether tools of this module read an extension: superseded names and further forms are compared, sources are prose,
// and what the others do shows in the Go API.
func ourExtension(name string) bool {
	return slices.Contains([]string{supersededExtension, alsoAcceptedExtension, "x-provenance", "x-source", "x-deprecated-reason", "x-omitempty", "x-omitzero"}, name) ||
		strings.HasPrefix(name, "x-go-") || strings.HasPrefix(name, "x-oapi-codegen-")
}

func (r *rest) extensions(name, what string, before, after map[string]any) {
	for _, extension := range keysOf(before, after) {
		if ourExtension(extension) {
			continue
		}
		_, was := before[extension]
		_, is := after[extension]
		ignored := func(value any) bool { return extension == ignoringExtension && value == "ignored" }
		switch {
		case ignored(before[extension]) && !ignored(after[extension]):
			r.say(name, true, "%s refuses parameters that it does not have, which it ignored before", what)
		case !ignored(before[extension]) && ignored(after[extension]):
			r.say(name, false, "%s ignores parameters that it does not have, which it refused before", what)
		case !is:
			r.say(name, false, "removed the extension `%s` of %s", extension, what)
		case !was:
			r.say(name, false, "added the extension `%s` to %s", extension, what)
		case canonical(before[extension]) != canonical(after[extension]):
			r.say(name, false, "the extension `%s` of %s has another value", extension, what)
		}
	}
}

// keysOf returns the keys of two maps, in order.
func keysOf[V any](a, b map[string]V) []string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]V{}
	}
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

// canonical returns a value of a contract as JSON, without prose and examples. Equal values have equal texts.
func canonical(of any) string {
	text, err := json.Marshal(of)
	if err != nil {
		return err.Error()
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return err.Error()
	}
	text, _ = json.Marshal(withoutProse(value)) // was JSON
	return string(text)
}

func withoutProse(value any) any {
	switch value := value.(type) {
	case []any:
		for i := range value {
			value[i] = withoutProse(value[i])
		}
	case map[string]any:
		for key, member := range value {
			_, isText := member.(string)
			switch {
			case isText && (key == "description" || key == "summary" || key == "title"), key == "example", key == "examples", key == "tags", key == "deprecated",
				ourExtension(key) && key != supersededExtension && key != alsoAcceptedExtension:
				delete(value, key)
			default:
				value[key] = withoutProse(member)
			}
		}
	}
	return value
}
