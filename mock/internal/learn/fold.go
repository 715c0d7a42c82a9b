package learn

import (
	"maps"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
)

// seen are the values at a use of a schema: of a property, of items, or of a body.
type seen struct {
	value    *observe.Value
	evidence Evidence
	text     bool
}

// object is what was seen of the objects of one schema, or of one part of it.
type object struct {
	evidence Evidence
	present  map[string]int64 // how many objects have a name of the contract
	fresh    map[string]*seen // the names that the contract does not have
	data     *seen            // what is under names that are data, where the contract has no map
	unclear  bool             // some of these names have no format that tells what they are
}

// ignoresUnknown reports whether successful requests had names that no property has. Then the API ignores names that it does not know,
// and that it accepts one says nothing.
func (o *object) ignoresUnknown() bool { return o.data != nil && o.data.evidence.Requests }

// folded is everything that was seen, at the places of the contract. Several operations may share a schema.
type folded struct {
	doc     document
	uses    map[string]*seen                // by the pointer of the schema, where it is used
	objects map[string]*object              // by the pointer of the schema itself
	words   map[string]map[string]*Evidence // by the pointer of the schema with the enum
	whole   map[string]*Evidence            // all values of a schema, by its pointer

	responses map[string]*Evidence // by the pointer of the response
	headers   map[string]*header   // by the pointer that the header has or would have
	codes     map[string]*Evidence // error codes that the contract does not have, by the pointer of the example that they would have
}

// header is what was seen of a header of a response.
type header struct {
	value    *observe.Value
	evidence Evidence
}

func newFolded(doc document) *folded {
	return &folded{doc: doc, uses: map[string]*seen{}, objects: map[string]*object{}, words: map[string]map[string]*Evidence{},
		whole: map[string]*Evidence{}, responses: map[string]*Evidence{}, headers: map[string]*header{}, codes: map[string]*Evidence{}}
}

// count adds to what was seen in one of the maps of evidence.
func count(all map[string]*Evidence, at string, from source, span observe.Span, n, of int64) {
	if all[at] == nil {
		all[at] = &Evidence{}
	}
	all[at].add(from, span, n, of)
}

// header folds a header of the responses of one status, of which there were some.
func (f *folded) header(at string, v *observe.Value, from source, span observe.Span, of int64) {
	if f.headers[at] == nil {
		f.headers[at] = &header{value: &observe.Value{}}
	}
	if v != nil {
		f.headers[at].value.Merge(v)
		span = v.Span
	}
	f.headers[at].evidence.add(from, span, v.Count(), of)
}

// maxNesting is how deep values are followed.
const maxNesting = 64

// schema folds values into the schema that is used at a pointer.
func (f *folded) schema(at string, v *observe.Value, from source, depth int) {
	if v == nil || depth > maxNesting || at == "" || f.doc.object(at) == nil {
		return
	}
	f.use(at, v, from)
	f.node(f.doc.follow(at), v, from, nil, true, depth)
}

func (f *folded) use(at string, v *observe.Value, from source) {
	use := f.uses[at]
	if use == nil {
		use = &seen{value: &observe.Value{}}
		f.uses[at] = use
	}
	use.value.Merge(v)
	use.evidence.add(from, v.Span, v.Count(), 0)
	use.text = use.text || from.text
}

// node folds values into a schema itself. The names that other parts of the same composition declare are foreign; only one part takes
// the names that none declares.
func (f *folded) node(at string, v *observe.Value, from source, foreign map[string]bool, takesFresh bool, depth int) {
	if depth > maxNesting {
		return
	}
	count(f.whole, at, from, v.Span, v.Count(), 0)
	if f.doc.at(below(at, "enum")) != nil {
		f.enum(at, v, from)
	}
	parts := f.doc.parts(at, "allOf")
	if len(parts) > 0 {
		target := f.target(parts)
		for i, part := range parts {
			others := maps.Clone(foreign)
			if others == nil {
				others = map[string]bool{}
			}
			for name := range f.doc.object(below(at, "properties")) {
				others[name] = true
			}
			for name := range f.doc.object(below(at, "x-superseded")) {
				others[name] = true
			}
			for j, other := range parts {
				if j != i {
					maps.Copy(others, f.doc.declared(other))
				}
			}
			f.node(f.doc.follow(part), v, from, others, takesFresh && i == target, depth+1)
		}
		takesFresh = false
	}
	if v.Types["object"] > 0 && f.doc.offers(at).has("object") && (len(parts) == 0 || f.hasNames(at)) {
		f.object(at, v, from, foreign, takesFresh && !f.isAlternative(at), depth)
	}
	if f.doc.object(below(at, "items")) != nil {
		f.schema(below(at, "items"), v.Items, from, depth+1)
	}
	if f.doc.object(below(at, "additionalProperties")) != nil {
		f.schema(below(at, "additionalProperties"), v.Data, from, depth+1)
	}
}

// hasNames reports whether a schema says something about names itself.
func (f *folded) hasNames(at string) bool {
	return f.doc.at(below(at, "properties")) != nil || f.doc.at(below(at, "required")) != nil || f.doc.at(below(at, "x-superseded")) != nil
}

// isAlternative reports whether a schema is one of several alternatives, of which nothing says to which a value belongs.
func (f *folded) isAlternative(at string) bool {
	return len(f.doc.parts(at, "anyOf"))+len(f.doc.parts(at, "oneOf")) > 0
}

// target returns which part of an allOf takes new names: the last one that is not shared, or else the last one.
func (f *folded) target(parts []string) int {
	for i, part := range slices.Backward(parts) {
		if f.doc.follow(part) == part {
			return i
		}
	}
	return len(parts) - 1
}

func (f *folded) enum(at string, v *observe.Value, from source) {
	for word, n := range v.Words {
		if f.words[at] == nil {
			f.words[at] = map[string]*Evidence{}
		}
		if f.words[at][word] == nil {
			f.words[at][word] = &Evidence{}
		}
		f.words[at][word].add(from, v.Span, n, v.Types["string"])
	}
}

func (f *folded) object(at string, v *observe.Value, from source, foreign map[string]bool, takesFresh bool, depth int) {
	o := f.objects[at]
	if o == nil {
		o = &object{present: map[string]int64{}, fresh: map[string]*seen{}}
		f.objects[at] = o
	}
	objects := v.Types["object"]
	o.evidence.add(from, v.Span, objects, 0)
	properties, superseded := f.doc.object(below(at, "properties")), f.doc.object(below(at, "x-superseded"))
	for name, value := range v.Properties {
		switch {
		case properties[name] != nil:
			o.present[name] += value.Count()
			f.schema(below(at, "properties", name), value, from, depth+1)
		case superseded[name] != nil:
			f.use(below(at, "x-superseded", name), value, from)
			by := f.doc.text(below(at, "x-superseded", name, "by"))
			o.present[by] += value.Count()
			if by != "." {
				f.schema(f.doc.property(at, by), value, from, depth+1)
				continue
			}
			for name, member := range value.Properties { // which belong one level up
				f.schema(f.doc.property(at, name), member, from, depth+1)
			}
		case foreign[name]:
			o.present[name] += value.Count()
		case takesFresh:
			if o.fresh[name] == nil {
				o.fresh[name] = &seen{value: &observe.Value{}}
			}
			o.fresh[name].value.Merge(value)
			o.fresh[name].evidence.add(from, value.Span, value.Count(), 0)
		}
	}
	if v.Data != nil && takesFresh && f.doc.at(below(at, "additionalProperties")) == nil {
		if o.data == nil {
			o.data = &seen{value: &observe.Value{}}
		}
		o.unclear = o.unclear || v.Keys[""] > 0
		o.data.value.Merge(v.Data)
		o.data.evidence.add(from, v.Data.Span, v.Data.Count(), 0)
	}
}

// furtherTypes returns the types of values at a use that its schema does not accept, other than null.
func furtherTypes(doc document, at string, use *seen) []string {
	accepted := doc.accepts(at)
	var further []string
	for kind := range use.value.Types {
		if kind != "null" && !accepted.has(kind) && !(use.text && kind == "string") {
			further = append(further, kind)
		}
	}
	if slices.Contains(further, "number") { // which an integer is as well
		further = slices.DeleteFunc(further, func(kind string) bool { return kind == "integer" })
	}
	slices.Sort(further)
	return further
}
