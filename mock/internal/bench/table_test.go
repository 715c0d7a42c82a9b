package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
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
	tables := []table{{"second", []string{"", "here"}, [][]string{{"a nonce", "7 µs"}}}, {"first", []string{"x"}, nil}}
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
		if got, err = fill(got, tables, "Recorded today."); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestADocumentWithoutTheCommentsIsAnError(t *testing.T) {
	for _, document := range []string{"", "<!-- make bench writes the table x -->\n", "<!-- end of the table x -->\n<!-- make bench writes the table x -->\n"} {
		if got, err := fill([]byte(document), []table{{name: "x"}}, "Recorded today."); err == nil {
			t.Errorf("%q became %q", document, got)
		}
	}
}

func TestTheDocumentHasAPlaceForEachTable(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("../../..", figures))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range measurements() {
		if bytes.Count(text, beginning(m.name)) != 1 || bytes.Count(text, end(m.name)) != 1 {
			t.Errorf("%s has not one place for the table %s", figures, m.name)
		}
	}
}
