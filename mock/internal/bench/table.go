package main

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// A table is what a measurement found.
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
	var list []any
	for _, text := range texts {
		list = append(list, text)
	}
	return list
}

// markdown returns the table as it stands in the document, below the date and the machine.
func (t table) markdown(now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Recorded on %s, with %s for %s/%s on %d processors.\n\n", now.Format(time.DateOnly), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(t.columns)
	fmt.Fprintf(&b, "%s|\n", strings.Repeat("|---", len(t.columns)))
	for _, row := range t.rows {
		line(row)
	}
	return b.String()
}

// The comments around the table with a name in the document.
func beginning(name string) []byte {
	return []byte("<!-- make bench writes the table " + name + " -->\n")
}
func end(name string) []byte { return []byte("<!-- end of the table " + name + " -->\n") }

// fill returns the document with the tables between their comments.
func fill(document []byte, tables []table, now time.Time) ([]byte, error) {
	for _, t := range tables {
		before, rest, begun := bytes.Cut(document, beginning(t.name))
		_, after, ended := bytes.Cut(rest, end(t.name))
		if !begun || !ended {
			return nil, fmt.Errorf("there are no lines %q and %q, one after the other, for the table", bytes.TrimSpace(beginning(t.name)), bytes.TrimSpace(end(t.name)))
		}
		document = bytes.Join([][]byte{before, beginning(t.name), []byte("\n" + t.markdown(now) + "\n"), end(t.name), after}, nil)
	}
	return document, nil
}
