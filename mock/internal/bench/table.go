package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
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

// circumstances returns a sentence about when and on what a measurement begins. On Linux it tells how many threads of others there are
// to run, as an average of the last minute: when there are some, only processor time can be relied on.
func circumstances() string {
	text := fmt.Sprintf("Recorded on %s, with %s for %s/%s on %d processors", time.Now().Format(time.DateOnly), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		minute, _, _ := strings.Cut(string(load), " ")
		text += ", which had a load of " + minute + " from other programs before"
	}
	return text + "."
}

// markdown returns the table as it stands in the document, below a sentence about when and where it was measured.
func (t table) markdown(recorded string) string {
	var b strings.Builder
	b.WriteString(recorded + "\n\n")
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
func fill(document []byte, tables []table, recorded string) ([]byte, error) {
	for _, t := range tables {
		before, rest, begun := bytes.Cut(document, beginning(t.name))
		_, after, ended := bytes.Cut(rest, end(t.name))
		if !begun || !ended {
			return nil, fmt.Errorf("there are no lines %q and %q, one after the other, for the table", bytes.TrimSpace(beginning(t.name)), bytes.TrimSpace(end(t.name)))
		}
		document = bytes.Join([][]byte{before, beginning(t.name), []byte("\n" + t.markdown(recorded) + "\n"), end(t.name), after}, nil)
	}
	return document, nil
}
