package picket

import (
	"regexp"
	"strings"
	"unicode"
)

// A scrubber takes secrets out of text that comes from elsewhere: a server's message, or a transport's error. It is a
// function, so that printing what holds it shows no secret either.
type scrubber func(text string, more ...Secret) string

const (
	maxMessageLength = 1024
	// minSecretLength is how long a secret is at least, in bytes. Keys, tokens, signatures and codes are far longer; without
	// a bound, a made-up code "a" would take the letter out of every message.
	minSecretLength = 8
)

var jwt = regexp.MustCompile(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*`)

// newScrubber returns a scrubber for the given secrets, for those of a call, and for whatever looks like a JWT. What it
// returns is one line of at most maxMessageLength bytes of UTF-8.
func newScrubber(secrets ...string) scrubber {
	return func(text string, more ...Secret) string {
		text = strings.ToValidUTF8(text, "\uFFFD")
		hide := func(secret string) {
			if len(secret) < minSecretLength {
				return
			}
			secret = strings.ToValidUTF8(secret, "\uFFFD")
			text = regexp.MustCompile("(?i)"+regexp.QuoteMeta(secret)).ReplaceAllLiteralString(text, "[redacted]")
		}
		for _, secret := range secrets {
			hide(secret)
		}
		for _, secret := range more {
			hide(string(secret))
		}
		text = jwt.ReplaceAllLiteralString(text, "[redacted]")
		text = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) { // all that some viewer breaks a line at
				return ' '
			}
			return r
		}, text)
		if len(text) > maxMessageLength {
			text = strings.ToValidUTF8(text[:maxMessageLength], "") + "…"
		}
		return text
	}
}
