package diff

import (
	"errors"
	"fmt"
	"go/types"
	"path"
	"regexp"
	"strings"

	"golang.org/x/exp/apidiff"
	"golang.org/x/tools/go/packages"
)

// An api is the exported Go API of a checkout.
type api struct {
	public map[string]*types.Package // what people import, by import path below the module; without the models
	models models
}

// private matches packages that people do not import.
var private = regexp.MustCompile(`(^|/)(internal|cmd)(/|$)|^mock/conformance(/|$)|^generated(/|$)`)

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
		case relative == publicModels, relative == hiddenModels:
			found.models = models{relative, p.Types}
		case p.Name != "main" && !private.MatchString(relative):
			found.public[relative] = p.Types
		}
	}
	if len(found.public) == 0 {
		return nil, errors.New("there are no packages to compare in " + dir)
	}
	return found, nil
}

// GoAPI compares the exported Go APIs of two checkouts of a module: of picket and mock and the packages below them. Packages below
// generated are not compared. A model that people use by an alias of another package may move from one package to another, as long
// as the alias stays.
func GoAPI(oldDir, newDir string) ([]Change, error) {
	before, err := loadAPI(oldDir)
	if err != nil {
		return nil, err
	}
	after, err := loadAPI(newDir)
	if err != nil {
		return nil, err
	}
	return inOrder(append(comparePackages(before, after), compareModels(before, after)...)), nil
}

func comparePackages(before, after *api) []Change {
	var changes []Change
	for name, old := range before.public {
		if after.public[name] == nil {
			changes = append(changes, Change{name, "the package was removed", true})
			continue
		}
		for _, c := range apidiff.Changes(old, after.public[name]).Changes {
			if !onlyMoved(c, before.models, after.models) {
				changes = append(changes, change(path.Base(name), c))
			}
		}
	}
	for name := range after.public {
		if before.public[name] == nil {
			changes = append(changes, Change{name, "the package was added", false})
		}
	}
	return changes
}

// change makes a change of what apidiff says: the symbol, a colon and the rest.
func change(pkg string, c apidiff.Change) Change {
	symbol, text, _ := strings.Cut(c.Message, ": ")
	symbol = strings.NewReplacer("(*", "", ")", "").Replace(symbol)
	return Change{pkg + "." + symbol, text, !c.Compatible}
}
