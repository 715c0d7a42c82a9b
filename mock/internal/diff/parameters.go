package diff

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// parametersOf returns the parameters of an operation, with those of its path.
func parametersOf(item *openapi3.PathItem, op *openapi3.Operation) openapi3.Parameters {
	all := slices.Clone(op.Parameters)
	for _, parameter := range item.Parameters {
		if op.Parameters.GetByInAndName(parameter.Value.In, parameter.Value.Name) == nil {
			all = append(all, parameter)
		}
	}
	return all
}

// parameters compares how parameters are written.
func (r *rest) parameters(name string, before, after openapi3.Parameters) {
	for _, ref := range before {
		a := ref.Value
		b := after.GetByInAndName(a.In, a.Name)
		if b == nil {
			continue
		}
		what := fmt.Sprintf("the `%s` parameter `%s`", a.In, a.Name)
		if was, is := styleOf(a.In, a), styleOf(b.In, b); was != is {
			r.say(name, true, "%s is written in the style %s; before in %s", what, is, was)
		}
		if was, is := listOrObject(a), listOrObject(b); was != is {
			r.say(name, true, "%s is %s; it was %s", what, is, was)
		}
		if a.AllowReserved != b.AllowReserved {
			r.say(name, a.AllowReserved, "%s %s", what, may(b.AllowReserved, "have reserved characters that are not encoded"))
		}
		if a.AllowEmptyValue != b.AllowEmptyValue {
			r.say(name, a.AllowEmptyValue, "%s %s", what, may(b.AllowEmptyValue, "be empty"))
		}
		if a.Schema != nil && b.Schema != nil && a.Schema.Value.UniqueItems != b.Schema.Value.UniqueItems {
			r.say(name, b.Schema.Value.UniqueItems, "%s %s", what, may(!b.Schema.Value.UniqueItems, "have an item more than once"))
		}
		r.extensions(name, what, a.Extensions, b.Extensions)
		r.mediaTypes(name, "parameter", a.Name, a, b)
		schemas{r, name, what, requests, map[[2]*openapi3.Schema]bool{}}.compare("", a.Schema, b.Schema)
	}
}

func may(allowed bool, what string) string {
	if allowed {
		return "may " + what
	}
	return "may not " + what + " any more"
}

// styleOf says how a parameter is written, also where the contract leaves it to the defaults of OpenAPI.
func styleOf(in string, p *openapi3.Parameter) string {
	byDefault := map[string]string{openapi3.ParameterInQuery: "form", openapi3.ParameterInCookie: "form"}
	style := cmp.Or(p.Style, byDefault[in], "simple")
	explode := style == "form"
	if p.Explode != nil {
		explode = *p.Explode
	}
	if explode {
		return "`" + style + "` with `explode`"
	}
	return "`" + style + "` without `explode`"
}

// listOrObject says what a parameter is, because a style writes lists, objects and other values in different ways.
func listOrObject(p *openapi3.Parameter) string {
	switch {
	case p.Schema == nil:
		return "a value with a media type"
	case p.Schema.Value.Type.Is(openapi3.TypeArray):
		return "a list"
	case p.Schema.Value.Type.Is(openapi3.TypeObject):
		return "an object"
	}
	return "a single value"
}

// mediaTypes compares the media types of a parameter or header that has no plain schema.
func (r *rest) mediaTypes(name, kind, parameter string, a, b *openapi3.Parameter) {
	was, is := slices.Sorted(maps.Keys(a.Content)), slices.Sorted(maps.Keys(b.Content))
	if !slices.Equal(was, is) {
		r.say(name, true, "the %s `%s` has the media types %q; before %q", kind, parameter, is, was)
	}
	for mediaType, media := range a.Content {
		if other := b.Content.Get(mediaType); other != nil {
			schemas{r, name, "the " + kind + " `" + parameter + "`", requests, map[[2]*openapi3.Schema]bool{}}.compare("", media.Schema, other.Schema)
		}
	}
}
