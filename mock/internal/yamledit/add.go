package yamledit

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Add adds an entry to the mapping at a pointer, before another entry or, where before is "", at the end. The key must be new.
// An empty {} becomes a block, unless it is in other brackets.
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
		names := map[yaml.Kind]string{yaml.MappingNode: "mapping", yaml.SequenceNode: "list"}
		return step{}, nil, fmt.Errorf("line %d is not a %s", at.node.Line, names[kind])
	}
	return at, value, nil
}
