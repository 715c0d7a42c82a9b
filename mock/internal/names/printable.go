package names

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// maxMessage is how much of an error message of others is shown, in bytes.
const maxMessage = 1024

// maxRead is how much is read of a text that may be as long as a body, in bytes.
const maxRead = 4 * maxMessage

// Answered returns a name from a response, such as an address, in a form that is safe to show: printable and at most 64 bytes long, or
// Redacted if it looks like a secret.
func Answered(name string) string {
	name = name[:min(len(name), 256)] // 64 bytes of it are shown
	if LooksSecret(name) {
		return Redacted
	}
	return ShortenTo(Printable(name), 64)
}

// Message returns a text of others, such as an error message, as one printable line of at most 1 KiB, with Redacted in place of what
// looks like a secret.
func Message(text string) string {
	text = plainSecret.ReplaceAllLiteralString(text[:min(len(text), maxRead)], Redacted)
	if LooksSecret(text) { // because it has a secret in another encoding
		return Redacted
	}
	return ShortenTo(Printable(text), maxMessage)
}

// Printable returns a text in printable ASCII. It escapes control characters, which terminals obey, and everything beyond ASCII, where
// some characters are invisible and some reverse the text around them, as in "\u202e". Only the ellipsis stays.
func Printable(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return text
	}
	quoted := strconv.QuoteToASCII(text)
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\u2026`, "…").Replace(quoted[1 : len(quoted)-1])
}

// plainSecret matches what looks like a key, an access token or a signature: an API key, a JWT, whole or cut off, and 64 or more letters
// and digits in a row. Addresses have at most 44.
var plainSecret = regexp.MustCompile(`(?i:[sp]k[_-][0-9a-f]{12,})|eyJ[A-Za-z0-9_-]{12,}(?:\.[A-Za-z0-9_-]*)*|[A-Za-z0-9_-]{64,}`)

// hasPlainSecret reports whether plainSecret matches. Most texts have nothing that a match has, which is much cheaper to see than that
// the expression does not match.
func hasPlainSecret(text string) bool {
	return mayHavePlainSecret(text) && plainSecret.MatchString(text)
}

// mayHavePlainSecret reports whether a text has what every match of plainSecret has: a k before the _ or - of a key, the beginning of a
// JWT, or 64 letters and digits in a row. Without case, the Kelvin sign is a k, too.
func mayHavePlainSecret(text string) bool {
	if strings.Contains(text, "eyJ") || strings.Contains(text, "\u212a") {
		return true
	}
	inARow := 0
	for i := range len(text) {
		switch c := text[i]; {
		case (c == '_' || c == '-') && i > 0 && text[i-1]|0x20 == 'k':
			return true
		case c == '_' || c == '-' || isLetterOrDigit(c):
			if inARow++; inARow == 64 {
				return true
			}
		default:
			inARow = 0
		}
	}
	return false
}

func isLetterOrDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

var jsonEscape = regexp.MustCompile(`\\[uU]([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})`)

// minEncoded is the length of the shortest secret in base64.
const minEncoded = 16

func notInBase64(r rune) bool {
	return r >= 0x80 || !isLetterOrDigit(byte(r)) && !strings.ContainsRune("+/_-", r)
}

// seen returns the part of a text that is printable ASCII.
func seen(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, text)
}

// urlAlphabet turns base64 into base64url.
var urlAlphabet = strings.NewReplacer("+", "-", "/", "_")

// LooksSecret reports whether a text contains something that looks like a key, an access token or a signature: in plain text,
// percent-encoded, escaped as in JSON, in base64, or with invisible characters in between.
func LooksSecret(text string) bool { return looksSecret(text, 3) }

// minSecret is the length of the shortest text that looks like a secret, in bytes.
const minSecret = 15

func looksSecret(text string, depth int) bool {
	if len(text) < minSecret {
		return false
	}
	if hasPlainSecret(text) {
		return true
	}
	if depth == 0 {
		return false
	}
	var others []string
	if visible := seen(text); visible != text {
		others = append(others, visible)
	}
	if strings.Contains(text, "%") {
		others = append(others, percentDecoded(text))
	}
	if strings.Contains(text, `\`) {
		others = append(others, jsonEscape.ReplaceAllStringFunc(text, func(escape string) string {
			code, _ := strconv.ParseUint(escape[2:], 16, 32)
			return string(rune(code))
		}))
	}
	for run := range strings.FieldsFuncSeq(text, notInBase64) {
		if len(run) < minEncoded {
			continue
		}
		plain := urlAlphabet.Replace(run)
		// A key in a longer text may begin inside a base64 group.
		for skip := range min(4, len(plain)) {
			part := plain[skip:]
			if decoded, err := base64.RawURLEncoding.DecodeString(part[:len(part)-len(part)%4]); err == nil {
				others = append(others, string(decoded))
			}
		}
	}
	for _, other := range others {
		if other != text && looksSecret(other, depth-1) {
			return true
		}
	}
	return false
}

// percentDecoded decodes the valid percent-encoding in a text, and leaves everything else as it is.
func percentDecoded(text string) string {
	var decoded strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+3 <= len(text) {
			if char, err := url.PathUnescape(text[i : i+3]); err == nil {
				decoded.WriteString(char)
				i += 2
				continue
			}
		}
		decoded.WriteByte(text[i])
	}
	return decoded.String()
}
