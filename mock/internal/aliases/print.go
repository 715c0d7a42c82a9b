package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/printer"
	"go/token"
	"os"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// generated is what the file with the names is called in its package: what it declares is not declared by hand.
const generated = "types.gen.go"

func write(source, folder, output string, others []string) error {
	m, err := readModels(source, folder)
	if err != nil {
		return err
	}
	if err := m.refuse(others); err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString("// Code generated from picket/types by mock/internal/aliases. DO NOT EDIT.\n\npackage picket\n\n" +
		"import \"github.com/seed-a13ee279/picket/picket/types\"\n")
	for _, model := range m.sorted() {
		code, err := m.code(model)
		if err != nil {
			return fmt.Errorf("%s: %w", model.name, err)
		}
		fmt.Fprintf(&b, "\n%s//\n%stype %s = types.%[3]s\n", comment(introduction(model)), comment(indented(code)), model.name)
		if len(model.constants) > 0 {
			fmt.Fprintf(&b, "\n// The values of %s.\nconst (\n", model.name)
			for _, c := range model.constants {
				fmt.Fprintf(&b, "%s = types.%[1]s\n", c.name)
			}
			b.WriteString(")\n")
		}
	}
	text, err := format.Source(b.Bytes())
	if err != nil {
		return err
	}
	return os.WriteFile(output, text, 0o666)
}

// introduction is the description of a model after its name: "AuthRequest: a wallet's signature …".
func introduction(m *model) string {
	description := strings.TrimPrefix(m.doc, m.name+" ")
	if first, _, _ := strings.Cut(description, " "); first != "" && strings.ToLower(first[1:]) == first[1:] {
		description = string(unicode.ToLower(rune(description[0]))) + description[1:]
	}
	return m.name + ": " + description
}

// code returns the declaration of a model, as it is in package types.
func (m *models) code(of *model) (string, error) {
	var b bytes.Buffer
	if fields, ok := of.is.(*ast.StructType); ok {
		fmt.Fprintf(&b, "type %s struct {\n", of.name)
		for _, field := range fields.Fields.List {
			if err := m.field(&b, field, strings.HasSuffix(of.name, "Request")); err != nil {
				return "", err
			}
		}
		b.WriteString("}\n")
	} else {
		is, err := m.typeText(of.is)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "type %s %s\n", of.name, is)
	}
	if len(of.constants) > 0 {
		b.WriteString("\nconst (\n")
		for _, c := range of.constants {
			fmt.Fprintf(&b, "%s %s = ", c.name, of.name)
			if err := printer.Fprint(&b, token.NewFileSet(), c.value); err != nil {
				return "", err
			}
			b.WriteString("\n")
		}
		b.WriteString(")\n")
	}
	text, err := format.Source(b.Bytes())
	return string(text), err
}

// field writes a field with its comment. Of a request it says whether the contract requires it: its tag leaves out no zero
// value then.
func (m *models) field(b *bytes.Buffer, field *ast.Field, inRequest bool) error {
	doc := field.Doc.Text()
	if len(field.Names) == 0 || field.Tag == nil || strings.Contains(doc, "\nDeprecated: ") {
		return nil
	}
	name := field.Names[0].Name
	is, err := m.typeText(field.Type)
	if err != nil {
		return err
	}
	tag, err := strconv.Unquote(field.Tag.Value)
	if err != nil {
		return err
	}
	doc = strings.TrimSpace(strings.TrimPrefix(doc, name+" "))
	if inRequest && !strings.Contains(reflect.StructTag(tag).Get("json"), ",omit") {
		doc += " Required."
	}
	if !strings.HasSuffix(b.String(), "{\n") {
		b.WriteString("\n")
	}
	fmt.Fprintf(b, "%s%s %s\n", comment(doc), name, is)
	return nil
}

// typeText returns a type under the names that package picket has for it.
func (m *models) typeText(is ast.Expr) (string, error) {
	var b bytes.Buffer
	err := printer.Fprint(&b, token.NewFileSet(), m.named(is))
	return b.String(), err
}

// named returns a type with the names that package picket has in place of those in package types.
func (m *models) named(is ast.Expr) ast.Expr {
	switch t := is.(type) {
	case *ast.Ident:
		switch other := m.other[t.Name]; {
		case other != nil:
			return m.named(other)
		case t.IsExported() && m.structs[t.Name] == nil:
			return &ast.SelectorExpr{X: ast.NewIdent("types"), Sel: t}
		}
	case *ast.SelectorExpr:
		if pkg, ok := t.X.(*ast.Ident); ok && pkg.Name == "wire" && m.taken[t.Sel.Name] {
			return t.Sel
		}
	case *ast.StarExpr:
		return &ast.StarExpr{X: m.named(t.X)}
	case *ast.ArrayType:
		return &ast.ArrayType{Len: t.Len, Elt: m.named(t.Elt)}
	case *ast.IndexExpr: // nullable.Nullable[T]
		of := &ast.IndexExpr{X: t.X, Index: m.named(t.Index)}
		if generic, ok := t.X.(*ast.SelectorExpr); ok && m.taken[generic.Sel.Name] {
			of.X = generic.Sel
		}
		return of
	case *ast.MapType:
		return &ast.MapType{Key: m.named(t.Key), Value: m.named(t.Value)}
	}
	return is
}

// comment returns a text as the lines of a comment.
func comment(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		space := " "
		if line == "" || line[0] == '\t' {
			space = ""
		}
		b.WriteString("//" + space + line + "\n")
	}
	return b.String()
}

func indented(code string) string {
	return "\t" + strings.ReplaceAll(strings.TrimSpace(code), "\n", "\n\t")
}
