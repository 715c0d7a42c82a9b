package drift

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/observe"
)

// value returns a value as it was seen. Where the contract has no value, was is no schema, and everything about the value is different.
// Where nothing was seen, only what the contract with the differences demands is different.
func (a *answering) value(real any, was, is schema, seen *observe.Value, at spot) any {
	if !is.is() {
		return real
	}
	if kind := a.kind(was, is, seen, at); kind != "" && kind != kindOf(real) {
		if converted, ok := a.convert(real, kind, is, seen, at); ok {
			return converted
		}
	}
	switch real := real.(type) {
	case string:
		if was.is() && seen != nil {
			return a.member(real, was, is, seen, at)
		}
	case []any:
		list := make([]any, len(real))
		for i, item := range real {
			list[i] = a.value(item, was.items(), is.items(), itemsOf(seen), at.item(i))
		}
		return list
	case map[string]any:
		return a.object(real, was, is, seen, at)
	}
	return real
}

func itemsOf(seen *observe.Value) *observe.Value {
	if seen == nil {
		return nil
	}
	return seen.Items
}

// kind chooses the type of a value among those that the contract does not have. It returns "" if it stays.
func (a *answering) kind(was, is schema, seen *observe.Value, at spot) string {
	if seen == nil {
		return ""
	}
	var kinds []string
	var weights []int64
	for _, kind := range slices.Sorted(maps.Keys(seen.Types)) {
		if !was.accepts(kind) && is.accepts(kind) {
			kinds, weights = append(kinds, kind), append(weights, seen.Types[kind])
		}
	}
	if i := a.among(at, "type", weights, seen.Count()); i >= 0 {
		return kinds[i]
	}
	return ""
}

// kindOf returns the type of a decoded value of JSON, as package observe names it.
func kindOf(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number:
		if strings.ContainsAny(value.String(), ".eE") {
			return "number"
		}
		return "integer"
	case []any:
		return "array"
	}
	return "object"
}

// member chooses a member of an enum among those that the contract does not have.
func (a *answering) member(real string, was, is schema, seen *observe.Value, at spot) any {
	members, ok := was.words()
	if !ok {
		return real
	}
	word, ok := a.word(seen.Words, seen.Types["string"], func(word string) bool { return slices.Contains(members, any(word)) }, at)
	if !ok || !is.allows(word) {
		return real
	}
	return word
}

// word chooses a word among those that are not known.
func (a *answering) word(words map[string]int64, total int64, known func(string) bool, at spot) (string, bool) {
	var fresh []string
	var weights []int64
	for _, word := range slices.Sorted(maps.Keys(words)) {
		if !known(word) {
			fresh, weights = append(fresh, word), append(weights, words[word])
		}
	}
	if i := a.among(at, "word", weights, total); i >= 0 {
		return fresh[i], true
	}
	return "", false
}
