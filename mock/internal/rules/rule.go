package rules

import (
	"bytes"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// A rule is one compiled schema. It has a part for each kind of value; a nil part accepts no value of that kind.
type rule struct {
	text    *textRule
	number  *numberRule
	list    *listRule
	object  *objectRule
	boolean bool
}

type textRule struct {
	least  uint64
	most   *uint64
	checks []func(text string) bool // of the pattern and the format
	among  []string                 // nil for any
}

type numberRule struct {
	whole       bool
	least, most *float64
}

type listRule struct {
	least uint64
	most  *uint64
	items *rule // nil when items may be anything
}

type objectRule struct {
	required   []string // at most 64
	properties map[string]*rule
	others     *rule // for values under any other name; nil when they may be anything
	closed     bool  // other names are not accepted
	further    bool  // the schema has additionalProperties, which others and closed follow
}

// maxNesting bounds how many lists and objects a body may have for a rule to look at it. encoding/json reads as many levels.
const maxNesting = 10_000

func (r *rule) accepts(body []byte) bool {
	return bytes.Count(body, []byte("["))+bytes.Count(body, []byte("{")) <= maxNesting &&
		utf8.Valid(body) && gjson.ValidBytes(body) && r.value(gjson.ParseBytes(body))
}

func (r *rule) value(v gjson.Result) bool {
	switch v.Type {
	case gjson.String:
		return r.text != nil && r.text.accepts(v.Str)
	case gjson.Number:
		return r.number != nil && r.number.accepts(v.Raw)
	case gjson.True, gjson.False:
		return r.boolean
	case gjson.JSON:
		if v.IsArray() {
			return r.list != nil && r.list.accepts(v)
		}
		return r.object != nil && r.object.accepts(v)
	}
	return false
}

func (r *textRule) accepts(text string) bool {
	return (r.least == 0 || uint64(utf8.RuneCountInString(text)) >= r.least) &&
		(r.most == nil || uint64(len(text)) <= *r.most) && // bytes: never fewer than characters
		(r.among == nil || slices.Contains(r.among, text)) &&
		!slices.ContainsFunc(r.checks, func(accepts func(string) bool) bool { return !accepts(text) })
}

// maxDigits is the length up to which a whole number fits every format, and a float64 without loss.
const maxDigits = 15

func (r *numberRule) accepts(text string) bool {
	if r.whole && (len(text) > maxDigits || strings.ContainsAny(text, ".eE")) {
		return false
	}
	number, err := strconv.ParseFloat(text, 64)
	return err == nil && (r.least == nil || *r.least <= number) && (r.most == nil || number <= *r.most)
}

func (r *listRule) accepts(list gjson.Result) bool {
	length, ok := uint64(0), true
	list.ForEach(func(_, item gjson.Result) bool {
		length++
		ok = r.items == nil || r.items.value(item)
		return ok
	})
	return ok && length >= r.least && (r.most == nil || length <= *r.most)
}

// accepts leaves an object to the validator if a name appears twice or differs from a property of the schema only by case: some
// decoders take it for that property.
func (r *objectRule) accepts(object gjson.Result) bool {
	required, ok := uint64(0), true
	var seen nameSet
	object.ForEach(func(name, value gjson.Result) bool {
		if i := slices.Index(r.required, name.Str); i >= 0 {
			required |= 1 << i
		}
		switch known := r.properties[name.Str]; {
		case !seen.add(name.Str):
			ok = false
		case known != nil:
			ok = known.value(value)
		case Miscased(name.Str, r.properties) != "":
			ok = false
		case r.others != nil:
			ok = r.others.value(value)
		default:
			ok = !r.closed
		}
		return ok
	})
	return ok && bits.OnesCount64(required) == len(r.required)
}
