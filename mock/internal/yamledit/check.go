package yamledit

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// same returns an error that says where two nodes differ in what they mean.
func same(meant, made *yaml.Node, pointer string) error {
	switch {
	case meant.Kind != made.Kind, meant.ShortTag() != made.ShortTag(), meant.Value != made.Value, len(meant.Content) != len(made.Content):
		return fmt.Errorf("%q would have another value in line %d", pointer, made.Line)
	case meant.Anchor != made.Anchor:
		return fmt.Errorf("%q would have another anchor in line %d", pointer, made.Line)
	}
	for i := range meant.Content {
		name := fmt.Sprint(i)
		if meant.Kind == yaml.MappingNode {
			name = meant.Content[i-i%2].Value
		}
		if err := same(meant.Content[i], made.Content[i], pointer+"/"+name); err != nil {
			return err
		}
	}
	return nil
}

// comments returns where the comments of the text are.
func (t *tree) comments() []span {
	var found []span
	at := 0
	for _, scalar := range append(t.opaque, span{start: len(t.text), end: len(t.text)}) {
		for ; at < scalar.start; at++ {
			if t.text.isComment(at) {
				comment := span{start: at, end: t.text.endOfLine(at)}
				found = append(found, comment)
				at = comment.end
			}
		}
		at = max(at, scalar.end)
	}
	return found
}

// commentsAreIn checks that a text has all comments of the tree, in their order, among its own.
func (t *tree) commentsAreIn(made *tree) error {
	rest := made.comments()
	for _, comment := range t.comments() {
		words := t.text[comment.start:comment.end]
		for len(rest) > 0 && made.text[rest[0].start:rest[0].end] != words {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return fmt.Errorf("the comment %q would be lost or moved", words)
		}
		rest = rest[1:]
	}
	return nil
}
