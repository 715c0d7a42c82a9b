package picket

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What values look like that were meant to be replaced by others.
var (
	// A whole line of a file that sets variables.
	assignment = regexp.MustCompile(`^(?:(?i:export|set|env)\s+)?[A-Z][A-Z0-9_]*\s*=`)
	// $NAME, ${NAME}, $(command), %NAME%, {{ .name }} and the like.
	reference = regexp.MustCompile(`^(?:\$\{*\s*[A-Za-z_(].*|%[A-Za-z_][A-Za-z0-9_]*%|\{\{.*\}\}|[A-Z]+_API_KEY|[A-Z]+_BASE_URL)$`)
	// <your key>, [key] and "…".
	placeholder = regexp.MustCompile(`^(?:<.*>|\[.*\]|\{.*\}|\*+|\.{3}|.*…)$`)
)

// checkSetting refuses a value that came out of a file, a shell or a form as another one than was meant. The error does not
// show it.
func checkSetting(what, value string) error {
	first, _ := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(value)
	hidden := strings.IndexFunc(value, isInvisible)
	switch {
	case value == "":
		return fmt.Errorf("%s is empty", what)
	case !utf8.ValidString(value):
		return fmt.Errorf("%s is not UTF-8; is it read from a file in another encoding?", what)
	case strings.TrimSpace(value) == "":
		return fmt.Errorf("%s is of spaces only", what)
	case strings.ContainsFunc(value, unicode.IsControl):
		return fmt.Errorf("%s has a line break or another control character in it; is it read from a file without being trimmed?", what)
	case hidden >= 0:
		r, _ := utf8.DecodeRuneInString(value[hidden:])
		return fmt.Errorf("%s has an invisible character in it, %U%s; type it again instead of copying it", what, r, invisibleNames[r])
	case assignment.MatchString(value):
		return fmt.Errorf("%s is a whole line that sets a variable; only what stands after the = is meant", what)
	case isQuote(first) || isQuote(last):
		return fmt.Errorf("%s has a quotation mark around it, which belongs to the file or the shell that it is from; leave it out", what)
	case reference.MatchString(value):
		return fmt.Errorf("%s is the name of a variable and not its value; is it read where variables are not replaced?", what)
	case placeholder.MatchString(value):
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

// isInvisible reports whether a character shows as nothing, or as a space that is not the common one.
func isInvisible(r rune) bool {
	return r != ' ' && (unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Zs, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector))
}

func isQuote(r rune) bool {
	return strings.ContainsRune("\"'`´", r) || unicode.In(r, unicode.Pi, unicode.Pf) || strings.ContainsRune("‚„＂＇", r)
}

// checkAPIKey refuses what no project's API key can be, without showing it.
func checkAPIKey(key string) error {
	if err := checkSetting("the API key", key); err != nil {
		return err
	}
	scheme, _, hasSpace := strings.Cut(key, " ")
	switch {
	case strings.Contains(key, "://"):
		return errors.New("the API key is a URL; are the key and the base URL interchanged?")
	case hasSpace && (strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "Basic")):
		return errors.New("the API key has an authorization scheme in front of it, which New adds itself; give the key only")
	case strings.ContainsAny(key, " :"):
		return errors.New("the API key has a space or a colon in it, which no key has")
	case strings.ContainsFunc(key, func(r rune) bool { return r > unicode.MaxASCII }):
		return errors.New("the API key has a letter in it that is not ASCII, which no key has; type it again instead of copying it")
	case strings.HasPrefix(key, "eyJ") && strings.Count(key, ".") == 2:
		return errors.New("the API key is an access token, which belongs to a user; a key is of the project (sk_… on servers)")
	}
	return nil
}
