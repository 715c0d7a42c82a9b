package diff

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"strings"
)

// A base is what the work tree is compared with.
type base struct {
	revision string // a tag, or what the user gave
	release  *Version
}

func git(ctx context.Context, root string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return string(out), nil
}

// findBase returns what to compare with: the revision or, without one, the last release, or nil when nothing was released. The last
// release is the highest version among the tags such as v1.2.3 that can be reached from the revision, or from HEAD. Tags of
// prereleases do not count, because a prerelease promises nothing.
func findBase(ctx context.Context, root, revision string) (*base, error) {
	from := "HEAD"
	if revision != "" {
		if strings.HasPrefix(revision, "-") {
			return nil, fmt.Errorf("BASE %q is not a revision; give a tag, branch or commit", revision)
		}
		if _, err := git(ctx, root, "rev-parse", "--verify", "--quiet", revision+"^{commit}"); err != nil {
			return nil, fmt.Errorf("BASE %q is not a revision of this repository; give a tag, branch or commit, and fetch it first", revision)
		}
		from = revision
	}
	tags, err := git(ctx, root, "tag", "--list", "--merged", from, "v*")
	if err != nil {
		return nil, err
	}
	found := &base{revision: revision}
	for tag := range strings.FieldsSeq(tags) {
		version, ok := ParseVersion(strings.TrimPrefix(tag, "v"))
		if ok && (found.release == nil || found.release.Compare(version) < 0) {
			found.release = &version
		}
	}
	if found.release == nil {
		// Without its tags a repository looks as if nothing had been released, and then everything would be allowed.
		shallow, err := git(ctx, root, "rev-parse", "--is-shallow-repository")
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(shallow) == "true" {
			return nil, errors.New("no release was found because this clone is shallow; fetch the rest: git fetch --unshallow --tags")
		}
	}
	if revision == "" {
		if found.release == nil {
			return nil, nil
		}
		found.revision = "v" + found.release.String()
	}
	return found, nil
}

// extract writes the files of a revision to a folder.
func extract(ctx context.Context, root, revision, dir string) error {
	archive, err := git(ctx, root, "archive", "--format=tar", revision)
	if err != nil {
		return err
	}
	to, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = to.Close() }()
	files := tar.NewReader(strings.NewReader(archive))
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		text, err := io.ReadAll(files)
		if err != nil {
			return err
		}
		if err := to.MkdirAll(path.Dir(header.Name), 0o750); err != nil {
			return err
		}
		if err := to.WriteFile(header.Name, text, 0o600); err != nil {
			return err
		}
	}
}
