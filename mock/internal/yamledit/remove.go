package yamledit

import (
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Remove removes the first scalar item with a value from the list at a pointer. If it is the only item, the entry of the list is
// removed.
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
