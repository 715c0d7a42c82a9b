package observe

import (
	"hash/maphash"
	"strings"
)

// maxRemembered is how many values are remembered at least, and half of how many at most.
const maxRemembered = 1 << 15

// values remembers which strings were values, as hashes. A name that is a value anywhere is data: the name of a user, for example, that
// is in a profile in one message and the key of an entry in another.
type values struct {
	seed          maphash.Seed
	recent, older map[uint64]struct{}
}

func newValues() values { return values{seed: maphash.MakeSeed(), recent: map[uint64]struct{}{}} }

// add remembers a value, if it could be a name.
func (v *values) add(text string) {
	if !mayBeName(text) {
		return
	}
	if len(v.recent) >= maxRemembered {
		v.older, v.recent = v.recent, map[uint64]struct{}{}
	}
	v.recent[v.hash(text)] = struct{}{}
}

func (v *values) has(text string) bool {
	hash := v.hash(text)
	_, recent := v.recent[hash]
	_, older := v.older[hash]
	return recent || older
}

// hasPart reports whether a text, or what is between separators in it, was a value, as in the header X-Alice.
func (v *values) hasPart(text string) bool {
	bounds := []int{-1}
	for i := range len(text) {
		if strings.IndexByte("-./+", text[i]) >= 0 {
			bounds = append(bounds, i)
		}
	}
	bounds = append(bounds, len(text))
	for i, start := range bounds {
		for _, end := range bounds[i+1:] {
			if part := text[start+1 : end]; len(part) > 2 && v.has(part) { // the X- of a header is nobody's name
				return true
			}
		}
	}
	return false
}

func (v *values) hash(text string) uint64 { return maphash.String(v.seed, strings.ToLower(text)) }

// mayBeName reports whether a text has only characters that names, words and media types have.
func mayBeName(text string) bool {
	if text == "" || len(text) > maxName {
		return false
	}
	for i := range len(text) {
		char := text[i]
		if !('a' <= char && char <= 'z' || 'A' <= char && char <= 'Z' || isDigit(char) || strings.IndexByte("_-$@.", char) >= 0) {
			return false
		}
	}
	return true
}
