package figures_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/figures"
)

func TestTheTablesGoBetweenTheirComments(t *testing.T) {
	file := filepath.Join(t.TempDir(), "figures.md")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	const around = "before\n\n<!-- make fleet writes the table a -->\nold\n<!-- end of the table a -->\n\nafter\n"
	write(around)
	tables := []figures.Table{{Name: "a", Columns: []string{"x", "y"}, Rows: [][]string{{"1", "2"}}}}
	for range 2 { // also over what it wrote itself
		if err := figures.Write(file, "make fleet", tables, figures.Recorded(time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC))+"."); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(text); !strings.HasPrefix(got, "before\n\n<!-- make fleet writes the table a -->\n\nRecorded on 2026-01-02, with go") ||
		!strings.HasSuffix(got, "processors.\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n<!-- end of the table a -->\n\nafter\n") {
		t.Errorf("got:\n%s", got)
	}
	write(strings.Replace(around, "end of", "End of", 1))
	if err := figures.Write(file, "make fleet", tables, figures.Recorded(time.Now())); err == nil {
		t.Error("a document without the comments is written")
	}
}
