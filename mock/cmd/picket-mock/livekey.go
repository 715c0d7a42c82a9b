package main

import "strings"

// looksMadeUp reports whether nobody would take an API key for a live one: it begins with twelve times the same digit, has
// few different digits, or counts. A key that does not look made up may have got into a test by mistake.
func looksMadeUp(key string) bool {
	_, digits, ok := strings.Cut(key, "_")
	if !ok || len(digits) != 32 {
		return true // no key has this form
	}
	different := map[rune]bool{}
	counting := 0
	for i, d := range digits {
		different[d] = true
		if i > 0 && strings.IndexRune(hexDigits, d) == (strings.IndexByte(hexDigits, digits[i-1])+1)%len(hexDigits) {
			counting++
		}
	}
	return digits[:12] == strings.Repeat(digits[:1], 12) || len(different) <= 5 || counting >= len(digits)*3/4
}

const hexDigits = "0123456789abcdef"
