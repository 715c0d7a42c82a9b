package picket

import (
	"bytes"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"
)

// escapeSigns are what escapes begin with.
const escapeSigns = `%\&`

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	hexa    = digits + "abcdefABCDEF"
)

// run returns how many of the first bytes of a text are in a set, and at most the given number.
func run[T string | []byte](text T, set string, most int) int {
	n := 0
	for n < min(len(text), most) && strings.IndexByte(set, text[n]) >= 0 {
		n++
	}
	return n
}

// appendUnescaped appends what the first byte of a text, or the escape that it begins with, stands for, and returns its length.
func appendUnescaped(unescaped, text []byte) ([]byte, int) {
	length := escapeLength(text)
	if length == 0 {
		return append(unescaped, text[0]), 1
	}
	escape := text[:length]
	switch {
	case escape[0] == '&':
		return append(unescaped, html.UnescapeString(string(escape))...), length
	case length == 2 && bytes.IndexByte([]byte("nrtNRT"), escape[1]) >= 0:
		return append(unescaped, '\n'), length
	case length == 2:
		return append(unescaped, escape[1]), length
	case length == 6:
		code, _ := strconv.ParseUint(string(escape[2:]), 16, 16) // has the form
		return utf8.AppendRune(unescaped, rune(code)), length
	default:
		code, _ := strconv.ParseUint(string(escape[length-2:]), 16, 8) // has the form
		return append(unescaped, byte(code)), length
	}
}

// escapeLength returns the length of the escape that a text begins with, or 0: %5F, \u005f, \x5f, \n, and &#95;, &#x5f; or &lowbar;.
func escapeLength(text []byte) int {
	if len(text) < 2 || strings.IndexByte(escapeSigns, text[0]) < 0 {
		return 0
	}
	var start, size int // of its hexadecimal digits
	switch next := text[1]; {
	case text[0] == '%':
		start, size = 1, 2
	case text[0] == '&':
		return entityLength(text)
	case next|0x20 == 'u':
		start, size = 2, 4
	case next|0x20 == 'x':
		start, size = 2, 2
	case strings.IndexByte(`nrtNRT/"'\`, next) >= 0:
		return 2
	default:
		return 0
	}
	if run(text[start:], hexa, size) < size {
		return 0
	}
	return start + size
}

// entityLength returns the length of the entity of HTML that a text, which begins with an ampersand, begins with, or 0.
func entityLength(text []byte) int {
	if text[1] != '#' {
		const longest = 24 // of the names that HTML has
		end := 1 + run(text[1:], letters, longest)
		if end < 3 || end == len(text) || text[end] != ';' {
			return 0
		}
		return end + 1
	}
	start, set, most := 2, digits, 7
	if len(text) > 2 && text[2]|0x20 == 'x' {
		start, set, most = 3, hexa, 6
	}
	end := start + run(text[start:], set, most)
	switch {
	case end == start:
		return 0
	case end < len(text) && text[end] == ';':
		end++
	}
	return end
}
