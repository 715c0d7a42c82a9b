// Package names finds what a misspelt name was probably meant to be, and shows names and messages that a client made up: bounded, on
// one line, and without what may be a secret. It does not decide what is a mistake.
package names

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
)

// Unknown says that the object at path has no property of a name, which is given as it can be shown, and which name was probably
// meant, unless that is "".
func Unknown(shown, path, meant string) string {
	text := fmt.Sprintf(`"%s" is not a property`, shown)
	if path != "" {
		text += " of " + path
	}
	if meant != "" {
		text += fmt.Sprintf("; did you mean %q?", meant)
	}
	return text
}

// Nearest returns the name that is so close to name that it was probably meant: but for case, dashes and underscores, or for
// a third of its letters.
func Nearest(name string, names []string) string {
	if len(name) > 64 {
		return ""
	}
	plain := strings.NewReplacer("_", "", "-", "")
	name = strings.ToLower(plain.Replace(name))
	best, distance := "", len(name)/3+1
	for _, candidate := range names {
		d := levenshtein.ComputeDistance(name, strings.ToLower(plain.Replace(candidate)))
		if d < distance {
			best, distance = candidate, d
		}
	}
	return best
}

// Redacted stands where something may be a secret.
const Redacted = "[redacted]"

// maxShown is how long a name can be that is shown, in bytes: API keys have 35, and signatures and tokens more.
const maxShown = 32

// Shown returns a name that a request made up as it can be shown: Redacted when it is none that anyone would give. Secrets are too
// long for one, and JSON that came as a form is all name.
func Shown(name string) string {
	if len(name) > maxShown || LooksSecret(name) || strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_-.:[]@$ ", r)
	}) {
		return Redacted
	}
	return Printable(name)
}

// ShownMethod returns the method of a request as it can be shown. The longest one registered has 17 letters (UPDATEREDIRECTREF).
func ShownMethod(method string) string {
	if len(method) > 17 {
		return Redacted
	}
	return Shown(method)
}

// ShownPath returns the path of a URL, percent-encoded, with each segment as Shown has it, or how a very long one begins.
func ShownPath(path string) string {
	path = ShortenTo(path, maxRead)
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if name, err := url.PathUnescape(segment); err != nil || Shown(name) == Redacted {
			segments[i] = Redacted
		}
	}
	return strings.Join(segments, "/")
}

// Shorten bounds what is told of a name that a request made up.
func Shorten(name string) string { return ShortenTo(name, 64) }

// ShortenTo bounds a text to limit bytes.
func ShortenTo(text string, limit int) string {
	if len(text) > limit {
		return strings.ToValidUTF8(text[:limit], "") + "…"
	}
	return text
}
