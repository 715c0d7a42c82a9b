package observe

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/seed-a13ee279/picket/mock/internal/names"
)

// Shared is how many messages must have a name or a word that is not the contract's before it is kept.
const Shared = 3

const (
	maxName = 64
	maxWord = 32
	// longWord is the longest run of letters that may be one word: internationalization has 20.
	longWord = 20
	// tellingLength is from what length on a name must consist of words to be told from random text.
	tellingLength = 12
)

var (
	nameForm = regexp.MustCompile(`^[A-Za-z_$@][A-Za-z0-9_$.:-]*$`)
	wordForm = regexp.MustCompile(`^[A-Za-z]+[0-9]{0,4}(?:[_-]?[A-Za-z]+[0-9]{0,4})*$`)
	// parts splits a name where a person would: at what is no letter, and at the humps of camel case.
	parts   = regexp.MustCompile(`[A-Z]+(?:[a-z]+)?|[a-z]+`)
	digits  = regexp.MustCompile(`[0-9]`)
	hexForm = regexp.MustCompile(`^(?:0x)?[0-9a-fA-F]{8,}$`)
)

// IsName reports whether a text looks like a name that a developer gave to a property, a parameter or a header, and not like an address,
// an ID or another value that serves as a key.
func IsName(text string) bool {
	return len(text) <= maxName && nameForm.MatchString(text) && consistsOfWords(text)
}

// IsWord reports whether a text looks like a word for programs, such as an error code or a member of an enum.
func IsWord(text string) bool {
	return len(text) > 1 && len(text) <= maxWord && wordForm.MatchString(text) && consistsOfWords(text)
}

// consistsOfWords reports whether a text is made of words and few digits, as random text is not.
func consistsOfWords(text string) bool {
	if hexForm.MatchString(text) && digits.MatchString(text) || names.LooksSecret(text) {
		return false
	}
	numbers := len(digits.FindAllString(text, -1))
	words := parts.FindAllString(text, -1)
	letters := 0
	for _, word := range words {
		letters += len(word)
		if len(word) > longWord {
			return false
		}
	}
	if len(text) < tellingLength {
		return numbers <= 4
	}
	return numbers <= 2 && letters >= 3*len(words) && !isShouted(text, numbers)
}

// isShouted reports whether a text is capitals and digits, as nonces and other random text in base32 is.
func isShouted(text string, numbers int) bool {
	return numbers > 0 && strings.IndexFunc(text, unicode.IsLower) < 0 && !strings.Contains(text, "_")
}
