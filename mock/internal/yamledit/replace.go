package yamledit

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Replace replaces the value of an entry or an item. The key and the comment at the end of its line stay.
func (d *Document) Replace(pointer string, value *yaml.Node) error {
	return d.edit(pointer, func(t *tree) ([]splice, error) {
		value, err := usable(value)
		if err != nil {
			return nil, err
		}
		steps, err := t.find(pointer)
		if err != nil {
			return nil, err
		}
		at := steps[len(steps)-1]
		if at.parent == nil {
			return nil, errors.New("the root cannot be replaced")
		}
		if err := anchorless(at.node); err != nil {
			return nil, err
		}
		splices, err := t.replace(at, value)
		*at.node = *value
		return splices, err
	})
}

// replace writes another value in the place of one.
func (t *tree) replace(at step, value *yaml.Node) ([]splice, error) {
	where := t.spans[at.node]
	if at.parent == nil {
		text, err := encode(value)
		return []splice{{where.start, where.end, strings.ReplaceAll(text, "\n", t.text.lineBreak())}}, err
	}
	if at.inFlow {
		text, err := flowText(nil, value)
		if at.key != nil && where.start == where.end { // there was no value, and perhaps no colon
			return []splice{{t.spans[at.key].end, where.end, ": " + text}}, err
		}
		return []splice{{where.start, where.end, text}}, err
	}
	column := t.text.column(t.members(at.parent)[0].start)
	indicator, key := "-", (*yaml.Node)(nil)
	if at.key != nil {
		key = keyNode(strings.Repeat("k", max(1, utf8.RuneCountInString(at.key.Value)))) // as long as the key
		indicator = key.Value + ":"
	}
	lines, err := blockLines(key, value, column)
	if err != nil {
		return nil, err
	}
	return t.rewrite(at, strings.TrimPrefix(lines[0], indicator), strings.Repeat(" ", column), lines[1:]), nil
}

// anchorless refuses a node that has anchors in it, which would be lost with it.
func anchorless(node *yaml.Node) error {
	if node.Anchor != "" {
		return fmt.Errorf("line %d has the anchor &%s, which would be lost", node.Line, node.Anchor)
	}
	for _, content := range node.Content {
		if err := anchorless(content); err != nil {
			return err
		}
	}
	return nil
}

// rewrite replaces a value in a block: first is what follows the colon or the dash, and lines follow that line. What stands
// behind the value, such as a comment, stays at the end of the line.
func (t *tree) rewrite(at step, first, indent string, lines []string) []splice {
	from := t.afterIndicator(at)
	where := t.spans[at.node]
	to, end := where.end, where.end
	isBlock := at.node.Kind != yaml.ScalarNode && at.node.Style&yaml.FlowStyle == 0
	if isBlock && t.text.endOfLine(end) != t.text.endOfLine(from) {
		end = t.text.endOfLine(end) // a comment there is about the last part of the value, and not about the whole
		to = end
	}
	switch {
	case at.node.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		to, _, _ = t.header(where.body)
	case isBlock && t.text.startOfLine(where.start) > from:
		to = from
	}
	below := t.text.endOfLine(to)
	return []splice{{from, to, first}, {below, max(below, end), joined(lines, indent, t.text.lineBreak())}}
}
