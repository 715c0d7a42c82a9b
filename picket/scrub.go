package picket

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// A scrubber removes secrets from text that comes from elsewhere, such as a server's message or a transport's error. It is a
// function, so that printing a value that holds it shows no secret either.
type scrubber func(text string, more ...Secret) string

const (
	maxMessageLength = 1024
	// minSecretLength is the length from which on a secret is looked for, in bytes. Keys, tokens, signatures and codes are far
	// longer; without a bound, a made-up code "a" would remove that letter from every message.
	minSecretLength = 8

	redacted = "[redacted]"
)

// tokenForm is what a JWT looks like, or the beginning of one that was cut off.
var tokenForm = regexp.MustCompile(`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*|eyJ[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]*)?`)

const (
	// maxEncodings is how many times a secret may be encoded and is still found.
	maxEncodings = 3
	// maxGrowth is how many times its own length an encoded secret may have and still be found at the end of what is shown.
	maxGrowth = 16
	// maxShown is how much of a text may be shown, in bytes, before secrets and invisible characters are removed.
	maxShown = 4 * maxMessageLength
)

// newScrubber returns a scrubber for the given secrets, for those of a call, and for everything that looks like a JWT. It finds
// them in any case; with spaces, line breaks and invisible characters in between; percent-encoded or with the escapes of JSON and
// HTML, up to maxEncodings times; in base64 of either alphabet, together with whatever is around them; and in hexadecimal.
//
// It returns one line of at most maxMessageLength bytes of UTF-8 and an ellipsis, without control and format characters (Unicode's
// Cc and Cf), such as those that reverse the direction of the text after them.
func newScrubber(secrets ...string) scrubber {
	return func(text string, more ...Secret) string {
		all := slices.Clone(secrets)
		for _, secret := range more {
			all = append(all, string(secret))
		}
		var forms []form
		longest := 0
		for _, secret := range all {
			forms = append(forms, formsOf(secret)...)
			longest = max(longest, len(secret))
		}
		// A text may be as long as a response. Beyond what is shown, only as much is searched as a secret that begins in it can have.
		text = strings.ToValidUTF8(text[:min(len(text), maxShown+longest*maxGrowth)], "\uFFFD")
		shown := min(len(text), maxShown)

		var found []span
		v, encoded := viewOf(text), true
		for encodings := 0; encoded && encodings <= maxEncodings; encodings++ {
			v = v.dense()
			found = append(found, v.findForms(forms)...)
			found = append(found, v.findTokens()...)
			v, encoded = v.decode()
		}
		return oneLine(redact(text, found, shown))
	}
}

// A form is one of the ways in which a secret is written, folded.
type form struct {
	text []byte
	// inRun says that the letters around it belong to it, too, because base64 and hexadecimal may encode a longer text.
	inRun bool
}

// minPartLength is the length of the parts at the beginning and the end of a secret that are looked for, in bytes.
const minPartLength = 16

func formsOf(secret string) []form {
	if len(secret) < minSecretLength {
		return nil
	}
	fold := func(text string) []byte {
		v := viewOf(strings.ToValidUTF8(text, "\uFFFD"))
		return v.fold().text
	}
	forms := []form{
		{fold(secret), false},
		{fold(url.QueryEscape(secret)), false}, // because decoding does not turn a plus sign back into a space
		{fold(hex.EncodeToString([]byte(secret))), true},
	}
	// A server may return only a part of a secret: without its prefix, or cut off.
	for _, prefix := range []string{"0x", "sk_", "pk_"} {
		if rest, ok := strings.CutPrefix(secret, prefix); ok && isVaried(rest) {
			forms = append(forms, form{fold(rest), false})
		}
	}
	if n := len(secret); n >= 2*minPartLength {
		for _, part := range []string{secret[:minPartLength], secret[n-minPartLength:]} {
			if isVaried(part) {
				forms = append(forms, form{fold(part), true})
			}
		}
	}
	// The text before a secret shifts its base64 by 0, 1 or 2 bytes; the letters that it shares with its neighbours are left out.
	for shift := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), secret...))
		from, to := (shift*8+5)/6, (shift+len(secret))*8/6
		forms = append(forms, form{fold(encoded[from:to]), true})
	}
	// A secret that is mostly spaces may leave one letter, which is in every text.
	return slices.DeleteFunc(forms, func(f form) bool { return len(f.text) < minSecretLength/2 })
}

// isVaried reports whether a part of a secret is unlikely to be in any other text. The zeros of a made-up key are in numbers, too.
func isVaried(part string) bool {
	different := map[rune]bool{}
	for _, r := range part {
		different[r] = true
	}
	return len(different) >= 6
}

// A span is a part of a text, from the byte start up to the byte end.
type span struct{ start, end int }

// A view is a text in another spelling. It knows where in the text each of its bytes comes from.
type view struct {
	text []byte
	from []span
}

func newView(size int) view { return view{make([]byte, 0, size), make([]span, 0, size)} }

func viewOf(text string) view {
	v := view{[]byte(text), make([]span, len(text))}
	for i := range v.from {
		v.from[i] = span{i, i + 1}
	}
	return v
}

func (v *view) add(text []byte, from span) {
	v.text = append(v.text, text...)
	for range text {
		v.from = append(v.from, from)
	}
}

// at returns where the bytes from i up to j come from.
func (v *view) at(i, j int) span { return span{v.from[i].start, v.from[j-1].end} }

// dense returns a view without the characters that can be inside a word unseen. A space cannot.
func (v *view) dense() view {
	dense := newView(len(v.text))
	for i := 0; i < len(v.text); {
		r, size := utf8.DecodeRune(v.text[i:])
		if r == ' ' || !isSpacing(r) {
			dense.add(v.text[i:i+size], v.at(i, i+size))
		}
		i += size
	}
	return dense
}

// decode returns a view with its escapes replaced by what they stand for, and reports whether there are any.
func (v *view) decode() (decoded view, encoded bool) {
	decoded = newView(len(v.text))
	for i := 0; i < len(v.text); {
		text, length := unescape(v.text[i:])
		decoded.add(text, v.at(i, i+length))
		encoded = encoded || length > 1
		i += length
	}
	return decoded, encoded
}

// Escapes at the beginning of a text: %5F, \u005f, \x5f, \n, and &#95; or &lowbar;.
var escape = regexp.MustCompile(`^(?:%[0-9A-Fa-f]{2}|\\[uU][0-9A-Fa-f]{4}|\\[xX][0-9A-Fa-f]{2}|\\[nrtNRT/"'\\]|&#[0-9]{1,7};?|&#[xX][0-9A-Fa-f]{1,6};?|&[A-Za-z]{2,24};)`)

// unescape returns what the first character of a text, or the escape that it begins with, stands for, and its length.
func unescape(text []byte) ([]byte, int) {
	if strings.IndexByte(`%\&`, text[0]) < 0 {
		return text[:1], 1
	}
	found := escape.Find(text)
	switch length := len(found); {
	case length == 0:
		return text[:1], 1
	case found[0] == '&':
		return []byte(html.UnescapeString(string(found))), length
	case length == 2 && bytes.IndexByte([]byte("nrtNRT"), found[1]) >= 0:
		return []byte{'\n'}, length
	case length == 2:
		return found[1:], length
	case length == 6:
		code, _ := strconv.ParseUint(string(found[2:]), 16, 16) // has the form
		return utf8.AppendRune(nil, rune(code)), length
	default:
		code, _ := strconv.ParseUint(string(found[length-2:]), 16, 8) // has the form
		return []byte{byte(code)}, length
	}
}

// fold returns a view in the form in which all spellings of a secret are equal: in lower case, without spaces and invisible
// characters, and with one alphabet for both of base64's.
func (v *view) fold() view {
	folded := newView(len(v.text))
	for i := 0; i < len(v.text); {
		r, size := utf8.DecodeRune(v.text[i:])
		switch {
		case isSpacing(r):
			r = -1
		case r == '+':
			r = '-'
		case r == '/':
			r = '_'
		default:
			r = unicode.ToLower(unicode.ToUpper(r)) // because some letters are equal only in capitals
		}
		if r >= 0 {
			folded.add(utf8.AppendRune(nil, r), v.at(i, i+size))
		}
		i += size
	}
	return folded
}

// isSpacing reports whether a character is a space, or one that can stand between others without being seen.
func isSpacing(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' ' || r == 0x7f
	}
	return unicode.IsControl(r) || check.IsInvisible(r) || unicode.In(r, unicode.Mn, unicode.Me) || r == utf8.RuneError
}

// findForms returns the places of the forms.
func (v *view) findForms(forms []form) []span {
	text := viewOf(string(v.text))
	folded := text.fold() // it knows where in v its bytes come from
	var found []span
	for _, form := range forms {
		for at := 0; ; {
			i := bytes.Index(folded.text[at:], form.text)
			if i < 0 {
				break
			}
			s := folded.at(at+i, at+i+len(form.text))
			if form.inRun {
				s = v.growInRun(s)
			}
			found = append(found, v.at(s.start, s.end))
			at += i + len(form.text)
		}
	}
	return found
}

// growInRun returns a span of the view's own text with the letters of base64 on either side.
func (v *view) growInRun(s span) span {
	inRun := func(c byte) bool {
		return (c >= '0' && c <= '9') || (c|0x20 >= 'a' && c|0x20 <= 'z') || strings.IndexByte("+/_-=", c) >= 0
	}
	for s.start > 0 && inRun(v.text[s.start-1]) {
		s.start--
	}
	for s.end < len(v.text) && inRun(v.text[s.end]) {
		s.end++
	}
	return s
}

// findTokens returns the places of everything that looks like a JWT.
func (v *view) findTokens() []span {
	var found []span
	for _, at := range tokenForm.FindAllIndex(v.text, -1) {
		found = append(found, v.at(at[0], at[1]))
	}
	return found
}

// redact returns a text up to a byte, with its spans replaced. Spans that overlap or touch are replaced together.
func redact(text string, spans []span, end int) string {
	slices.SortFunc(spans, func(a, b span) int { return a.start - b.start })
	var b strings.Builder
	done := 0 // up to here, text is in b or redacted
	for i, s := range spans {
		if s.start >= end {
			break
		}
		if i == 0 || s.start > done {
			b.WriteString(text[done:s.start])
			b.WriteString(redacted)
		}
		done = max(done, s.end)
	}
	b.WriteString(text[min(done, end):end])
	return strings.ToValidUTF8(b.String(), "")
}

// oneLine returns a text as one line of bounded length without invisible characters.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
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
