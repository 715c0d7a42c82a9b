package verifyreport

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed page.html
var pageText string

func (d document) writeHTML(w io.Writer) error {
	page, err := template.New("page").Funcs(template.FuncMap{"duration": duration}).Parse(pageText)
	if err != nil {
		return err
	}
	return page.Execute(w, d)
}

// Verdict is the heading of the page.
func (d document) Verdict() string {
	ran := d.Counts.Passed + d.Counts.Failed
	switch {
	case d.Error != "":
		return "No check ran"
	case d.Counts.Failed > 0:
		return fmt.Sprintf("%d of %d checks failed", d.Counts.Failed, ran)
	case ran == 0:
		return "All checks were skipped"
	}
	return fmt.Sprintf("All %d checks passed", ran)
}

// With returns the checks with a result.
func (d document) With(result string) []check {
	var checks []check
	for _, c := range d.Checks {
		if c.Result == result {
			checks = append(checks, c)
		}
	}
	return checks
}

func duration(seconds float64) string {
	if seconds < 1 {
		return fmt.Sprintf("%.0f ms", seconds*1000)
	}
	return fmt.Sprintf("%.1f s", seconds)
}
