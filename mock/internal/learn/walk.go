package learn

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
)

// walk folds all messages of an operation, and finds what is new outside of bodies.
func (l *learner) walk(op operation) {
	l.seen[op.at] = op
	for _, status := range slices.Sorted(maps.Keys(op.seen.Responses)) {
		l.response(op, status, op.seen.Responses[status])
	}
	if op.seen.Accepted != nil {
		l.request(op, op.seen.Accepted)
	}
}

// responseAt returns the pointer of the response of a status, or "".
func (d document) responseAt(op, status string) string {
	for _, key := range []string{status, status[:1] + "XX", "default"} {
		if at := below(op, "responses", key); d.object(at) != nil {
			return d.follow(at)
		}
	}
	return ""
}

func (l *learner) response(op operation, status string, seen *observe.Response) {
	from := source{operation: op.id}
	at := l.doc.responseAt(op.at, status)
	if at == "" {
		l.proposeStatus(op, status, seen)
		return
	}
	count(l.folded.responses, at, from, seen.Span, seen.Count, op.seen.Count)
	documented := map[string]string{}
	for _, name := range l.doc.keys(below(at, "headers")) { // which has no case
		documented[http.CanonicalHeaderKey(name)] = l.doc.follow(below(at, "headers", name))
	}
	for name, header := range documented {
		l.folded.header(header, seen.Headers[name], from, seen.Span, seen.Count)
	}
	for name, value := range seen.Headers {
		if documented[name] == "" {
			l.folded.header(below(at, "headers", name), value, from, seen.Span, seen.Count)
		}
	}
	for _, media := range slices.Sorted(maps.Keys(seen.Bodies)) {
		body := seen.Bodies[media]
		content := l.mediaAt(below(at, "content"), media)
		if content == "" {
			l.proposeMedia(op, at, status, media, body)
			continue
		}
		l.folded.schema(below(content, "schema"), body.Value, from, 0)
		if status >= "400" {
			l.foldCodes(from, content, body)
		}
	}
}

// mediaAt returns the pointer of a media type in content, or "".
func (l *learner) mediaAt(content, media string) string {
	kind, _, _ := strings.Cut(media, "/")
	for _, key := range []string{media, kind + "/*", "*/*"} {
		for _, known := range l.doc.keys(content) {
			if plain, _, _ := strings.Cut(known, ";"); strings.EqualFold(strings.TrimSpace(plain), key) { // such as application/json; charset=utf-8
				return below(content, known)
			}
		}
	}
	return ""
}

func (l *learner) request(op operation, seen *observe.Request) {
	from := source{operation: op.id, request: true}
	parameters := l.parameters(op.at)
	for _, name := range slices.Sorted(maps.Keys(seen.Query)) {
		if at := parameters["query "+name]; at != "" {
			l.folded.schema(below(at, "schema"), seen.Query[name], source{operation: op.id, request: true, text: true}, 0)
		} else if l.refusesUnknown(op.at) && seen.Odd == 0 {
			l.proposeParameter(op, name, seen)
		}
	}
	for key, at := range sortedMap(parameters) {
		name, inQuery := strings.CutPrefix(key, "query ")
		if inQuery && l.doc.at(below(at, "required")) == true && seen.Query[name].Count() < seen.Count {
			l.proposeOptionalParameter(op, at, name, seen)
		}
	}
	body := l.doc.follow(below(op.at, "requestBody"))
	content := below(body, "content")
	for _, media := range slices.Sorted(maps.Keys(seen.Bodies)) {
		at := l.mediaAt(content, media)
		if at == "" && slices.Contains(l.doc.strings(below(body, "x-also-accepts")), media) {
			at = below(content, l.doc.keys(content)[0])
		}
		if at == "" {
			if l.doc.object(content) != nil {
				l.contradict(Contradiction{Place: content, Says: op.id + " takes requests with the media type " + media + ", which the contract does not have",
					Evidence: evidenceOf(source{operation: op.id, request: true}, seen.Bodies[media].Span, seen.Bodies[media].Count, seen.Count)})
			}
			continue
		}
		from.text = media == "application/x-www-form-urlencoded"
		l.folded.schema(below(at, "schema"), seen.Bodies[media].Value, from, 0)
	}
}

// parameters returns the pointers of the parameters of an operation, by "query name" and the like.
func (l *learner) parameters(op string) map[string]string {
	all := map[string]string{}
	item := op[:strings.LastIndex(op, "/")]
	for _, owner := range []string{item, op} {
		list, _ := l.doc.at(below(owner, "parameters")).([]any)
		for i := range list {
			at := l.doc.follow(below(owner, "parameters", index(i)))
			all[l.doc.text(below(at, "in"))+" "+l.doc.text(below(at, "name"))] = at
		}
	}
	return all
}

// refusesUnknown reports whether an operation can be expected to refuse parameters that it does not have.
func (l *learner) refusesUnknown(op string) bool {
	return l.doc.responseAt(op, "400") != "" && l.doc.text(below(op, "x-unknown-parameters")) != "ignored"
}

// bounds are the keywords that limit values. A value beyond one contradicts the contract, and nothing says what the right bound is.
var bounds = strings.Fields("pattern format minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf " +
	"minItems maxItems uniqueItems minProperties maxProperties not")

// contradictions adds the keywords that messages broke, and for which nothing is proposed.
func (l *learner) contradictions(op operation) {
	for place, n := range sortedMap(op.seen.Broken) {
		at := strings.TrimPrefix(place, "#")
		if l.doc.at(at) == nil {
			continue
		}
		owner := at[:strings.LastIndex(at, "/")]
		keyword := unescape(at[len(owner)+1:])
		says := op.id + " breaks " + keyword + " of " + subject(owner)
		switch {
		case slices.Contains(bounds, keyword):
		case slices.Contains([]string{"type", "enum", "required"}, keyword):
			if l.answers(owner) || l.agrees(owner, keyword) {
				continue
			}
		case keyword == "content":
			if n = l.withoutBody(op, owner); n <= 0 {
				continue
			}
			says = op.id + ": " + subject(owner) + " without the body that it must have, or with one that cannot be read"
		default:
			continue
		}
		l.contradict(Contradiction{Place: at, Says: says, Evidence: evidenceOf(source{operation: op.id}, op.seen.Span, min(n, op.seen.Count), op.seen.Count)})
	}
}

// answers reports whether something is proposed for a schema, or for a use of it.
func (l *learner) answers(schema string) bool {
	concerns := func(place string) bool {
		return l.isMadeOf(place, schema, 0) || l.isMadeOf(strings.TrimSuffix(place, "/required"), schema, 0)
	}
	return slices.ContainsFunc(l.result.Proposals, func(p Proposal) bool { return concerns(p.Place) }) ||
		slices.ContainsFunc(l.result.Contradictions, func(c Contradiction) bool { return concerns(c.Place) })
}

// agrees reports whether the contract as it is now allows all that was seen, although an earlier one did not.
func (l *learner) agrees(schema, keyword string) bool {
	if keyword == "required" {
		o := l.folded.objects[schema]
		return o != nil && !slices.ContainsFunc(l.doc.strings(below(schema, "required")), func(name string) bool { return o.present[name] < o.evidence.Count })
	}
	var known, all int64 // members of the enum, and strings
	for word, evidence := range l.folded.words[schema] {
		if slices.Contains(l.doc.strings(below(schema, "enum")), word) {
			known += evidence.Count
		}
	}
	uses := 0
	for at, use := range l.folded.uses {
		if !l.isMadeOf(at, schema, 0) {
			continue
		}
		if len(furtherTypes(l.doc, at, use)) > 0 || use.value.Types["null"] > 0 && !l.doc.accepts(at).has("null") {
			return false
		}
		uses++
		all += use.value.Types["string"]
	}
	return uses > 0 && (keyword != "enum" || known == all)
}

// isMadeOf reports whether a schema is another one, refers to it or has it as a part.
func (l *learner) isMadeOf(at, schema string, depth int) bool {
	at = l.doc.follow(at)
	if at == schema || depth > maxReferences {
		return at == schema
	}
	return slices.ContainsFunc(l.doc.parts(at, "allOf"), func(part string) bool { return l.isMadeOf(part, schema, depth+1) })
}

// withoutBody returns how many messages of an operation had no body, although a response or a request body of the contract has one, or a
// body of JSON that cannot be read. Other media types are told otherwise.
func (l *learner) withoutBody(op operation, message string) int64 {
	var n int64
	add := func(messages int64, bodies map[string]*observe.Body) {
		n += messages
		for media, body := range bodies {
			n -= body.Count
			if strings.HasSuffix(media, "json") {
				n += body.Count - body.Value.Count()
			}
		}
	}
	for status, seen := range op.seen.Responses {
		if l.doc.responseAt(op.at, status) == message {
			add(seen.Count, seen.Bodies)
		}
	}
	if op.seen.Accepted != nil && l.doc.follow(below(op.at, "requestBody")) == message {
		add(op.seen.Accepted.Count, op.seen.Accepted.Bodies)
	}
	return n
}

func evidenceOf(from source, span observe.Span, count, of int64) Evidence {
	var e Evidence
	e.add(from, span, count, of)
	return e
}

func (l *learner) contradict(c Contradiction) {
	l.result.Contradictions = append(l.result.Contradictions, c)
}

// isError reports whether a status is one of an error.
func isError(status string) bool {
	n, err := strconv.Atoi(status)
	return err == nil && n >= 400
}

// sortedMap yields the entries of a map in the order of their names.
func sortedMap[T any](m map[string]T) func(yield func(string, T) bool) {
	return func(yield func(string, T) bool) {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if !yield(name, m[name]) {
				return
			}
		}
	}
}
