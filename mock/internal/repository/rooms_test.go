package repository_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rooms are the packages that the mock is made of, and which of each other they may import: those that stand above them here, and of
// those only these.
var rooms = []struct {
	name    string
	imports string
}{
	{"explain", ""},
	{"refusal", "explain"},
	{"clock", ""},
	{"address", ""},
	{"wallets", "explain refusal"},
	{"limits", "refusal"},
	{"gating", "explain refusal wallets"},
	{"tokens", "explain refusal"},
	{"journal", "explain"},
	{"counted", "limits"},
	{"faults", "refusal limits counted"},
	{"stubs", "limits counted"},
	{"scenarios", "refusal limits"},
	{"state", "clock wallets limits gating"},
	{"signing", "explain wallets state"},
	{"tenant", "refusal clock limits tokens journal faults stubs state"},
	{"front", "explain refusal address limits tokens journal faults stubs tenant"},
	{"api", "explain signing refusal address wallets limits gating tokens state tenant front"},
	{"controls", "explain refusal address wallets journal faults tokens tenant front api"},
}

func TestTheRoomsOfTheMockImportOneWay(t *testing.T) {
	above := map[string]bool{}
	for _, room := range rooms {
		allowed := strings.Fields(room.imports)
		for _, name := range allowed {
			if !above[name] {
				t.Errorf("%s may import %s, which does not stand above it", room.name, name)
			}
		}
		above[room.name] = true
		var seen []string
		for _, imported := range strings.Fields(command(t, "go", "list", "-f", `{{join .Imports " "}}`, "./mock/internal/"+room.name)) {
			name, inside := strings.CutPrefix(imported, module+"/mock/internal/")
			isRoom := slices.ContainsFunc(rooms, func(other struct{ name, imports string }) bool { return other.name == name })
			switch {
			case imported == module+"/mock":
				t.Errorf("%s imports mock, which stands over all rooms", room.name)
			case inside && isRoom && !slices.Contains(allowed, name):
				t.Errorf("%s imports %s", room.name, name)
			case inside && isRoom:
				seen = append(seen, name)
			}
		}
		for _, name := range allowed {
			if !slices.Contains(seen, name) {
				t.Errorf("%s does not import %s; take it off the list", room.name, name)
			}
		}
	}
}

// TestEveryPackageOfTheMockSaysWhatItIs expects at least two sentences in the comment of a package that is not a command: what it does,
// and what it does not do.
func TestEveryPackageOfTheMockSaysWhatItIs(t *testing.T) {
	comments := map[string]string{}
	for _, path := range strings.Fields(command(t, "go", "list", "-f", `{{if ne .Name "main"}}{{$dir := .Dir}}{{range .GoFiles}}{{$dir}}/{{.}} {{end}}{{end}}`, "./mock/...")) {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Dir(path)
		comments[dir] += "" // so that a package without a comment is missed
		if comment := file.Doc.Text(); !strings.Contains(comment, "Code generated") {
			comments[dir] += comment
		}
	}
	for dir, comment := range comments {
		if strings.Count(comment, ". ")+strings.Count(comment, ".\n") < 2 {
			t.Errorf("the comment of the package in %s has fewer than two sentences: %q", dir, comment)
		}
	}
}
