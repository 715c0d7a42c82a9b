package learn

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

func (l *learner) proposeParameter(op operation, name string, seen *observe.Request) {
	value := seen.Query[name]
	evidence := evidenceOf(source{operation: op.id, request: true}, value.Span, value.Count(), seen.Count)
	schema := l.parameterSchema(value)
	parameter := mapping("name", text(name), "in", text("query"), "description", text(unknownMeaning), "x-provenance", text("observed"),
		"x-source", quoted(evidence.source()), "schema", schema, "example", valueNode(l.doc.sample(schema, nil)))
	at := below(op.at, "parameters")
	l.propose(at, op.id+": a further parameter, "+name, evidence, func(d *yamledit.Document) error {
		if d.Node(at) != nil {
			return d.Append(at, parameter)
		}
		before := "responses"
		if d.Node(below(op.at, "requestBody")) != nil {
			before = "requestBody"
		}
		return d.Add(op.at, "parameters", block(parameter), before)
	})
}

// parameterSchema makes a schema for texts: they are numbers if all look like numbers.
func (l *learner) parameterSchema(value *observe.Value) *yaml.Node {
	if value.Types["array"] > 0 {
		return mapping("type", text("array"), "items", mapping("type", text("string")))
	}
	if value.Formats[observe.Integer] == value.Types["string"] {
		return mapping("type", text("integer"))
	}
	return bare(inference{doc: l.doc}.schema(value))
}

func (l *learner) proposeOptionalParameter(op operation, at, name string, seen *observe.Request) {
	missing := seen.Count - seen.Query[name].Count()
	l.propose(below(at, "required"), op.id+": the parameter "+name+" may be missing",
		evidenceOf(source{operation: op.id, request: true}, seen.Span, missing, seen.Count), func(d *yamledit.Document) error {
			return d.Replace(below(at, "required"), boolean(false))
		})
}

// proposeOperation proposes an operation for requests that were successful.
func (l *learner) proposeOperation(name string, seen *observe.Operation) {
	method, template, _ := strings.Cut(name, " ")
	path, parameters := l.path(template, seen)
	id := l.operationID(method, template)
	evidence := evidenceOf(source{operation: id}, seen.Span, seen.Count, seen.Count)
	operation := mapping("operationId", text(id), "tags", list(text(l.tag(path))), "summary", text("Seen in traffic: "+method+" "+path),
		"description", text(unknownMeaning), "x-provenance", text("observed"), "x-source", quoted(evidence.source()))
	if security := l.security(seen); security != nil {
		add(operation, "security", security)
	}
	parameters = append(parameters, l.queryParameters(seen)...)
	if len(parameters) > 0 {
		add(operation, "parameters", block(parameters...))
	}
	var schemas []namedSchema
	hasBody := seen.Accepted != nil && len(seen.Accepted.Bodies) > 0 && method != http.MethodGet && method != http.MethodDelete // whose bodies mean nothing
	if bodies := seen.Accepted; hasBody {
		content, more := l.content(pascal(id)+"Request", bodies.Bodies, evidenceOf(source{operation: id, request: true}, bodies.Span, bodies.Count, bodies.Count), "")
		schemas = append(schemas, more...)
		add(operation, "requestBody", mapping("required", boolean(true), "content", content))
	}
	responses := mapping()
	statuses := map[string]*yaml.Node{}
	for status, response := range sortedMap(seen.Responses) {
		node, more := l.newResponse(id, status, response, evidence)
		schemas = append(schemas, more...)
		statuses[status] = node
	}
	needsKey := l.needs(seen)
	for status, shared := range map[string]bool{"400": len(parameters) > 0 || hasBody, "401": needsKey, "500": true} {
		if at := l.commonResponse(status); shared && at != "" && statuses[status] == nil {
			statuses[status] = ref(at)
		}
	}
	for status, node := range sortedMap(statuses) {
		add(responses, status, node)
	}
	add(operation, "responses", responses)
	l.propose("/paths", "a further operation, "+method+" "+path, evidence, func(d *yamledit.Document) error {
		if err := addSchemas(d, schemas); err != nil {
			return err
		}
		if d.Node(below("/paths", path)) != nil {
			return d.Add(below("/paths", path), strings.ToLower(method), operation, "")
		}
		return d.Add("/paths", path, mapping(strings.ToLower(method), operation), "")
	})
}

// commonResponse returns the response that operations have for a status, or "".
func (l *learner) commonResponse(status string) string {
	return l.sharedResponse(status, &observe.Response{})
}

// needs reports whether successful requests showed who sent them.
func (l *learner) needs(seen *observe.Operation) bool {
	return seen.Accepted != nil && seen.Accepted.Security["none"] == 0 && seen.Accepted.Count > 0
}

// security returns the security of an operation, or nil if it is that of the whole contract.
func (l *learner) security(seen *observe.Operation) *yaml.Node {
	if !l.needs(seen) {
		return list()
	}
	var alternatives []*yaml.Node
	for _, name := range l.doc.keys("/components/securitySchemes") {
		scheme := l.doc.text(below("/components/securitySchemes", name, "scheme"))
		if seen.Accepted.Security[scheme] > 0 {
			alternatives = append(alternatives, mapping(name, list()))
			if l.isGlobal(name) && len(seen.Accepted.Security) == 1 {
				return nil
			}
		}
	}
	if len(alternatives) == 0 {
		return nil
	}
	return block(alternatives...)
}

func (l *learner) isGlobal(scheme string) bool {
	list, _ := l.doc.at("/security").([]any)
	return len(list) == 1 && l.doc.object("/security/0")[scheme] != nil
}

// path gives names to the segments of a template that are data, and returns the parameters. Names, and shared parameters, are those that
// other paths have in the same place.
func (l *learner) path(template string, seen *observe.Operation) (path string, parameters []*yaml.Node) {
	data := 0
	used := map[string]bool{}
	for _, segment := range strings.Split(strings.TrimPrefix(template, "/"), "/") {
		if segment != observe.Placeholder {
			path += "/" + segment
			continue
		}
		var value *observe.Value
		if data < len(seen.Segments) {
			value = seen.Segments[data]
		}
		data++
		name, parameter := l.pathParameter(path, value, used)
		used[name] = true
		path += "/{" + name + "}"
		parameters = append(parameters, parameter)
	}
	return path, parameters
}

func (l *learner) pathParameter(before string, value *observe.Value, used map[string]bool) (string, *yaml.Node) {
	plain := braces.ReplaceAllLiteralString(before, observe.Placeholder) + "/{"
	for _, path := range l.doc.keys("/paths") {
		other := braces.ReplaceAllLiteralString(path, observe.Placeholder)
		if !strings.HasPrefix(other+"/", plain) {
			continue
		}
		segment := strings.Split(path, "/")[strings.Count(before, "/")+1]
		name := strings.Trim(segment, "{}")
		for _, method := range methods {
			list, _ := l.doc.at(below("/paths", path, method, "parameters")).([]any)
			for i := range list {
				at := below("/paths", path, method, "parameters", index(i))
				if to := l.doc.follow(at); l.doc.text(below(to, "name")) == name && l.doc.text(below(to, "in")) == "path" && !used[name] {
					if to != at {
						return name, ref(to)
					}
					return name, valueNode(l.doc.at(at))
				}
			}
		}
	}
	if value != nil && value.Formats[observe.Address] == value.Count() && value.Count() > 0 && !used["walletAddress"] {
		if at := "/components/parameters/WalletAddress"; l.doc.object(at) != nil {
			return "walletAddress", ref(at)
		}
	}
	name := "id"
	if last := before[strings.LastIndex(before, "/")+1:]; last != "" && !strings.HasPrefix(last, "{") {
		name = camel(singular(last)) + "Id"
	}
	for used[name] {
		name += "2"
	}
	schema := mapping("type", text("string"), "minLength", number("1"))
	if value != nil && value.Count() > 0 {
		switch all := value.Count(); {
		case value.Formats[observe.UUID] == all:
			schema = mapping("type", text("string"), "format", text("uuid"))
		case value.Formats[observe.Integer] == all:
			schema = mapping("type", text("integer"), "format", text("int64"))
		}
	}
	return name, mapping("name", text(name), "in", text("path"), "required", boolean(true), "description", text(unknownMeaning),
		"schema", schema, "example", valueNode(l.doc.sample(schema, nil)))
}

func (l *learner) queryParameters(seen *observe.Operation) []*yaml.Node {
	var parameters []*yaml.Node
	if seen.Accepted == nil {
		return nil
	}
	for name, value := range sortedMap(seen.Accepted.Query) {
		schema := l.parameterSchema(value)
		parameters = append(parameters, mapping("name", text(name), "in", text("query"), "description", text(unknownMeaning),
			"schema", schema, "example", valueNode(l.doc.sample(schema, nil))))
	}
	return parameters
}

// operationID names an operation after the last word of its path, as the contract does, and after its method if that name is taken.
func (l *learner) operationID(method, template string) string {
	segments := strings.Split(strings.TrimPrefix(template, "/"), "/")
	name := "observed"
	for i, segment := range slices.Backward(segments) {
		if segment != observe.Placeholder {
			if name = camel(segment); i < len(segments)-1 {
				name = singular(name)
			}
			break
		}
	}
	taken := map[string]bool{}
	for _, op := range l.doc.operations() {
		taken[op.id] = true
	}
	for _, id := range l.made {
		taken[id] = true
	}
	if taken[name] {
		name = strings.ToLower(method) + pascal(name)
	}
	for taken[name] {
		name += "2"
	}
	l.made = append(l.made, name)
	return name
}

// tag returns the tag for a path: one that a word of the path names, or that of the operations whose paths begin with the same words, or
// else the first.
func (l *learner) tag(path string) string {
	tags, _ := l.doc.at("/tags").([]any)
	segments := strings.Split(path, "/")
	for i := range tags {
		name := l.doc.text(below("/tags", index(i), "name"))
		if slices.ContainsFunc(segments, func(segment string) bool { return strings.EqualFold(singular(segment), singular(name)) }) {
			return name
		}
	}
	best, most := l.doc.text("/tags/0/name"), 1
	for _, op := range sortedMap(l.doc.operations()) {
		_, other, _ := strings.Cut(op.name, " ")
		common := 0
		for others := strings.Split(other, "/"); common < min(len(segments), len(others)) && segments[common] == others[common]; {
			common++
		}
		if named := l.doc.strings(below(op.at, "tags")); len(named) > 0 && common > most {
			best, most = named[0], common
		}
	}
	return best
}

// camel turns a name such as refresh-token into refreshToken.
func camel(name string) string {
	var b strings.Builder
	up := false
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			up = b.Len() > 0
		case up:
			b.WriteRune(unicode.ToUpper(r))
			up = false
		default:
			b.WriteRune(r)
		}
	}
	made := b.String()
	if made == "" {
		return "observed"
	}
	return strings.ToLower(made[:1]) + made[1:]
}

func pascal(name string) string {
	made := camel(name)
	return strings.ToUpper(made[:1]) + made[1:]
}

// singular turns the plural of an English word into the singular.
func singular(name string) string {
	switch {
	case strings.HasSuffix(name, "ies"):
		return strings.TrimSuffix(name, "ies") + "y"
	case strings.HasSuffix(name, "sses"), strings.HasSuffix(name, "xes"):
		return strings.TrimSuffix(name, "es")
	case strings.HasSuffix(name, "ss"), strings.HasSuffix(name, "us"), !strings.HasSuffix(name, "s"):
		return name
	}
	return strings.TrimSuffix(name, "s")
}
