package mutate

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// A place is where a node of the contract is, and its name.
type place struct {
	id    string
	steps []string
}

// in returns the place of a key below.
func (p place) in(key string) place { return p.as(key, key) }

// as returns the place of a key or index below, under a name that says more.
func (p place) as(step, name string) place {
	if p.id != "" {
		name = p.id + "." + name
	}
	return place{name, append(slices.Clone(p.steps), step)}
}

// find returns the node at the place, or nil.
func (p place) find(document *yaml.Node) *yaml.Node {
	node := document.Content[0]
	for _, step := range p.steps {
		if node == nil {
			return nil
		}
		if node.Kind == yaml.SequenceNode {
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(node.Content) {
				return nil
			}
			node = node.Content[i]
			continue
		}
		node = value(node, step)
	}
	return node
}

func parse(text []byte) (*yaml.Node, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, fmt.Errorf("the contract is not YAML: %w", err)
	}
	if document.Kind != yaml.DocumentNode || document.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("the contract is not a YAML mapping")
	}
	return &document, nil
}

func encode(document *yaml.Node) ([]byte, error) {
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(document); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

// pairs calls visit with each key and value of a mapping.
func pairs(mapping *yaml.Node, visit func(key string, value *yaml.Node)) {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i < len(mapping.Content); i += 2 {
		visit(mapping.Content[i].Value, mapping.Content[i+1])
	}
}

func keyIndex(mapping *yaml.Node, key string) int {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return -1
	}
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return i
		}
	}
	return -1
}

func value(mapping *yaml.Node, key string) *yaml.Node {
	if i := keyIndex(mapping, key); i >= 0 {
		return mapping.Content[i+1]
	}
	return nil
}

// text returns the scalar that a mapping has for a key, or "".
func text(mapping *yaml.Node, key string) string {
	if node := value(mapping, key); node != nil && node.Kind == yaml.ScalarNode {
		return node.Value
	}
	return ""
}

func set(mapping *yaml.Node, key string, to *yaml.Node) {
	if i := keyIndex(mapping, key); i >= 0 {
		mapping.Content[i+1] = to
		return
	}
	mapping.Content = append(mapping.Content, scalar(key), to)
}

func drop(mapping *yaml.Node, key string) {
	if i := keyIndex(mapping, key); i >= 0 {
		mapping.Content = slices.Delete(mapping.Content, i, i+2)
	}
}

func rename(mapping *yaml.Node, from, to string) {
	if i := keyIndex(mapping, from); i >= 0 {
		mapping.Content[i].Value = to
	}
}

func scalar(of any) *yaml.Node {
	var node yaml.Node
	_ = node.Encode(of) // strings, numbers and booleans can be encoded
	return &node
}

func sequence(of ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: of}
}

func mapping(key string, to *yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{scalar(key), to}}
}

// elements returns the scalars of a sequence.
func elements(sequence *yaml.Node) []string {
	var values []string
	if sequence != nil {
		for _, node := range sequence.Content {
			values = append(values, node.Value)
		}
	}
	return values
}

// without removes a scalar from the sequence that a mapping has for a key, and the key when nothing is left.
func without(mapping *yaml.Node, key, element string) {
	list := value(mapping, key)
	if list == nil {
		return
	}
	list.Content = slices.DeleteFunc(list.Content, func(node *yaml.Node) bool { return node.Value == element })
	if len(list.Content) == 0 {
		drop(mapping, key)
	}
}
