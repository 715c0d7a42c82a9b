package yamledit_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/seed-a13ee279/picket/mock/internal/yamledit"
)

func contract(t testing.TB) *yamledit.Document {
	t.Helper()
	text, err := os.ReadFile("../../../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d, err := yamledit.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// places returns the pointers to all values that are reached without an alias, and the keys that lead to them.
func places(d *yamledit.Document) [][]string {
	var found [][]string
	var visit func(node *yaml.Node, path []string)
	visit = func(node *yaml.Node, path []string) {
		found = append(found, path)
		if node.Kind == yaml.MappingNode {
			for pair := range slices.Chunk(node.Content, 2) {
				visit(pair[1], append(slices.Clone(path), pair[0].Value))
			}
		}
		if node.Kind == yaml.SequenceNode {
			for i, item := range node.Content {
				visit(item, append(slices.Clone(path), index(i)))
			}
		}
	}
	visit(d.Node(""), nil)
	return found
}

// changedLines returns which lines an edit took out of a text and which it put in.
func changedLines(before, after []byte) (taken, put []string) {
	old, made := strings.Split(string(before), "\n"), strings.Split(string(after), "\n")
	for len(old) > 0 && len(made) > 0 && old[0] == made[0] {
		old, made = old[1:], made[1:]
	}
	for len(old) > 0 && len(made) > 0 && old[len(old)-1] == made[len(made)-1] {
		old, made = old[:len(old)-1], made[:len(made)-1]
	}
	return old, made
}

func TestEachEditOfTheContractChangesTheLinesThatItMust(t *testing.T) {
	type change struct {
		edit       edit
		taken, put []string
	}
	original := contract(t)
	changes := map[string]change{}
	node := original.Node
	var schemas, operations, required int
	for _, path := range places(original) {
		pointer, key := pointerTo(path), ""
		if len(path) > 0 {
			key = path[len(path)-1]
		}
		indent := strings.Repeat("  ", len(path))
		lineOf := func(pointer string) string {
			return strings.Split(string(original.Bytes()), "\n")[original.Line(pointer)-1]
		}
		here := node(pointer)
		if here.Kind == yaml.MappingNode && here.Style&yaml.FlowStyle != 0 {
			continue // edits in brackets are in the table, and what changes is the line that has them
		}
		switch {
		case key == "properties" && here.Kind == yaml.MappingNode && len(path) > 3 && path[1] == "schemas" && !slices.Contains(path, "allOf"):
			schemas++
			changes[pointer+" with a property"] = change{
				add(pointer, "aNewOne", "{type: array, items: {}}", ""), nil,
				[]string{indent + "aNewOne: {type: array, items: {}}"},
			}
		case pointer == "/paths" || pointer == "/components/schemas":
			changes[pointer+" with an entry"] = change{
				add(pointer, "/new", "{type: object}", ""), nil, []string{"", indent + "/new: {type: object}"},
			}
			changes[pointer+" with a first entry"] = change{
				add(pointer, "/new", "type: object", here.Content[0].Value), nil, []string{indent + "/new:", indent + "  type: object", ""},
			}
		case key == "responses" && path[0] == "paths" && node(pointer+"/429") != nil:
			operations++
			changes[pointer+" with a response"] = change{
				add(pointer, "418", "description: |\n  A teapot.\n\n  Short and stout.\n", "429"), nil,
				[]string{indent + "'418':", indent + "  description: |", indent + "    A teapot.", "", indent + "    Short and stout."},
			}
		case key == "required" && here.Kind == yaml.SequenceNode:
			line := lineOf(pointer)
			if ofItsOwn := strings.HasPrefix(strings.TrimSpace(line), "required:"); !ofItsOwn || len(line) > 120 {
				continue // within other brackets, or so long that it becomes a list of lines
			}
			required++
			brackets, flow := strings.CutSuffix(line, "]")
			with := change{appended(pointer, "new"), []string{line}, []string{brackets + ", new]"}}
			if !flow {
				with = change{appended(pointer, "new"), nil, []string{indent + "- new"}}
			}
			changes[pointer+" with an item"] = with
			for i, item := range here.Content {
				without := change{removed(pointer, item.Value), []string{lineOf(pointer + "/" + index(i))}, nil}
				if flow && len(here.Content) > 1 {
					var names []string
					for j, name := range here.Content {
						if j != i {
							names = append(names, name.Value)
						}
					}
					begin, _, _ := strings.Cut(line, "[")
					without.put = []string{begin + "[" + strings.Join(names, ", ") + "]"}
				}
				changes[pointer+" without "+item.Value] = without
			}
		case key == "x-provenance" && here.Kind == yaml.ScalarNode:
			line := lineOf(pointer)
			set := strings.Replace(line, "x-provenance: "+here.Value, "x-provenance: observed", 1)
			changes[pointer+" set"] = change{replaced(pointer, "observed"), []string{line}, []string{set}}
		}
	}
	if schemas < 15 || operations < 10 || required < 15 || len(changes) < 100 {
		t.Errorf("found %d schemas, %d operations, %d lists of required properties and %d changes", schemas, operations, required, len(changes))
	}
	for name, change := range changes {
		d := contract(t)
		if err := change.edit(t, d); err != nil {
			t.Error(name, err)
			continue
		}
		taken, put := changedLines(original.Bytes(), d.Bytes())
		slices.Sort(put) // because a line like the one after it may count as that
		slices.Sort(change.put)
		if diff := cmp.Diff([][]string{change.taken, change.put}, [][]string{taken, put}, emptyIsNil); diff != "" {
			t.Error(name, diff)
		}
	}
}
