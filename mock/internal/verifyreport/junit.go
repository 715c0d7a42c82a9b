package verifyreport

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// The elements of JUnit XML, in the form that its readers have in common: that of Jenkins, https://github.com/jenkinsci/xunit-plugin
// (junit-10.xsd), and of GitLab, https://docs.gitlab.com/ci/testing/unit_test_reports.
type (
	testSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		totals
		Suite testSuite `xml:"testsuite"`
	}
	testSuite struct {
		Name string `xml:"name,attr"`
		totals
		Skipped    int        `xml:"skipped,attr"`
		Timestamp  string     `xml:"timestamp,attr"`
		Properties []property `xml:"properties>property"`
		Cases      []testCase `xml:"testcase"`
	}
	totals struct {
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Time     string `xml:"time,attr"`
	}
	property struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	testCase struct {
		Class   string   `xml:"classname,attr"`
		Name    string   `xml:"name,attr"`
		Time    string   `xml:"time,attr"`
		Skipped *outcome `xml:"skipped"`
		Error   *outcome `xml:"error"`
		Failure *outcome `xml:"failure"`
	}
	outcome struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// suiteName is the name of the suite, and of the package that Jenkins shows classes in.
const suiteName = "picket-mock verify"

func (d document) writeJUnit(w io.Writer) error {
	of := totals{Tests: len(d.Checks), Failures: d.Counts.Failed, Time: decimal(d.DurationSeconds)}
	suite := testSuite{
		Name:       suiteName,
		Skipped:    d.Counts.Skipped,
		Timestamp:  d.StartTime.Format("2006-01-02T15:04:05"), // in UTC, without saying so, because readers know no other form
		Properties: []property{{"baseURL", d.BaseURL}},
	}
	for _, c := range d.Checks {
		suite.Cases = append(suite.Cases, c.testCase())
	}
	if d.Error != "" {
		of.Tests, of.Errors = 1, 1
		suite.Cases = []testCase{{Class: className(""), Name: "the checks run", Time: of.Time, Error: &outcome{d.Error, "error", d.Error}}}
	}
	suite.totals = of
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(testSuites{Name: suiteName, totals: of, Suite: suite}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (c check) testCase() testCase {
	about, _, found := strings.Cut(c.Name, ": ")
	if !found {
		about = ""
	}
	t := testCase{Class: className(about), Name: c.Name, Time: decimal(c.DurationSeconds)}
	switch c.Result {
	case "skip":
		t.Skipped = &outcome{Message: c.Reason}
	case "fail":
		t.Failure = &outcome{c.Reason, "failure", c.Reason}
		for _, v := range c.Violations {
			t.Failure.Type = "violation"
			t.Failure.Text += "\n" + v.String()
		}
	}
	return t
}

// className groups checks by what they are about, such as an operation or a chain. Jenkins takes what is before the last dot for a
// package.
func className(about string) string {
	if about == "" {
		return suiteName
	}
	return suiteName + "." + strings.ReplaceAll(about, ".", "_")
}

func decimal(seconds float64) string { return strconv.FormatFloat(seconds, 'f', 3, 64) }
