package names

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// maxMessage bounds what is told of an error that others worded, in bytes.
const maxMessage = 1024

// maxRead bounds what is read of a text that may be as long as a body, in bytes.
const maxRead = 4 * maxMessage

// Answered returns a name that a response made up as it can be shown, such as an address: printable, of 64 bytes at most, or
// Redacted when it looks like a secret.
func Answered(name string) string {
	name = name[:min(len(name), 256)] // of which 64 are shown
	if LooksSecret(name) {
		return Redacted
	}
	return ShortenTo(Printable(name), 64)
}

// Message returns the words of others, such as those of an error, as one printable line of 1 KiB at most, with Redacted in place of
// what looks like a secret.
func Message(text string) string {
	text = plainSecret.ReplaceAllLiteralString(text[:min(len(text), maxRead)], Redacted)
	if LooksSecret(text) { // in another encoding
		return Redacted
	}
	return ShortenTo(Printable(text), maxMessage)
}

// Printable returns a text in printable ASCII: control characters, which terminals obey, and all beyond ASCII, of which some is not
// seen and some reverses what is, are escaped as in "\u202e". Only … stays.
func Printable(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return text
	}
	quoted := strconv.QuoteToASCII(text)
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\u2026`, "…").Replace(quoted[1 : len(quoted)-1])
}

// plainSecret is what keys, access tokens and signatures look like: an API key, a JWT also when it is cut off, and letters and digits
// without an end. An address has 44 at most.
var plainSecret = regexp.MustCompile(`(?i:[sp]k[_-][0-9a-f]{12,})|eyJ[A-Za-z0-9_-]{12,}(?:\.[A-Za-z0-9_-]*)*|[A-Za-z0-9_-]{64,}`)

var (
	jsonEscape = regexp.MustCompile(`\\[uU]([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})`)
	encoded    = regexp.MustCompile(`[A-Za-z0-9+/_-]{16,}`)
	unseen     = regexp.MustCompile(`[^ -~]+`)
)

// LooksSecret reports whether there is what looks like a key, an access token or a signature in a text, as it is or encoded: by
// percent, as escaped in JSON or in base64, or with what cannot be seen in between.
func LooksSecret(text string) bool { return looksSecret(text, 3) }

// minSecret is how long the shortest text is that looks like a secret, in bytes.
const minSecret = 15

func looksSecret(text string, depth int) bool {
	if len(text) < minSecret {
		return false
	}
	if plainSecret.MatchString(text) {
		return true
	}
	if depth == 0 {
		return false
	}
	var others []string
	if seen := unseen.ReplaceAllLiteralString(text, ""); seen != text {
		others = append(others, seen)
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
	for _, run := range encoded.FindAllString(text, -1) {
		plain := strings.NewReplacer("+", "-", "/", "_").Replace(run)
		// A key may begin within a group of what surrounds it.
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

// percentDecoded decodes what is percent-encoded in a text and leaves what is not.
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
