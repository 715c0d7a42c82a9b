package learn

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// The functions below make nodes in the style of openapi.yaml.

// mapping makes a mapping of names and nodes, which alternate. It leaves out nodes that are nil.
func mapping(pairs ...any) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for i := 0; i < len(pairs); i += 2 {
		if value, _ := pairs[i+1].(*yaml.Node); value != nil {
			node.Content = append(node.Content, text(pairs[i].(string)), value)
		}
	}
	return node
}

// text makes a string.
func text(value string) *yaml.Node {
	node := &yaml.Node{}
	node.SetString(value)
	return singleQuoted(node)
}

// singleQuoted puts a string in single quotes if YAML would otherwise read something else.
func singleQuoted(node *yaml.Node) *yaml.Node {
	var plain any
	if err := yaml.Unmarshal([]byte(node.Value), &plain); node.Style == 0 && (err != nil || plain != any(node.Value)) {
		node.Style = yaml.SingleQuotedStyle
	}
	return node
}

// quoted makes a string in double quotes, as x-source has it.
func quoted(value string) *yaml.Node {
	node := text(value)
	node.Style = yaml.DoubleQuotedStyle
	return node
}

func boolean(value bool) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "false"}
	if value {
		node.Value = "true"
	}
	return node
}

func number(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: value}
}

// list makes a list in one line.
func list(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle, Content: items}
}

// block makes a list with a line for each item.
func block(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items}
}

// ref makes a reference, in single quotes.
func ref(pointer string) *yaml.Node {
	to := text("#" + pointer)
	to.Style = yaml.SingleQuotedStyle
	return mapping("$ref", to)
}

// inline puts a mapping and what is in it on one line.
func inline(node *yaml.Node) *yaml.Node {
	node.Style = yaml.FlowStyle
	return node
}

// valueNode makes a node of a decoded value of JSON.
func valueNode(value any) *yaml.Node {
	node := &yaml.Node{}
	_ = node.Encode(value) // of JSON: it cannot fail
	var quote func(*yaml.Node)
	quote = func(node *yaml.Node) {
		if node.Tag == "!!str" {
			node.Style = 0
			singleQuoted(node)
		}
		for _, below := range node.Content {
			quote(below)
		}
	}
	quote(node)
	return node
}

func words(names []string) string {
	switch len(names) {
	case 0, 1:
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
