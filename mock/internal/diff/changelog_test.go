package diff_test

import (
	"os"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/diff"
)

func TestTheChangelogOfThisRepositoryIsInForm(t *testing.T) {
	text, err := os.ReadFile("../../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := diff.ParseChangelog(string(text)); err != nil {
		t.Error(err)
	}
}

func TestAChangelogOutOfFormIsRefusedByLine(t *testing.T) {
	for text, want := range map[string]string{
		"Changelog\n":                                                         `line 1: the first line must be "# Changelog"`,
		"# Changelog\n\n### Added\n":                                          "line 3: \"### Added\" stands before the first version",
		"# Changelog\n\n## 1.2.3 - 2026-01-31\n":                              "line 3: \"## 1.2.3 - 2026-01-31\" is not the heading of a version",
		"# Changelog\n\n## [1.2] - 2026-01-31\n":                              `line 3: "1.2" is not a version`,
		"# Changelog\n\n## [v1.2.3] - 2026-01-31\n":                           `line 3: "v1.2.3" is not a version`,
		"# Changelog\n\n## [1.2.3]\n":                                         "line 3: version 1.2.3 needs the date",
		"# Changelog\n\n## [1.2.3] - 2026-02-31\n":                            "line 3: version 1.2.3 needs the date",
		"# Changelog\n\n## [1.2.3] - unreleased\n":                            "line 3: version 1.2.3 needs the date",
		"# Changelog\n## [1.2.3] - 2026-01-31\n## [Unreleased]\n":             `line 3: "## [Unreleased]" stands once, at the top`,
		"# Changelog\n## [Unreleased]\n## [Unreleased]\n":                     `line 3: "## [Unreleased]" stands once, at the top`,
		"# Changelog\n## [1.2.3] - 2026-01-31\n## [1.10.0] - 2026-01-31\n":    "line 3: version 1.10.0 stands below 1.2.3",
		"# Changelog\n## [1.2.3] - 2026-01-31\n## [1.2.3] - 2026-01-31\n":     "line 3: version 1.2.3 stands below 1.2.3",
		"# Changelog\n## [Unreleased]\n### Breaking\n":                        `line 3: "### Breaking" is not a kind of change`,
		"# Changelog\n## [Unreleased]\n#### Added\n":                          `line 3: "#### Added" is not a kind of change`,
		"# Changelog\n## [Unreleased]\n### Added\n- a\n### Added\n":           `line 5: "### Added" stands twice`,
		"# Changelog\n## [Unreleased]\n- a\n":                                 "line 3: this stands under no kind of change",
		"# Changelog\n## [Unreleased]\n### Added\n* a\n":                      "line 4: this is not an entry",
		"# Changelog\n## [Unreleased]\n### Added\n  a\n":                      "line 4: this is not an entry",
		"# Changelog\n## [Unreleased]\n### Added\n- a\nb\n":                   "line 5: this is not an entry",
		"# Changelog\n## [Unreleased] - 2026-01-31\n":                         `line 2: "## [Unreleased]" stands once, at the top, without a date`,
		"# Changelog\n## [1.2.3] - 2026-01-31\n### Added\n- a\n## [1.2.4]x\n": `line 5: "## [1.2.4]x" is not the heading`,
	} {
		if _, err := diff.ParseChangelog(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: the error is %v; want %s", text, err, want)
		}
	}
}

func TestAnAnnouncementNamesWhatBreaksUnderTheNextVersionThatMay(t *testing.T) {
	change, since := diff.Change{Name: "POST /auth", Text: "removed", Breaking: true}, diff.Version{Major: 1, Minor: 4, Patch: 2}
	for text, want := range map[string]bool{
		"## [2.0.0] - Unreleased\n\n### Removed\n\n- A login\n  by `POST /auth`.\n\n## [1.4.2] - 2026-01-31\n": true,
		"## [Unreleased]\n\n## [2.0.0] - 2026-02-28\n\n### Changed\n\n- `POST /auth`\n":                        true,
		"## [Unreleased]\n\n### Removed\n\n- `POST /auth`\n":                                                   false,
		"## [2.0.0] - Unreleased\n\n### Added\n\n- `POST /auth`\n":                                             false,
		"## [2.0.0] - Unreleased\n\n### Removed\n\n- POST /auth, and `POST /auth/nonce`\n":                     false,
		"## [1.5.0] - Unreleased\n\n### Removed\n\n- `POST /auth`\n":                                           false,
		"## [3.0.0] - Unreleased\n\n### Removed\n\n- `POST /auth`\n":                                           false,
	} {
		changelog, err := diff.ParseChangelog("# Changelog\n\n" + text)
		if err != nil {
			t.Error(err)
		}
		if got := changelog.Announces(change, since); got != want {
			t.Errorf("with\n%s\nit is %v that the change is announced", text, got)
		}
	}
}
