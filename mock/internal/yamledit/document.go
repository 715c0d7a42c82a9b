// Package yamledit changes a YAML document as a person would: it adds and changes entries, and leaves every other byte as it was,
// with the comments, the order, the quotes, the line endings and the blank lines. It never writes the whole document anew.
//
// Places are JSON pointers (RFC 6901). What an edit did is checked before it counts: the new text must read as the old one with
// only that edit, and have all of its comments. Otherwise the document stays as it was, and the error says why. So some edits
// are left to people, such as removing an item that has a comment, or changing a value that is used in several places through an
// alias.
package yamledit

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Document is a YAML document that is being edited. It must not be used by several goroutines at once.
type Document struct {
	mark string // the byte order mark, if the text has one
	tree *tree
}

const byteOrderMark = "\ufeff"

// Parse reads the only document of a text. Its root must be a mapping. It refuses what would make edits unsafe: a key that stands
// twice in a mapping, keys that are not single values, tabs, and characters that only some programs take for the end of a line.
func Parse(text []byte) (*Document, error) {
	rest, marked := strings.CutPrefix(string(text), byteOrderMark)
	parsed, err := parse(source(rest))
	if err != nil {
		return nil, err
	}
	d := &Document{tree: parsed}
	if marked {
		d.mark = byteOrderMark
	}
	return d, nil
}

// Bytes returns the text with all edits.
func (d *Document) Bytes() []byte { return []byte(d.mark + string(d.tree.text)) }

// Node returns what is at a pointer, or nil if there is nothing. It follows aliases, but neither merge keys nor $ref. The node
// is to be read only, and shows the document until the next edit.
func (d *Document) Node(pointer string) *yaml.Node {
	steps, err := walk(d.tree.root, pointer)
	if err != nil {
		return nil
	}
	return target(steps[len(steps)-1].node)
}

// Line returns the line of a key or of an item, counted from 1, or 0 if there is nothing at the pointer.
func (d *Document) Line(pointer string) int {
	steps, err := walk(d.tree.root, pointer)
	if err != nil {
		return 0
	}
	last := steps[len(steps)-1]
	if last.key != nil {
		return last.key.Line
	}
	return last.node.Line
}

// edit makes a change twice: plan returns it as splices of the text, and makes it in the nodes of the tree. The two must agree.
func (d *Document) edit(pointer string, plan func(t *tree) ([]splice, error)) error {
	meant := d.tree.clone() // because the plan changes its nodes
	splices, err := plan(meant)
	if err != nil {
		return fmt.Errorf("%q cannot be edited: %w", pointer, err)
	}
	text := d.tree.text.with(splices)
	made, err := d.tree.changed(text, meant.root)
	if err != nil && !strings.HasSuffix(string(text), "\n") {
		// The last line break of a literal counts, and so a literal in the last line needs one.
		if ended, again := d.tree.changed(text+source(text.lineBreak()), meant.root); again == nil {
			made, err = ended, nil
		}
	}
	if err != nil {
		return fmt.Errorf("%q cannot be edited without other changes, so edit it by hand: %w", pointer, err)
	}
	d.tree = made
	return nil
}

// changed reads a text that was made of the tree, and checks that it is what was meant.
func (t *tree) changed(text source, meant *yaml.Node) (*tree, error) {
	made, err := parse(text)
	if err != nil {
		return nil, err
	}
	if err := t.commentsAreIn(made); err != nil {
		return nil, err
	}
	return made, same(meant, made.root, "")
}
