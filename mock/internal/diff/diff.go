package diff

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// An UnannouncedError says that something breaks, and that CHANGELOG.md does not announce it.
type UnannouncedError struct {
	// Names are what changed, as CHANGELOG.md has to name it.
	Names []string
	// Version is the version that it has to be announced under.
	Version Version
}

func (e *UnannouncedError) Error() string {
	return fmt.Sprintf("CHANGELOG.md does not announce what breaks: undo it, or name it in CHANGELOG.md under \"## [%s] - Unreleased\", in an entry of \"### Changed\" or \"### Removed\": `%s`",
		e.Version, strings.Join(e.Names, "`, `"))
}

// Compare prints how the work tree at root differs from a revision, or from the last release when the revision is "", in openapi.yaml
// and in the exported Go API.
//
// It returns an *UnannouncedError when something breaks that worked with the last release, and CHANGELOG.md does not announce it; see
// Changelog.Announces. Before the first release nothing needs an announcement.
func Compare(ctx context.Context, root, revision string, w io.Writer) error {
	text, err := os.ReadFile(filepath.Join(root, "CHANGELOG.md"))
	if err != nil {
		return err
	}
	changelog, err := ParseChangelog(string(text))
	if err != nil {
		return err
	}
	from, err := findBase(ctx, root, revision)
	if err != nil {
		return err
	}
	if from == nil {
		fmt.Fprintln(w, "nothing was released yet: no tag such as v1.2.3 can be reached from HEAD; to compare with another revision: make diff BASE=revision")
		return nil
	}
	dir, err := os.MkdirTemp("", "picket-diff-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := extract(ctx, root, from.revision, dir); err != nil {
		return err
	}
	inContract, err := OpenAPI(filepath.Join(dir, "openapi.yaml"), filepath.Join(root, "openapi.yaml"))
	if err != nil {
		return err
	}
	inGo, err := GoAPI(dir, root)
	if err != nil {
		return err
	}
	all := append(inContract, inGo...)
	fmt.Fprintf(w, "Since %s: %s\n", from.revision, verdict(all))
	printChanges(w, "openapi.yaml", inContract)
	printChanges(w, "the Go API", inGo)
	return judge(w, all, from, changelog)
}

// printChanges prints the changes of one kind.
func printChanges(w io.Writer, what string, changes []Change) {
	fmt.Fprintf(w, "\n%s: %s\n", what, verdict(changes))
	for _, change := range changes {
		mark := "compatible"
		if change.Breaking {
			mark = "breaking"
		}
		fmt.Fprintf(w, "  %-10s  %s: %s\n", mark, change.Name, change.Text)
	}
}

func verdict(changes []Change) string {
	switch {
	case len(changes) == 0:
		return "no change"
	case slices.ContainsFunc(changes, func(c Change) bool { return c.Breaking }):
		return "breaking"
	}
	return "compatible"
}

// judge prints what to do, and returns an error when something breaks without an announcement.
func judge(w io.Writer, changes []Change, from *base, changelog Changelog) error {
	fmt.Fprintln(w)
	switch verdict(changes) {
	case "no change":
		return nil
	case "compatible":
		fmt.Fprintln(w, "Programs that work with it continue to work. Say what is new in CHANGELOG.md.")
		return nil
	}
	if from.release == nil {
		fmt.Fprintf(w, "Programs that work with it may fail. Nothing was released before %s, so nothing needs an announcement.\n", from.revision)
		return nil
	}
	missing := &UnannouncedError{Version: from.release.NextBreaking()}
	for _, change := range changes {
		if change.Breaking && !slices.Contains(missing.Names, change.Name) && !changelog.Announces(change, *from.release) {
			missing.Names = append(missing.Names, change.Name)
		}
	}
	if len(missing.Names) > 0 {
		return missing
	}
	fmt.Fprintf(w, "Programs that work with it may fail. CHANGELOG.md announces that under %s, which must be the next release.\n", missing.Version)
	return nil
}
