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
	// maxDigits is how many digits a name may have, all in one place, as in sha256, web3Name and erc721.
	maxDigits = 4
	// fewPairs is up to how many pairs of letters half of them must be usual ones, or a third in lower case. Of more, it is three in five.
	fewPairs = 8
)

var (
	nameForm   = regexp.MustCompile(`^[a-z_$@][A-Za-z0-9_$-]*$`)
	headerForm = regexp.MustCompile(`^[A-Z][A-Za-z0-9-]*$`)
	wordForm   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z][A-Za-z0-9]*)*$`)
	numbers    = regexp.MustCompile(`[0-9]+`)
	lowerForm  = regexp.MustCompile(`^[a-z_]+$`)
	hexForm    = regexp.MustCompile(`^(?:0x)?[0-9a-fA-F]{8,}$`)
)

// IsName reports whether a text looks like a name that a developer gave to a property or a parameter, and not like an address, an ID, the
// name of a person, a domain or another value that serves as a key.
func IsName(text string) bool {
	return len(text) <= maxName && nameForm.MatchString(text) && consistsOfWords(text)
}

// isHeader is IsName for the canonical names of headers.
func isHeader(text string) bool {
	return len(text) <= maxName && headerForm.MatchString(text) && consistsOfWords(text)
}

// IsWord reports whether a text looks like a word for programs, such as an error code or a member of an enum.
func IsWord(text string) bool {
	return len(text) > 1 && len(text) <= maxWord && wordForm.MatchString(text) && consistsOfWords(text)
}

// consistsOfWords reports whether a text is made of words and few digits, as random text is not: it is written in one of the usual ways,
// such as camelCase or snake_case, and its letters follow each other as those of English words do.
func consistsOfWords(text string) bool {
	if !hasFewDigits(text) {
		return false
	}
	words := wordsOf(text)
	judged := 3 // from how many letters on
	if len(words) < 3 {
		judged = 5 // siwe and jwks are words, too
	}
	short, usual, pairs := 0, 0, 0
	for _, word := range words {
		switch {
		case len(word) > longWord:
			return false
		case len(word) < 3:
			short++
		case len(word) >= judged:
			for i := range len(word) - 1 {
				pairs++
				if strings.IndexByte(usualPairs[word[i]], word[i+1]) >= 0 {
					usual++
				}
			}
		}
	}
	needed := (pairs + 1) / 2
	switch {
	case lowerForm.MatchString(text) && pairs <= fewPairs:
		needed = (pairs + 2) / 3 // random text is rarely of lower case only
	case pairs > fewPairs:
		needed = (3*pairs + 4) / 5
	}
	return len(words) > 0 && (len(words) < 3 || 2*short <= len(words)) && usual >= needed &&
		!hexForm.MatchString(text) && formatOf(text) == "" && !names.LooksSecret(text)
}

// hasFewDigits reports whether a text has at most one number, which ends a word. Capitals and digits are random text in base32, such as
// nonces.
func hasFewDigits(text string) bool {
	found := numbers.FindAllStringIndex(text, 2)
	if len(found) == 0 {
		return true
	}
	start, end := found[0][0], found[0][1]
	isShouted := strings.IndexFunc(text, unicode.IsLower) < 0 && !strings.Contains(text, "_")
	return len(found) == 1 && !isShouted && end-start <= maxDigits && start > 0 && (end == len(text) || !unicode.IsLower(rune(text[end])))
}

// wordsOf splits a name where a person would, at what is no letter and at the humps of camel case, and returns the words in lower case.
func wordsOf(text string) []string {
	var words []string
	start := 0
	end := func(at int) {
		if at > start {
			words = append(words, strings.ToLower(text[start:at]))
		}
		start = at
	}
	isUpper := func(at int) bool { return at < len(text) && 'A' <= text[at] && text[at] <= 'Z' }
	isLower := func(at int) bool { return at < len(text) && 'a' <= text[at] && text[at] <= 'z' }
	for i := range len(text) {
		switch {
		case isUpper(i) && i > 0 && (isLower(i-1) || isUpper(i-1) && isLower(i+1)):
			end(i)
		case !isUpper(i) && !isLower(i):
			end(i)
			start = i + 1
		}
	}
	end(len(text))
	return words
}

// usualPairs are the letters that follow a letter often in English words and in the names that programmers choose.
var usualPairs = map[byte]string{
	'a': "bcdgiklmnprstu",
	'b': "aeilou",
	'c': "acehiklortu",
	'd': "adeiorsu",
	'e': "acdefglmnprstvx",
	'f': "aefilo",
	'g': "einor",
	'h': "aeio",
	'i': "acdefglmnoprstvz",
	'k': "ei",
	'l': "adeilostuy",
	'm': "aeiopu",
	'n': "acdefginostv",
	'o': "bcdglmnoprstuvw",
	'p': "aeiloprstu",
	'q': "u",
	'r': "acdeimnorstuy",
	's': "acehilopstu",
	't': "acehilorstuy",
	'u': "abcefilmnprst",
	'v': "aei",
	'w': "aiw",
	'x': "p",
	'y': "p",
	'z': "ez",
}
