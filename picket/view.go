package picket

import (
	"bytes"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// maxEncodings is how many times a secret may be encoded and is still found.
const maxEncodings = 3

// A span is a part of a text, from the byte start up to the byte end.
type span struct{ start, end int }

// A view is a text in another spelling.
type view struct {
	text []byte
	// from says where in the text each byte comes from. It is nil if nobody asks.
	from []span
}

// viewOf returns a view that knows where its bytes come from.
func viewOf(text []byte) view {
	v := view{text, make([]span, len(text))}
	for i := range v.from {
		v.from[i] = span{i, i + 1}
	}
	return v
}

// another returns an empty view for what is made of this one.
func (v *view) another() view {
	made := view{text: make([]byte, 0, len(v.text))}
	if v.from != nil {
		made.from = make([]span, 0, len(v.text))
	}
	return made
}

// came notes that what was appended to the text comes from the bytes from i up to j of another view.
func (v *view) came(from *view, i, j int) {
	if from.from == nil {
		return
	}
	for s := from.at(i, j); len(v.from) < len(v.text); {
		v.from = append(v.from, s)
	}
}

// at returns where the bytes from i up to j come from.
func (v *view) at(i, j int) span { return span{v.from[i].start, v.from[j-1].end} }

// decodings returns what a view is as it stands and once its escapes are replaced, up to maxEncodings times, each without characters
// that can be inside a word unseen.
func (v view) decodings() iter.Seq[view] {
	return func(yield func(view) bool) {
		for encodings, encoded := 0, true; encoded && encodings <= maxEncodings; encodings++ {
			v = v.dense()
			if !yield(v) {
				return
			}
			v, encoded = v.decode()
		}
	}
}

// dense returns a view without the characters that can be inside a word unseen. A space cannot.
func (v *view) dense() view {
	dense := v.another()
	for i := 0; i < len(v.text); {
		r, size := utf8.DecodeRune(v.text[i:])
		if r == ' ' || !isSpacing(r) {
			dense.text = append(dense.text, v.text[i:i+size]...)
			dense.came(v, i, i+size)
		}
		i += size
	}
	return dense
}

// decode returns a view with its escapes replaced by what they stand for, and reports whether there are any.
func (v *view) decode() (decoded view, encoded bool) {
	if !bytes.ContainsAny(v.text, escapeSigns) {
		return *v, false
	}
	decoded = v.another()
	for i := 0; i < len(v.text); {
		var length int
		decoded.text, length = appendUnescaped(decoded.text, v.text[i:])
		decoded.came(v, i, i+length)
		encoded = encoded || length > 1
		i += length
	}
	return decoded, encoded
}

// fold returns a view in the form in which all spellings of a secret are equal: in lower case, without spaces and invisible
// characters, and with one alphabet for both of base64's.
func (v *view) fold() view {
	folded := v.another()
	for i := 0; i < len(v.text); {
		r, size := utf8.DecodeRune(v.text[i:])
		if !isSpacing(r) {
			folded.text = utf8.AppendRune(folded.text, foldRune(r))
			folded.came(v, i, i+size)
		}
		i += size
	}
	return folded
}

func foldRune(r rune) rune {
	switch {
	case r == '+':
		return '-'
	case r == '/':
		return '_'
	}
	return unicode.ToLower(unicode.ToUpper(r)) // because some letters are equal only in capitals
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
	text := viewOf(v.text)
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
	for at := 0; ; {
		start, end := nextToken(v.text[at:])
		if start < 0 {
			return found
		}
		found = append(found, v.at(at+start, at+end))
		at += end
	}
}
