package yamledit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Add adds an entry to the mapping at a pointer, before another entry or, where before is "", at the end. The key must be new. An empty
// {} becomes a block, unless it is in other brackets.
func (d *Document) Add(pointer, key string, value *yaml.Node, before string) error {
	return d.edit(pointer, func(t *tree) ([]splice, error) {
		at, value, err := t.place(pointer, yaml.MappingNode, value)
		if err != nil {
			return nil, err
		}
		mapping := at.node
		if i := entry(mapping, key); i >= 0 {
			return nil, fmt.Errorf("it has the key %q already, in line %d", key, mapping.Content[2*i].Line)
		}
		index := len(mapping.Content) / 2
		if before != "" {
			if index = entry(mapping, before); index < 0 {
				return nil, fmt.Errorf("it has no key %q to stand behind the new one", before)
			}
		}
		name := keyNode(key)
		with := holding(mapping, slices.Insert(slices.Clone(mapping.Content), 2*index, name, value))
		var splices []splice
		if len(mapping.Content) == 0 && !at.inFlow {
			splices, err = t.replace(at, with)
		} else {
			splices, err = t.insert(at, index, name, value)
		}
		*mapping = *with
		return splices, err
	})
}

// Append adds an item to the end of the list at a pointer. An empty [] stays in brackets if the item is a scalar.
func (d *Document) Append(pointer string, value *yaml.Node) error {
	return d.edit(pointer, func(t *tree) ([]splice, error) {
		at, value, err := t.place(pointer, yaml.SequenceNode, value)
		if err != nil {
			return nil, err
		}
		list := at.node
		with := holding(list, append(slices.Clone(list.Content), value))
		var splices []splice
		if len(list.Content) == 0 && !at.inFlow && value.Kind != yaml.ScalarNode {
			splices, err = t.replace(at, with)
		} else {
			splices, err = t.insert(at, len(list.Content), nil, value)
		}
		*list = *with
		return splices, err
	})
}

// holding returns a collection with other content, and without its comments and its style.
func holding(collection *yaml.Node, content []*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: collection.Kind, Tag: collection.Tag, Anchor: collection.Anchor, Content: content}
}

// place finds a collection that a value is to be added to.
func (t *tree) place(pointer string, kind yaml.Kind, value *yaml.Node) (step, *yaml.Node, error) {
	value, err := usable(value)
	if err != nil {
		return step{}, nil, err
	}
	steps, err := t.find(pointer)
	if err != nil {
		return step{}, nil, err
	}
	at := steps[len(steps)-1]
	if at.node.Kind != kind {
		return step{}, nil, fmt.Errorf("line %d is not a %s", at.node.Line, map[yaml.Kind]string{yaml.MappingNode: "mapping", yaml.SequenceNode: "list"}[kind])
	}
	return at, value, nil
}

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

// Remove removes the first scalar item with a value from the list at a pointer. If it is the only item, the entry of the list is removed.
func (d *Document) Remove(pointer, item string) error {
	return d.edit(pointer, func(t *tree) ([]splice, error) {
		steps, err := t.find(pointer)
		if err != nil {
			return nil, err
		}
		at := steps[len(steps)-1]
		if at.node.Kind != yaml.SequenceNode {
			return nil, fmt.Errorf("line %d is not a list", at.node.Line)
		}
		index := slices.IndexFunc(at.node.Content, func(node *yaml.Node) bool { return node.Kind == yaml.ScalarNode && node.Value == item })
		if index < 0 {
			return nil, fmt.Errorf("the list in line %d has no item %q", at.node.Line, item)
		}
		if len(at.node.Content) > 1 {
			if err := anchorless(at.node.Content[index]); err != nil {
				return nil, err
			}
			splices := t.remove(at.node, index)
			at.node.Content = slices.Delete(at.node.Content, index, index+1)
			return splices, nil
		}
		if at.key == nil {
			return nil, fmt.Errorf("the list in line %d is an item of another list, and would become empty", at.node.Line)
		}
		if err := errors.Join(anchorless(at.key), anchorless(at.node)); err != nil {
			return nil, err
		}
		mapping := at.parent
		without := holding(mapping, slices.Delete(slices.Clone(mapping.Content), 2*at.index, 2*at.index+2))
		splices := t.remove(mapping, at.index)
		if len(without.Content) == 0 {
			splices, err = t.replace(steps[len(steps)-2], without)
		}
		*mapping = *without
		return splices, err
	})
}

// remove removes a member of a collection that has others.
func (t *tree) remove(collection *yaml.Node, index int) []splice {
	members := t.members(collection)
	switch member := members[index]; {
	case len(members) == 1:
		return nil
	case collection.Style&yaml.FlowStyle != 0:
		return t.removeFromBrackets(members, index)
	case t.text.opensLine(member.start):
		return []splice{t.removeLines(members, index)}
	default:
		return []splice{{member.start, t.text.skipLines(t.text.endOfLine(member.end)), ""}}
	}
}

// removeLines removes a member of a block with its lines, and the blank line that separates it from the others.
func (t *tree) removeLines(members []span, index int) splice {
	from, to := t.text.startOfLine(members[index].start), t.text.nextLine(members[index].end)
	if index > 0 && t.separated(members[:index+1], index) && (index == len(members)-1 || t.text.blankLine(to)) {
		if above := t.text.startOfLine(from - 1); t.text.blankLine(above) {
			from = above
		}
	}
	if to == len(t.text) && t.text[to-1] != '\n' && from > 0 {
		from = t.text.endOfLine(from - 1)
	}
	return splice{from, to, ""}
}

// removeFromBrackets removes a member with its comma or, if it is the last, with that before it.
func (t *tree) removeFromBrackets(members []span, index int) []splice {
	member := members[index]
	last := index == len(members)-1
	end := t.text.skipSpaces(member.end)
	comma := end < len(t.text) && t.text[end] == ','
	if comma {
		end++
	}
	if t.text.opensLine(member.start) && (comma || last) && blank(string(t.text[end:t.text.endOfLine(end)])) {
		line := splice{t.text.startOfLine(member.start), t.text.nextLine(end), ""}
		if comma || index == 0 {
			return []splice{line}
		}
		before := t.text.skip(members[index-1].end)
		return []splice{{before, before + 1, ""}, line}
	}
	if index > 0 {
		return []splice{{members[index-1].end, member.end, ""}}
	}
	return []splice{{member.start, members[1].start, ""}}
}
