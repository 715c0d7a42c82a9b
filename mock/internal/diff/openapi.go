package diff

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"
)

// A Change is what is different in a new version.
type Change struct {
	// Name is what has changed, such as "POST /auth" or "picket.Client.Auth". CHANGELOG.md has to name it when it breaks.
	Name string
	// Text says how.
	Text string
	// Breaking says that a program that worked with the old version may not work with the new one.
	Breaking bool
}

// OpenAPI compares two versions of an OpenAPI description, given as files.
//
// It is oasdiff that compares parameters, bodies, statuses and headers. What oasdiff calls a warning, because it breaks only some
// clients, counts as breaking: nobody knows all clients. The other functions of this package compare what oasdiff leaves out.
func OpenAPI(oldFile, newFile string) ([]Change, error) {
	c, err := compareContracts("openapi.yaml", version{oldFile, oldFile}, version{newFile, newFile})
	return c.changes, err
}

// A version is one of the two versions of a contract.
type version struct {
	file   string
	called string // what messages call it
}

// A contract is what changed in an OpenAPI description.
type contract struct {
	name          string // of the file
	before, after string // its versions, from info.version
	changes       []Change
}

func compareContracts(name string, before, after version) (contract, error) {
	was, err := read(before)
	if err != nil {
		return contract{}, err
	}
	is, err := read(after)
	if err != nil {
		return contract{}, err
	}
	c := contract{name: name, before: was.spec.Info.Version, after: is.spec.Info.Version}
	r := rest{name: name, prefix: pathOf(was.spec.Servers)}
	c.changes, err = withOasdiff(r, was.flat, is.flat)
	if err != nil {
		return c, fmt.Errorf("comparing %s with %s: %w", after.called, before.called, err)
	}
	r.compare(was.spec, is.spec)
	c.changes = inOrder(append(c.changes, r.changes...))
	return c, nil
}

// A document is a description that was read, once as it is written and once with each allOf merged, as oasdiff needs it.
type document struct {
	spec *openapi3.T
	flat *load.SpecInfo
}

func read(v version) (document, error) {
	// The loader of kin-openapi keeps what it has read for as long as the program runs, by its path.
	newLoader := func() *openapi3.Loader {
		loader := openapi3.NewLoader()
		loader.ReadFromURIFunc = openapi3.ReadFromFile
		return loader
	}
	spec, err := newLoader().LoadFromFile(v.file)
	if err == nil {
		var flat *load.SpecInfo
		flat, err = load.NewSpecInfo(newLoader(), load.NewSource(v.file), withSuperseded, load.WithFlattenAllOf(), load.WithFlattenParams())
		if err == nil {
			return document{spec, flat}, nil
		}
	}
	return document{}, fmt.Errorf("%s cannot be compared: %s", v.called, strings.ReplaceAll(err.Error(), v.file, v.called))
}

// pathOf returns the path of the first server if that is all that its URL has, such as "/_mock".
func pathOf(servers openapi3.Servers) string {
	if len(servers) > 0 && strings.HasPrefix(servers[0].URL, "/") {
		return path.Clean(servers[0].URL)
	}
	return ""
}

func withOasdiff(r rest, before, after *load.SpecInfo) ([]Change, error) {
	addHidden(before.Spec, after.Spec)
	report, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), before, after)
	if err != nil {
		return nil, err
	}
	names := restored(before.Spec, after.Spec)
	say := checker.NewLocalizer("en")
	config := checker.NewConfig(checker.GetAllChecks())
	var changes []Change
	for _, found := range checker.CheckBackwardCompatibilityUntilLevel(config, report, sources, checker.INFO) {
		path, hidden := hiddenPath(found.GetPath())
		if untold.MatchString(found.GetId()) || hidden && !aboutSchemas(found.GetId()) {
			continue
		}
		text := plain(names.present(found, say))
		if hidden {
			text = hiddenText(text)
		}
		changes = append(changes, Change{r.operation(found.GetOperation(), path), text, found.IsBreaking() || breaks.MatchString(found.GetId())})
	}
	return changes, nil
}

// inOrder puts what breaks first, and removes duplicates.
func inOrder(changes []Change) []Change {
	slices.SortStableFunc(changes, func(a, b Change) int {
		if a.Breaking != b.Breaking {
			if a.Breaking {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(changes)
}
