package yamledit

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// columns is how long a line with brackets may become before its content is written as a block.
const columns = 120

// usable returns a copy of a value that the document can hold, in styles that can be written at any place.
func usable(value *yaml.Node) (*yaml.Node, error) {
	made, err := copied(value)
	if err != nil {
		return nil, err
	}
	var decoded any
	if err := made.Decode(&decoded); err != nil {
		return nil, fmt.Errorf("the new value cannot be read: %s", strings.ReplaceAll(err.Error(), "\n ", ""))
	}
	return made, nil
}

func copied(value *yaml.Node) (*yaml.Node, error) {
	if value == nil {
		return nil, errors.New("there is no value")
	}
	made := *value
	switch {
	case value.Anchor != "" || value.Kind == yaml.AliasNode:
		return nil, errors.New("a new value must not have anchors and aliases")
	case value.Kind == yaml.ScalarNode:
		made.Style = scalarStyle(value)
	case value.Kind != yaml.MappingNode && value.Kind != yaml.SequenceNode:
		return nil, errors.New("a new value must be a mapping, a list or a scalar")
	case value.Kind == yaml.MappingNode && len(value.Content)%2 > 0:
		return nil, errors.New("a new value must have a value for each of its keys")
	}
	made.Content = slices.Clone(value.Content)
	for i, content := range value.Content {
		var err error
		if made.Content[i], err = copied(content); err != nil {
			return nil, err
		}
	}
	return &made, nil
}

// scalarStyle returns the style of a scalar, with single quotes where there is none and quotes are needed. Literals in which
// white space at the beginning or the end counts become quoted.
func scalarStyle(scalar *yaml.Node) yaml.Style {
	const literal = yaml.LiteralStyle | yaml.FoldedStyle
	switch value := scalar.Value; {
	case scalar.Style&literal != 0 && (value == "" || strings.IndexByte(" \n", value[0]) >= 0 || strings.HasSuffix(value, "\n\n")):
		return scalar.Style&^literal | yaml.DoubleQuotedStyle
	case scalar.Style == 0 && scalar.ShortTag() == "!!str" && !strings.Contains(value, "\n"):
		written, err := encode(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value})
		if readAsBoolean[strings.ToLower(value)] || err == nil && written[0] == '"' {
			return yaml.SingleQuotedStyle
		}
	}
	return scalar.Style
}

// readAsBoolean has the words that many programs read as a boolean, as YAML 1.1 does. The YAML library writes them without quotes.
var readAsBoolean = map[string]bool{"yes": true, "no": true, "on": true, "off": true}

func keyNode(key string) *yaml.Node {
	made := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}
	made.Style = scalarStyle(made)
	return made
}

func encode(node *yaml.Node) (string, error) {
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(node); err != nil {
		return "", err
	}
	return strings.TrimSuffix(text.String(), "\n"), nil
}

// blockLines returns the lines of an entry or, without a key, of an item that begins at a column of a block.
func blockLines(key, value *yaml.Node, column int) ([]string, error) {
	parent := &yaml.Node{Kind: yaml.SequenceNode}
	if key != nil {
		parent.Kind = yaml.MappingNode
		parent.Content = append(parent.Content, key)
		column += utf8.RuneCountInString(key.Value)
	}
	fitted, err := fitted(value, column+2)
	if err != nil {
		return nil, err
	}
	parent.Content = append(parent.Content, fitted)
	text, err := encode(parent)
	return strings.Split(text, "\n"), err
}

// fitted returns a node in which brackets are only where their content fits into the line.
func fitted(node *yaml.Node, column int) (*yaml.Node, error) {
	made := *node
	if node.Style&yaml.FlowStyle != 0 {
		text, err := encode(node)
		if err != nil || column+utf8.RuneCountInString(text) <= columns {
			return &made, err
		}
		made.Style &^= yaml.FlowStyle
	}
	made.Content = slices.Clone(node.Content)
	for i, content := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 0 {
			continue
		}
		var err error
		if made.Content[i], err = fitted(content, column+2); err != nil {
			return nil, err
		}
	}
	return &made, nil
}

// flowText returns an entry or, without a key, an item as it stands in brackets.
func flowText(key, value *yaml.Node) (string, error) {
	parent := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	if key != nil {
		parent.Kind = yaml.MappingNode
		parent.Content = append(parent.Content, key)
	}
	parent.Content = append(parent.Content, value)
	text, err := encode(parent)
	if err != nil {
		return "", err
	}
	if strings.Contains(text, "\n") {
		return "", errors.New("the new value has comments, and cannot stand in brackets")
	}
	return text[1 : len(text)-1], nil
}
