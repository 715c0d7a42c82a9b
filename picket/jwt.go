package picket

import (
	"bytes"
	"math"
)

const (
	tokenStart = "eyJ" // {" in base64
	base64url  = digits + letters + "_-"
	// minHeaderLength is the length after tokenStart from which on a text looks like a JWT that was cut off, in bytes.
	minHeaderLength = 16
)

// nextToken returns the place of the first part of a text that looks like a JWT, or like the beginning of one that was cut off. The
// start is negative if there is none.
func nextToken(text []byte) (start, end int) {
	for at := 0; ; at = start + 1 {
		next := bytes.Index(text[at:], []byte(tokenStart))
		if next < 0 {
			return -1, -1
		}
		start = at + next
		if length := tokenLength(text[start:]); length > 0 {
			return start, start + length
		}
	}
}

// tokenLength returns the length of the JWT that a text, which begins with tokenStart, begins with, or 0.
func tokenLength(text []byte) int {
	part := func(at int) int { return at + run(text[at:], base64url, math.MaxInt) }
	dotAt := func(at int) bool { return at < len(text) && text[at] == '.' }
	header := part(len(tokenStart))
	if header == len(tokenStart) {
		return 0
	}
	payload := header
	if dotAt(header) {
		payload = part(header + 1)
		if payload > header+1 && dotAt(payload) {
			return part(payload + 1)
		}
	}
	if header-len(tokenStart) < minHeaderLength {
		return 0
	}
	return payload
}
