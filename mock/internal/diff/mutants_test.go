package diff_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/diff"
	"github.com/seed-a13ee279/picket/mock/internal/mutate"
)

// everything is a contract with every keyword of OpenAPI 3.0.
const everything, contract = "../mutate/testdata/everything.yaml", "../../../openapi.yaml"

// inGo matches mutants that matter only to the Go API, which is compared by itself.
var inGo = regexp.MustCompile(`\.x-(go-\w+|go-type-skip-optional-pointer|omitempty|omitzero): dropped$`)

// contradicts matches mutants that give the parts of an object another type than the object has, and the error for that.
var contradicts = regexp.MustCompile(`allOf\.\d+\.type: changed|schemas\.\w+\.type: changed`)

// mayMeanTheSame matches mutants after which the contract means the same if the part that was dropped says nothing.
var mayMeanTheSame = regexp.MustCompile(`\.allOf\.\d+: dropped$`)

// TestEveryChangeThatMattersIsTold makes changes of every kind, and takes them back.
func TestEveryChangeThatMattersIsTold(t *testing.T) {
	for _, file := range []string{everything, contract} {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			queue := make(chan mutate.Mutant)
			var jobs sync.WaitGroup
			for range 4 {
				jobs.Go(func() {
					for m := range queue {
						if problem := untold(t, file, text, m); problem != "" {
							t.Errorf("%s: %s", m.ID, problem)
						}
					}
				})
			}
			for _, m := range oneOfEachKind(t, text) {
				queue <- m
			}
			close(queue)
			jobs.Wait()
		})
	}
}

// untold says what is wrong with how a change is told, in either direction.
func untold(t *testing.T, file string, text []byte, m mutate.Mutant) string {
	changed, err := m.Apply(text)
	if err != nil {
		return err.Error()
	}
	mutant := filepath.Join(t.TempDir(), "openapi.yaml")
	if err := os.WriteFile(mutant, changed, 0o600); err != nil {
		return err.Error()
	}
	orders := [][2]string{{file, mutant}, {mutant, file}}
	if file == contract { // which is large
		orders = orders[:1]
	}
	for _, order := range orders {
		changes, err := diff.OpenAPI(order[0], order[1])
		silent := inGo.MatchString(m.ID)
		switch {
		case err != nil && contradicts.MatchString(m.ID):
		case err != nil:
			return err.Error()
		case silent && len(changes) > 0:
			return fmt.Sprint("it says ", changes)
		case !silent && len(changes) == 0 && !mayMeanTheSame.MatchString(m.ID):
			return "it says nothing"
		}
	}
	return ""
}

// oneOfEachKind returns a mutant of each kind: of those that change the same in the same kind of place.
func oneOfEachKind(t *testing.T, text []byte) []mutate.Mutant {
	t.Helper()
	all, err := mutate.Mutants(text)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	return slices.DeleteFunc(all, func(m mutate.Mutant) bool {
		kind := kindOf(m.ID)
		seen := known[kind]
		known[kind] = true
		return seen
	})
}

// words are those in the IDs of mutants that are no names.
var words = regexp.MustCompile(`^(servers|variables|security|parameters|headers|request\w*|responses|content|encoding|links|callbacks|securitySchemes|flows|scopes|` +
	`schema|schemas|items|properties|required|additionalProperties|allOf|anyOf|oneOf|not|enum|discriminator|mapping|propertyName|default|format|pattern|` +
	`style|explode|allow\w+|type|nullable|readOnly|writeOnly|xml|exclusiveM\w+|m(in|ax)(imum|Length|Items|Properties)|multipleOf|uniqueItems|operation\w+|` +
	`\w+[uU]rl|openIdConnectUrl|contentType|in|name|scheme|x-[\w-]+)$`)

// kindOf leaves the names out of an ID.
func kindOf(id string) string {
	place, change, _ := strings.Cut(id, ": ")
	var kind []string
	for step := range strings.SplitSeq(place, ".") {
		if words.MatchString(step) {
			kind = append(kind, step)
		}
	}
	if kind == nil {
		kind = []string{place}
	}
	return strings.Join(append(slices.Compact(kind), change), " ")
}
