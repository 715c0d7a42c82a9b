package repository_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// standard are methods that packages of Go's own call: nobody looks for an example of them.
var standard = strings.Fields("Error Is Unwrap Format String GoString LogValue MarshalJSON UnmarshalJSON")

func TestEveryEntryPointIsShownInAnExample(t *testing.T) {
	for _, dir := range []string{"picket", "picket/accesstoken", "picket/login", "picket/middleware", "picket/oauth"} {
		files, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		exported, shown := map[string]bool{}, map[string]bool{}
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, declaration := range parsed.Decls {
				function, ok := declaration.(*ast.FuncDecl)
				switch {
				case !ok:
				case strings.HasPrefix(filepath.Base(file), "example"):
					ast.Inspect(function, func(node ast.Node) bool {
						if selector, ok := node.(*ast.SelectorExpr); ok {
							shown[selector.Sel.Name] = true
						}
						return true
					})
				case strings.HasSuffix(file, "_test.go"):
				case function.Name.IsExported() && isOfExportedType(function) && !slices.Contains(standard, function.Name.Name):
					exported[function.Name.Name] = true
				}
			}
		}
		if len(exported) == 0 {
			t.Errorf("%s exports nothing", dir)
		}
		for name := range exported {
			if !shown[name] {
				t.Errorf("%s: no example shows %s", dir, name)
			}
		}
	}
}

func isOfExportedType(function *ast.FuncDecl) bool {
	if function.Recv == nil {
		return true
	}
	receiver := function.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	name, ok := receiver.(*ast.Ident)
	return ok && name.IsExported()
}
