package yamledit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// tree is a text with its nodes, and where they are in it.
type tree struct {
	text   source
	root   *yaml.Node
	lines  []int               // where they begin
	spans  map[*yaml.Node]span // of all nodes
	opaque []span              // the scalars, in which a # begins no comment, in the order of the text
	shared map[*yaml.Node]int  // the nodes with aliases, and the line of one of these
}

// span is where a node is in the text. From start to body are its anchor and its tag, if it has them.
type span struct{ start, body, end int }

func parse(text source) (*tree, error) {
	if err := readable(text); err != nil {
		return nil, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(text)))
	var document yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, errors.New("line 1: the text has no YAML document")
	case err != nil:
		return nil, withLine(err)
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("line %d: the text has more than one YAML document, and must have one", secondDocument(text))
	}
	t := &tree{text: text, root: document.Content[0], spans: map[*yaml.Node]span{}, shared: map[*yaml.Node]int{}}
	if t.root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: the document must be a mapping of keys to values", t.root.Line)
	}
	if err := t.keys(t.root); err != nil {
		return nil, err
	}
	for at := 0; at < len(text); at = text.nextLine(at) {
		t.lines = append(t.lines, at)
	}
	_, err := t.measure(t.root, -1)
	return t, err
}

// clone returns the same tree with nodes of its own.
func (t *tree) clone() *tree {
	copies := map[*yaml.Node]*yaml.Node{}
	var copied func(*yaml.Node) *yaml.Node
	copied = func(node *yaml.Node) *yaml.Node {
		if node == nil || copies[node] != nil {
			return copies[node]
		}
		made := *node
		copies[node] = &made
		made.Alias = copied(node.Alias)
		made.Content = make([]*yaml.Node, len(node.Content))
		for i, below := range node.Content {
			made.Content[i] = copied(below)
		}
		return &made
	}
	c := &tree{text: t.text, root: copied(t.root), lines: t.lines, spans: map[*yaml.Node]span{}, opaque: t.opaque, shared: map[*yaml.Node]int{}}
	for node, at := range t.spans {
		c.spans[copied(node)] = at
	}
	for node, line := range t.shared {
		c.shared[copied(node)] = line
	}
	return c
}

// readable refuses characters that make the lines and columns of the YAML library differ from those that people see.
func readable(text source) error {
	line := 1
	for at, char := range text {
		switch {
		case char == '\n':
			line++
		case char == '\t':
			return fmt.Errorf("line %d: there is a tab; use spaces", line)
		case char == '\r' && !strings.HasPrefix(string(text[at:]), "\r\n"):
			return fmt.Errorf("line %d: there is a carriage return that does not end a line", line)
		case char == '\u0085' || char == '\u2028' || char == '\u2029' || char == '\ufeff' || char == '\ufffe' || char == '\uffff':
			return fmt.Errorf("line %d: there is the character %U, which not all programs read in the same way; write it as an escape", line, char)
		case char == utf8.RuneError && !strings.HasPrefix(string(text[at:]), string(utf8.RuneError)):
			return fmt.Errorf("line %d: the text is not UTF-8", line)
		case unicode.IsControl(char) && char != '\r':
			return fmt.Errorf("line %d: there is the control character %U; write it as an escape", line, char)
		}
	}
	return nil
}

// withLine makes sure that an error of the YAML library names a line.
func withLine(err error) error {
	said := strings.TrimPrefix(err.Error(), "yaml: ")
	if !strings.HasPrefix(said, "line ") {
		said = "line 1: " + said
	}
	return errors.New(said)
}

// secondDocument returns the line in which a document begins that is not the first.
func secondDocument(text source) int {
	begun := false // whether the first has
	for i, line := range strings.Split(string(text), "\n") {
		marker := strings.HasPrefix(line, "---")
		if begun && (marker || strings.HasPrefix(line, "...")) {
			return i + 1
		}
		begun = begun || marker || !blank(line) && !strings.HasPrefix(strings.TrimLeft(line, " "), "#") && line[0] != '%'
	}
	return 1
}

// keys refuses keys that are not single values or stand twice in a mapping, and notes which nodes have aliases.
func (t *tree) keys(node *yaml.Node) error {
	if node.Kind == yaml.AliasNode {
		t.shared[node.Alias] = node.Line
	}
	if node.Kind == yaml.MappingNode {
		lines := map[[2]string]int{}
		for i := 0; i < len(node.Content); i += 2 {
			key := node.Content[i]
			if key.Kind != yaml.ScalarNode {
				return fmt.Errorf("line %d: a key must be a single value", key.Line)
			}
			name := [2]string{key.ShortTag(), key.Value}
			if before, doubled := lines[name]; doubled {
				return fmt.Errorf("line %d: the key %q is already in line %d", key.Line, key.Value, before)
			}
			lines[name] = key.Line
		}
	}
	for _, child := range node.Content {
		if err := t.keys(child); err != nil {
			return err
		}
	}
	return nil
}
