package diff

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// schemas compares what oasdiff leaves out of schemas.
type schemas struct {
	r    *rest
	name string // of the operation
	what string // has the schema
	way  direction
	seen map[[2]*openapi3.Schema]bool
}

func (s schemas) compare(path string, before, after *openapi3.SchemaRef) {
	if before == nil || after == nil || s.seen[[2]*openapi3.Schema{before.Value, after.Value}] {
		return
	}
	a, b := before.Value, after.Value
	s.seen[[2]*openapi3.Schema{a, b}] = true
	what := s.what
	if path != "" {
		what = "`" + path + "` of " + s.what
	}
	s.further(what, a, b)
	if was, is := canonical(partsOf(a, func(p *openapi3.Schema) any { return p.Not })), canonical(partsOf(b, func(p *openapi3.Schema) any { return p.Not })); was != is {
		s.r.say(s.name, true, "what %s must not be (`not`) is another schema than before", what)
	}
	if canonical(a.XML) != canonical(b.XML) {
		s.r.say(s.name, true, "%s is written in another way in XML", what)
	}
	s.superseded(what, a, b)
	also := func(p *openapi3.Schema) any { return p.Extensions[alsoAcceptedExtension] }
	s.r.alsoAccepted(s.name, what, s.way, partsOf(a, also), partsOf(b, also))
	s.r.extensions(s.name, what, a.Extensions, b.Extensions)

	was, is := propertiesOf(a), propertiesOf(b)
	for _, name := range slices.Sorted(maps.Keys(was)) {
		s.compare(join(path, name), was[name], is[name])
	}
	s.compare(join(path, "items"), a.Items, b.Items)
	s.compare(join(path, "additionalProperties"), a.AdditionalProperties.Schema, b.AdditionalProperties.Schema)
	s.branches(path, a.OneOf, b.OneOf)
	s.branches(path, a.AnyOf, b.AnyOf)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// branches compares alternatives in their order. If their number changed, oasdiff says so.
func (s schemas) branches(path string, before, after openapi3.SchemaRefs) {
	if len(before) != len(after) {
		return
	}
	for i := range before {
		s.compare(path, before[i], after[i])
	}
}

// further compares whether an object may have further properties.
func (s schemas) further(what string, a, b *openapi3.Schema) {
	switch was, is := closed(a), closed(b); {
	case !was && is:
		s.r.say(s.name, s.way == requests, "%s may not have further properties any more", what)
	case was && !is:
		s.r.say(s.name, s.way == responses, "%s may have further properties", what)
	}
}

// closed reports whether a schema or one of its parts forbids further properties.
func closed(schema *openapi3.Schema) bool {
	return slices.ContainsFunc(partsOf(schema, func(p *openapi3.Schema) any {
		return p.AdditionalProperties.Has != nil && !*p.AdditionalProperties.Has
	}), func(part any) bool { return part == true })
}

// partsOf asks a schema and its parts something.
func partsOf(schema *openapi3.Schema, ask func(*openapi3.Schema) any) []any {
	answers := []any{ask(schema)}
	for _, part := range schema.AllOf {
		answers = append(answers, partsOf(part.Value, ask)...)
	}
	return slices.DeleteFunc(answers, func(answer any) bool { return answer == nil || answer == (*openapi3.SchemaRef)(nil) })
}

// superseded compares which properties supersede names. If a name itself goes or comes, oasdiff says so; see withSuperseded.
func (s schemas) superseded(what string, a, b *openapi3.Schema) {
	was, is := allSuperseded(a), allSuperseded(b)
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if by, ok := is[name]; ok && by != was[name] {
			s.r.say(s.name, true, "the superseded name `%s` of %s stands for `%s`; before for `%s`", name, what, by, was[name])
		}
	}
}

func allSuperseded(schema *openapi3.Schema) map[string]string {
	all := map[string]string{}
	for _, part := range partsOf(schema, func(p *openapi3.Schema) any { return supersededIn(p) }) {
		maps.Copy(all, part.(map[string]string))
	}
	return all
}
