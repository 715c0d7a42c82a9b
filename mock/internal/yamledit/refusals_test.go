package yamledit_test

import (
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

func TestATextThatCannotBeEditedSafelyIsRefusedWithItsLine(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"empty":                 {"", "line 1: the text has no YAML document"},
		"only a comment":        {"# c\n", "line 1: the text has no YAML document"},
		"a list":                {"# c\n- a\n", "line 2: the document must be a mapping of keys to values"},
		"a key twice":           {"a: 1\no:\n  b: 1\n  c: 2\n  'b': 3\n", `line 5: the key "b" is already in line 3`},
		"a key twice in braces": {"a: {b: 1,\n b: 2}", `line 2: the key "b" is already in line 1`},
		"a tab":                 {"a: 1\nb:\t2\n", "line 2: there is a tab; use spaces"},
		"a carriage return":     {"a: 1\nb: 2\rc: 3\n", "line 2: there is a carriage return that does not end a line"},
		"a line separator":      {"a: \"x\u2028y\"\n", "line 1: there is the character U+2028, which not all programs read in the same way; write it as an escape"},
		"a control character":   {"a: 1\nb: \x01\n", "line 2: there is the control character U+0001; write it as an escape"},
		"a deletion":            {"a: 1\nb: \x7f\n", "line 2: there is the control character U+007F; write it as an escape"},
		"no character":          {"a: 1\nb: \uffff\n", "line 2: there is the character U+FFFF, which not all programs read in the same way; write it as an escape"},
		"no UTF-8":              {"a: 1\nb: \xff\n", "line 2: the text is not UTF-8"},
		"broken YAML":           {"a: 1\nb: [\n", "line 2: did not find expected node content"},
		"an unknown alias":      {"a: *b\n", "line 1: unknown anchor 'b' referenced"},
		"two documents":         {"# c\na: 1\n---\nb: 1\n", "line 3: the text has more than one YAML document, and must have one"},
		"two documents marked":  {"--- # c\na: 1\n...\n---\nb: 1\n", "line 3: the text has more than one YAML document, and must have one"},
		"a key that is a list":  {"a: 1\n? [b]\n: 2\n", "line 2: a key must be a single value"},
		"an explicit key":       {"a: 1\n? b\n: 2\n", "line 2: the key must stand before a colon in the same line, without a question mark"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := yamledit.Parse([]byte(test.text))
			if err == nil || err.Error() != test.want || d != nil {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAnEditThatCannotBeMadeChangesNothingAndSaysWhy(t *testing.T) {
	made := func(value *yaml.Node) edit {
		return func(_ testing.TB, d *yamledit.Document) error { return d.Append("/a", value) }
	}
	scalar := &yaml.Node{Kind: yaml.ScalarNode, Value: "x"}
	const anchored = "base: &base\n  required: [a]\n  o: {x: 1}\nother: *base\n"
	for name, test := range map[string]struct {
		text string
		edit edit
		want string
	}{
		"a key that is there":     {"o:\n  a: 1\n", add("/o", "a", "2", ""), `"/o" cannot be edited: it has the key "a" already, in line 2`},
		"no key to stand behind":  {"o:\n  a: 1\n", add("/o", "b", "2", "c"), `"/o" cannot be edited: it has no key "c" to stand behind the new one`},
		"a place that is missing": {"o:\n  a: 1\n", add("/o/p/q", "b", "2", ""), `"/o/p/q" cannot be edited: there is no "p" in line 2`},
		"an item that is missing": {"o: [a]\n", add("/o/01", "b", "2", ""), `"/o/01" cannot be edited: there is no "01" in line 1`},
		"no pointer":              {"o: [a]\n", add("o", "b", "2", ""), `"o" cannot be edited: a pointer must be empty or begin with /`},
		"a wrong escape":          {"o~2: [a]\n", add("/o~2", "b", "2", ""), `"/o~2" cannot be edited: in a pointer, ~ must be followed by 0 or 1`},
		"not a mapping":           {"o: [a]\n", add("/o", "b", "2", ""), `"/o" cannot be edited: line 1 is not a mapping`},
		"nothing":                 {"o:\n", add("/o", "b", "2", ""), `"/o" cannot be edited: line 1 is not a mapping`},
		"not a list":              {"o: {}\n", appended("/o", "b"), `"/o" cannot be edited: line 1 is not a list`},
		"the root":                {"o: {}\n", replaced("", "{}"), `"" cannot be edited: the root cannot be replaced`},
		"no list to remove from":  {"o: 1\n", removed("/o", "b"), `"/o" cannot be edited: line 1 is not a list`},
		"no such item":            {"o: [a]\n", removed("/o", "b"), `"/o" cannot be edited: the list in line 1 has no item "b"`},
		"an only item of an item": {"o: [[a]]\n", removed("/o/0", "a"), `"/o/0" cannot be edited: the list in line 1 is an item of another list, and would become empty`},
		"an alias":                {anchored, add("/other", "b", "1", ""), `"/other" cannot be edited: line 4 has the alias *base, so the edit would change what it stands for as well`},
		"below an alias":          {anchored, add("/other/o", "b", "1", ""), `"/other/o" cannot be edited: line 4 has the alias *base, so the edit would change what it stands for as well`},
		"an anchor":               {anchored, add("/base", "b", "1", ""), `"/base" cannot be edited: line 1 has the anchor &base, so the edit would change the alias in line 4 as well`},
		"below an anchor":         {anchored, appended("/base/required", "b"), `"/base/required" cannot be edited: line 1 has the anchor &base, so the edit would change the alias in line 4 as well`},
		"around an anchor":        {"o:\n  a: &a 1\n  b: *a\n", replaced("/o", "1"), `"/o" cannot be edited: line 2 has the anchor &a, which would be lost`},
		"an item with an anchor":  {"o: [&a a, b]\n", removed("/o", "a"), `"/o" cannot be edited: line 1 has the anchor &a, which would be lost`},
		"a list with an anchor":   {"o: &o [a]\n", removed("/o", "a"), `"/o" cannot be edited: line 1 has the anchor &o, which would be lost`},
		"a value with an anchor":  {"o: {}\n", add("/o", "b", "&a 1", ""), `"/o" cannot be edited: a new value must not have anchors and aliases`},
		"the comment of an item":  {"o:\n  - a # why\n  - b\n", removed("/o", "a"), `"/o" cannot be edited without other changes, so edit it by hand: the comment "# why" would be lost or moved`},
		"a comment in a value":    {"o:\n  # why\n  a: 1\n", replaced("/o", "[]"), `"/o" cannot be edited without other changes, so edit it by hand: the comment "# why" would be lost or moved`},
		"a literal at the end":    {"a: |\n  text", add("", "b", "1", ""), `"" cannot be edited without other changes, so edit it by hand: "/a" would have another value in line 1`},
		"a key with a line break": {"a: 1\n", add("", "x\ny", "1", ""), `"" cannot be edited without other changes, so edit it by hand: line 2: the key must stand before a colon in the same line, without a question mark`},
		"a value that is not one": {"a: []\n", made(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: "x"}), `"/a" cannot be edited: the new value cannot be read: yaml: cannot decode !!str ` + "`x`" + ` as a !!int`},
		"no value":                {"a: []\n", made(nil), `"/a" cannot be edited: there is no value`},
		"no value in a value":     {"a: []\n", made(&yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{nil}}), `"/a" cannot be edited: there is no value`},
		"no value of a key":       {"a: []\n", made(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{scalar}}), `"/a" cannot be edited: a new value must have a value for each of its keys`},
		"no kind of value":        {"a: []\n", made(&yaml.Node{}), `"/a" cannot be edited: a new value must be a mapping, a list or a scalar`},
		"no UTF-8 in a value":     {"a: []\n", made(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "\xff"}), `"/a" cannot be edited: yaml: cannot marshal invalid UTF-8 data as !!str`},
		"a key twice in a value":  {"a: []\n", made(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{scalar, scalar, scalar, scalar}}), `"/a" cannot be edited: the new value cannot be read: yaml: unmarshal errors: line 0: mapping key "x" already defined at line 0`},
		"a comment in brackets":   {"a: [b]\n", appended("/a", "# c\n- x # d\n- y\n"), `"/a" cannot be edited: the new value has comments, and cannot stand in brackets`},
	} {
		t.Run(name, func(t *testing.T) {
			d := document(t, test.text)
			if err := test.edit(t, d); err == nil || err.Error() != test.want {
				t.Errorf("got %v", err)
			}
			if string(d.Bytes()) != test.text {
				t.Errorf("the text became\n%s", d.Bytes())
			}
		})
	}
}

func TestPlacesAreFoundByPointersAfterEachEdit(t *testing.T) {
	d := document(t, "a: &a\n  x/y: [p, {q: 1}]\nb: *a\n")
	if err := d.Add("", "first", value(t, "1"), "a"); err != nil {
		t.Fatal(err)
	}
	for pointer, want := range map[string]struct {
		line  int
		value string
	}{
		"": {1, ""}, "/first": {1, "1"}, "/a": {2, ""}, "/a/x~1y": {3, ""}, "/a/x~1y/0": {3, "p"}, "/b": {4, ""}, "/b/x~1y/1/q": {3, "1"},
	} {
		if node := d.Node(pointer); d.Line(pointer) != want.line || node == nil || node.Value != want.value {
			t.Errorf("%q is in line %d as %v", pointer, d.Line(pointer), node)
		}
	}
	for _, pointer := range []string{"a", "/", "/c", "/a/x", "/a/x~1y/2", "/a/x~1y/-", "/a/x~1y/00", "/a/x~1y/+1", "/a/x~1y/-1", "/first/0", "/~"} {
		if d.Node(pointer) != nil || d.Line(pointer) != 0 {
			t.Errorf("there is a %q", pointer)
		}
	}
}
