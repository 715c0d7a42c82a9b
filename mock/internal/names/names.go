// Package names finds the name that a misspelt one probably stands for, and makes names and messages of others safe to print: of
// limited length, on one line, and without anything that may be a secret. It does not decide whether a name is wrong.
package names

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/agnivade/levenshtein"
)

// Unknown says that the object at path has no property of a name, which is given as it can be shown. It says which name was probably
// meant, or else, if that is "", which properties there are.
func Unknown(shown, path, meant string, properties ...string) string {
	text := fmt.Sprintf(`"%s" is not a property`, shown)
	if path != "" {
		text += " of " + path
	}
	switch {
	case meant != "":
		text += fmt.Sprintf("; did you mean %q?", meant)
	case len(properties) == 1:
		text += "; the only property is " + properties[0]
	case len(properties) > 1:
		text += "; the properties are " + Listed(properties, "and")
	}
	return text
}

// Listed returns "a", "a and b" or "a, b and c".
func Listed(words []string, conjunction string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}

// Nearest returns which of names was probably meant by name: one that differs at most in case, dashes, underscores and a third of its
// letters. It returns an empty string if none is that close.
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

// Redacted replaces what may be a secret.
const Redacted = "[redacted]"

// maxShown is how long a name may be to be shown, in bytes. API keys have 35 bytes, and signatures and tokens have more.
const maxShown = 32

// Shown returns a name from a request in a form that is safe to show. It returns Redacted if the name is long or has unusual
// characters, because it may then be a secret, or a whole body: JSON that is sent as a form is parsed as one long name.
func Shown(name string) string {
	if len(name) > maxShown || LooksSecret(name) || strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_-.:[]@$ ", r)
	}) {
		return Redacted
	}
	return Printable(name)
}

// IsToken reports whether a text can be the name of a header (RFC 9110 section 5.6.2).
func IsToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// ShownMethod returns the method of a request in a form that is safe to show. The longest registered method has 17 letters
// (UPDATEREDIRECTREF).
func ShownMethod(method string) string {
	if len(method) > 17 {
		return Redacted
	}
	return Shown(method)
}

// ShownPath returns the percent-encoded path of a URL in a form that is safe to show: each segment is as Shown returns it, and a very
// long path is cut off.
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

// ShortenTo cuts off a text after limit bytes, and then adds an ellipsis.
func ShortenTo(text string, limit int) string {
	if len(text) > limit {
		return strings.ToValidUTF8(text[:limit], "") + "…"
	}
	return text
}
