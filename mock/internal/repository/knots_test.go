package repository_test

import (
	"bytes"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// maxKnot is how many files of one package may form a knot. Lower it when the largest knot becomes smaller.
const maxKnot = 8

// TestNoKnotOfFilesIsLargerThanTheLimit measures how well the files of each package below mock can be read one at a time. A knot is a
// set of files in which each reaches every other by the identifiers that it uses: whoever changes one of them has to know them all.
// Generated files and tests do not count. With -v the test prints a table.
func TestNoKnotOfFilesIsLargerThanTheLimit(t *testing.T) {
	loaded, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Dir: root}, "./mock/...")
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(loaded, func(a, b *packages.Package) int { return strings.Compare(a.PkgPath, b.PkgPath) })
	table := harness.NewTable(t.Output(), "package", "lines", "exported names", "imports of ours", "largest knot of files")
	for _, pkg := range loaded {
		if len(pkg.Errors) > 0 {
			t.Fatal(pkg.Errors[0])
		}
		files := writtenByHand(pkg)
		if len(files) == 0 {
			continue
		}
		knot := largestKnot(uses(pkg, files))
		table.Row(strings.TrimPrefix(pkg.PkgPath, module+"/"), lines(t, files), exportedNames(pkg, files), importsOfOurs(pkg), max(len(knot), 1))
		if len(knot) > maxKnot {
			t.Errorf("%s: %d files use each other, which is more than %d: %s; move what they share into a file or a package below them",
				pkg.PkgPath, len(knot), maxKnot, strings.Join(knot, ", "))
		}
	}
	if testing.Verbose() {
		_ = table.Flush()
	}
}

// writtenByHand returns the files of a package that no generator made, by path.
func writtenByHand(pkg *packages.Package) map[string]*ast.File {
	files := map[string]*ast.File{}
	for _, file := range pkg.Syntax {
		if !ast.IsGenerated(file) {
			files[pathOf(pkg, file.Package)] = file
		}
	}
	return files
}

func pathOf(pkg *packages.Package, at token.Pos) string { return pkg.Fset.Position(at).Filename }

// uses returns, for each file, the files that declare what it uses: the package's functions, types, variables and constants, and their
// methods and fields.
func uses(pkg *packages.Package, files map[string]*ast.File) map[string][]string {
	edges := map[string][]string{}
	for path, file := range files {
		edges[path] = nil
		ast.Inspect(file, func(node ast.Node) bool {
			name, ok := node.(*ast.Ident)
			if !ok {
				return true
			}
			object := pkg.TypesInfo.Uses[name]
			if object == nil || object.Pkg() != pkg.Types || !object.Pos().IsValid() {
				return true
			}
			if _, isImport := object.(*types.PkgName); isImport {
				return true
			}
			declaredIn := pathOf(pkg, object.Pos())
			if files[declaredIn] != nil && declaredIn != path && !slices.Contains(edges[path], declaredIn) {
				edges[path] = append(edges[path], declaredIn)
			}
			return true
		})
	}
	return edges
}

// largestKnot returns the names of the files of the largest knot, or nil when no two files use each other.
func largestKnot(edges map[string][]string) []string {
	reached := map[string]map[string]bool{} // by each file, over any number of steps
	for from := range edges {
		reached[from] = map[string]bool{}
		var visit func(string)
		visit = func(file string) {
			for _, next := range edges[file] {
				if !reached[from][next] {
					reached[from][next] = true
					visit(next)
				}
			}
		}
		visit(from)
	}
	var largest []string
	for file, reaches := range reached {
		var knot []string
		for other := range reaches {
			if reached[other][file] {
				knot = append(knot, filepath.Base(other))
			}
		}
		if len(knot) > len(largest) {
			largest = knot
		}
	}
	slices.Sort(largest)
	return largest
}

func lines(t *testing.T, files map[string]*ast.File) (n int) {
	for path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		n += bytes.Count(text, []byte("\n"))
	}
	return n
}

func exportedNames(pkg *packages.Package, files map[string]*ast.File) (n int) {
	for _, name := range pkg.Types.Scope().Names() {
		if token.IsExported(name) && files[pathOf(pkg, pkg.Types.Scope().Lookup(name).Pos())] != nil {
			n++
		}
	}
	return n
}

func importsOfOurs(pkg *packages.Package) (n int) {
	for path := range pkg.Imports {
		if path == module || strings.HasPrefix(path, module+"/") {
			n++
		}
	}
	return n
}
