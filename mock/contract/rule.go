package contract

import (
	"bytes"
	"math/bits"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// A rule is a schema, compiled for the bodies that keep it, which are nearly all: it reads them as they are and makes nothing of
// them. What it accepts keeps the schema and has no name that the schema does not have. What it does not accept may keep it all the
// same, with a null, say, or by a keyword that rules do not know: the validator decides, which also tells what is wrong.
//
// It has a part for each kind of value, which is nil when it accepts none.
type rule struct {
	text    *textRule
	number  *numberRule
	list    *listRule
	object  *objectRule
	boolean bool
}

type textRule struct {
	least    uint64
	most     *uint64
	patterns []*regexp.Regexp
	among    []string // nil for any
}

type numberRule struct {
	whole       bool
	least, most *float64
}

type listRule struct {
	least uint64
	most  *uint64
	items *rule // nil when they are not looked at
}

type objectRule struct {
	required   []string // no more than 64
	properties map[string]*rule
	others     *rule // of what has another name; nil when it is not looked at
	closed     bool  // nothing has another name
	further    bool  // whether others and closed are what additionalProperties says, and not for want of it
}

// maxNesting bounds how many lists and objects a body can have for a rule. encoding/json nests as many.
const maxNesting = 10_000

// accepts reports whether a body is JSON that surely keeps the schema.
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
		(r.most == nil || uint64(len(text)) <= *r.most) && // bytes, of which there are as many as characters, or more
		(r.among == nil || slices.Contains(r.among, text)) &&
		!slices.ContainsFunc(r.patterns, func(pattern *regexp.Regexp) bool { return !pattern.MatchString(text) })
}

// maxDigits is how long a whole number can be that surely fits all formats, and float64 without loss.
const maxDigits = 15

func (r *numberRule) accepts(text string) bool {
	if r.whole && (len(text) > maxDigits || strings.ContainsAny(text, ".eE")) {
		return false
	}
	number, err := strconv.ParseFloat(text, 64)
	return err == nil && (r.least == nil || *r.least <= number) && (r.most == nil || number <= *r.most)
}

func (r *listRule) accepts(list gjson.Result) bool {
	length, kept := uint64(0), true
	list.ForEach(func(_, item gjson.Result) bool {
		length++
		kept = r.items == nil || r.items.value(item)
		return kept
	})
	return kept && length >= r.least && (r.most == nil || length <= *r.most)
}

// accepts leaves to the validator an object in which a name is there twice, or differs from one of the schema's by case alone: to
// some decoders it is the same.
func (r *objectRule) accepts(object gjson.Result) bool {
	required, kept := uint64(0), true
	var seen nameSet
	object.ForEach(func(name, value gjson.Result) bool {
		if i := slices.Index(r.required, name.Str); i >= 0 {
			required |= 1 << i
		}
		switch known := r.properties[name.Str]; {
		case !seen.add(name.Str):
			kept = false
		case known != nil:
			kept = known.value(value)
		case miscased(name.Str, r.properties) != "":
			kept = false
		case r.others != nil:
			kept = r.others.value(value)
		default:
			kept = !r.closed
		}
		return kept
	})
	return kept && bits.OnesCount64(required) == len(r.required)
}

// miscased returns the name among properties that another name differs from by case alone, as encoding/json tells them apart by
// default, or nothing.
func miscased[V any](name string, properties map[string]V) string {
	for known := range properties {
		if strings.EqualFold(known, name) && known != name {
			return known
		}
	}
	return ""
}

// nameSet is the names of an object, of which most have few.
type nameSet struct {
	few  [16]string
	n    int
	many map[string]bool
}

// add adds a name, and returns false when the set has it, or when the name is not one that all decoders read alike: half of a
// surrogate pair.
func (s *nameSet) add(name string) bool {
	if strings.ContainsRune(name, utf8.RuneError) || !utf8.ValidString(name) || slices.Contains(s.few[:s.n], name) || s.many[name] {
		return false
	}
	if s.n < len(s.few) {
		s.few[s.n] = name
		s.n++
		return true
	}
	if s.many == nil {
		s.many = map[string]bool{}
	}
	s.many[name] = true
	return true
}
