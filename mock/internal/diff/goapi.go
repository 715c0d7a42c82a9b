package diff

import (
	"cmp"
	"errors"
	"fmt"
	"go/types"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/exp/apidiff"
	"golang.org/x/tools/go/packages"
)

// An api is the exported Go API of a checkout: what people import, by import path, and the generated package, which people
// see through the aliases of the others.
type api struct {
	public    map[string]*types.Package
	generated *types.Package
}

func loadAPI(dir string) (*api, error) {
	config := &packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedModule,
		Dir:  dir,
	}
	loaded, err := packages.Load(config, "./picket/...", "./mock/...", "./generated/...")
	if err != nil {
		return nil, fmt.Errorf("loading the packages in %s: %w", dir, err)
	}
	found := &api{public: map[string]*types.Package{}}
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			return nil, fmt.Errorf("the package %s does not compile in %s: %w", p.PkgPath, dir, p.Errors[0])
		}
		relative := strings.TrimPrefix(p.PkgPath, p.Module.Path+"/")
		switch {
		case relative == "generated":
			found.generated = p.Types
		case p.Name != "main" && !private.MatchString(relative):
			found.public[relative] = p.Types
		}
	}
	if len(found.public) == 0 {
		return nil, errors.New("there are no packages to compare in " + dir)
	}
	return found, nil
}

// private matches packages that people do not import.
var private = regexp.MustCompile(`(^|/)(internal|cmd)(/|$)|^mock/conformance(/|$)`)

// GoAPI compares the exported Go APIs of two checkouts of a module: of picket and mock and the packages below them. The
// package generated promises nothing by itself, but a type of it that the others show, by an alias or otherwise, is theirs.
func GoAPI(oldDir, newDir string) ([]Change, error) {
	before, err := loadAPI(oldDir)
	if err != nil {
		return nil, err
	}
	after, err := loadAPI(newDir)
	if err != nil {
		return nil, err
	}
	var changes []Change
	for name, old := range before.public {
		if after.public[name] == nil {
			changes = append(changes, Change{name, "the package was removed", true})
			continue
		}
		for _, c := range apidiff.Changes(old, after.public[name]).Changes {
			changes = append(changes, change(path.Base(name), c))
		}
	}
	for name := range after.public {
		if before.public[name] == nil {
			changes = append(changes, Change{name, "the package was added", false})
		}
	}
	shown := before.shown()
	if len(shown) > 0 && after.generated != nil {
		for _, c := range apidiff.Changes(before.generated, after.generated).Changes {
			symbol, _, _ := strings.Cut(c.Message, ":")
			typeName := identifier.FindString(symbol)
			if as, ok := shown[typeName]; ok {
				pkg, name := path.Split(as)
				c.Message = strings.Replace(c.Message, typeName, name, 1)
				changes = append(changes, change(strings.TrimSuffix(pkg, "/"), c))
			}
		}
	}
	return inOrder(changes), nil
}

var identifier = regexp.MustCompile(`\pL[\pL\p{Nd}_]*`)

// change makes a change of what apidiff says: the symbol, a colon and the rest.
func change(pkg string, c apidiff.Change) Change {
	symbol, text, _ := strings.Cut(c.Message, ": ")
	symbol = strings.NewReplacer("(*", "", ")", "").Replace(symbol)
	return Change{pkg + "." + symbol, text, !c.Compatible}
}

// shown returns the types of the generated package that can be reached from the public ones, and what people call them: by
// the alias that a public package has for them, as "picket/NonceRequest".
func (a *api) shown() map[string]string {
	names := map[string]string{}
	if a.generated == nil {
		return names
	}
	ours := map[string]bool{a.generated.Path(): true}
	for _, pkg := range a.public {
		ours[pkg.Path()] = true
	}
	seen := map[types.Type]bool{}
	var visit func(types.Type)
	visitAll := func(tuple *types.Tuple) {
		for v := range tuple.Variables() {
			visit(v.Type())
		}
	}
	visit = func(t types.Type) {
		if t = types.Unalias(t); seen[t] {
			return
		}
		seen[t] = true
		switch t := t.(type) {
		case *types.Named:
			pkg := t.Obj().Pkg()
			if pkg == nil || !ours[pkg.Path()] {
				return
			}
			if pkg.Path() == a.generated.Path() {
				names[t.Obj().Name()] = "generated/" + t.Obj().Name()
			}
			for method := range t.Methods() {
				if method.Exported() {
					visit(method.Type())
				}
			}
			visit(t.Underlying())
		case *types.Struct:
			for field := range t.Fields() {
				if field.Exported() {
					visit(field.Type())
				}
			}
		case *types.Signature:
			visitAll(t.Params())
			visitAll(t.Results())
		case *types.Interface:
			for method := range t.Methods() {
				visit(method.Type())
			}
		case *types.Map:
			visit(t.Key())
			visit(t.Elem())
		case interface{ Elem() types.Type }: // arrays, channels, pointers, slices
			visit(t.Elem())
		}
	}
	aliases := map[string]string{}
	for _, relative := range slices.Sorted(maps.Keys(a.public)) {
		scope := a.public[relative].Scope()
		for _, name := range scope.Names() {
			object := scope.Lookup(name)
			if !object.Exported() {
				continue
			}
			visit(object.Type())
			if named, ok := types.Unalias(object.Type()).(*types.Named); ok && isAlias(object) && aliases[named.Obj().Name()] == "" {
				aliases[named.Obj().Name()] = path.Base(relative) + "/" + name
			}
		}
	}
	for name := range names {
		names[name] = cmp.Or(aliases[name], names[name])
	}
	return names
}

func isAlias(object types.Object) bool {
	name, ok := object.(*types.TypeName)
	return ok && name.IsAlias()
}
