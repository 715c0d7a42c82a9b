// Package verifyreport writes what package verify found as a document: as text for people, as JUnit XML for CI, as JSON for other
// programs, or as a page. A run that could not begin is a document, too, which says why. No document contains a key, a token or a
// signature.
package verifyreport

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/verify"
)

// A Run is one run of the checks.
type Run struct {
	BaseURL  string
	Start    time.Time
	Duration time.Duration
	// Report is what was found. It is nil if Err is not.
	Report *verify.Report
	// Err is why there is no report.
	Err error
}

// A Format is a form of the document.
type Format string

// The formats.
const (
	Text  Format = "text"
	JUnit Format = "junit"
	JSON  Format = "json"
	HTML  Format = "html"
)

// ParseFormat returns the format with a name.
func ParseFormat(name string) (Format, error) {
	switch f := Format(name); f {
	case Text, JUnit, JSON, HTML:
		return f, nil
	}
	return "", fmt.Errorf("%s is not a format; the formats are text, junit, json and html", names.Shown(name))
}

// Write writes the document.
func (r Run) Write(w io.Writer, format Format) error {
	switch format {
	case JUnit:
		return r.document().writeJUnit(w)
	case JSON:
		return r.document().writeJSON(w)
	case HTML:
		return r.document().writeHTML(w)
	}
	if r.Err != nil {
		_, err := fmt.Fprintf(w, "no check ran: %s\n", names.Message(r.Err.Error()))
		return err
	}
	_, err := r.Report.WriteTo(w)
	return err
}

// document is what the formats other than text are made of. Each text that a server or a contract may have sent is printable ASCII.
// Its form as JSON is described in mock/README.md.
type document struct {
	BaseURL         string    `json:"baseURL"` // without credentials, and empty if it is not valid
	StartTime       time.Time `json:"startTime"`
	DurationSeconds float64   `json:"durationSeconds"`
	Error           string    `json:"error"` // why no check ran; empty if they did
	Counts          counts    `json:"counts"`
	Checks          []check   `json:"checks"`
}

type counts struct {
	Passed     int `json:"passed"`
	Failed     int `json:"failed"`
	Skipped    int `json:"skipped"`
	Violations int `json:"violations"`
}

// check is a check of package verify.
type check struct {
	Name            string               `json:"name"`
	Result          string               `json:"result"` // "pass", "fail" or "skip"
	Reason          string               `json:"reason"` // why it failed or was skipped; empty if it passed
	DurationSeconds float64              `json:"durationSeconds"`
	Violations      []contract.Violation `json:"violations"`
}

func (r Run) document() document {
	d := document{
		BaseURL:         shownURL(r.BaseURL),
		StartTime:       r.Start.UTC().Truncate(time.Millisecond),
		DurationSeconds: seconds(r.Duration),
		Checks:          []check{},
	}
	if r.Err != nil {
		d.Error = names.Message(r.Err.Error())
		return d
	}
	d.Counts = counts{Passed: r.Report.Count(verify.Pass), Failed: r.Report.Count(verify.Fail), Skipped: r.Report.Count(verify.Skip)}
	for _, c := range r.Report.Checks {
		d.Counts.Violations += len(c.Violations)
		d.Checks = append(d.Checks, check{
			Name:            names.Printable(c.Name),
			Result:          strings.ToLower(string(c.Result)),
			Reason:          names.Message(c.Reason),
			DurationSeconds: seconds(c.Duration),
			Violations:      printable(c.Violations),
		})
	}
	return d
}

func printable(violations []contract.Violation) []contract.Violation {
	all := make([]contract.Violation, len(violations)) // so that JSON has a list, and not null
	for i, v := range violations {
		v.Operation, v.Pointer, v.Message, v.Spec = names.Printable(v.Operation), names.Printable(v.Pointer), names.Printable(v.Message), names.Printable(v.Spec)
		all[i] = v
	}
	return all
}

// shownURL returns a base URL without its user, query and fragment, which a key may be in.
func shownURL(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return ""
	}
	return names.Message((&url.URL{Scheme: u.Scheme, Host: u.Host}).String() + names.ShownPath(u.EscapedPath()))
}

func seconds(d time.Duration) float64 {
	return float64(d.Round(time.Millisecond).Milliseconds()) / 1000
}
