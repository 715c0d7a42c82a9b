package yamledit

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// source is the text of a document. Positions in it are counted in bytes.
type source string

// startOfLine returns where the line begins that a position is in.
func (s source) startOfLine(at int) int { return strings.LastIndexByte(string(s[:at]), '\n') + 1 }

// endOfLine returns where the line ends that a position is in, before its line break.
func (s source) endOfLine(at int) int {
	end := strings.IndexByte(string(s[at:]), '\n')
	if end < 0 {
		return len(s)
	}
	if at+end > 0 && s[at+end-1] == '\r' {
		end--
	}
	return at + end
}

// nextLine returns where the line after that of a position begins, or the end of the text.
func (s source) nextLine(at int) int {
	end := strings.IndexByte(string(s[at:]), '\n')
	if end < 0 {
		return len(s)
	}
	return at + end + 1
}

// column returns how many characters of its line stand before a position.
func (s source) column(at int) int { return utf8.RuneCountInString(string(s[s.startOfLine(at):at])) }

// opensLine says whether only spaces stand before a position in its line.
func (s source) opensLine(at int) bool { return blank(string(s[s.startOfLine(at):at])) }

// line returns the line that begins at a position, without its line break, and how many spaces it begins with.
func (s source) line(start int) (line string, indent int) {
	line = string(s[start:s.endOfLine(start)])
	return line, len(line) - len(strings.TrimLeft(line, " "))
}

// blankLine says whether the line that begins at a position is blank.
func (s source) blankLine(start int) bool { return blank(string(s[start:s.endOfLine(start)])) }

// skipSpaces returns the first position that is not a space.
func (s source) skipSpaces(at int) int {
	for at < len(s) && s[at] == ' ' {
		at++
	}
	return at
}

// skipLines returns the first position that is neither a space nor a line break.
func (s source) skipLines(at int) int {
	for at < len(s) && strings.IndexByte(" \r\n", s[at]) >= 0 {
		at++
	}
	return at
}

// skip returns the first position that is neither a space nor a line break nor in a comment.
func (s source) skip(at int) int {
	for at = s.skipLines(at); s.isComment(at); at = s.skipLines(at) {
		at = s.endOfLine(at)
	}
	return at
}

// isComment says whether a # at a position begins a comment, if it does not stand in a scalar.
func (s source) isComment(at int) bool {
	return at < len(s) && s[at] == '#' && (at == 0 || s[at-1] == ' ' || s[at-1] == '\n')
}

// lineBreak returns the line break of the text's first line.
func (s source) lineBreak() string {
	if at := strings.IndexByte(string(s), '\n'); at > 0 && s[at-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

func blank(line string) bool { return strings.Trim(line, " \r") == "" }

// splice replaces what is between two positions.
type splice struct {
	from, to int
	text     string
}

// with returns the text with splices, which do not overlap.
func (s source) with(splices []splice) source {
	slices.SortStableFunc(splices, func(a, b splice) int { return cmp.Compare(a.from, b.from) })
	var made strings.Builder
	at := 0
	for _, change := range splices {
		made.WriteString(string(s[at:change.from]) + change.text)
		at = change.to
	}
	made.WriteString(string(s[at:]))
	return source(made.String())
}
