package yamledit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// step is a node on the way from the root to a place.
type step struct {
	node, parent, key *yaml.Node // the root has no parent, and only an entry of a mapping has a key
	index             int        // of the entry or item in its parent
	inFlow            bool       // whether something around it is in brackets
}

// walk follows a pointer from the root.
func walk(root *yaml.Node, pointer string) ([]step, error) {
	if pointer != "" && pointer[0] != '/' {
		return nil, errors.New("a pointer must be empty or begin with /")
	}
	steps := []step{{node: root}}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for _, token := range strings.Split(pointer, "/")[1:] {
		if strings.Contains(strings.NewReplacer("~0", "", "~1", "").Replace(token), "~") {
			return nil, errors.New("in a pointer, ~ must be followed by 0 or 1")
		}
		name := unescape.Replace(token)
		before := steps[len(steps)-1]
		next, found := child(target(before.node), name)
		if !found {
			return nil, fmt.Errorf("there is no %q in line %d", name, before.node.Line)
		}
		next.inFlow = before.inFlow || next.parent.Style&yaml.FlowStyle != 0
		steps = append(steps, next)
	}
	return steps, nil
}

// target returns the node that an alias stands for, or the node itself.
func target(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

func child(parent *yaml.Node, name string) (step, bool) {
	switch parent.Kind {
	case yaml.MappingNode:
		if i := entry(parent, name); i >= 0 {
			return step{node: parent.Content[2*i+1], parent: parent, key: parent.Content[2*i], index: i}, true
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(name); err == nil && strconv.Itoa(i) == name && 0 <= i && i < len(parent.Content) {
			return step{node: parent.Content[i], parent: parent, index: i}, true
		}
	}
	return step{}, false
}

// entry returns the index of a key among those of a mapping, or -1.
func entry(mapping *yaml.Node, key string) int {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return i / 2
		}
	}
	return -1
}

// find returns the steps to a place that is to be edited. It refuses a place that is in the document more than once.
func (t *tree) find(pointer string) ([]step, error) {
	steps, err := walk(t.root, pointer)
	if err != nil {
		return nil, err
	}
	for _, at := range steps {
		if at.node.Kind == yaml.AliasNode {
			return nil, fmt.Errorf("line %d has the alias *%s, so the edit would change what it stands for as well", at.node.Line, at.node.Value)
		}
		if line, shared := t.shared[at.node]; shared {
			return nil, fmt.Errorf("line %d has the anchor &%s, so the edit would change the alias in line %d as well",
				at.node.Line, at.node.Anchor, line)
		}
	}
	return steps, nil
}

// afterIndicator returns the position after the colon or the dash that stands before a value in a block.
func (t *tree) afterIndicator(at step) int {
	if at.key != nil {
		return t.text.skipSpaces(t.spans[at.key].end) + len(":")
	}
	return t.members(at.parent)[at.index].start + len("-")
}

// members returns where the entries or items of a collection are: from the key or the dash, if it has one, to the end of the
// value.
func (t *tree) members(collection *yaml.Node) []span {
	var found []span
	if collection.Kind == yaml.MappingNode {
		for i := 0; i < len(collection.Content); i += 2 {
			found = append(found, span{start: t.spans[collection.Content[i]].start, end: t.spans[collection.Content[i+1]].end})
		}
		return found
	}
	at := t.spans[collection].body
	for _, item := range collection.Content {
		member := span{start: t.spans[item].start, end: t.spans[item].end}
		if collection.Style&yaml.FlowStyle == 0 {
			member.start = t.text.skip(at)
		}
		found = append(found, member)
		at = member.end
	}
	return found
}
