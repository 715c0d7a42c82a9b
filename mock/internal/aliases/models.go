package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// models are the types of the contract's schemas.
type models struct {
	structs map[string]*model
	// other are the other names of types, such as WalletAddress for string.
	other map[string]ast.Expr
	// names are those of all types.
	names []string
	// taken are the names that package picket declares by hand.
	taken map[string]bool
}

// A model is a type with a name of its own.
type model struct {
	name string
	doc  string
	is   ast.Expr
	// constants are the values of an enumeration, in the order of their names.
	constants []constant
}

type constant struct {
	name  string
	value ast.Expr
}

func readModels(source, folder string) (*models, error) {
	file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	m := &models{structs: map[string]*model{}, other: map[string]ast.Expr{}}
	if m.taken, err = namesIn(folder); err != nil {
		return nil, err
	}
	for _, declaration := range file.Decls {
		if d, ok := declaration.(*ast.GenDecl); ok && d.Tok == token.TYPE {
			m.addType(d)
		}
	}
	for _, declaration := range file.Decls {
		if d, ok := declaration.(*ast.GenDecl); ok && d.Tok == token.CONST {
			m.addConstants(d)
		}
	}
	return m, nil
}

func (m *models) addType(d *ast.GenDecl) {
	spec := d.Specs[0].(*ast.TypeSpec)
	name, doc := spec.Name.Name, d.Doc.Text()
	m.names = append(m.names, name)
	switch {
	case spec.Assign.IsValid():
		m.other[name] = spec.Type
	case strings.HasPrefix(doc, name+" defines parameters for "), strings.HasSuffix(name, "Error"), m.taken[name]:
	default:
		m.structs[name] = &model{name: name, doc: doc, is: spec.Type}
	}
}

func (m *models) addConstants(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		value := spec.(*ast.ValueSpec)
		of, ok := value.Type.(*ast.Ident)
		if !ok || m.structs[of.Name] == nil || m.taken[value.Names[0].Name] {
			continue
		}
		enum := m.structs[of.Name]
		enum.constants = append(enum.constants, constant{value.Names[0].Name, value.Values[0]})
	}
}

// sorted returns the models in the order of their names.
func (m *models) sorted() []*model {
	var all []*model
	for _, name := range slices.Sorted(maps.Keys(m.structs)) {
		all = append(all, m.structs[name])
	}
	return all
}

// namesIn returns the names that the package in a folder declares, without those that this command writes.
func namesIn(folder string) (map[string]bool, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, path := range paths {
		if filepath.Base(path) == generated || strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, declaration := range file.Decls {
			for _, name := range declared(declaration) {
				names[name] = true
			}
		}
	}
	return names, nil
}

func declared(declaration ast.Decl) []string {
	var names []string
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, name := range s.Names {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}
