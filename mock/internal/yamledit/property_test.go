package yamledit_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

// writer writes documents in all styles. Its comments are numbered, and no value looks like one.
type writer struct {
	*rapid.T
	strings.Builder
	comments, anchors int
	complete          []int // the anchors whose values are
}

func (w *writer) often(label string) bool { return rapid.Bool().Draw(w.T, label) }

func (w *writer) seldom(label string) bool { return rapid.IntRange(0, 5).Draw(w.T, label) == 0 }

func (w *writer) comment() string {
	w.comments++
	return fmt.Sprintf("# c%d", w.comments)
}

// endLine ends a line that may have a comment.
func (w *writer) endLine() {
	if w.seldom("comment in the line") {
		w.WriteString(" " + w.comment())
	}
	w.WriteString("\n")
}

// between writes what may be before a member.
func (w *writer) between(indent string) {
	if w.seldom("blank line") {
		w.WriteString("\n")
	}
	for w.seldom("comment") {
		w.WriteString(indent + w.comment() + "\n")
	}
}

func (w *writer) keys() []string {
	keys := rapid.SampledFrom([]string{"a", "b c", "'200'", `"#q"`, "/p/{x}", "é", "x-y"})
	return rapid.SliceOfNDistinct(keys, 1, 4, rapid.ID[string]).Draw(w.T, "keys")
}

// mapping writes a block. Something stands already before its first key if it is compact.
func (w *writer) mapping(indent string, depth int, compact bool) {
	for i, key := range w.keys() {
		if i > 0 || !compact {
			w.between(indent)
			w.WriteString(indent)
		}
		w.WriteString(key + ":")
		w.value(indent, depth, true)
	}
}

func (w *writer) list(indent string, depth int) {
	for range rapid.IntRange(1, 3).Draw(w.T, "items") {
		w.between(indent)
		w.WriteString(indent + "-")
		if depth > 0 && w.seldom("compact") {
			w.WriteString(" ")
			w.mapping(indent+"  ", depth-1, true)
			continue
		}
		w.value(indent, depth, false)
	}
}

var scalars = []string{"plain", "it's#1", "1.5", "true", "null", "'single: # no'", "'it''s'", `"double \" # no"`, `"\u00e9"`, "é", "!!str 1"}

// value writes what follows a colon or a dash, and ends its line.
func (w *writer) value(indent string, depth int, ofKey bool) {
	inner := indent + "  "
	kind := rapid.IntRange(0, 9).Draw(w.T, "kind")
	if depth == 0 {
		kind %= 7
	}
	if w.seldom("anchor") && kind > 0 {
		w.anchors++
		fmt.Fprintf(w, " &n%d", w.anchors)
		defer func(anchor int) { w.complete = append(w.complete, anchor) }(w.anchors)
	}
	switch kind {
	case 0:
		if len(w.complete) > 0 && w.seldom("alias") {
			fmt.Fprintf(w, " *n%d", rapid.SampledFrom(w.complete).Draw(w.T, "anchor"))
		}
		w.endLine()
	case 1, 2:
		w.WriteString(" " + rapid.SampledFrom(scalars).Draw(w.T, "scalar"))
		w.endLine()
	case 3:
		lines := []string{"some\nINDENTplain # words", "\"some\n\nINDENT# words\"", "'some\nINDENT# words'"}
		w.WriteString(" " + strings.ReplaceAll(rapid.SampledFrom(lines).Draw(w.T, "lines"), "INDENT", inner) + "\n")
	case 4:
		w.WriteString(" " + rapid.SampledFrom([]string{"|", "|-", ">", ">-", "|+", "|2"}).Draw(w.T, "header"))
		w.endLine()
		w.WriteString(inner + "# text\n" + inner + "  more\n\n" + inner + "text\n")
		if w.often("blank line") {
			w.WriteString("\n")
		}
	case 5:
		w.WriteString(" ")
		w.flow(2)
		w.endLine()
	case 6:
		w.lines(inner)
	case 7:
		w.endLine()
		w.mapping(inner, depth-1, false)
	case 8:
		w.endLine()
		if ofKey && w.often("indentless") {
			inner = indent
		}
		w.list(inner, depth-1)
	case 9:
		w.endLine()
		w.list(inner, depth-1)
	}
}

// flow writes brackets in one line.
func (w *writer) flow(depth int) {
	if depth == 0 {
		w.WriteString(rapid.SampledFrom(scalars).Draw(w.T, "scalar"))
		return
	}
	if w.often("list") {
		w.WriteString("[")
		for i := range rapid.IntRange(0, 3).Draw(w.T, "items") {
			w.WriteString([]string{"", ", "}[min(i, 1)])
			w.flow(depth - 1)
		}
		w.WriteString("]")
		return
	}
	w.WriteString("{")
	for i, key := range []string{"a", "'b'", `"c d"`}[:rapid.IntRange(0, 3).Draw(w.T, "entries")] {
		w.WriteString([]string{"", ", "}[min(i, 1)] + key)
		if w.often("value") {
			w.WriteString(": ")
			w.flow(depth - 1)
		}
	}
	w.WriteString("}")
}

// lines writes brackets in several lines.
func (w *writer) lines(inner string) {
	w.WriteString(" [")
	for i := range rapid.IntRange(1, 3).Draw(w.T, "items") {
		if i > 0 {
			w.WriteString(",")
		}
		w.endLine()
		w.WriteString(inner)
		w.flow(1)
	}
	if w.often("comma") {
		w.WriteString(",")
		w.endLine()
		w.WriteString(inner)
	}
	w.WriteString("]")
	w.endLine()
}

func anyDocument(t *rapid.T) string {
	w := &writer{T: t}
	w.mapping("", 3, false)
	text := w.String()
	if w.often("no final line break") {
		text = strings.TrimRight(text, "\n")
	}
	if w.often("Windows") {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

var (
	numbered = regexp.MustCompile(`# c\d+`)
	newValue = []string{
		"new", "'new'", "[new, 1]", "{k: new}", "k:\n  - new\n", "- k: new\n  l: m\n", "|\n  new\n\n  lines\n", "|2\n   new\n", ">+\n  new\n\n",
		"\"new\\n\"", "[]", "{}", "null",
	}
)

// TestAnEditMeansWhatItSaysAndKeepsAllElse makes an edit at a place of a document. What the document means is compared as plain
// Go values, which the edit is made in as well.
func TestAnEditMeansWhatItSaysAndKeepsAllElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyDocument(t)
		d, err := yamledit.Parse([]byte(text))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		path := rapid.SampledFrom(places(d)).Draw(t, "path")
		here := d.Node(pointerTo(path))
		written := rapid.SampledFrom(newValue).Draw(t, "value")
		var node yaml.Node
		if err := yaml.Unmarshal([]byte(written), &node); err != nil {
			t.Fatal(err)
		}
		added, content := node.Content[0], decoded(t, []byte(written))
		var means func(any) any
		adds := len(here.Content) > 0 // to something that is not in brackets because it is empty
		switch edits := rapid.IntRange(0, 2).Draw(t, "edit"); {
		case here.Kind == yaml.MappingNode && (edits > 0 || len(path) == 0):
			before := ""
			if len(here.Content) > 0 && rapid.Bool().Draw(t, "before") {
				before = here.Content[2*rapid.IntRange(0, len(here.Content)/2-1).Draw(t, "entry")].Value
			}
			err = d.Add(pointerTo(path), "/k/{n}", added, before)
			means = func(old any) any { old.(map[string]any)["/k/{n}"] = content; return old }
		case here.Kind == yaml.SequenceNode && edits == 1:
			err = d.Append(pointerTo(path), added)
			means = func(old any) any { return append(old.([]any), content) }
		case here.Kind == yaml.SequenceNode && edits == 2 && len(here.Content) > 1 && here.Content[0].Kind == yaml.ScalarNode:
			adds = false
			err = d.Remove(pointerTo(path), here.Content[0].Value)
			means = func(old any) any { return old.([]any)[1:] }
		case len(path) > 0:
			adds = false
			err = d.Replace(pointerTo(path), added)
			means = func(any) any { return content }
		}
		if err != nil {
			if string(d.Bytes()) != text {
				t.Fatalf("%q was changed by an edit that failed, to %q", text, d.Bytes())
			}
			said := err.Error()
			switch {
			case strings.Contains(said, "has the anchor"), strings.Contains(said, "has the alias"):
			case strings.Contains(said, "would be lost") && !adds: // a comment
			case strings.Contains(said, "another value") && !strings.HasSuffix(text, "\n"): // of a literal in the last line
			default:
				t.Fatalf("%q at %q: %v", text, path, err)
			}
			return
		}
		made := string(d.Bytes())
		if want := changed(decoded(t, []byte(text)), path, means); !cmp.Equal(want, decoded(t, []byte(made))) {
			t.Fatalf("%q became %q: %s", text, made, cmp.Diff(want, decoded(t, []byte(made))))
		}
		if !slices.Equal(numbered.FindAllString(made, -1), numbered.FindAllString(text, -1)) {
			t.Fatalf("%q became %q, with other comments", text, made)
		}
		returns, windows := strings.Count(made, "\r\n"), strings.Contains(text, "\r\n")
		if windows && returns != strings.Count(made, "\n") || !windows && returns > 0 {
			t.Fatalf("%q became %q, with other line breaks", text, made)
		}
		if adds && !isIn(text, made) {
			t.Fatalf("%q became %q, which has not all of it", text, made)
		}
	})
}

func TestAnItemThatWasAddedCanBeRemovedWithoutATrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyDocument(t)
		d, err := yamledit.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		path := rapid.SampledFrom(places(d)).Draw(t, "path")
		if here := d.Node(pointerTo(path)); here.Kind != yaml.SequenceNode || len(here.Content) == 0 {
			return
		}
		if err := d.Append(pointerTo(path), &yaml.Node{Kind: yaml.ScalarNode, Value: "added"}); err != nil {
			return
		}
		added := string(d.Bytes())
		if err := d.Remove(pointerTo(path), "added"); err != nil {
			t.Fatalf("%q became %q: %v", text, added, err)
		}
		if string(d.Bytes()) != text {
			t.Fatalf("%q became %q and then %q", text, added, d.Bytes())
		}
	})
}

func decoded(t *rapid.T, text []byte) any {
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

// changed changes what is at a path in a value.
func changed(value any, path []string, change func(any) any) any {
	if len(path) == 0 {
		return change(value)
	}
	switch value := value.(type) {
	case map[string]any:
		value[path[0]] = changed(value[path[0]], path[1:], change)
	case []any:
		for i := range value {
			if index(i) == path[0] {
				value[i] = changed(value[i], path[1:], change)
			}
		}
	}
	return value
}

// isIn says whether all characters of a text are in another in their order.
func isIn(text, other string) bool {
	for i := range len(other) {
		if text != "" && text[0] == other[i] {
			text = text[1:]
		}
	}
	return text == ""
}
