package diff

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Version is a semantic version of a release, without a prerelease.
type Version struct{ Major, Minor, Patch int }

var versionForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})$`)

// ParseVersion reads a version such as "1.2.3".
func ParseVersion(text string) (Version, bool) {
	match := versionForm.FindStringSubmatch(text)
	if match == nil {
		return Version{}, false
	}
	number := func(digits string) int { n, _ := strconv.Atoi(digits); return n } // the form bounds it
	return Version{number(match[1]), number(match[2]), number(match[3])}, true
}

func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch) }

// Compare returns a negative number when v comes before other, zero when it is the same and a positive number otherwise.
func (v Version) Compare(other Version) int {
	return slices.Compare([]int{v.Major, v.Minor, v.Patch}, []int{other.Major, other.Minor, other.Patch})
}

// NextBreaking returns the first version after v that may break what worked with v (https://semver.org): the next major
// version, and the next minor one while the major version is 0.
func (v Version) NextBreaking() Version {
	if v.Major == 0 {
		return Version{0, v.Minor + 1, 0}
	}
	return Version{v.Major + 1, 0, 0}
}

// A Changelog is CHANGELOG.md: for each version, the text of each kind of change, such as "Removed".
type Changelog map[Version]map[string]string

var (
	kinds       = []string{"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
	sectionForm = regexp.MustCompile(`^## \[([^\]]*)\](?: - (\S+))?$`)
	linkForm    = regexp.MustCompile(`^\[[^\]]+\]: \S+$`)
)

// ParseChangelog reads CHANGELOG.md, which must follow https://keepachangelog.com strictly, so that no announcement is missed because
// of how it is written. The sections are "## [Unreleased]", at most once and at the top, and "## [1.2.3] - 2026-01-31", the newest
// first. A version that is being worked on is "## [1.2.3] - Unreleased". Each section has "### Added", "### Changed",
// "### Deprecated", "### Removed", "### Fixed" and "### Security", and under these are entries that begin with "- "; their further
// lines are indented.
func ParseChangelog(text string) (Changelog, error) {
	p := changelogParser{changelog: Changelog{}}
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		var err error
		switch {
		case i > 0:
			err = p.line(line)
		case line != "# Changelog":
			err = errors.New("the first line must be \"# Changelog\"")
		}
		if err != nil {
			return nil, fmt.Errorf("CHANGELOG.md, line %d: %w", i+1, err)
		}
	}
	return p.changelog, nil
}

// A changelogParser is where ParseChangelog is in the file.
type changelogParser struct {
	changelog Changelog
	section   map[string]string // the current one; nil before the first
	last      *Version          // of the last section that has a version
	kind      string            // the kind of change in the section; empty before the first
}

func (p *changelogParser) line(line string) error {
	switch {
	case line == "", linkForm.MatchString(line):
		return nil
	case strings.HasPrefix(line, "## "):
		return p.beginSection(line)
	case p.section == nil && strings.HasPrefix(line, "#"):
		return fmt.Errorf("%q stands before the first version", line)
	case p.section == nil: // the introduction of the file
		return nil
	case strings.HasPrefix(line, "#"):
		return p.beginKind(line)
	case p.kind == "":
		return fmt.Errorf("this stands under no kind of change; write one of ### %s above it", strings.Join(kinds, ", ### "))
	case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "  ") && p.section[p.kind] != "":
		p.section[p.kind] += line + "\n"
		return nil
	}
	return errors.New("this is not an entry; begin it with \"- \", and indent its further lines by two spaces")
}

func (p *changelogParser) beginSection(line string) error {
	match := sectionForm.FindStringSubmatch(line)
	if match == nil {
		return fmt.Errorf("%q is not the heading of a version; write \"## [1.2.3] - 2026-01-31\" or \"## [Unreleased]\"", line)
	}
	name, date := match[1], match[2]
	p.kind, p.section = "", map[string]string{}
	if name == "Unreleased" {
		if p.last != nil || date != "" || p.changelog[Version{}] != nil {
			return errors.New("\"## [Unreleased]\" stands once, at the top, without a date")
		}
		p.changelog[Version{}] = p.section
		return nil
	}
	version, ok := ParseVersion(name)
	if !ok {
		return fmt.Errorf("%q is not a version; write it as 1.2.3", name)
	}
	if _, err := time.Parse(time.DateOnly, date); err != nil && date != "Unreleased" {
		return fmt.Errorf("version %s needs the date of its release as 2026-01-31, or Unreleased", name)
	}
	if p.last != nil && p.last.Compare(version) <= 0 {
		return fmt.Errorf("version %s stands below %s; the newest comes first, and each once", version, p.last)
	}
	p.last = &version
	p.changelog[version] = p.section
	return nil
}

func (p *changelogParser) beginKind(line string) error {
	kind := strings.TrimPrefix(line, "### ")
	if !slices.Contains(kinds, kind) {
		return fmt.Errorf("%q is not a kind of change; write ### and one of %s", line, strings.Join(kinds, ", "))
	}
	if _, twice := p.section[kind]; twice {
		return fmt.Errorf("%q stands twice in this version", line)
	}
	p.kind, p.section[kind] = kind, ""
	return nil
}

// Announces reports whether the changelog announces a breaking change since a release: the section of the next version that may
// break things names the change, between backticks, under "### Changed" or "### Removed". The section "## [Unreleased]" is not
// enough, because it does not say that the next version will be one that breaks things.
func (c Changelog) Announces(change Change, since Version) bool {
	section := c[since.NextBreaking()]
	return strings.Contains(section["Changed"]+section["Removed"], "`"+change.Name+"`")
}
