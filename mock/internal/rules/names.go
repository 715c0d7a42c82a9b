package rules

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Miscased returns the property that a name differs from only by case, as encoding/json folds it, or "".
func Miscased[V any](name string, properties map[string]V) string {
	for known := range properties {
		if strings.EqualFold(known, name) && known != name {
			return known
		}
	}
	return ""
}

// nameSet is a set of the names in an object. Most objects have few, and cost no allocation.
type nameSet struct {
	few  [16]string
	n    int
	many map[string]bool
}

// add adds a name. It returns false if the set has the name already, or if decoders read the name differently, because it contains half
// of a surrogate pair.
func (s *nameSet) add(name string) bool {
	if strings.ContainsRune(name, utf8.RuneError) || slices.Contains(s.few[:s.n], name) || s.many[name] {
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
