package yamledit_test

import (
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

// FuzzEdit edits any text. An edit fails and changes nothing, or makes a text that can be read, with the new value at its place.
func FuzzEdit(f *testing.F) {
	for name, test := range edits {
		f.Add(test.before, "/a", "k", name)
		f.Add(test.after, "/o/a", "/{k}", "- a\n- b: [1]\n")
	}
	f.Add("a: |2\n   x\n", "/a", "200", "x\n  y\n")
	f.Add("? a\n: b\n", "", "", "{a: |\n x}")
	f.Add("a: &a [*a]\n", "/a/0/0", "~", "!!binary x")
	f.Add("a: !t &b {c: !!str}\r\n", "/a/c", "<<", "''")
	f.Add("!<tag:x> {a: !, b: [? c : d, e: , 'f':g]}", "/b", "c", "~")
	line := regexp.MustCompile(`^line [1-9][0-9]*: \S`)
	f.Fuzz(func(t *testing.T, text, pointer, key, written string) {
		d, err := yamledit.Parse([]byte(text))
		if err != nil {
			if !line.MatchString(err.Error()) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if string(d.Bytes()) != text {
			t.Fatalf("%q became %q without an edit", text, d.Bytes())
		}
		value := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: written}
		var parsed yaml.Node
		if yaml.Unmarshal([]byte(written), &parsed) == nil && len(parsed.Content) == 1 {
			value = parsed.Content[0]
		}
		below := pointer + pointerTo([]string{key})
		for _, try := range []struct {
			edit func() error
			at   string // where the value is afterwards, if it is known
		}{
			{func() error { return d.Add(pointer, key, value, "") }, below},
			{func() error { return d.Add(pointer, key+"2", value, key) }, below + "2"},
			{func() error { return d.Replace(below, value) }, below},
			{func() error { return d.Append(pointer, value) }, ""},
			{func() error { return d.Append(below, value) }, ""},
			{func() error { return d.Replace(pointer, value) }, pointer},
			{func() error { return d.Remove(pointer, value.Value) }, ""},
			{func() error { return d.Remove(below, value.Value) }, ""},
		} {
			before := string(d.Bytes())
			if err := try.edit(); err != nil {
				if string(d.Bytes()) != before {
					t.Fatalf("%q became %q, but: %v", before, d.Bytes(), err)
				}
				continue
			}
			if _, err := yamledit.Parse(d.Bytes()); err != nil {
				t.Fatalf("%q became %q: %v", before, d.Bytes(), err)
			}
			if try.at == "" {
				continue
			}
			node, line := d.Node(try.at), d.Line(try.at)
			if node == nil || node.Kind != value.Kind || node.Value != value.Value || line < 1 || line > 1+strings.Count(string(d.Bytes()), "\n") {
				t.Fatalf("%q became %q, where %q in line %d is %v", before, d.Bytes(), try.at, line, node)
			}
		}
	})
}
