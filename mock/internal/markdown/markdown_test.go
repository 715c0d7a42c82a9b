package markdown_test

import (
	"testing"

	"github.com/seed-a13ee279/picket/mock/internal/markdown"
)

func TestTextShowsAsItIs(t *testing.T) {
	for text, want := range map[string]string{
		"removed the property `token_id`":      "removed the property `token_id`",
		"a_b * [c](d) <b> | ~e~ &amp; \\":      `a\_b \* \[c\](d) \<b\> \| \~e\~ \&amp; \\`,
		"was `a|b`, and `*` goes":              "was a\\|b, and `*` goes",
		"an odd ` one and `two`":               "an odd \\` one and \\`two\\`",
		"for @somebody, and `@somebody`":       "for @<!-- -->somebody, and `@somebody`",
		"two\nlines\r\n\n# and\ta heading":     "two lines # and a heading",
		"an empty `` one":                      "an empty  one",
		"":                                     "",
		"GET /chains/{slug}, POST /auth/nonce": "GET /chains/{slug}, POST /auth/nonce",
	} {
		if got := markdown.Text(text); got != want {
			t.Errorf("%q: got %q, and not %q", text, got, want)
		}
	}
}

func TestCodeThatCannotBeCodeIsText(t *testing.T) {
	for text, want := range map[string]string{
		"GET /chains": "`GET /chains`",
		"a\nb":        "`a b`",
		"a`b|c@d":     "a\\`b\\|c@<!-- -->d",
		"":            "",
	} {
		if got := markdown.Code(text); got != want {
			t.Errorf("%q: got %q, and not %q", text, got, want)
		}
	}
}
