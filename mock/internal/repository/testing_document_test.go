package repository_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// namedFile is a link of mock/TESTING.md to a file, by the file's name.
var namedFile = regexp.MustCompile("\\[`[^`]+`\\]\\((examples/[^)]+)\\)")

// TestTheDocumentOnOtherLanguagesShowsTheTestsThatRun compares each code block of mock/TESTING.md with the file that was named last
// before it, and expects a block for every source file of these tests. make conformance runs them.
func TestTheDocumentOnOtherLanguagesShowsTheTestsThatRun(t *testing.T) {
	mock := filepath.Join(root, "mock")
	shown := map[string]bool{}
	parts := strings.Split(string(read(t, filepath.Join(mock, "TESTING.md"))), "\n```") // a text, a block, a text, …
	for i := 1; i < len(parts); i += 2 {
		names := namedFile.FindAllStringSubmatch(parts[i-1], -1)
		_, block, _ := strings.Cut(parts[i], "\n")
		if len(names) == 0 {
			t.Errorf("mock/TESTING.md does not name the file of the block that begins with %.80q", block)
			continue
		}
		file := names[len(names)-1][1]
		shown[filepath.FromSlash(file)] = true
		if diff := cmp.Diff(string(read(t, filepath.Join(mock, file))), block+"\n"); diff != "" {
			t.Errorf("mock/TESTING.md does not show mock/%s as it is (-file +document):\n%s", file, diff)
		}
	}
	found := 0
	for _, pattern := range []string{"*/*.ts", "*/*.py", "*/src/test/java/*.java"} {
		files, err := filepath.Glob(filepath.Join(mock, "examples", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			found++
			if name, _ := filepath.Rel(mock, file); !shown[name] {
				t.Errorf("mock/TESTING.md does not show mock/%s", filepath.ToSlash(name))
			}
		}
	}
	if found == 0 {
		t.Error("mock/examples has no tests in other languages")
	}
}
