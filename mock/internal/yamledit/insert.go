package yamledit

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// longest is how many columns a line may have after something was added to what is in its brackets.
const longest = 132

// insert adds a member to a collection, as the one with an index: an entry or, without a key, an item.
func (t *tree) insert(at step, index int, key, value *yaml.Node) ([]splice, error) {
	if at.node.Style&yaml.FlowStyle == 0 {
		members := t.members(at.node)
		column := t.text.column(members[0].start)
		lines, err := blockLines(key, value, column)
		if err != nil {
			return nil, err
		}
		return t.insertLines(members, index, column, lines, t.separated(members, index) && (index < len(members) || !t.keepsLines(at.node))), nil
	}
	text, err := flowText(key, value)
	if err != nil {
		return nil, err
	}
	splices := t.insertInBrackets(at.node, index, text)
	where := t.spans[at.node]
	oneLine := t.text.endOfLine(where.body) == t.text.endOfLine(where.end)
	line, _ := t.text.with(splices).line(t.text.startOfLine(where.body))
	if oneLine && utf8.RuneCountInString(line) > longest && at.key != nil && !at.inFlow && where.body == where.start {
		return t.withoutBrackets(at, index, key, value)
	}
	return splices, nil
}

// insertLines adds the lines of a member to a block, before the member that has the index or after the last one.
func (t *tree) insertLines(members []span, index, column int, lines []string, separated bool) []splice {
	indent, end := strings.Repeat(" ", column), t.text.lineBreak()
	separator := ""
	if separated {
		separator = end
	}
	if index == len(members) {
		at := t.lastLine(members[index-1].end, column)
		return []splice{{at, at, separator + joined(lines, indent, end)}}
	}
	start := members[index].start
	if !t.text.opensLine(start) {
		return []splice{{start, start, strings.TrimPrefix(joined(lines, indent, end), end+indent) + end + separator + indent}}
	}
	first := t.text.startOfLine(start)
	above := 0
	if index > 0 {
		above = t.text.nextLine(members[index-1].end)
	}
	at := t.firstComment(first, above, column)
	if at == 0 {
		at = first // a comment at the top is about the whole document
	}
	return []splice{{at, at, strings.TrimPrefix(joined(lines, indent, end), end) + end + separator}}
}

// joined returns lines with an indentation, and with a line break before each.
func joined(lines []string, indent, lineBreak string) string {
	var text strings.Builder
	for _, line := range lines {
		text.WriteString(lineBreak)
		if line != "" {
			text.WriteString(indent + line)
		}
	}
	return text.String()
}

// separated says whether there is a blank line where a member is to be inserted, or else between the members next to it.
func (t *tree) separated(members []span, index int) bool {
	if len(members) < 2 {
		return false
	}
	index = min(max(index, 1), len(members)-1)
	last := t.text.startOfLine(members[index].start)
	for at := t.text.nextLine(members[index-1].end); at < last; at = t.text.nextLine(at) {
		if t.text.blankLine(at) {
			return true
		}
	}
	return false
}

// keepsLines says whether a blank line after a value would be part of it.
func (t *tree) keepsLines(value *yaml.Node) bool {
	for len(value.Content) > 0 {
		value = value.Content[len(value.Content)-1]
	}
	if value.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		return false
	}
	_, _, keep := t.header(t.spans[value].body)
	return keep
}

// lastLine returns where the last line of a block ends that has its last value end at a position. Comments with at least the
// indentation of the block belong to it, unless they stand directly above something that is not part of it and has the same
// indentation.
func (t *tree) lastLine(end, column int) int {
	last := t.text.endOfLine(end)
	sure := last
	for at := t.text.nextLine(end); at < len(t.text); at = t.text.nextLine(at) {
		line, indent := t.text.line(at)
		switch {
		case blank(line):
			sure = last
			continue
		case line[indent] != '#' && indent == column:
			return sure
		case line[indent] != '#' || indent < column:
			return last
		}
		last = t.text.endOfLine(at)
	}
	return last
}

// firstComment returns the first of the comments directly above a line that have the same column, or the line.
func (t *tree) firstComment(line, above, column int) int {
	for line > above {
		before := t.text.startOfLine(line - 1)
		if text, indent := t.text.line(before); indent != column || indent == len(text) || text[indent] != '#' {
			return line
		}
		line = before
	}
	return line
}

// insertInBrackets adds the text of a member to what is in brackets.
func (t *tree) insertInBrackets(collection *yaml.Node, index int, text string) []splice {
	members := t.members(collection)
	if len(members) == 0 {
		inside := t.spans[collection].body + 1
		return []splice{{inside, inside, text}}
	}
	member := members[min(index, len(members)-1)]
	start, end := member.start, member.end
	between := " "
	if t.text.opensLine(start) {
		between = t.text.lineBreak() + strings.Repeat(" ", t.text.column(start))
	}
	if index < len(members) {
		return []splice{{start, start, text + "," + between}}
	}
	if between == " " {
		return []splice{{end, end, ", " + text}}
	}
	at, after := end, "" // of the comma behind the last member, which need not be there
	splices := []splice{}
	if comma := t.text.skipSpaces(end); comma < len(t.text) && t.text[comma] == ',' {
		at, after = comma+1, ","
	} else {
		splices = append(splices, splice{end, end, ","})
	}
	if t.text.isComment(t.text.skipSpaces(at)) {
		at = t.text.endOfLine(at)
	}
	return append(splices, splice{at, at, between + text + after})
}

// withoutBrackets writes the entry of a collection in brackets as a block, with a further member.
func (t *tree) withoutBrackets(at step, index int, key, value *yaml.Node) ([]splice, error) {
	column := t.text.column(t.members(at.parent)[0].start) + 2
	lines, err := blockLines(key, value, column)
	if err != nil {
		return nil, err
	}
	var before, after []string
	for i, member := range t.members(at.node) {
		line := "- " + string(t.text[member.start:member.end])
		if key != nil {
			name, content := t.spans[at.node.Content[2*i]], t.spans[at.node.Content[2*i+1]]
			line = strings.TrimSuffix(string(t.text[name.start:name.end]+": "+t.text[content.start:content.end]), " ")
		}
		if i < index {
			before = append(before, line)
		} else {
			after = append(after, line)
		}
	}
	block := append(append(before, lines...), after...)
	return t.rewrite(at, "", strings.Repeat(" ", column), block), nil
}
