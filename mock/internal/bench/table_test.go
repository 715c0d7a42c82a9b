package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

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
	now := time.Date(2022, 10, 25, 1, 12, 36, 0, time.UTC)
	tables := []table{{"second", []string{"", "here"}, [][]string{{"a nonce", "7 µs"}}}, {"first", []string{"x"}, nil}}
	recorded := fmt.Sprintf("\nRecorded on 2022-10-25, with %s for %s/%s on %d processors.\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	want := `# Figures
<!-- make bench writes the table first -->
` + recorded + `| x |
|---|

<!-- end of the table first -->
text
<!-- make bench writes the table second -->
` + recorded + `|  | here |
|---|---|
| a nonce | 7 µs |

<!-- end of the table second -->
`
	got := []byte(document)
	for range 2 { // a second time, over the tables of the first
		var err error
		if got, err = fill(got, tables, now); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestADocumentWithoutTheCommentsIsAnError(t *testing.T) {
	for _, document := range []string{"", "<!-- make bench writes the table x -->\n", "<!-- end of the table x -->\n<!-- make bench writes the table x -->\n"} {
		if got, err := fill([]byte(document), []table{{name: "x"}}, time.Now()); err == nil {
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
