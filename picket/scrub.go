package picket

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"unicode"
)

// A scrubber removes secrets from text that comes from elsewhere, such as a server's message or a transport's error. It is a
// function, so that printing a value that holds it shows no secret either.
type scrubber func(text string, more ...Secret) string

const (
	maxMessageLength = 1024
	// maxGrowth is how many times its own length an encoded secret may have and still be found at the end of what is shown.
	maxGrowth = 16
	// maxShown is how much of a text may be shown, in bytes, before secrets and invisible characters are removed.
	maxShown = 4 * maxMessageLength

	redacted = "[redacted]"
)

// newScrubber returns a scrubber for the given secrets, for those of a call, and for everything that looks like a JWT. It finds
// them in any case; with spaces, line breaks and invisible characters in between; percent-encoded or with the escapes of JSON and
// HTML, up to maxEncodings times; in base64 of either alphabet, together with whatever is around them; and in hexadecimal.
//
// It returns one line of at most maxMessageLength bytes of UTF-8 and an ellipsis, without control and format characters (Unicode's
// Cc and Cf), such as those that reverse the direction of the text after them.
func newScrubber(secrets ...string) scrubber {
	var known []form
	longestKnown := 0
	for _, secret := range secrets {
		known = append(known, formsOf(secret, math.MaxInt)...)
		longestKnown = max(longestKnown, len(secret))
	}
	return func(text string, more ...Secret) string {
		longest := longestKnown
		for _, secret := range more {
			longest = max(longest, len(secret))
		}
		// A text may be as long as a response. Beyond what is shown, only as much is searched as a secret that begins in it can have.
		text = strings.ToValidUTF8(text[:min(len(text), maxShown+longest*maxGrowth)], "\uFFFD")
		shown := min(len(text), maxShown)
		if !shows(text, known, more) {
			return oneLine(strings.ToValidUTF8(text[:shown], ""))
		}
		return oneLine(redact(text, places(text, known, more), shown))
	}
}

// shows reports whether places would find something. Most texts have no secret in them, and then this costs little: it does not
// note what comes from where, and makes no form of a secret that is longer than the text.
func shows(text string, known []form, secrets []Secret) bool {
	plain := view{text: []byte(text)}
	for v := range plain.decodings() {
		if start, _ := nextToken(v.text); start >= 0 {
			return true
		}
		folded := v.fold().text
		isIn := func(f form) bool { return bytes.Contains(folded, f.text) }
		if slices.ContainsFunc(known, isIn) {
			return true
		}
		for _, secret := range secrets {
			if slices.ContainsFunc(formsOf(string(secret), len(folded)), isIn) {
				return true
			}
		}
	}
	return false
}

// places returns where a text has secrets, in whatever form, and what looks like a JWT.
func places(text string, known []form, secrets []Secret) []span {
	forms := slices.Clone(known)
	for _, secret := range secrets {
		forms = append(forms, formsOf(string(secret), math.MaxInt)...)
	}
	var found []span
	plain := viewOf([]byte(text))
	for v := range plain.decodings() {
		found = append(found, v.findForms(forms)...)
		found = append(found, v.findTokens()...)
	}
	return found
}

// redact returns a text up to a byte, with its spans replaced. Spans that overlap or touch are replaced together.
func redact(text string, spans []span, end int) string {
	hidden := make([]bool, len(text))
	for _, s := range spans {
		for i := s.start; i < s.end; i++ {
			hidden[i] = true
		}
	}
	var b strings.Builder
	for i := range end {
		switch {
		case !hidden[i]:
			b.WriteByte(text[i])
		case i == 0 || !hidden[i-1]:
			b.WriteString(redacted)
		}
	}
	return strings.ToValidUTF8(b.String(), "")
}

// oneLine returns a text as one line of bounded length without invisible characters.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= ' ' && r < 0x7f:
			return r
		case unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp): // where some viewer breaks a line
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
	if len(text) > maxMessageLength {
		text = strings.ToValidUTF8(text[:maxMessageLength], "") + "…"
	}
	return text
}
