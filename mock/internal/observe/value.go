package observe

import (
	"maps"
	"strings"
)

// Value is what was seen of the values at one place.
type Value struct {
	Span
	// Types counts the values by their type in JSON: string, integer, number (with a fraction or an exponent), boolean, null,
	// array and object.
	Types map[string]int64 `json:"types"`
	// Formats counts the strings that have a well-known format.
	Formats map[string]int64 `json:"formats,omitempty"`
	// Length is the shortest and the longest string, in characters.
	Length *Range `json:"length,omitempty"`
	// Digits is the smallest and the largest number of digits before the point of a number.
	Digits *Range `json:"digits,omitempty"`
	// Negative counts the numbers below zero.
	Negative int64 `json:"negative,omitempty"`
	// Words counts the strings that are kept, which look like words and which several messages share.
	Words map[string]int64 `json:"words,omitempty"`
	// Size is the smallest and the largest number of items of an array.
	Size *Range `json:"size,omitempty"`
	// Items are the items of all arrays.
	Items *Value `json:"items,omitempty"`
	// Properties are the values under names. How many objects have a name is the sum of its Types.
	Properties map[string]*Value `json:"properties,omitempty"`
	// Keys counts the names that are data, by their format, and Data are the values under them.
	Keys map[string]int64 `json:"keys,omitempty"`
	Data *Value           `json:"data,omitempty"`
}

// Span is the time in which something was seen: the first and the last day, in UTC, as in 2026-11-27.
type Span struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Range is the smallest and the largest of some numbers.
type Range struct {
	Min int64 `json:"min"`
	Max int64 `json:"max"`
}

// The limits of what is kept.
const (
	MaxNames    = 256 // in an object, of parameters, and of headers
	MaxWords    = 32  // at a place
	MaxStatuses = 64  // of an operation
	MaxMedia    = 16  // media types of a message
	MaxPaths    = 256 // without an operation
	MaxPlaces   = 512 // of the contract that were broken, of an operation
	MaxSiblings = 4   // words in a segment of a path
	maxDepth    = 24  // of objects and arrays in each other
	maxValues   = 20_000
)

// Count returns how many values there were.
func (v *Value) Count() int64 {
	var sum int64
	if v != nil {
		for _, n := range v.Types {
			sum += n
		}
	}
	return sum
}

// Merge adds what another Value saw.
func (v *Value) Merge(other *Value) {
	v.Span.merge(other.Span)
	mergeCounts(&v.Types, other.Types, 0)
	mergeCounts(&v.Formats, other.Formats, 0)
	v.Length = v.Length.merge(other.Length)
	v.Digits = v.Digits.merge(other.Digits)
	v.Negative += other.Negative
	mergeCounts(&v.Words, other.Words, MaxWords)
	v.Size = v.Size.merge(other.Size)
	v.Items = mergeValue(v.Items, other.Items)
	mergeMap(&v.Properties, other.Properties, MaxNames, mergeValue)
	mergeCounts(&v.Keys, other.Keys, 0)
	v.Data = mergeValue(v.Data, other.Data)
}

// manyNames is from how many names on they may be data by their number alone.
const manyNames = 8

// HasVaryingNames reports whether objects have so many names, each in fewer than half of them and all with values of one type, that these
// are data.
func (v *Value) HasVaryingNames() bool {
	if len(v.Properties) < manyNames {
		return false
	}
	kinds := map[string]bool{}
	for _, property := range v.Properties {
		if property.Count()*2 >= v.Types["object"] {
			return false
		}
		for kind := range property.Types {
			kinds[strings.Replace(kind, "integer", "number", 1)] = true
		}
	}
	return len(kinds) == 1
}

// Clone returns a copy that shares nothing with the original.
func (v *Value) Clone() *Value { return mergeValue(nil, v) }

func mergeValue(a, b *Value) *Value {
	if b == nil {
		return a
	}
	if a == nil {
		a = &Value{}
	}
	a.Merge(b)
	return a
}

func (s *Span) merge(other Span) {
	if s.From == "" || other.From != "" && other.From < s.From {
		s.From = other.From
	}
	s.To = max(s.To, other.To)
}

func (r *Range) merge(other *Range) *Range {
	switch {
	case other == nil:
		return r
	case r == nil:
		copied := *other
		return &copied
	}
	r.Min, r.Max = min(r.Min, other.Min), max(r.Max, other.Max)
	return r
}

func (r *Range) with(n int64) *Range { return r.merge(&Range{n, n}) }

// mergeCounts adds counts, and keeps the first of them in alphabetical order if there are more than limit, which is not 0.
func mergeCounts(into *map[string]int64, from map[string]int64, limit int) {
	if len(from) == 0 {
		return
	}
	if *into == nil {
		*into = map[string]int64{}
	}
	for name, n := range from {
		(*into)[name] += n
	}
	keepFirst(*into, limit)
}

// mergeMap merges what is under the same names, and keeps the first names in alphabetical order.
func mergeMap[T any](into *map[string]*T, from map[string]*T, limit int, merge func(a, b *T) *T) {
	if len(from) == 0 {
		return
	}
	if *into == nil {
		*into = map[string]*T{}
	}
	for name, value := range from {
		(*into)[name] = merge((*into)[name], value)
	}
	keepFirst(*into, limit)
}

// keepFirst deletes the last names in alphabetical order until there are at most limit, unless that is 0.
func keepFirst[T any](names map[string]T, limit int) {
	for limit > 0 && len(names) > limit {
		last := ""
		for name := range maps.Keys(names) {
			last = max(last, name)
		}
		delete(names, last)
	}
}
