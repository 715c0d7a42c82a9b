package yamledit

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// measure finds where a node ends, and notes its span and those of the nodes in it. The YAML library says only where nodes
// begin. The indentation is that of the block around it, and -1 for the root.
func (t *tree) measure(node *yaml.Node, indent int) (end int, err error) {
	start := t.position(node)
	body, end := t.properties(start, node)
	switch {
	case node.Kind == yaml.AliasNode:
		end = min(start+len("*")+len(node.Value), len(t.text))
	case node.Kind == yaml.ScalarNode:
		if end, err = t.scalar(node, body, end, indent); err != nil {
			return 0, err
		}
	case node.Style&yaml.FlowStyle != 0:
		if end, err = t.flow(node, body); err != nil {
			return 0, err
		}
	default:
		if end, err = t.block(node, body); err != nil {
			return 0, err
		}
	}
	t.spans[node] = span{start, body, end}
	return end, nil
}

// position returns where a node begins. The YAML library counts lines and characters from 1.
func (t *tree) position(node *yaml.Node) int {
	if node.Line > len(t.lines) {
		return len(t.text)
	}
	at := t.lines[node.Line-1]
	for range node.Column - 1 {
		_, size := utf8.DecodeRuneInString(string(t.text[at:]))
		at += size
	}
	return at
}

// properties returns where a node's anchor and tag end, and where what follows them begins.
func (t *tree) properties(start int, node *yaml.Node) (body, end int) {
	end = start
	for at, seen := start, ""; at < len(t.text) && strings.IndexByte("&!", t.text[at]) >= 0 && !strings.Contains(seen, t.text.at(at)); {
		seen += t.text.at(at)
		if t.text[at] == '&' {
			end = min(at+len("&")+len(node.Anchor), len(t.text))
		} else {
			end = at + strings.IndexAny(string(t.text[at:])+"\n", " \r\n")
		}
		at = t.text.skipSpaces(end)
	}
	if end == start {
		return start, start
	}
	return t.text.skip(end), end
}

// at returns the byte at a position, as a string.
func (s source) at(position int) string { return string(s[position : position+1]) }

// scalar returns where a scalar ends. propertiesEnd is where it ends if it has no text.
func (t *tree) scalar(node *yaml.Node, body, propertiesEnd, indent int) (end int, err error) {
	opaque := body
	switch style := node.Style; {
	case style&yaml.DoubleQuotedStyle != 0:
		end = t.quoted(body, '"')
	case style&yaml.SingleQuotedStyle != 0:
		end = t.quoted(body, '\'')
	case style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		opaque = t.text.endOfLine(min(body, len(t.text)))
		end = t.literal(body, indent)
	case node.Value == "":
		return propertiesEnd, nil
	default:
		end = t.plain(body, node.Value)
	}
	if end < 0 {
		return 0, fmt.Errorf("line %d: this value is written in a way that cannot be edited safely; write it in another way", node.Line)
	}
	t.opaque = append(t.opaque, span{start: opaque, end: max(opaque, end)})
	return end, nil
}

// quoted returns where a quoted scalar ends, or -1.
func (t *tree) quoted(body int, quote byte) int {
	if body >= len(t.text) || t.text[body] != quote {
		return -1
	}
	for at := body + 1; at < len(t.text); at++ {
		switch doubled := at+1 < len(t.text) && t.text[at+1] == quote; {
		case quote == '"' && t.text[at] == '\\', quote == '\'' && t.text[at] == quote && doubled:
			at++
		case t.text[at] == quote:
			return at + 1
		}
	}
	return -1
}

// plain returns where a scalar without quotes ends, or -1. All characters of its value stand in the text, with other white space.
func (t *tree) plain(at int, value string) int {
	for i := range len(value) {
		if value[i] == ' ' || value[i] == '\n' {
			continue
		}
		if at = t.text.skipLines(at); at >= len(t.text) || t.text[at] != value[i] {
			return -1
		}
		at++
	}
	return at
}

// literal returns where a literal or folded scalar ends: after its last line, or its header if it has none. Blank lines after it
// are part of it only if its header says so. It returns -1 if there is no header.
func (t *tree) literal(body, indent int) int {
	header, explicit, keep := t.header(body)
	if header < 0 {
		return -1
	}
	indent = max(indent, 0) + explicit
	if explicit == 0 {
		indent = max(indent+1, t.firstIndent(t.text.nextLine(header)))
	}
	end := header
	for at := t.text.nextLine(header); at < len(t.text); at = t.text.nextLine(at) {
		line, spaces := t.text.line(at)
		if spaces < indent && !blank(line) {
			break
		}
		if keep || !blank(line) || len(line) > indent {
			end = t.text.endOfLine(at)
		}
	}
	return end
}

// header returns where the header of a literal ends, and what it says.
func (t *tree) header(body int) (end, indent int, keep bool) {
	if body >= len(t.text) || strings.IndexByte("|>", t.text[body]) < 0 {
		return -1, 0, false
	}
	for end = body + 1; end < len(t.text); end++ {
		switch char := t.text[end]; {
		case char == '+':
			keep = true
		case '1' <= char && char <= '9':
			indent = int(char - '0')
		case char != '-':
			return end, indent, keep
		}
	}
	return end, indent, keep
}

// firstIndent returns the indentation of the first line that is not blank, or of a blank one before it that is longer.
func (t *tree) firstIndent(at int) int {
	longest := 0
	for ; at < len(t.text); at = t.text.nextLine(at) {
		line, spaces := t.text.line(at)
		longest = max(longest, spaces)
		if !blank(line) {
			break
		}
	}
	return longest
}

// flow returns where a collection in brackets ends. The brackets of a mapping in a list may be missing, as in [a: b].
func (t *tree) flow(node *yaml.Node, body int) (end int, err error) {
	bracketed := body < len(t.text) && strings.IndexByte("{[", t.text[body]) >= 0
	end = body
	if bracketed {
		end++
	}
	for _, child := range node.Content {
		if end, err = t.measure(child, 0); err != nil {
			return 0, err
		}
	}
	if !bracketed {
		return end, nil
	}
	for end = t.text.skip(end); end < len(t.text) && strings.IndexByte(",:", t.text[end]) >= 0; {
		end = t.text.skip(end + 1)
	}
	if end >= len(t.text) || strings.IndexByte("}]", t.text[end]) < 0 {
		return 0, fmt.Errorf("line %d: the end of what is in brackets cannot be found; write it in another way", node.Line)
	}
	return end + 1, nil
}

// block returns where a collection without brackets ends.
func (t *tree) block(node *yaml.Node, body int) (end int, err error) {
	indent := t.text.column(body)
	end = body
	for i, child := range node.Content {
		if node.Kind == yaml.SequenceNode {
			dash := t.text.skip(end)
			if dash >= len(t.text) || t.text[dash] != '-' {
				return 0, fmt.Errorf("line %d: the dash of this item cannot be found", child.Line)
			}
		}
		if end, err = t.measure(child, indent); err != nil {
			return 0, err
		}
		if node.Kind == yaml.MappingNode && i%2 == 0 {
			colon := t.text.skipSpaces(end)
			if colon >= len(t.text) || t.text[colon] != ':' {
				return 0, fmt.Errorf("line %d: the key must stand before a colon in the same line, without a question mark", child.Line)
			}
		}
	}
	return end, nil
}
