package check_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// unset are the forms of values that somebody forgot to replace, and what the error says of each, in the order in which they are
// checked.
var unset = []struct {
	form *regexp.Regexp
	says string
}{
	{regexp.MustCompile(`^(?:(?i:export|set|env)\s+)?[A-Z][A-Z0-9_]*\s*=`), "a whole line"},
	{regexp.MustCompile("^[\"'`´“”„‚‘’«»]|[\"'`´“”„‚‘’«»]$"), "a quotation mark"},
	{regexp.MustCompile(`^(?:\$\{*\s*[A-Za-z_(].*|%[A-Za-z_][A-Za-z0-9_]*%|\{\{.*\}\}|[A-Z]+_API_KEY|[A-Z]+_BASE_URL)$`), "the name of a variable"},
	{regexp.MustCompile(`^(?:<.*>|\[.*\]|\{.*\}|\*{2,}|\.{3}|.*…)$`), "a placeholder"},
}

func saysOf(value string) string {
	for _, u := range unset {
		if u.form.MatchString(value) {
			return u.says
		}
	}
	return ""
}

func TestValuesThatSomebodyForgotToReplaceAreRefused(t *testing.T) {
	parts := []string{
		"export", "EXPORT", "Set", "\u017fet", "env", " ", "  ", "=", "KEY", "A", "9", "_", "sk", "$", "{", "}", "(", ")", "{{", "}}", "%", "<", ">", "[", "]", "*", ".", "…", "'", "“",
		"_API_KEY", "_BASE_URL", "API_KEY", "é", ":", "/",
	}
	rapid.Check(t, func(t *rapid.T) {
		value := strings.TrimSpace(strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 1, 6).Draw(t, "parts"), ""))
		if value == "" {
			t.Skip()
		}
		err := check.Setting("the key", value)
		want := saysOf(value)
		if (err == nil) != (want == "") || (err != nil && !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: got %v, want %q", value, err, want)
		}
	})
}

func TestValuesThatMayBeMeantAreNotRefused(t *testing.T) {
	for value, want := range map[string]string{
		"export KEY=a": "a whole line", "set  KEY =a": "a whole line", "KEY=": "a whole line", "exported KEY=a": "", "key=a": "", "KEY a=b": "", "=a": "", "9A=b": "",
		"$KEY": "the name of a variable", "${ KEY}": "the name of a variable", "$(cat key)": "the name of a variable", "$": "", "$1": "", "${": "",
		"%KEY%": "the name of a variable", "%": "", "%%": "", "%1%": "", "{{ .key }}": "the name of a variable", "{{}": "a placeholder", "{{": "",
		"PICKET_API_KEY": "the name of a variable", "_API_KEY": "", "A1_API_KEY": "", "<your key>": "a placeholder", "<": "", "*": "", "**": "a placeholder", "....": "", "sk_…": "a placeholder",
	} {
		if got := saysOf(value); got != want {
			t.Errorf("%q: the form says %q, and not %q", value, got, want)
		}
		if err := check.Setting("the key", value); (err == nil) != (want == "") || (err != nil && !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: got %v, want %q", value, err, want)
		}
	}
}
