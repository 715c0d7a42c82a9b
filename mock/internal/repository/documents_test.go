package repository_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	fenced   = regexp.MustCompile("(?s)```.*?```")
	link     = regexp.MustCompile(`\]\(([^)#\s]*)(#[^)\s]*)?\)`)
	heading  = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notInID  = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
	commands = regexp.MustCompile("(?m)(?:`|^)make ([a-z-]+)")
	target   = regexp.MustCompile(`(?m)^([a-z-]+):`)
	folder   = regexp.MustCompile("`((?:picket|mock|generated|\\.ci|\\.github)(?:/[A-Za-z0-9_.*-]+)*)`")
)

// TestTheDocumentsNameOnlyWhatExists looks up the links to files and headings, the folders and the targets of make in the
// documents of this repository.
func TestTheDocumentsNameOnlyWhatExists(t *testing.T) {
	targets := map[string]bool{}
	for _, match := range target.FindAllStringSubmatch(string(read(t, filepath.Join(root, "Makefile"))), -1) {
		targets[match[1]] = true
	}
	documents, err := filepath.Glob(filepath.Join(root, "*.md"))
	if err != nil || len(documents) == 0 {
		t.Fatalf("found %d documents, %v", len(documents), err)
	}
	documents = append(documents, filepath.Join(root, "mock/README.md"), filepath.Join(root, "mock/FIGURES.md"), filepath.Join(root, "mock/TESTING.md"), filepath.Join(root, "picket/README.md"))
	for _, document := range documents {
		name, text := strings.TrimPrefix(document, filepath.FromSlash(root)), string(read(t, document))
		for _, match := range commands.FindAllStringSubmatch(text, -1) {
			if !targets[match[1]] {
				t.Errorf("%s names make %s, which the Makefile does not have", name, match[1])
			}
		}
		text = fenced.ReplaceAllString(text, "")
		for _, match := range folder.FindAllStringSubmatch(text, -1) {
			if !exists(t, filepath.Join(root, filepath.FromSlash(match[1]))) {
				t.Errorf("%s names %s, which does not exist", name, match[1])
			}
		}
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(match[1], "://") {
				continue
			}
			to := document
			if match[1] != "" {
				to = filepath.Join(filepath.Dir(document), filepath.FromSlash(match[1]))
			}
			switch {
			case !exists(t, to):
				t.Errorf("%s links to %s, which does not exist", name, match[1])
			case match[2] != "" && !hasHeading(string(read(t, to)), match[2]):
				t.Errorf("%s links to %s%s, a heading that does not exist", name, match[1], match[2])
			}
		}
	}
}

func exists(t *testing.T, pattern string) bool {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return len(found) > 0
}

// hasHeading reports whether a document has the heading of a fragment such as "#test-it", as GitHub makes it.
func hasHeading(text, fragment string) bool {
	for _, match := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		if "#"+strings.ReplaceAll(notInID.ReplaceAllString(strings.ToLower(match[1]), ""), " ", "-") == fragment {
			return true
		}
	}
	return false
}
