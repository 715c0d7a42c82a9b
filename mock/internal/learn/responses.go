package learn

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

// proposeStatus proposes a response of a status that an operation does not have: that which other operations share for this status, if
// what was seen fits it, or else a new one.
func (l *learner) proposeStatus(op operation, status string, seen *observe.Response) {
	evidence := evidenceOf(source{operation: op.id}, seen.Span, seen.Count, op.seen.Count)
	says := op.id + ": a further status, " + statusWords(status)
	at := below(op.at, "responses")
	before := l.nextStatus(op, status)
	if shared := l.sharedResponse(status, seen); shared != "" {
		l.propose(at, says, evidence, func(d *yamledit.Document) error {
			return d.Add(at, status, ref(shared), before)
		})
		for media, body := range seen.Bodies {
			l.folded.schema(below(shared, "content", media, "schema"), body.Value, source{operation: op.id}, 0)
			l.foldCodes(source{operation: op.id}, below(shared, "content", media), body)
		}
		return
	}
	if seen.Count < observe.Shared && hasObjects(seen) {
		l.contradict(Contradiction{Place: at, Says: says + ", too rare to know what it looks like", Evidence: evidence})
		return
	}
	response, schemas := l.newResponse(op.id, status, seen, evidence)
	l.propose(at, says, evidence, func(d *yamledit.Document) error {
		if err := addSchemas(d, schemas); err != nil {
			return err
		}
		return d.Add(at, status, response, before)
	})
}

// hasObjects reports whether bodies of a response are objects.
func hasObjects(seen *observe.Response) bool {
	for _, body := range seen.Bodies {
		if body.Value != nil && body.Value.Types["object"] > 0 {
			return true
		}
	}
	return false
}

func statusWords(status string) string {
	code, _ := strconv.Atoi(status)
	if words := http.StatusText(code); words != "" {
		return status + " (" + words + ")"
	}
	return status
}

// nextStatus returns the status before which another one belongs, or "".
func (l *learner) nextStatus(op operation, status string) string {
	for _, other := range l.doc.keys(below(op.at, "responses")) {
		if other > status {
			return other
		}
	}
	return ""
}

// sharedResponse returns the response that other operations have for a status, if what was seen fits it, or "". Of several, it is the
// one with the name of the status, such as BadRequest, or else that of most operations.
func (l *learner) sharedResponse(status string, seen *observe.Response) string {
	code, _ := strconv.Atoi(status)
	if at := below("/components/responses", strings.ReplaceAll(http.StatusText(code), " ", "")); l.doc.object(at) != nil && l.fitsResponse(at, seen) {
		return at
	}
	uses := map[string]int{}
	for _, op := range l.doc.operations() {
		at := below(op.at, "responses", status)
		if to := l.doc.follow(at); to != at {
			uses[to]++
		}
	}
	best := ""
	for _, at := range slices.Sorted(maps.Keys(uses)) {
		if uses[at] > uses[best] && l.fitsResponse(at, seen) {
			best = at
		}
	}
	return best
}

func (l *learner) fitsResponse(at string, seen *observe.Response) bool {
	for name, header := range sortedMap(l.doc.object(below(at, "headers"))) {
		_ = header
		to := l.doc.follow(below(at, "headers", name))
		if l.doc.at(below(to, "required")) == true && seen.Headers[http.CanonicalHeaderKey(name)].Count() < seen.Count {
			return false
		}
	}
	for media, body := range seen.Bodies {
		schema := below(at, "content", media, "schema")
		if l.doc.object(schema) == nil || body.Value == nil {
			return false
		}
		fits := inference{doc: l.doc}.fits(schema, body.Value)
		declared := l.doc.declared(schema)
		for name := range body.Value.Properties {
			fits = fits && declared[name]
		}
		for _, name := range l.doc.required(schema) {
			fits = fits && body.Value.Properties[name].Count() == body.Value.Types["object"]
		}
		if !fits {
			return false
		}
	}
	return true
}

// namedSchema is a schema to add to the components.
type namedSchema struct {
	name   string
	schema *yaml.Node
}

func addSchemas(d *yamledit.Document, schemas []namedSchema) error {
	for _, s := range schemas {
		var err error
		switch {
		case d.Node("/components") == nil:
			err = d.Add("", "components", mapping("schemas", mapping(s.name, s.schema)), "")
		case d.Node("/components/schemas") == nil:
			err = d.Add("/components", "schemas", mapping(s.name, s.schema), "")
		default:
			err = d.Add("/components/schemas", s.name, s.schema, "")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// newResponse makes a response of what was seen, and the schemas that it refers to.
func (l *learner) newResponse(id, status string, seen *observe.Response, evidence Evidence) (*yaml.Node, []namedSchema) {
	name := pascal(id) + "Response"
	if status[0] != '2' {
		name = pascal(id) + status + "Response"
	}
	headers := mapping()
	for header, value := range sortedMap(seen.Headers) {
		add(headers, header, l.header(value, evidenceOf(source{operation: id}, value.Span, value.Count(), seen.Count)))
	}
	content, schemas := l.content(name, seen.Bodies, evidence, status)
	response := mapping("description", text(unknownMeaning))
	if status[0] != '2' || len(content.Content) == 0 {
		response = mapping("description", text(unknownMeaning), "x-provenance", text("observed"), "x-source", quoted(evidence.source()))
	}
	if len(headers.Content) > 0 {
		add(response, "headers", headers)
	}
	if len(content.Content) > 0 {
		add(response, "content", content)
	}
	return response, schemas
}

// content makes the content of a message of what was seen. A schema that the contract does not have gets a name.
func (l *learner) content(name string, bodies map[string]*observe.Body, evidence Evidence, status string) (*yaml.Node, []namedSchema) {
	content := mapping()
	var schemas []namedSchema
	for media, body := range sortedMap(bodies) {
		schema := mapping("type", text("string"))
		switch {
		case body.Value != nil:
			if schema = bare(inference{l.doc, status != ""}.schema(body.Value)); indexOf(schema, "$ref") >= 0 {
				break
			}
			for l.doc.object(below("/components/schemas", name)) != nil || l.named[name] {
				name += "Observed"
			}
			l.named[name] = true
			schemas = append(schemas, namedSchema{name, described(schema, evidence)})
			schema = ref(below("/components/schemas", name))
		case !strings.HasPrefix(media, "text/"):
			add(schema, "format", text("binary"))
		}
		add(content, media, mapping("schema", schema, "examples", l.examples(schema, schemas, body, status)))
	}
	return content, schemas
}

// reference returns the reference of which a schema consists, or nil.
func reference(schema *yaml.Node) *yaml.Node {
	if len(schema.Content) == 2 && schema.Content[0].Value == "allOf" {
		return schema.Content[1].Content[0]
	}
	return nil
}

// examples makes the example that each body of the contract needs.
func (l *learner) examples(schema *yaml.Node, schemas []namedSchema, body *observe.Body, status string) *yaml.Node {
	value := l.doc.sample(schema, schemas)
	if object, ok := value.(map[string]any); ok && isError(status) && body.Value != nil {
		code, _ := strconv.Atoi(status)
		if _, ok := object["msg"].(string); ok {
			object["msg"] = strings.ToLower(http.StatusText(code))
		}
		for _, name := range []string{"code", "error"} {
			if v := body.Value.Properties[name]; v != nil && len(v.Words) > 0 {
				object[name] = slices.Sorted(maps.Keys(v.Words))[0]
			}
		}
	}
	return mapping("observed", mapping("summary", text("Made up from the types that were seen"), "value", valueNode(value)))
}

// proposeHeaders proposes the headers that the contract does not have, and that those it has need not be there.
func (l *learner) proposeHeaders() {
	for at, seen := range sortedMap(l.folded.headers) {
		if l.doc.object(at) != nil {
			if missing := seen.evidence.Of - seen.evidence.Count; missing > 0 && l.doc.at(below(at, "required")) == true {
				evidence := seen.evidence
				evidence.Count = missing
				l.propose(below(at, "required"), subject(at)+": may be missing", evidence, func(d *yamledit.Document) error {
					return d.Replace(below(at, "required"), boolean(false))
				})
			}
			continue
		}
		response, name := cut(at, "/headers/")
		made := l.header(seen.value, seen.evidence)
		l.propose(below(response, "headers"), subject(response)+": a further header, "+name, seen.evidence, func(d *yamledit.Document) error {
			if d.Node(below(response, "headers")) != nil {
				return d.Add(below(response, "headers"), name, made, "")
			}
			before := ""
			if d.Node(below(response, "content")) != nil {
				before = "content"
			}
			return d.Add(response, "headers", mapping(name, made), before)
		})
	}
}

// cut splits a pointer at the last occurrence of a keyword.
func cut(at, keyword string) (owner, name string) {
	i := strings.LastIndex(at, keyword)
	return at[:i], unescape(at[i+len(keyword):])
}

// header makes a header of what was seen. It is never required: what stands before the API may have added it.
func (l *learner) header(value *observe.Value, evidence Evidence) *yaml.Node {
	schema := mapping("type", text("string"))
	example := "observed"
	switch all := value.Types["string"]; {
	case value.Formats[observe.Integer] == all:
		schema, example = mapping("type", text("integer")), "1"
	case value.Formats[observe.DateTime] == all:
		schema, example = mapping("type", text("string"), "format", text("date-time")), "2026-01-02T03:04:05Z"
	case value.Formats[observe.URI] == all:
		schema, example = mapping("type", text("string"), "format", text("uri")), "https://example.com/observed"
	}
	shown := text(example)
	if example == "1" {
		shown = number(example)
	}
	return mapping("description", text(unknownMeaning), "x-provenance", text("observed"), "x-source", quoted(evidence.source()),
		"schema", schema, "example", shown)
}

func (l *learner) proposeMedia(op operation, at, status, media string, body *observe.Body) {
	evidence := evidenceOf(source{operation: op.id}, body.Span, body.Count, op.seen.Responses[status].Count)
	content, schemas := l.content(pascal(op.id)+status+"Response", map[string]*observe.Body{media: body}, evidence, status)
	entry := content.Content[1]
	add(entry, "x-provenance", text("observed"))
	add(entry, "x-source", quoted(evidence.source()))
	l.propose(below(at, "content"), op.id+" "+status+": a further media type, "+media, evidence, func(d *yamledit.Document) error {
		if d.Node(below(at, "content", media)) != nil {
			return nil
		}
		if err := addSchemas(d, schemas); err != nil {
			return err
		}
		if d.Node(below(at, "content")) == nil {
			return d.Add(at, "content", mapping(media, entry), "")
		}
		return d.Add(below(at, "content"), media, entry, "")
	})
}

// foldCodes folds the error codes that no example of the contract has. The set is open, and the examples are its list.
func (l *learner) foldCodes(from source, content string, body *observe.Body) {
	if body.Value == nil {
		return
	}
	for _, property := range []string{"code", "error"} {
		if value := body.Value.Properties[property]; value != nil {
			for code, n := range value.Words {
				if !l.codes()[code] {
					count(l.folded.codes, below(content, "examples", code), from, value.Span, n, body.Count)
				}
			}
		}
	}
}

func (l *learner) proposeCodes() {
	for at, evidence := range sortedMap(l.folded.codes) {
		content, code := cut(at, "/examples/")
		object := map[string]any{}
		declared := l.doc.declared(below(content, "schema"))
		for _, name := range []string{"code", "error"} {
			if declared[name] {
				object[name] = code
			}
		}
		for _, name := range l.doc.required(below(content, "schema")) {
			if object[name] == nil {
				object[name] = strings.ReplaceAll(code, "_", " ")
			}
		}
		example := mapping("summary", text(unknownMeaning), "x-provenance", text("observed"), "x-source", quoted(evidence.source()), "value", valueNode(object))
		l.propose(below(content, "examples"), subject(cutContent(content))+": a further error code, "+code, *evidence, func(d *yamledit.Document) error {
			if d.Node(below(content, "examples")) == nil {
				return d.Add(content, "examples", mapping(camel(code), example), "")
			}
			return d.Add(below(content, "examples"), camel(code), example, "")
		})
	}
}

// cutContent returns the pointer of the message that has some content.
func cutContent(content string) string { return content[:strings.LastIndex(content, "/content/")] }

// codes returns the error codes that the examples of the contract have.
func (l *learner) codes() map[string]bool {
	if l.known == nil {
		l.known = map[string]bool{}
		l.doc.eachExample(func(_, value string) {
			for _, name := range []string{"code", "error"} {
				if code := l.doc.text(below(value, name)); code != "" {
					l.known[code] = true
				}
			}
		})
	}
	return l.known
}
