package diff

import (
	"cmp"
	"context"
	"fmt"
	"go/types"
	"path"
	"path/filepath"
	"regexp"
	"slices"
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

// A CompileError says that the Go API could not be compared, because Go code does not compile.
type CompileError struct {
	// Revision is the one whose code it is, or "" for the work tree.
	Revision string
	// Problems are what the compiler says, with files relative to the root of the module.
	Problems []string
}

func (e *CompileError) Error() string {
	problems := e.Problems[0]
	if more := len(e.Problems) - 1; more > 0 {
		problems += fmt.Sprintf(" (and %d more)", more)
	}
	if e.Revision != "" {
		return fmt.Sprintf("the Go API cannot be compared with that of %s, whose code does not compile with this version of Go: %s; compare with another revision: make diff BASE=revision",
			e.Revision, problems)
	}
	return "the Go API cannot be compared, because the code does not compile: " + problems + "; run make generate, correct the code, and run make diff again"
}

// loadAPI loads the packages of a checkout, which is the work tree when it is called "".
func loadAPI(ctx context.Context, v version) (*api, error) {
	config := &packages.Config{
		Mode:    packages.NeedName | packages.NeedTypes | packages.NeedModule,
		Context: ctx,
		Dir:     v.file,
	}
	loaded, err := packages.Load(config, "./picket/...", "./mock/...", "./generated/...")
	if err != nil {
		return nil, fmt.Errorf("loading the Go packages of %s: %s", cmp.Or(v.called, "the work tree"), strings.ReplaceAll(err.Error(), v.file, "."))
	}
	if problems := problemsOf(loaded, v.file); len(problems) > 0 {
		return nil, &CompileError{v.called, problems}
	}
	found := &api{public: map[string]*types.Package{}}
	for _, p := range loaded {
		relative := strings.TrimPrefix(p.PkgPath, p.Module.Path+"/")
		switch {
		case relative == publicModels, relative == hiddenModels:
			found.models = models{relative, p.Types}
		case p.Name != "main" && !private.MatchString(relative):
			found.public[relative] = p.Types
		}
	}
	if len(found.public) == 0 {
		return nil, fmt.Errorf("%s has no Go packages to compare", cmp.Or(v.called, "the work tree"))
	}
	return found, nil
}

// problemsOf returns what does not compile. Packages that cannot be imported come last, because what is wrong with them is more helpful.
func problemsOf(loaded []*packages.Package, dir string) []string {
	roots := []string{dir + string(filepath.Separator)}
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		roots = append(roots, resolved+string(filepath.Separator))
	}
	var problems, imports []string
	for _, p := range loaded {
		for _, problem := range p.Errors {
			for text := range strings.Lines(problem.Error()) {
				for _, root := range roots {
					text = strings.ReplaceAll(text, root, "")
				}
				text = strings.TrimSpace(strings.TrimPrefix(text, "-: "))
				switch {
				case strings.HasPrefix(text, "# "), slices.Contains(problems, text), slices.Contains(imports, text): // a heading, or known
				case strings.Contains(text, "could not import"):
					imports = append(imports, text)
				default:
					problems = append(problems, text)
				}
			}
		}
	}
	return append(problems, imports...)
}

// compareGo compares the exported Go APIs of two checkouts of a module: of picket and mock and the packages below them. Packages below
// generated are not compared. A model that people use by an alias of another package may move from one package to another, as long
// as the alias stays.
func compareGo(ctx context.Context, old, current version) ([]Change, error) {
	after, err := loadAPI(ctx, current)
	if err != nil {
		return nil, err
	}
	before, err := loadAPI(ctx, old)
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
