package harness

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// A Table prints rows in columns that are as wide as their widest cell.
type Table struct{ writer *tabwriter.Writer }

// NewTable returns a table with the given names of columns. It is printed by Flush.
func NewTable(w io.Writer, columns ...any) Table {
	t := Table{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	t.Row(columns...)
	return t
}

// Row adds a row.
func (t Table) Row(cells ...any) {
	_, _ = fmt.Fprintf(t.writer, strings.Repeat("%v\t", len(cells))+"\n", cells...) // Flush returns the error
}

// Flush prints the table.
func (t Table) Flush() error { return t.writer.Flush() }
