package verify

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/seed-a13ee279/picket/mock/contract"
)

// Result is how a check ended.
type Result string

// The results of checks.
const (
	Pass Result = "pass"
	Fail Result = "FAIL"
	Skip Result = "skip"
)

// Check is one check that ran or was skipped.
type Check struct {
	// Name says what must be true, such as "solana: a signature logs in once".
	Name string
	// Result says whether it is true. It is also Fail if it is true and a message breaks the contract.
	Result Result
	// Reason says why the check failed or was skipped. It contains no key, token or signature.
	Reason string
	// Violations says how requests and responses of the check break the contract, each way once.
	Violations []contract.Violation
	// Duration is how long the check took. It is 0 if its name was among those to skip.
	Duration time.Duration
}

// Report is what Run found.
type Report struct {
	// Checks has all checks, in the order in which they ran.
	Checks []Check
}

// Count returns how many checks ended with a result.
func (r *Report) Count(result Result) int {
	n := 0
	for _, check := range r.Checks {
		if check.Result == result {
			n++
		}
	}
	return n
}

// TB is what Check needs of a testing.TB. Every *testing.T, *testing.B and *testing.F is one.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
}

// Check reports each check that failed as an error of the test, and logs those that were skipped.
func (r *Report) Check(t TB) {
	t.Helper()
	for _, check := range r.Checks {
		switch check.Result {
		case Fail:
			t.Errorf("%s", strings.Join(append([]string{check.Name + ": " + check.Reason}, check.lines()...), "\n  "))
		case Skip:
			t.Logf("%s: skipped: %s", check.Name, check.Reason)
		}
	}
}

func (c Check) lines() []string {
	lines := make([]string, len(c.Violations))
	for i, v := range c.Violations {
		lines[i] = v.String()
	}
	return lines
}

// WriteTo writes a table. Each check has a line, and below it a line for each of its violations: the direction, the operation, the
// JSON pointer, what is wrong, and the place in openapi.yaml. The last line says how many checks passed, failed and were skipped.
func (r *Report) WriteTo(w io.Writer) (int64, error) {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, check := range r.Checks {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", check.Result, check.Name, check.Reason) // to a builder: it cannot fail
	}
	_ = table.Flush()
	var all strings.Builder
	for i, line := range strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n") {
		if i < len(r.Checks) {
			all.WriteString(strings.TrimRight(line, " ") + "\n")
			for _, violation := range r.Checks[i].lines() {
				all.WriteString("      " + violation + "\n")
			}
		}
	}
	_, _ = fmt.Fprintf(&all, "%d passed, %d failed, %d skipped\n", r.Count(Pass), r.Count(Fail), r.Count(Skip))
	n, err := io.WriteString(w, all.String())
	return int64(n), err
}
