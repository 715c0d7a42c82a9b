package diff

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Version is a semantic version that was released, or will be: one without a prerelease.
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

// ParseChangelog reads CHANGELOG.md, which is as https://keepachangelog.com has it, strictly, so that no announcement is
// missed because of how it is written. The sections are "## [Unreleased]", which there may be one of, at the top, and
// "## [1.2.3] - 2026-01-31", the newest first. A version that is being worked on is "## [1.2.3] - Unreleased". In each,
// under "### Added", "### Changed", "### Deprecated", "### Removed", "### Fixed" and "### Security", are entries that begin
// with "- "; their further lines are indented.
func ParseChangelog(text string) (Changelog, error) {
	changelog := Changelog{}
	var kindsOf map[string]string // of the section
	var last *Version
	var kind string
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		wrong := func(format string, args ...any) error {
			return fmt.Errorf("CHANGELOG.md, line %d: %s", i+1, fmt.Sprintf(format, args...))
		}
		switch {
		case i == 0 && line != "# Changelog":
			return nil, wrong("the first line must be \"# Changelog\"")
		case i == 0, line == "", linkForm.MatchString(line):
		case strings.HasPrefix(line, "## "):
			match := sectionForm.FindStringSubmatch(line)
			if match == nil {
				return nil, wrong("%q is no heading of a version; write \"## [1.2.3] - 2026-01-31\" or \"## [Unreleased]\"", line)
			}
			name, date := match[1], match[2]
			kind, kindsOf = "", map[string]string{}
			if name == "Unreleased" {
				if last != nil || date != "" || changelog[Version{}] != nil {
					return nil, wrong("\"## [Unreleased]\" stands once, at the top, without a date")
				}
				changelog[Version{}] = kindsOf
				continue
			}
			version, ok := ParseVersion(name)
			if !ok {
				return nil, wrong("%q is no version; write it as 1.2.3", name)
			}
			if _, err := time.Parse(time.DateOnly, date); err != nil && date != "Unreleased" {
				return nil, wrong("version %s needs the date of its release as 2026-01-31, or Unreleased", name)
			}
			if last != nil && last.Compare(version) <= 0 {
				return nil, wrong("version %s stands below %s; the newest comes first, and each once", version, last)
			}
			last = &version
			changelog[version] = kindsOf
		case kindsOf == nil && strings.HasPrefix(line, "#"):
			return nil, wrong("%q stands before the first version", line)
		case kindsOf == nil: // what the file is about
		case strings.HasPrefix(line, "#"):
			kind = strings.TrimPrefix(line, "### ")
			if !slices.Contains(kinds, kind) {
				return nil, wrong("%q is no kind of change; write ### and one of %s", line, strings.Join(kinds, ", "))
			}
			if _, twice := kindsOf[kind]; twice {
				return nil, wrong("%q stands twice in this version", line)
			}
			kindsOf[kind] = ""
		case kind == "":
			return nil, wrong("this stands under no kind of change; write one of ### %s above it", strings.Join(kinds, ", ### "))
		case strings.HasPrefix(line, "- "), strings.HasPrefix(line, "  ") && kindsOf[kind] != "":
			kindsOf[kind] += line + "\n"
		default:
			return nil, wrong("this is no entry; begin it with \"- \", and indent its further lines by two spaces")
		}
	}
	return changelog, nil
}

// Announces says whether the changelog announces a breaking change since a release: the section of the next version that may
// break things names the change, between backticks, under "### Changed" or "### Removed". The section "## [Unreleased]" is not
// enough, because it does not say that the next version will be one that breaks things.
func (c Changelog) Announces(change Change, since Version) bool {
	section := c[since.NextBreaking()]
	return strings.Contains(section["Changed"]+section["Removed"], "`"+change.Name+"`")
}
