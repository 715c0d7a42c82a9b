package rules

import (
	"regexp"
	"strings"
	"testing"
)

// patterns are in the form that is compared without package regexp, almost in it, and of other forms.
var patterns = []string{
	`^[0-9A-Za-z]+$`, `^[0-9]*$`, `^[A-Za-z0-9_-]{43}$`, `^[a-c]{2,3}$`, `^[a-c]{2,}$`, `^[a-c]{0}$`, `^[^\s]*$`, `^[^a-c]+$`, `^\d+$`, `^\p{Greek}+$`, `^(?i)[a-k]+$`, `(?i)^[a-k]+$`, `^[a-c]+?$`, `^[\x{80}-\x{10FFFF}]*$`, `^[\x{FFFD}]+$`, `\A[ab]+\z`,
	`(?m)^[a-c]+$`, `^[a-c]+`, `[a-c]+$`, `^[a-c]?$`, `^[a-c]$`, `^([a-c])+$`, `^(?:[a-c]+)+$`, `^[a-c]+[d-f]+$`, `^[a-c]+|d$`, `^a+$`, `^.+$`, `(?s)^.+$`, `^[a-c]+\b$`, `a`, `^$`, ``,
}

func FuzzPattern(f *testing.F) {
	for _, text := range []string{"", "a", "abc", "abcd", "ABC", "K", "\u212a", "\u03b1", "a b", "a\nb", "a\n", "12", "\xff", "a\xff", "\ufffd", "\u00e9", "\u2028", "\U0001f600", strings.Repeat("-", 43), strings.Repeat("a", 44)} {
		f.Add(text)
	}
	compiled := map[*regexp.Regexp]func(string) bool{}
	for _, expression := range patterns {
		matches, err := compilePattern(expression)
		if err != nil {
			f.Fatal(err)
		}
		compiled[regexp.MustCompile(expression)] = matches
	}
	f.Fuzz(func(t *testing.T, text string) {
		for wanted, matches := range compiled {
			if want := wanted.MatchString(text); matches(text) != want {
				t.Errorf("%s, %q: got %v", wanted, text, !want)
			}
		}
	})
}

func TestAPatternWithAMistakeIsNotCompiled(t *testing.T) {
	if _, err := compilePattern(`^[a`); err == nil {
		t.Error("it was compiled")
	}
}
