package figures_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/figures"
)

func TestATableReplacesWhatStandsBetweenItsComments(t *testing.T) {
	const document = `# Figures
<!-- make bench writes the table first -->
old
<!-- end of the table first -->
text
<!-- make bench writes the table second -->
<!-- end of the table second -->
`
	tables := []figures.Table{{Name: "second", Columns: []string{"", "here"}, Rows: [][]string{{"a nonce", "7 µs"}}}, {Name: "first", Columns: []string{"x"}}}
	want := `# Figures
<!-- make bench writes the table first -->

Recorded today.

| x |
|---|

<!-- end of the table first -->
text
<!-- make bench writes the table second -->

Recorded today.

|  | here |
|---|---|
| a nonce | 7 µs |

<!-- end of the table second -->
`
	got := []byte(document)
	for range 2 { // a second time, over the tables of the first
		var err error
		if got, err = figures.Fill(got, "make bench", tables, "Recorded today."); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestADocumentWithoutTheCommentsIsAnError(t *testing.T) {
	for _, document := range []string{"", "<!-- make bench writes the table x -->\n", "<!-- end of the table x -->\n<!-- make bench writes the table x -->\n"} {
		if got, err := figures.Fill([]byte(document), "make bench", []figures.Table{{Name: "x"}}, "Recorded today."); err == nil {
			t.Errorf("%q became %q", document, got)
		}
	}
}
