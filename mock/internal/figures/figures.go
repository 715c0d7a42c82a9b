// Package figures writes what was measured into the document for readers, so that nobody types a figure. It measures nothing itself.
package figures

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// Document is the document, as a path from the folder of the module.
const Document = "mock/FIGURES.md"

// A Table is what a measurement found.
type Table struct {
	Name    string // in the comments around it in the document
	Columns []string
	Rows    [][]string
}

// Print prints the table for a terminal.
func (t Table) Print(w io.Writer) error {
	printed := harness.NewTable(w, anys(t.Columns)...)
	for _, row := range t.Rows {
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

// markdown returns the table as it stands in the document.
func (t Table) markdown() string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(t.Columns)
	fmt.Fprintf(&b, "%s|\n", strings.Repeat("|---", len(t.Columns)))
	for _, row := range t.Rows {
		line(row)
	}
	return b.String()
}

// Recorded returns the beginning of a sentence about when and on what something was measured. It has no full stop yet.
func Recorded(now time.Time) string {
	return fmt.Sprintf("Recorded on %s, with %s for %s/%s on %d processors", now.Format(time.DateOnly), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
}

// Place returns the comments around a table in the document, which name the command that writes it.
func Place(command, name string) (begin, end []byte) {
	return []byte("<!-- " + command + " writes the table " + name + " -->\n"), []byte("<!-- end of the table " + name + " -->\n")
}

// Fill returns a document with the tables of a command between their comments, each below a sentence about when and on what it was
// measured. It fails if the comments are not there, one after the other.
func Fill(document []byte, command string, tables []Table, recorded string) ([]byte, error) {
	for _, t := range tables {
		begin, end := Place(command, t.Name)
		before, rest, begun := bytes.Cut(document, begin)
		_, after, ended := bytes.Cut(rest, end)
		if !begun || !ended {
			return nil, fmt.Errorf("there are no lines %q and %q, one after the other, for the table", bytes.TrimSpace(begin), bytes.TrimSpace(end))
		}
		document = bytes.Join([][]byte{before, begin, []byte("\n" + recorded + "\n\n" + t.markdown() + "\n"), end, after}, nil)
	}
	return document, nil
}
