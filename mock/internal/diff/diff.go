package diff

import (
	"context"
	"errors"
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

// Compare prints how the work tree at root differs from a revision, or from the last release when the revision is "", in openapi.yaml,
// in mock/control.yaml and in the exported Go API. It prints plain text, or Markdown for a pull request.
//
// It returns an *UnannouncedError when something breaks that worked with the last release, and CHANGELOG.md does not announce it; see
// Changelog.Announces. Before the first release nothing needs an announcement. It returns a *CompileError when there is Go code that does
// not compile; it prints the rest all the same.
func Compare(ctx context.Context, root, revision string, markdown bool, w io.Writer) error {
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
	r, err := from.compare(ctx, dir, root, changelog)
	if err != nil {
		return err
	}
	if markdown {
		r.writeMarkdown(w)
	} else {
		r.writeText(w)
	}
	return errors.Join(r.unannounced, r.withoutGo)
}

// contracts are the contracts of a module: that of the API, and that of the mock's own operations.
var contracts = []struct{ name, file string }{
	{"openapi.yaml", "openapi.yaml"},
	{"control.yaml", "mock/control.yaml"},
}

// compare returns what is different in root from oldRoot, which has the files of the base, and judges it.
func (b *base) compare(ctx context.Context, oldRoot, root string, changelog Changelog) (*report, error) {
	r := &report{since: b.revision}
	for _, c := range contracts {
		p, err := b.compareContract(c.name, filepath.Join(oldRoot, c.file), filepath.Join(root, c.file))
		if err != nil {
			return nil, err
		}
		if p != nil {
			r.parts = append(r.parts, *p)
		}
	}
	inGo, err := compareGo(ctx, version{oldRoot, b.revision}, version{root, ""})
	if err != nil {
		r.withoutGo = err
	} else {
		r.parts = append(r.parts, part{"the Go API", inGo})
	}
	r.advice, r.unannounced = judge(r.changes(), b, changelog)
	return r, nil
}

// compareContract compares a contract that the module may not have in both versions.
func (b *base) compareContract(name, oldFile, newFile string) (*part, error) {
	_, wasErr := os.Stat(oldFile)
	_, isErr := os.Stat(newFile)
	switch {
	case wasErr != nil && isErr != nil:
		return nil, nil
	case wasErr != nil:
		return &part{name, []Change{{name, "the contract was added", false}}}, nil
	case isErr != nil:
		return &part{name, []Change{{name, "the contract was removed", true}}}, nil
	}
	c, err := compareContracts(name, version{oldFile, name + " of " + b.revision}, version{newFile, name})
	if err != nil {
		return nil, err
	}
	return &part{c.heading(), c.changes}, nil
}

// heading says which version the contract has, where that is of interest. The version is no change of its own: nothing works or fails
// because of it.
func (c contract) heading() string {
	switch {
	case c.before != c.after:
		return fmt.Sprintf("%s, version %s (before %s)", c.name, c.after, c.before)
	case verdict(c.changes) == "breaking":
		return fmt.Sprintf("%s, still version %s", c.name, c.after)
	}
	return c.name
}

// judge says what to do, or returns an error when something breaks without an announcement.
func judge(changes []Change, from *base, changelog Changelog) (advice string, err error) {
	switch verdict(changes) {
	case "no change":
		return "", nil
	case "compatible":
		return "Programs that work with it continue to work. Say what is new in CHANGELOG.md.", nil
	}
	if from.release == nil {
		return fmt.Sprintf("Programs that work with it may fail. Nothing was released before %s, so nothing needs an announcement.", from.revision), nil
	}
	missing := &UnannouncedError{Version: from.release.NextBreaking()}
	for _, change := range changes {
		if change.Breaking && !slices.Contains(missing.Names, change.Name) && !changelog.Announces(change, *from.release) {
			missing.Names = append(missing.Names, change.Name)
		}
	}
	if len(missing.Names) > 0 {
		return "", missing
	}
	return fmt.Sprintf("Programs that work with it may fail. CHANGELOG.md announces that under %s, which must be the next release.", missing.Version), nil
}
