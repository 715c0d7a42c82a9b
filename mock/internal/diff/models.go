package diff

import (
	"go/types"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/exp/apidiff"
)

const (
	// publicModels is the package of the models that the generator makes of openapi.yaml.
	publicModels = "picket/types"
	// hiddenModels is where the models were before there was that package. People saw them only by the aliases of picket.
	hiddenModels = "generated"
)

// models is the package of the models, or the zero value when a checkout has none.
type models struct {
	name string // publicModels or hiddenModels
	pkg  *types.Package
}

// compareModels compares the models. It names them by the aliases that people use: "picket.AuthRequest".
func compareModels(before, after *api) []Change {
	var changes []Change
	if after.models.name == publicModels && before.models.name != publicModels {
		changes = append(changes, Change{publicModels, "the package was added", false})
	}
	switch {
	case before.models.pkg == nil:
		return changes
	case before.models.name == publicModels && after.models.name != publicModels:
		changes = append(changes, Change{publicModels, "the package was removed", true})
	}
	if after.models.pkg == nil {
		return changes
	}
	shown, aliases := before.shown(), before.aliases()
	for _, c := range apidiff.Changes(before.models.pkg, after.models.pkg).Changes {
		symbol, _, _ := strings.Cut(c.Message, ":")
		name := identifier.FindString(symbol)
		if before.models.name == hiddenModels && !shown[name] {
			continue
		}
		pkg, as := path.Base(after.models.name), name
		if alias, ok := aliases[name]; ok {
			pkg, as = path.Dir(alias), path.Base(alias)
		}
		c.Message = strings.Replace(c.Message, name, as, 1)
		changes = append(changes, change(pkg, c))
	}
	return append(changes, compareTags(before.models.pkg, after.models.pkg, aliases)...)
}

var identifier = regexp.MustCompile(`\pL[\pL\p{Nd}_]*`)

// onlyMoved reports whether a change is only that a model is in another package than before.
func onlyMoved(c apidiff.Change, before, after models) bool {
	if before.pkg == nil || after.pkg == nil {
		return false
	}
	_, text, _ := strings.Cut(c.Message, ": ")
	from, to, ok := strings.Cut(strings.TrimPrefix(text, "changed from "), " to ")
	return ok && strings.ReplaceAll(from, before.pkg.Path()+".", after.pkg.Path()+".") == to
}

// aliases returns the aliases that the public packages have for models, by the model's name, as "picket/NonceRequest".
func (a *api) aliases() map[string]string {
	aliases := map[string]string{}
	a.exported(func(pkg string, object types.Object) {
		alias, isType := object.(*types.TypeName)
		if !isType || !alias.IsAlias() {
			return
		}
		model, isNamed := types.Unalias(alias.Type()).(*types.Named)
		if !isNamed || model.Obj().Pkg() == nil || model.Obj().Pkg().Path() != a.models.pkg.Path() {
			return
		}
		if name := model.Obj().Name(); aliases[name] == "" {
			aliases[name] = path.Base(pkg) + "/" + alias.Name()
		}
	})
	return aliases
}

// shown returns the names of the models that people can reach from the public packages.
func (a *api) shown() map[string]bool {
	r := reach{a.models.pkg.Path(), map[string]bool{a.models.pkg.Path(): true}, map[string]bool{}, map[types.Type]bool{}}
	for _, pkg := range a.public {
		r.ours[pkg.Path()] = true
	}
	a.exported(func(_ string, object types.Object) { r.visit(object.Type()) })
	return r.found
}

// exported calls visit with everything that the public packages export.
func (a *api) exported(visit func(pkg string, object types.Object)) {
	for _, name := range slices.Sorted(maps.Keys(a.public)) {
		scope := a.public[name].Scope()
		for _, symbol := range scope.Names() {
			if object := scope.Lookup(symbol); object.Exported() {
				visit(name, object)
			}
		}
	}
}

// A reach finds the models that can be reached from types: by their exported fields and methods, and by what they are made of.
type reach struct {
	models string          // the path of their package
	ours   map[string]bool // the paths of the packages whose types are looked into
	found  map[string]bool // by name
	seen   map[types.Type]bool
}

func (r reach) visit(t types.Type) {
	if t = types.Unalias(t); r.seen[t] {
		return
	}
	r.seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		r.visitNamed(t)
	case *types.Struct:
		for field := range t.Fields() {
			if field.Exported() {
				r.visit(field.Type())
			}
		}
	case *types.Signature:
		r.visitAll(t.Params())
		r.visitAll(t.Results())
	case *types.Interface:
		for method := range t.Methods() {
			r.visit(method.Type())
		}
	case *types.Map:
		r.visit(t.Key())
		r.visit(t.Elem())
	case interface{ Elem() types.Type }: // arrays, channels, pointers, slices
		r.visit(t.Elem())
	}
}

func (r reach) visitNamed(t *types.Named) {
	pkg := t.Obj().Pkg()
	if pkg == nil || !r.ours[pkg.Path()] {
		return
	}
	if pkg.Path() == r.models {
		r.found[t.Obj().Name()] = true
	}
	for method := range t.Methods() {
		if method.Exported() {
			r.visit(method.Type())
		}
	}
	r.visit(t.Underlying())
}

func (r reach) visitAll(tuple *types.Tuple) {
	for v := range tuple.Variables() {
		r.visit(v.Type())
	}
}
