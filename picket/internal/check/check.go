// Package check has the checks that several packages make of values that applications set: of texts that a file or a shell may
// have turned into something else than was meant, and of the slugs of chains.
package check

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Setting refuses a value that is not what was meant, because of the file, the shell or the form that it came from. The error does
// not show it.
func Setting(what, value string) error {
	first, _ := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(value)
	hidden := strings.IndexFunc(value, IsInvisible)
	switch {
	case value == "":
		return fmt.Errorf("%s is empty", what)
	case !utf8.ValidString(value):
		return fmt.Errorf("%s is not UTF-8; is it read from a file in another encoding?", what)
	case strings.TrimSpace(value) == "":
		return fmt.Errorf("%s has only spaces in it", what)
	case strings.ContainsFunc(value, unicode.IsControl):
		return fmt.Errorf("%s has a line break or another control character in it; is it read from a file without being trimmed?", what)
	case hidden >= 0:
		r, _ := utf8.DecodeRuneInString(value[hidden:])
		return fmt.Errorf("%s has an invisible character in it, %U%s; type it again instead of copying it", what, r, invisibleNames[r])
	case strings.TrimSpace(value) != value:
		return fmt.Errorf("%s has a space or a line break around it; trim it", what)
	case isAssignment(value):
		return fmt.Errorf("%s is a whole line that sets a variable; give only the part after the =", what)
	case isQuote(first) || isQuote(last):
		return fmt.Errorf("%s has a quotation mark around it, which belongs to the file or the shell that it is from; leave it out", what)
	case isReference(value):
		return fmt.Errorf("%s is the name of a variable and not its value; is it read where variables are not replaced?", what)
	case isPlaceholder(value):
		return fmt.Errorf("%s is a placeholder; put your own in its place", what)
	}
	return nil
}

var invisibleNames = map[rune]string{
	'\uFEFF': " (a byte order mark)",
	'\u200B': " (a zero-width space)",
	'\u00A0': " (a no-break space)",
	'\u00AD': " (a soft hyphen)",
}

// IsInvisible reports whether a character shows nothing, or looks like a space and is another character.
func IsInvisible(r rune) bool {
	return r != ' ' && (unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Zs, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector))
}

func isQuote(r rune) bool {
	return strings.ContainsRune("\"'`´", r) || unicode.In(r, unicode.Pi, unicode.Pf) || strings.ContainsRune("‚„＂＇", r)
}

// Slug refuses a text that cannot be the slug of a chain. Slugs have one spelling, so one in another spelling would match no user.
func Slug(what, chain string) error {
	letter := func(r rune) bool { return r >= 'a' && r <= 'z' }
	if !strings.ContainsFunc(chain, letter) || strings.Trim(chain, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		return fmt.Errorf("%s is %q, which is not the slug of a chain, such as ethereum or polygon: lower-case letters and digits", what, chain)
	}
	return nil
}
