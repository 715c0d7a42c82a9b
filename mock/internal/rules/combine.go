package rules

import (
	"cmp"
	"maps"
	"slices"
)

// restrict keeps only the parts for the given types.
func (r *rule) restrict(types []string) {
	all := *r
	*r = rule{}
	for _, name := range types {
		switch name {
		case "string":
			r.text = all.text
		case "integer", "number":
			r.number = all.number
		case "array":
			r.list = all.list
		case "object":
			r.object = all.object
		case "boolean":
			r.boolean = all.boolean
		}
	}
}

// scalars returns a rule that leaves lists and objects to the validator.
func (r *rule) scalars() *rule { return &rule{text: r.text, number: r.number, boolean: r.boolean} }

// or returns a rule that accepts only what one of the two accepts. For each kind of value it takes the first rule that accepts any of
// that kind. It leaves objects to the validator, which allows the names of all alternatives together.
func (r *rule) or(other *rule) *rule {
	return &rule{
		text:    cmp.Or(r.text, other.text),
		number:  cmp.Or(r.number, other.number),
		list:    cmp.Or(r.list, other.list),
		boolean: r.boolean || other.boolean,
	}
}

// and returns a rule that accepts only what both accept.
func (r *rule) and(other *rule) *rule {
	both := &rule{boolean: r.boolean && other.boolean}
	if r.text != nil && other.text != nil {
		both.text = r.text.and(other.text)
	}
	if r.number != nil && other.number != nil {
		both.number = r.number.and(other.number)
	}
	if r.list != nil && other.list != nil {
		both.list = r.list.and(other.list)
	}
	if r.object != nil && other.object != nil {
		both.object = r.object.and(other.object)
	}
	return both
}

func (r *textRule) and(other *textRule) *textRule {
	if r.among != nil && other.among != nil {
		return nil
	}
	return &textRule{
		least:  max(r.least, other.least),
		most:   lower(r.most, other.most),
		checks: slices.Concat(r.checks, other.checks),
		among:  slices.Concat(r.among, other.among),
	}
}

func (r *numberRule) and(other *numberRule) *numberRule {
	return &numberRule{
		whole: r.whole || other.whole,
		least: higher(r.least, other.least),
		most:  lower(r.most, other.most),
	}
}

func (r *listRule) and(other *listRule) *listRule {
	both := &listRule{
		least: max(r.least, other.least),
		most:  lower(r.most, other.most),
		items: cmp.Or(r.items, other.items),
	}
	if r.items != nil && other.items != nil {
		both.items = r.items.and(other.items).scalars() // the validator knows the property names of only one of the two
	}
	return both
}

// lower returns the lower of two limits; nil stands for no limit.
func lower[N cmp.Ordered](a, b *N) *N {
	if a == nil || (b != nil && *b < *a) {
		return b
	}
	return a
}

// higher returns the higher of two limits; nil stands for no limit.
func higher[N cmp.Ordered](a, b *N) *N {
	if a == nil || (b != nil && *b > *a) {
		return b
	}
	return a
}

// and returns nil where the additionalProperties of one would apply to names that the other one has.
func (r *objectRule) and(other *objectRule) *objectRule {
	both := &objectRule{
		required:   slices.Concat(r.required, other.required),
		properties: maps.Clone(r.properties),
		others:     r.others,
		closed:     r.closed,
		further:    r.further,
	}
	switch {
	case !other.closed && !other.further: // it says nothing about names
	case !r.closed && !r.further:
		both.properties, both.others, both.closed, both.further = other.properties, other.others, other.closed, other.further
	case r.further || other.further:
		return nil
	default:
		for name, property := range other.properties {
			if known := both.properties[name]; known != nil {
				property = known.and(property).scalars() // as for the items of lists
			}
			both.properties[name] = property
		}
	}
	return both.normal()
}

// normal removes duplicates from the required names. It returns nil when there are more of them than a rule can count.
func (r *objectRule) normal() *objectRule {
	if r.required = slices.Compact(slices.Sorted(slices.Values(r.required))); len(r.required) > 64 {
		return nil
	}
	return r
}
