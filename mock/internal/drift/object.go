package drift

import (
	"maps"
	"slices"
	"strconv"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
)

// object returns an object as it was seen: with other values under its names, without some of them, and with further ones.
func (a *answering) object(real map[string]any, was, is schema, seen *observe.Value, at spot) any {
	spelt := spellings(real, was)
	object := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(real)) {
		if spelt[name] == "" && !a.leavesOut(name, was, is, seen, at) {
			object[name] = a.value(real[name], was.property(name), is.property(name), under(seen, name, was, is), at.below(name))
		}
	}
	for name, property := range spelt {
		if value, ok := object[property]; ok {
			object[name] = value
		}
	}
	for _, name := range is.properties() {
		if _, there := real[name]; there || was.has(name) && (was.requires(name) || !is.requires(name)) {
			continue
		}
		value := under(seen, name, was, is)
		if is.requires(name) || seen != nil && a.happens(at, "property "+name, value.Count(), seen.Types["object"]) {
			if made, ok := a.make(is.property(name), value, at.below(name)); ok {
				object[name] = made
			}
		}
	}
	if seen != nil && is.further().is() && !was.further().is() {
		a.addEntries(object, is, seen, at)
	}
	return object
}

// spellings returns the superseded names that an object has besides those of the properties, with these.
func spellings(object map[string]any, was schema) map[string]string {
	spelt := map[string]string{}
	for name := range object {
		for _, other := range was.spellings(name) {
			if _, there := object[other]; there {
				spelt[other] = name
			}
		}
	}
	return spelt
}

// leavesOut reports whether a name is left out: one that the contract requires and that was not always there, or, where the contract has
// no object, one that was not always seen.
func (a *answering) leavesOut(name string, was, is schema, seen *observe.Value, at spot) bool {
	switch {
	case seen == nil || is.requires(name):
		return false
	case was.is() && !was.requires(name):
		return false
	case !is.has(name) && seen.Properties[name] == nil:
		return true // a name that is data, of which others are made up
	}
	objects := seen.Types["object"]
	return a.happens(at, "no property "+name, objects-under(seen, name, was, is).Count(), objects)
}

// under returns what was seen under a name and under the superseded names of it, or nil. The values under names that are data are seen as
// one.
func under(seen *observe.Value, name string, was, is schema) *observe.Value {
	if seen == nil {
		return nil
	}
	value := seen.Properties[name]
	if value == nil && !is.has(name) {
		value = seen.Data
	}
	for _, other := range was.spellings(name) {
		if spelt := seen.Properties[other]; spelt != nil {
			if value = value.Clone(); value == nil {
				value = &observe.Value{}
			}
			value.Merge(spelt)
		}
	}
	return value
}

// maxEntries is how many entries a map gets at most.
const maxEntries = 3

// addEntries adds names that are data, of the formats that were seen.
func (a *answering) addEntries(object map[string]any, is schema, seen *observe.Value, at spot) {
	objects := seen.Types["object"]
	for _, name := range slices.Sorted(maps.Keys(seen.Properties)) {
		value := seen.Properties[name]
		if _, there := object[name]; there || is.has(name) || !a.happens(at, "entry "+name, value.Count(), objects) {
			continue
		}
		if made, ok := a.make(is.further(), value, at.below(name)); ok {
			object[name] = made
		}
	}
	var formats []string
	var weights []int64
	for _, format := range slices.Sorted(maps.Keys(seen.Keys)) {
		formats, weights = append(formats, format), append(weights, seen.Keys[format])
	}
	left := seen.Data.Count()
	for i := range maxEntries {
		if left <= 0 || objects == 0 || !a.happens(at, "entry "+strconv.Itoa(i), left, objects) {
			return
		}
		left -= objects
		format := a.among(at, "format of entries", weights, 0)
		if format < 0 {
			return
		}
		spot := at.item(i)
		name, ok := a.formatted(formats[format], spot)
		if !ok {
			return
		}
		if made, ok := a.make(is.further(), seen.Data, spot); ok {
			object[name] = made
		}
	}
}
