package repository_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	fenced   = regexp.MustCompile("(?s)```.*?```")
	link     = regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)
	commands = regexp.MustCompile("(?m)(?:`|^)make ([a-z-]+)")
	target   = regexp.MustCompile(`(?m)^([a-z-]+):`)
	folder   = regexp.MustCompile("`((?:picket|mock|generated|\\.ci|\\.github)(?:/[A-Za-z0-9_.*-]+)*)`")
)

// TestTheDocumentsNameOnlyWhatThereIs looks up the links to files, the folders and the targets of make in the documents at the
// top level.
func TestTheDocumentsNameOnlyWhatThereIs(t *testing.T) {
	targets := map[string]bool{}
	for _, match := range target.FindAllStringSubmatch(string(read(t, filepath.Join(root, "Makefile"))), -1) {
		targets[match[1]] = true
	}
	documents, err := filepath.Glob(filepath.Join(root, "*.md"))
	if err != nil || len(documents) == 0 {
		t.Fatalf("found %d documents, %v", len(documents), err)
	}
	for _, document := range documents {
		name, text := filepath.Base(document), string(read(t, document))
		for _, match := range commands.FindAllStringSubmatch(text, -1) {
			if !targets[match[1]] {
				t.Errorf("%s names make %s, which the Makefile does not have", name, match[1])
			}
		}
		text = fenced.ReplaceAllString(text, "")
		for _, match := range append(link.FindAllStringSubmatch(text, -1), folder.FindAllStringSubmatch(text, -1)...) {
			if strings.Contains(match[1], "://") {
				continue
			}
			if found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(match[1]))); err != nil || len(found) == 0 {
				t.Errorf("%s names %s, which there is not", name, match[1])
			}
		}
	}
}
