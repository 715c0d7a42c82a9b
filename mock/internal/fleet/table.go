package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// document has the tables.
const document = "mock/FIGURES.md"

type table struct {
	name    string
	columns []string
	rows    [][]string
}

func (t table) print(w io.Writer) error {
	printed := harness.NewTable(w, anys(t.columns)...)
	for _, row := range t.rows {
		printed.Row(anys(row)...)
	}
	if err := printed.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}

func anys(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}

func (t table) markdown() string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(t.columns)
	b.WriteString(strings.Repeat("|---", len(t.columns)) + "|\n")
	for _, row := range t.rows {
		line(row)
	}
	return b.String()
}

// fill writes the tables into a document, each between its two comments.
func fill(file string, tables []table, now time.Time) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for _, t := range tables {
		begin, end := []byte("<!-- make fleet writes the table "+t.name+" -->\n"), []byte("<!-- end of the table "+t.name+" -->\n")
		before, rest, begun := bytes.Cut(text, begin)
		_, after, ended := bytes.Cut(rest, end)
		if !begun || !ended {
			return fmt.Errorf("%s has no lines %q and %q, one after the other", file, bytes.TrimSpace(begin), bytes.TrimSpace(end))
		}
		recorded := fmt.Sprintf("\nRecorded on %s, with %s for %s/%s on %d processors.\n\n",
			now.Format(time.DateOnly), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
		text = bytes.Join([][]byte{before, begin, []byte(recorded + t.markdown() + "\n"), end, after}, nil)
	}
	return os.WriteFile(file, text, 0o666)
}

// number writes a count with two significant digits and commas between thousands.
func number(x float64) string {
	if x >= 100 {
		unit := math.Pow(10, math.Floor(math.Log10(x))-1)
		x = math.Round(x/unit) * unit
	}
	digits := strconv.FormatFloat(math.Round(x), 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// fraction is number for small counts.
func fraction(x float64) string {
	if x >= 10 || x == 0 {
		return number(x)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}
