package observe

import (
	"slices"
	"strconv"
	"strings"
)

// Log returns what was seen and may be kept.
func (r *Recorder) Log() *Log {
	l := New()
	for name, op := range r.operations {
		mergeMap(&l.Operations, map[string]*Operation{name: op.kept(&r.values)}, MaxPaths, mergeOperation)
	}
	messages := map[string]int64{}
	others := map[string]*Operation{}
	for name, op := range r.others {
		method, template, _ := strings.Cut(name, " ")
		template, added := r.segments.folded(template)
		if r.isValue(template) {
			continue
		}
		kept := op.kept(&r.values)
		kept.insertSegments(template, added)
		name = method + " " + template
		messages[name] += op.messages
		others[name] = mergeOperation(others[name], kept)
	}
	for name, op := range others {
		if messages[name] >= Shared {
			mergeMap(&l.Others, map[string]*Operation{name: op}, MaxPaths, mergeOperation)
		}
	}
	return l
}

// isValue reports whether a word of a template is a value somewhere. Then the path is not kept: whether the word is data is unclear.
func (r *Recorder) isValue(template string) bool {
	before := ""
	for segment := range strings.SplitSeq(strings.TrimPrefix(template, "/"), "/") {
		if segment != Placeholder && !r.segments.words[before][segment] && r.values.has(segment) {
			return true
		}
		before += "/" + segment
	}
	return false
}

// insertSegments adds segments of which nothing was noted, because they looked like words, at the given places of a template.
func (op *Operation) insertSegments(template string, added []int) {
	data := 0
	for i, segment := range strings.Split(strings.TrimPrefix(template, "/"), "/") {
		if slices.Contains(added, i) {
			op.Segments = slices.Insert(op.Segments, data, &Value{Span: op.Span, Types: map[string]int64{"string": op.Count}})
		}
		if segment == Placeholder {
			data++
		}
	}
}

func (op *operation) kept(values *values) *Operation {
	kept := mergeOperation(nil, &op.Operation)
	if kept.Accepted != nil {
		kept.Accepted.Query = propertiesOf(op.query, values)
		for _, odd := range op.query.Keys {
			kept.Accepted.Odd += odd
		}
		kept.Accepted.Bodies = keptBodies(op.requests, values)
	}
	for status, answer := range op.responses {
		response := mergeResponse(nil, &answer.Response)
		response.Headers, response.Bodies = headersOf(answer.headers, values), keptBodies(answer.bodies, values)
		mergeMap(&kept.Responses, map[string]*Response{strconv.Itoa(status): response}, 0, mergeResponse)
	}
	for _, segment := range op.segments {
		kept.Segments = append(kept.Segments, segment.kept(values))
	}
	return kept
}

func propertiesOf(n *node, values *values) map[string]*Value {
	n.Types = map[string]int64{"object": 1}
	if kept := n.kept(values); kept != nil {
		return kept.Properties
	}
	return nil
}

// headersOf returns the headers that may be kept.
func headersOf(n *node, values *values) map[string]*Value {
	headers := propertiesOf(n, values)
	for name := range headers {
		if !n.properties[name].known && values.hasPart(name) {
			delete(headers, name)
		}
	}
	return headers
}

func keptBodies(bodies map[string]*body, values *values) map[string]*Body {
	kept := map[string]*Body{}
	for media, b := range bodies {
		if !b.known && (b.Count < Shared || values.hasPart(media)) {
			continue
		}
		kept[media] = mergeBody(nil, &b.Body)
		kept[media].Value = b.value.kept(values)
	}
	return kept
}
