package yamledit_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

// value reads a value with the styles in which it is written.
func value(t testing.TB, text string) *yaml.Node {
	t.Helper()
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	return document.Content[0]
}

func document(t testing.TB, text string) *yamledit.Document {
	t.Helper()
	d, err := yamledit.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

type edit func(t testing.TB, d *yamledit.Document) error

func add(pointer, key, text, before string) edit {
	return func(t testing.TB, d *yamledit.Document) error {
		return d.Add(pointer, key, value(t, text), before)
	}
}

func appended(pointer, text string) edit {
	return func(t testing.TB, d *yamledit.Document) error { return d.Append(pointer, value(t, text)) }
}

func removed(pointer, item string) edit {
	return func(_ testing.TB, d *yamledit.Document) error { return d.Remove(pointer, item) }
}

func replaced(pointer, text string) edit {
	return func(t testing.TB, d *yamledit.Document) error { return d.Replace(pointer, value(t, text)) }
}

var long = strings.Repeat("0123456789", 5)

var edits = map[string]struct {
	before string
	edit   edit
	after  string
}{
	"an entry at the end":                   {"a: 1\n", add("", "b", "2", ""), "a: 1\nb: 2\n"},
	"an entry before another":               {"a: 1\nc: 3\n", add("", "b", "2", "c"), "a: 1\nb: 2\nc: 3\n"},
	"an entry before the first":             {"o:\n  # of a\n  a: 1\n", add("/o", "b", "2", "a"), "o:\n  b: 2\n  # of a\n  a: 1\n"},
	"an entry below the comment at the top": {"# The file.\na: 1\n", add("", "b", "2", "a"), "# The file.\nb: 2\na: 1\n"},
	"an entry before one with a comment": {
		"a: |\n  # not a comment\n# of c\n# and more\nc: 3\n", add("", "b", "2", "c"),
		"a: |\n  # not a comment\nb: 2\n# of c\n# and more\nc: 3\n",
	},
	"an entry after a comment in the line":       {"o:\n  a: 1 # one\np: 2\n", add("/o", "b", "2", ""), "o:\n  a: 1 # one\n  b: 2\np: 2\n"},
	"an entry before the comment of the next":    {"o:\n  a: 1\n# of p\np: 2\n", add("/o", "b", "2", ""), "o:\n  a: 1\n  b: 2\n# of p\np: 2\n"},
	"an entry after a comment that belongs":      {"o:\n  a: 1\n  # c: 3\n\n# of p\np: 2\n", add("/o", "b", "2", ""), "o:\n  a: 1\n  # c: 3\n  b: 2\n\n# of p\np: 2\n"},
	"an entry of a nested block":                 {"o:\n  a:\n    x: |\n      text\n\n      more\n\n\np: 2\n", add("/o", "b", "2", ""), "o:\n  a:\n    x: |\n      text\n\n      more\n  b: 2\n\n\np: 2\n"},
	"an entry after a value that keeps lines":    {"o:\n  b: 1\n\n  a: |+\n    text\n\np: 2\n", add("/o", "c", "2", ""), "o:\n  b: 1\n\n  a: |+\n    text\n\n  c: 2\np: 2\n"},
	"an entry after one that keeps what follows": {"b: 1\n\na: |+\n  text\n", add("", "c", "2", ""), "b: 1\n\na: |+\n  text\nc: 2\n"},
	"an entry after an empty value":              {"o:\n  a:\np: 2\n", add("/o", "b", "2", ""), "o:\n  a:\n  b: 2\np: 2\n"},
	"an entry after a plain value of lines":      {"o:\n  a: one\n    two#2\n    three # c\np: 2\n", add("/o", "b", "2", ""), "o:\n  a: one\n    two#2\n    three # c\n  b: 2\np: 2\n"},
	"an entry after a quoted value of lines":     {"o:\n  a: \"one\n\n    # two\\\" \"\n  b: 'it''s\n    # so'\np: 2\n", add("/o", "c", "2", ""), "o:\n  a: \"one\n\n    # two\\\" \"\n  b: 'it''s\n    # so'\n  c: 2\np: 2\n"},
	"an entry among separated ones":              {"o:\n  a:\n    x: 1\n\n  c:\n    x: 3\n\np: 2\n", add("/o", "b", "{x: 2}", ""), "o:\n  a:\n    x: 1\n\n  c:\n    x: 3\n\n  b: {x: 2}\n\np: 2\n"},
	"an entry before a separated one":            {"o:\n  a: 1\n\n  # of c\n  c: 3\n\np: 2\n", add("/o", "b", "2", "c"), "o:\n  a: 1\n\n  b: 2\n\n  # of c\n  c: 3\n\np: 2\n"},
	"an entry of an item":                        {"l:\n  - a: 1\n    b: 2\n  - c: 3\n", add("/l/0", "x", "|\n  text\n", ""), "l:\n  - a: 1\n    b: 2\n    x: |\n      text\n  - c: 3\n"},
	"an entry before the first of an item":       {"l:\n  - a: 1\n    b: 2\n", add("/l/0", "x", "[1]", "a"), "l:\n  - x: [1]\n    a: 1\n    b: 2\n"},
	"an entry of an item of an item":             {"l:\n  - - a: 1\n  - b\n", add("/l/0/0", "x", "1", ""), "l:\n  - - a: 1\n      x: 1\n  - b\n"},
	"an entry of an anchor that is not used":     {"o: &o\n  a: 1\np: 2\n", add("/o", "b", "2", ""), "o: &o\n  a: 1\n  b: 2\np: 2\n"},
	"an entry after an anchor and an alias":      {"o: &o {x: 1}\nl:\n  a: *o\n", add("/l", "b", "2", ""), "o: &o {x: 1}\nl:\n  a: *o\n  b: 2\n"},
	"an entry of a document with markers":        {"%YAML 1.1\n--- # begins\na: 1\n...\n", add("", "b", "2", ""), "%YAML 1.1\n--- # begins\na: 1\nb: 2\n...\n"},
	"an entry at the end of an unfinished line":  {"a: 1", add("", "b", "2", ""), "a: 1\nb: 2"},
	"a literal in an unfinished line":            {"a: 1", add("", "b", "|\n  x\n", ""), "a: 1\nb: |\n  x\n"},
	"an entry among lines of Windows":            {"a:\r\n  x: |\r\n    text\r\n\r\nb: 1\r\n", add("/a", "y", "|\n  1\n\n  2\n", ""), "a:\r\n  x: |\r\n    text\r\n  y: |\r\n    1\r\n\r\n    2\r\n\r\nb: 1\r\n"},
	"an entry after a byte order mark":           {"\ufeffa: 1\n", add("", "b", "2", "a"), "\ufeffb: 2\na: 1\n"},
	"an entry after letters of several bytes":    {"é: {ü: ö} # ä\n", add("/é", "ñ", "ß", ""), "é: {ü: ö, ñ: ß} # ä\n"},
	"keys that need quotes":                      {"a: 1\n", add("", "200", "{on: yes, '*': 'on', x: 1.0}", ""), "a: 1\n'200': {'on': 'yes', '*': 'on', x: 1.0}\n"},
	"a key that is read as a boolean":            {"a: 1\n", add("", "no", "''", ""), "a: 1\n'no': ''\n"},
	"a key with an apostrophe":                   {"a: 1\n", add("", "#it's", "1", ""), "a: 1\n'#it''s': 1\n"},
	"a path":                                     {"a: 1\n", add("", "/a/{b}", "{get: {}}", ""), "a: 1\n/a/{b}: {get: {}}\n"},
	"a list in a block":                          {"a: 1\n", add("", "b", "- x\n- y: 1\n  z: []\n", ""), "a: 1\nb:\n  - x\n  - y: 1\n    z: []\n"},
	"a long list":                                {"a: 1\n", add("", "b", "["+long+", "+long+", "+long+"]", ""), "a: 1\nb:\n  - " + long + "\n  - " + long + "\n  - " + long + "\n"},
	"a list that is just short enough":           {"a: 1\n", add("", "b", "["+long+", "+long+", 0123456789]", ""), "a: 1\nb: [" + long + ", " + long + ", 0123456789]\n"},
	"an entry of {}":                             {"a: {} # none\nb: 1\n", add("/a", "x", "1", ""), "a: # none\n  x: 1\nb: 1\n"},
	"an entry of {} in a list":                   {"a:\n  - {}\n  - b\n", add("/a/0", "x", "[]", ""), "a:\n  - x: []\n  - b\n"},
	"an entry of {} in brackets":                 {"a: [{}, {b: {}}]\n", add("/a/1/b", "x", "|\n  1\n", ""), "a: [{}, {b: {x: \"1\\n\"}}]\n"},
	"an entry of {} that is all":                 {"# c\n{} # d\n", add("", "x", "1", ""), "# c\nx: 1 # d\n"},
	"an entry in brackets":                       {"a: {x: 1, y: [b]} # c\n", add("/a", "z", "- 1\n- k: v\n", ""), "a: {x: 1, y: [b], z: [1, {k: v}]} # c\n"},
	"an entry in brackets before another":        {"a: {x: 1, y: [b]}\n", add("/a", "z", "1", "y"), "a: {x: 1, z: 1, y: [b]}\n"},
	"an entry in brackets, before the first":     {"a: {x: 1}\n", add("/a", "/{z}", "1", "x"), "a: {'/{z}': 1, x: 1}\n"},
	"an entry in brackets without values":        {"a: {x, y: }\n", add("/a", "z", "1", ""), "a: {x, y: , z: 1}\n"},
	"an entry in brackets of several lines":      {"a: {\n  x: 1, # one\n  y: 2 # two\n}\n", add("/a", "z", "3", ""), "a: {\n  x: 1, # one\n  y: 2, # two\n  z: 3\n}\n"},
	"an entry after a comma and a comment":       {"a: {\n  x: 1,\n  y: 2, # two\n}\n", add("/a", "z", "3", ""), "a: {\n  x: 1,\n  y: 2, # two\n  z: 3,\n}\n"},
	"an entry before another in its own line":    {"a: {\n  x: 1,\n  y: 2 }\n", add("/a", "z", "3", "y"), "a: {\n  x: 1,\n  z: 3,\n  y: 2 }\n"},
	"an entry at the end of its own line":        {"a: {\n  x: 1,\n  y: 2 }\n", add("/a", "z", "3", ""), "a: {\n  x: 1,\n  y: 2,\n  z: 3 }\n"},
	"an entry that is too long for brackets": {
		"a: {x: '" + long + "', y} # c\n", add("/a", "z", "{k: "+long+long+"}", "y"),
		"a: # c\n  x: '" + long + "'\n  z: {k: " + long + long + "}\n  y:\n",
	},
	"an entry with comments":                        {"a: 1\n", add("", "b", "x: 1 # one\n# two\ny: 2\n", ""), "a: 1\nb:\n  x: 1 # one\n  # two\n  y: 2\n"},
	"an item of a block":                            {"l:\n  - a\n  # of b\n  - b # b\nm: 1\n", appended("/l", "c"), "l:\n  - a\n  # of b\n  - b # b\n  - c\nm: 1\n"},
	"an item of a block without indentation":        {"l:\n- a\n# of m\nm: 1\n", appended("/l", "{k: v}"), "l:\n- a\n- {k: v}\n# of m\nm: 1\n"},
	"an item after one of several lines":            {"l:\n  - a: 1\n    b: 2\n  -\n    c: 3\n", appended("/l", "k: v\nw: |\n  x\n"), "l:\n  - a: 1\n    b: 2\n  -\n    c: 3\n  - k: v\n    w: |\n      x\n"},
	"an item of separated ones":                     {"l:\n  - a\n\n  - b\n\nm: 1\n", appended("/l", "c"), "l:\n  - a\n\n  - b\n\n  - c\n\nm: 1\n"},
	"an item of a list in a list":                   {"l:\n  - - a\n    - b\n  - c\n", appended("/l/0", "d"), "l:\n  - - a\n    - b\n    - d\n  - c\n"},
	"an item after one without a value":             {"l:\n  -\n  -\nm: 1\n", appended("/l", "d"), "l:\n  -\n  -\n  - d\nm: 1\n"},
	"an item in brackets":                           {"l: [a, 'b'] # c\n", appended("/l", "'d'"), "l: [a, 'b', 'd'] # c\n"},
	"an item of []":                                 {"l: [] # c\n", appended("/l", "d"), "l: [d] # c\n"},
	"an item of [] that is no scalar":               {"l: [] # c\n", appended("/l", "k: v\n"), "l: # c\n  - k: v\n"},
	"an item of [] in brackets":                     {"l: {m: [ ]}\n", appended("/l/m", "k: v\n"), "l: {m: [{k: v} ]}\n"},
	"an item of [] in an item":                      {"security:\n  - apiKey: []\n", appended("/security/0/apiKey", "scope"), "security:\n  - apiKey: [scope]\n"},
	"an item of pairs in brackets":                  {"l: [a: 1, b]\n", appended("/l", "k: v"), "l: [a: 1, b, {k: v}]\n"},
	"an item that needs quotes in brackets":         {"l: [a]\n", appended("/l", "x, y"), "l: [a, 'x, y']\n"},
	"an item that is too long for brackets":         {"l: [" + long + ", \"" + long + "\"]\nm: 1\n", appended("/l", long), "l:\n  - " + long + "\n  - \"" + long + "\"\n  - " + long + "\nm: 1\n"},
	"an item that is too long in two brackets":      {"l: [[" + long + ", " + long + "]]\n", appended("/l/0", long), "l: [[" + long + ", " + long + ", " + long + "]]\n"},
	"an item in lines of brackets":                  {"l: [a,\n    b]\n", appended("/l", "c"), "l: [a,\n    b,\n    c]\n"},
	"an item removed from a block":                  {"l:\n  - a\n  # of b\n  - b\n  - c\n", removed("/l", "b"), "l:\n  - a\n  # of b\n  - c\n"},
	"a last item removed from a block":              {"l:\n  - a\n  - b", removed("/l", "b"), "l:\n  - a"},
	"a first item removed from a list in one":       {"l:\n  - - a\n    - b\n", removed("/l/0", "a"), "l:\n  - - b\n"},
	"a separated item removed":                      {"l:\n  - a\n\n  - b\n\n  - c\n", removed("/l", "b"), "l:\n  - a\n\n  - c\n"},
	"an item removed from brackets":                 {"l: [a, b, c]\n", removed("/l", "b"), "l: [a, c]\n"},
	"a first item removed from brackets":            {"l: [a, b]\n", removed("/l", "a"), "l: [b]\n"},
	"a last item removed from brackets":             {"l: [\n  a,\n  b,\n]\n", removed("/l", "b"), "l: [\n  a,\n]\n"},
	"a last item removed from lines":                {"l: [\n  a, # of a\n  b\n]\n", removed("/l", "b"), "l: [\n  a # of a\n]\n"},
	"a first item removed from lines":               {"l: [\n  a,\n  # of b\n  b\n]\n", removed("/l", "a"), "l: [\n  # of b\n  b\n]\n"},
	"a literal that begins with a space":            {"a: 1\n", add("", "b", "|2\n   x\n", ""), "a: 1\nb: \" x\\n\"\n"},
	"a literal that ends with a blank line":         {"a: 1\n\nc: 3\n", replaced("/a", "|+\n  x\n\n"), "a: \"x\\n\\n\"\n\nc: 3\n"},
	"an only item removed":                          {"o:\n  type: object\n  required: [a]\n  x: 1\n", removed("/o/required", "a"), "o:\n  type: object\n  x: 1\n"},
	"an only item removed from a block":             {"o:\n  required:\n    - a\n  x: 1\n", removed("/o/required", "a"), "o:\n  x: 1\n"},
	"an only item removed from an item":             {"o:\n  - required: [a]\n    # of x\n    x: 1\n", removed("/o/0/required", "a"), "o:\n  - # of x\n    x: 1\n"},
	"an only item removed from an only entry":       {"o: # c\n  required: [a]\nx: 1\n", removed("/o/required", "a"), "o: {} # c\nx: 1\n"},
	"an only item removed from only brackets":       {"o: {required: [a]}\nx: 1\n", removed("/o/required", "a"), "o: {}\nx: 1\n"},
	"an only item removed from brackets":            {"o: {required: [a], x: 1}\n", removed("/o/required", "a"), "o: {x: 1}\n"},
	"an only item removed from it all":              {"required: [a]\n", removed("/required", "a"), "{}\n"},
	"a scalar replaced":                             {"a: old # c\nb: 1\n", replaced("/a", "'new'"), "a: 'new' # c\nb: 1\n"},
	"a scalar replaced by a literal":                {"a: old # c\nb: 1\n", replaced("/a", "|\n  x\n\n  y\n"), "a: | # c\n  x\n\n  y\nb: 1\n"},
	"a literal replaced":                            {"o:\n  a: | # c\n    x\n\n    y\n\nb: 1\n", replaced("/o/a", "new"), "o:\n  a: new # c\n\nb: 1\n"},
	"a literal replaced by another":                 {"o:\n  a: >-\n    x\n  b: 1\n", replaced("/o/a", "|\n  z\n"), "o:\n  a: |\n    z\n  b: 1\n"},
	"lines of text replaced":                        {"o:\n  a: x\n    y # c\n  b: 1\n", replaced("/o/a", "z"), "o:\n  a: z # c\n  b: 1\n"},
	"an empty value replaced":                       {"o:\n  a: # c\n  b:\n", replaced("/o/a", "z"), "o:\n  a: z # c\n  b:\n"},
	"brackets replaced by a block":                  {"o:\n  a: [x, y] # c\n  b: 1\n", replaced("/o/a", "k:\n  - v\n"), "o:\n  a: # c\n    k:\n      - v\n  b: 1\n"},
	"a block replaced by brackets":                  {"o:\n  a: # c\n    k: v\n    l: |\n      m\n\n  b: 1\n", replaced("/o/a", "[x, y]"), "o:\n  a: [x, y] # c\n\n  b: 1\n"},
	"an item replaced":                              {"l:\n  - a # c\n  - k: v\n    w: x\n", replaced("/l/1", "[b]"), "l:\n  - a # c\n  - [b]\n"},
	"an item replaced by a block":                   {"l:\n  - a # c\n", replaced("/l/0", "- b\n- c\n"), "l:\n  - - b # c\n    - c\n"},
	"a value in brackets replaced":                  {"o: {a: x, b: , c: [d, e]}\n", replaced("/o/c", "- 1\n"), "o: {a: x, b: , c: [1]}\n"},
	"an empty value in brackets replaced":           {"o: {a: x, b: , c: [d, e]}\n", replaced("/o/b", "1"), "o: {a: x, b: 1, c: [d, e]}\n"},
	"a value with a tag replaced":                   {"o:\n  a: !!str 1\n", replaced("/o/a", "2"), "o:\n  a: 2\n"},
	"an entry without a colon in brackets replaced": {"o: {a: x, b, c: d}\n", replaced("/o/b", "1"), "o: {a: x, b: 1, c: d}\n"},
	"a place with escapes":                          {"/a~b: {x: 1}\n", replaced("/~1a~0b/x", "2"), "/a~b: {x: 2}\n"},
}

func TestAnEditChangesOnlyWhatItIsAbout(t *testing.T) {
	for name, test := range edits {
		t.Run(name, func(t *testing.T) {
			d := document(t, test.before)
			if err := test.edit(t, d); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.after, string(d.Bytes())); diff != "" {
				t.Error(diff)
			}
		})
	}
}
