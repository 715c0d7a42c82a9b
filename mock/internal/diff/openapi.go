package diff

import (
	"cmp"
	"fmt"
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

// OpenAPI compares two versions of an OpenAPI description, given as files. What oasdiff calls a warning, because it breaks only some
// clients, counts as breaking: nobody knows all clients.
func OpenAPI(oldFile, newFile string) ([]Change, error) {
	read := func(file string) (*load.SpecInfo, error) {
		info, err := load.NewSpecInfo(openapi3.NewLoader(), load.NewSource(file), withSuperseded, load.WithFlattenAllOf(), load.WithFlattenParams())
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		return info, nil
	}
	before, err := read(oldFile)
	if err != nil {
		return nil, err
	}
	after, err := read(newFile)
	if err != nil {
		return nil, err
	}
	report, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), before, after)
	if err != nil {
		return nil, fmt.Errorf("comparing openapi.yaml: %w", err)
	}
	say := checker.NewLocalizer("en")
	var changes []Change
	for _, found := range checker.CheckBackwardCompatibilityUntilLevel(checker.NewConfig(checker.GetAllChecks()), report, sources, checker.INFO) {
		name := strings.TrimSpace(found.GetOperation() + " " + found.GetPath())
		if found.GetPath() == "" {
			name = "openapi.yaml"
		}
		changes = append(changes, Change{name, found.GetUncolorizedText(say), found.IsBreaking()})
	}
	return inOrder(changes), nil
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
