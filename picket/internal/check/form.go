package check

import (
	"regexp"
	"sync"
)

// A Form is a regular expression that is compiled when it is first used. A program that uses none is smaller by package regexp, and
// starts sooner.
type Form struct {
	Pattern string

	once     sync.Once
	compiled *regexp.Regexp
}

func (f *Form) regexp() *regexp.Regexp {
	f.once.Do(func() { f.compiled = regexp.MustCompile(f.Pattern) })
	return f.compiled
}

// Match reports whether a text has the form.
func (f *Form) Match(text string) bool { return f.regexp().MatchString(text) }

// Groups returns the groups of a text, after the text itself, or nil if it does not have the form.
func (f *Form) Groups(text string) []string { return f.regexp().FindStringSubmatch(text) }
