package mutate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Repository is the content of a Git work tree: the files that Git tracks, as they are in the tree.
type Repository struct {
	Root  string
	files []string
}

// OpenRepository lists the files of the work tree at root.
func OpenRepository(root string) (*Repository, error) {
	cmd := exec.Command("git", "ls-files", "-z")
	cmd.Dir = root
	listed, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files in %s: %w", root, err)
	}
	r := &Repository{Root: root}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(listed), "\x00"), "\x00") {
		if info, err := os.Lstat(filepath.Join(root, name)); err == nil && info.Mode().IsRegular() {
			r.files = append(r.files, name)
		}
	}
	return r, nil
}

// Copy writes the files to another folder.
func (r *Repository) Copy(dir string) error {
	for _, name := range r.files {
		from, to := filepath.Join(r.Root, name), filepath.Join(dir, name)
		info, err := os.Stat(from)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(to, text, info.Mode().Perm()|fs.FileMode(0o600)); err != nil {
			return err
		}
	}
	return nil
}

// Hash returns a hash of the content without the files that are named in except.
func (r *Repository) Hash(except ...string) (string, error) {
	hash := sha256.New()
files:
	for _, name := range r.files {
		for _, other := range except {
			if name == other {
				continue files
			}
		}
		text, err := os.ReadFile(filepath.Join(r.Root, name))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(hash, "%q %d %x\n", name, len(text), sha256.Sum256(text))
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
