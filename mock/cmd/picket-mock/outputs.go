package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/verifyreport"
)

// output is where a report goes.
type output struct {
	format verifyreport.Format
	file   string // empty for stdout
}

// outputs is the flag -o of verify.
type outputs []output

func (o *outputs) String() string { return "" } // of the zero value, which is the default

func (o *outputs) Set(value string) error {
	name, file, toFile := strings.Cut(value, "=")
	format, err := verifyreport.ParseFormat(name)
	if err != nil {
		return err
	}
	if toFile && file == "" {
		return fmt.Errorf("no file is named after %s=", format)
	}
	for _, other := range *o {
		switch {
		case other.file == file && toFile:
			return fmt.Errorf("%s is given twice", file)
		case other.file == file:
			return fmt.Errorf("only one format can be printed; write the other to a file, as in %s=FILE", format)
		}
	}
	*o = append(*o, output{format, file})
	return nil
}

// regular returns the outputs that can be written twice: files, but not pipes and devices.
func (o outputs) regular() outputs {
	return slices.DeleteFunc(slices.Clone(o), func(to output) bool {
		info, err := os.Stat(to.file)
		return err == nil && !info.Mode().IsRegular()
	})
}

// writeFiles writes a run to all files.
func (o outputs) writeFiles(run verifyreport.Run) error {
	var failed []error
	for _, to := range o {
		if to.file != "" {
			var text bytes.Buffer
			err := run.Write(&text, to.format)
			if err == nil {
				err = os.WriteFile(to.file, text.Bytes(), 0o666)
			}
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// print prints a run in the format that has no file, or as text. Of a run that did not begin, stderr has the text.
func (o outputs) print(w io.Writer, run verifyreport.Run) error {
	format := verifyreport.Text
	for _, to := range o {
		if to.file == "" {
			format = to.format
		}
	}
	if run.Err != nil && format == verifyreport.Text {
		return nil
	}
	return run.Write(w, format)
}
