package verifyreport_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/verifyreport"
	"github.com/seed-a13ee279/picket/mock/verify"
)

var formats = []verifyreport.Format{verifyreport.Text, verifyreport.JUnit, verifyreport.JSON, verifyreport.HTML}

// found is a run with a check of each result, whose texts are what a hostile server or contract may have said.
func found() verifyreport.Run {
	return verifyreport.Run{
		BaseURL:  "http://127.0.0.1:4010/api/v1",
		Start:    time.Date(2026, 1, 31, 12, 0, 0, 0, time.FixedZone("", 3600)),
		Duration: 1234567 * time.Microsecond,
		Report: &verify.Report{Checks: []verify.Check{
			{Name: "chains: the list is not empty", Result: verify.Pass, Duration: 2 * time.Millisecond},
			{Name: "solana: auth: a gate opens", Result: verify.Skip, Reason: "needs a picket-mock that can be set up"},
			{Name: "v1.2: an <operation> & more\x00", Result: verify.Fail, Reason: "]]> \x1b[2J <b>\u202e", Duration: 20 * time.Millisecond, Violations: []contract.Violation{
				{Operation: "chains", Direction: contract.Response, Pointer: "/data/0/\x07<i>", Message: "is not a string", Spec: "#/components/schemas/ChainInfo", Unknown: true},
			}},
			{Name: "a nonce expires after two minutes", Result: verify.Fail, Reason: "it succeeded"},
		}},
	}
}

func written(t *testing.T, run verifyreport.Run, format verifyreport.Format) string {
	t.Helper()
	var text strings.Builder
	if err := run.Write(&text, format); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestJUnitHasASuiteWithACaseForEachCheck(t *testing.T) {
	const want = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="picket-mock verify" tests="4" failures="2" errors="0" time="1.235">
  <testsuite name="picket-mock verify" tests="4" failures="2" errors="0" time="1.235" skipped="1" timestamp="2026-01-31T11:00:00">
    <properties>
      <property name="baseURL" value="http://127.0.0.1:4010/api/v1"></property>
    </properties>
    <testcase classname="picket-mock verify.chains" name="chains: the list is not empty" time="0.002"></testcase>
    <testcase classname="picket-mock verify.solana" name="solana: auth: a gate opens" time="0.000">
      <skipped message="needs a picket-mock that can be set up"></skipped>
    </testcase>
    <testcase classname="picket-mock verify.v1_2" name="v1.2: an &lt;operation&gt; &amp; more\x00" time="0.020">
      <failure message="]]&gt; \x1b[2J &lt;b&gt;\u202e" type="violation">]]&gt; \x1b[2J &lt;b&gt;\u202e&#xA;response chains /data/0/\a&lt;i&gt;: is not a string (openapi.yaml#/components/schemas/ChainInfo)</failure>
    </testcase>
    <testcase classname="picket-mock verify" name="a nonce expires after two minutes" time="0.000">
      <failure message="it succeeded" type="failure">it succeeded</failure>
    </testcase>
  </testsuite>
</testsuites>
`
	if difference := cmp.Diff(want, written(t, found(), verifyreport.JUnit)); difference != "" {
		t.Errorf("(-want +got):\n%s", difference)
	}
}

// object is the form of the JSON, as mock/README.md describes it.
type object struct {
	BaseURL         string
	StartTime       time.Time
	DurationSeconds float64
	Error           string
	Counts          struct{ Passed, Failed, Skipped, Violations int }
	Checks          []struct {
		Name, Result, Reason string
		DurationSeconds      float64
		Violations           []struct {
			Operation, Direction, Pointer, Message, Spec string
			Unknown                                      bool
		}
	}
}

func decoded(t *testing.T, text string) object {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	var o object
	if err := decoder.Decode(&o); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		t.Errorf("more comes after the object: %v", err)
	}
	return o
}

func TestJSONIsOneObject(t *testing.T) {
	text := written(t, found(), verifyreport.JSON)
	o := decoded(t, text)
	if o.BaseURL != "http://127.0.0.1:4010/api/v1" || !o.StartTime.Equal(found().Start) || o.DurationSeconds != 1.235 || o.Error != "" {
		t.Errorf("got %+v", o)
	}
	if want := (struct{ Passed, Failed, Skipped, Violations int }{1, 2, 1, 1}); o.Counts != want {
		t.Errorf("the counts are %+v", o.Counts)
	}
	var results []string
	for _, c := range o.Checks {
		results = append(results, c.Name+" "+c.Result)
	}
	want := []string{"chains: the list is not empty pass", "solana: auth: a gate opens skip", `v1.2: an <operation> & more\x00 fail`, "a nonce expires after two minutes fail"}
	if difference := cmp.Diff(want, results); difference != "" {
		t.Errorf("the checks (-want +got):\n%s", difference)
	}
	if v := o.Checks[2].Violations[0]; v.Pointer != `/data/0/\a<i>` || v.Direction != "response" || !v.Unknown || o.Checks[2].DurationSeconds != 0.02 {
		t.Errorf("the third check is %+v", o.Checks[2])
	}
	if strings.Contains(text, "null") {
		t.Errorf("a list is null in\n%s", text)
	}
}

// TestTheReadmeShowsTheFormOfTheJSON compares the names in its example with those of a real document.
func TestTheReadmeShowsTheFormOfTheJSON(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, ok := strings.Cut(string(readme), "```json\n{\n  \"baseURL\"")
	example, _, _ = strings.Cut(example, "```")
	if !ok {
		t.Fatal("mock/README.md has no example of the object")
	}
	shown := decoded(t, "{\"baseURL\""+example)
	quoted := regexp.MustCompile(`"(\w+)":`)
	named := map[string]bool{}
	for _, name := range quoted.FindAllStringSubmatch("{\"baseURL\""+example, -1) {
		named[name[1]] = true
	}
	for _, name := range quoted.FindAllStringSubmatch(written(t, found(), verifyreport.JSON), -1) {
		if !named[name[1]] {
			t.Errorf("the example has no %s", name[1])
		}
	}
	counts := struct{ Passed, Failed, Skipped, Violations int }{}
	for _, c := range shown.Checks {
		counts.Violations += len(c.Violations)
		switch c.Result {
		case "pass":
			counts.Passed++
		case "fail":
			counts.Failed++
		case "skip":
			counts.Skipped++
		}
	}
	if shown.Counts != counts {
		t.Errorf("the example counts %+v, and has %+v", shown.Counts, counts)
	}
}

func TestThePageIsWholeAndHasNoScript(t *testing.T) {
	page := written(t, found(), verifyreport.HTML)
	for _, want := range []string{
		`<h1 class="bad">2 of 3 checks failed</h1>`, "1 passed, 2 failed, 1 skipped", "v1.2: an &lt;operation&gt; &amp; more", "Skipped: 1", "Passed: 1",
		"response chains /data/0/", "2026-01-31 11:00:00 UTC", "1.2 s", "20 ms", "prefers-color-scheme: dark", `content="width=device-width, initial-scale=1"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
	if outside := regexp.MustCompile(`(?i)<(script|link|img|iframe|base|form)|\s(src|href|on\w+)=|@import|url\(`).FindString(page); outside != "" {
		t.Errorf("the page has %q", outside)
	}
}

func TestARunThatDidNotBeginIsADocumentThatSaysSo(t *testing.T) {
	const why = "verify: the server cannot be reached: connection refused"
	run := verifyreport.Run{BaseURL: "http://127.0.0.1:4010/api/v1", Start: found().Start, Err: errors.New(why)}
	for _, format := range formats {
		if text := written(t, run, format); !strings.Contains(text, why) {
			t.Errorf("%s does not say why:\n%s", format, text)
		}
	}
	var suites struct {
		Errors int `xml:"errors,attr"`
		Suite  struct {
			Tests  int `xml:"tests,attr"`
			Errors int `xml:"errors,attr"`
			Cases  []struct {
				Error struct {
					Message string `xml:"message,attr"`
				} `xml:"error"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(written(t, run, verifyreport.JUnit)), &suites); err != nil {
		t.Fatal(err)
	}
	if s := suites.Suite; suites.Errors != 1 || s.Tests != 1 || s.Errors != 1 || len(s.Cases) != 1 || s.Cases[0].Error.Message != why {
		t.Errorf("JUnit has %+v", suites)
	}
	if o := decoded(t, written(t, run, verifyreport.JSON)); o.Error != why || o.Checks == nil || len(o.Checks) != 0 {
		t.Errorf("JSON has %+v", o)
	}
	if page := written(t, run, verifyreport.HTML); !strings.Contains(page, `<h1 class="bad">No check ran</h1>`) {
		t.Errorf("the page is\n%s", page)
	}
}

func TestARunWhoseChecksWereAllSkippedIsNoSuccess(t *testing.T) {
	run := found()
	run.Report.Checks = run.Report.Checks[1:2]
	if page := written(t, run, verifyreport.HTML); !strings.Contains(page, `<h1 class="">All checks were skipped</h1>`) {
		t.Errorf("the page is\n%s", page)
	}
}

// TestNoDocumentContainsASecret has a server that sends back what it gets, and base URLs with keys in them.
func TestNoDocumentContainsASecret(t *testing.T) {
	const key, other = "sk_hunter2", "pk_hunter2"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		user, password, _ := r.BasicAuth()
		said, _ := json.Marshal(user + password + r.Header.Get("Authorization") + r.URL.RawQuery + string(body))
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, `{"code":"internal_error","msg":`+string(said)+`,`+string(said)+`:1}`)
	}))
	t.Cleanup(server.Close)
	base, err := url.Parse(server.URL + "/api/v1")
	if err != nil {
		t.Fatal(err)
	}
	report, err := verify.Run(t.Context(), base.String(), key, verify.WithPublishableKey(other))
	if err != nil {
		t.Fatal(err)
	}
	base.User, base.RawQuery, base.Fragment = url.UserPassword("sk_hunter2", "hunter2"), "key=hunter2", "hunter2"
	for _, run := range []verifyreport.Run{
		{BaseURL: base.String(), Report: report},
		{BaseURL: "http://host/" + strings.Repeat("hunter2", 6), Report: report},
		{BaseURL: "://hunter2", Err: errors.New("verify: no")},
		{BaseURL: "hunter2", Err: errors.New("verify: sk_0123456789abcdef0123456789abcdef\x1b[2J")},
	} {
		for _, format := range formats {
			text := written(t, run, format)
			for _, secret := range []string{"hunter2", "c2tfaHVudGVyM", "cGtfaHVudGVyM", "0123456789abcdef", "Bearer ", "signature=", "eyJ", "\x1b"} { // two are keys in base64
				if strings.Contains(text, secret) {
					t.Errorf("%s contains %q", format, secret)
				}
			}
		}
	}
}

func TestTheNamesOfFormats(t *testing.T) {
	for _, format := range formats {
		if got, err := verifyreport.ParseFormat(string(format)); err != nil || got != format {
			t.Errorf("%s: got %s, %v", format, got, err)
		}
	}
	for _, name := range []string{"", "JSON", "xml", "junit "} {
		if _, err := verifyreport.ParseFormat(name); err == nil || !strings.Contains(err.Error(), "the formats are text, junit, json and html") {
			t.Errorf("%q: got %v", name, err)
		}
	}
}
