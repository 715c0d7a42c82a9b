package main

import "strings"

// looksMadeUp reports whether an API key is obviously not a live one: its first twelve digits are the same, it has few different
// digits, or its digits count up. A key that does not look made up may be in a test by mistake.
func looksMadeUp(key string) bool {
	_, digits, ok := strings.Cut(key, "_")
	if !ok || len(digits) != 32 {
		return true // live keys have another form
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
