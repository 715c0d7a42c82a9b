package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

// source is the Go code of a package, without its tests.
type source []*ast.File

func parse(dir string) (source, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var files source
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// methods calls do with each method and the name of its receiver's type.
func (s source) methods(do func(receiver string, method *ast.FuncDecl)) {
	for _, file := range s {
		for _, declaration := range file.Decls {
			method, ok := declaration.(*ast.FuncDecl)
			if !ok || method.Recv == nil {
				continue
			}
			receiver := method.Recv.List[0].Type
			if star, ok := receiver.(*ast.StarExpr); ok {
				receiver = star.X
			}
			if name, ok := receiver.(*ast.Ident); ok {
				do(name.Name, method)
			}
		}
	}
}

func (s source) methodsOf(receiver string) map[string]bool {
	names := map[string]bool{}
	s.methods(func(of string, method *ast.FuncDecl) {
		if of == receiver {
			names[method.Name.Name] = true
		}
	})
	return names
}

// operations returns the names that the generator gave to the operations, by method and path. It reads them from the comments of
// package unwritten: "Nonce is POST /auth/nonce."
func (s source) operations() map[string]string {
	names := map[string]string{}
	s.methods(func(receiver string, method *ast.FuncDecl) {
		if receiver == "Operations" {
			route := strings.TrimPrefix(strings.TrimSpace(method.Doc.Text()), method.Name.Name+" is ")
			names[strings.TrimSuffix(route, ".")] = method.Name.Name
		}
	})
	return names
}

// calls returns the operations that the exported methods of Client call on the generated client, whatever the names of the methods:
// Token for c.api.TokenWithBody(…).
func (s source) calls() map[string]bool {
	called := map[string]bool{}
	s.methods(func(receiver string, method *ast.FuncDecl) {
		if receiver != "Client" || !method.Name.IsExported() {
			return
		}
		ast.Inspect(method, func(node ast.Node) bool {
			call, ok := node.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if api, ok := call.X.(*ast.SelectorExpr); ok && api.Sel.Name == "api" {
				name := call.Sel.Name
				if operation, encoding, found := strings.Cut(name, "With"); found && strings.HasSuffix(encoding, "Body") {
					name = operation
				}
				called[name] = true
			}
			return true
		})
	})
	return called
}

// spellings returns the names in the variable otherSpellings.
func (s source) spellings() map[string]bool {
	names := map[string]bool{}
	for _, file := range s {
		ast.Inspect(file, func(node ast.Node) bool {
			variable, ok := node.(*ast.ValueSpec)
			if !ok || variable.Names[0].Name != "otherSpellings" {
				return true
			}
			ast.Inspect(variable, func(node ast.Node) bool {
				if entry, ok := node.(*ast.KeyValueExpr); ok {
					if literal, ok := entry.Key.(*ast.BasicLit); ok {
						name, _ := strconv.Unquote(literal.Value) // was parsed
						names[name] = true
					}
				}
				return true
			})
			return false
		})
	}
	return names
}

// errorCodes returns the values of the constants of type ErrorCode.
func (s source) errorCodes() map[string]bool {
	codes := map[string]bool{}
	for _, file := range s {
		ast.Inspect(file, func(node ast.Node) bool {
			constant, ok := node.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if of, ok := constant.Type.(*ast.Ident); ok && of.Name == "ErrorCode" {
				for _, value := range constant.Values {
					if literal, ok := value.(*ast.BasicLit); ok {
						code, _ := strconv.Unquote(literal.Value) // was parsed
						codes[code] = true
					}
				}
			}
			return true
		})
	}
	return codes
}
