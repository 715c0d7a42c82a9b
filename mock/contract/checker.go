package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// checker checks messages and keeps what it finds.
type checker struct {
	contract    *spec.Contract
	limit       int64
	onViolation func(Violation)
	onUnchecked func(Unchecked)

	observer     *Observer // nil if there is none
	insecureHTTP bool
	controlHosts []string

	mu       sync.Mutex
	findings Findings
}

func newChecker(options []Option) (*checker, error) {
	k := &checker{limit: DefaultMaxBodyBytes, onViolation: func(Violation) {}, onUnchecked: func(Unchecked) {}}
	for i, option := range options {
		if option == nil {
			return k, fmt.Errorf("contract: option %d is nil", i)
		}
		if err := option.apply(k); err != nil {
			return k, err
		}
	}
	var err error
	if k.contract == nil {
		k.contract, err = spec.API()
	}
	return k, err
}

func (k *checker) snapshot() Findings {
	k.mu.Lock()
	defer k.mu.Unlock()
	found := k.findings
	found.Violations = append([]Violation{}, found.Violations...) // JSON has an empty list rather than null
	found.Unchecked = append([]Unchecked{}, found.Unchecked...)
	return found
}

func (k *checker) count() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.findings.Exchanges++
}

func (k *checker) report(violations ...Violation) {
	k.mu.Lock()
	for _, v := range violations {
		if k.findings.ViolationCount++; len(k.findings.Violations) < MaxFindings {
			k.findings.Violations = append(k.findings.Violations, v)
		}
	}
	k.mu.Unlock()
	for _, v := range violations {
		k.onViolation(v)
	}
}

func (k *checker) reportUnchecked(u Unchecked) {
	k.mu.Lock()
	if k.findings.UncheckedCount++; len(k.findings.Unchecked) < MaxFindings {
		k.findings.Unchecked = append(k.findings.Unchecked, u)
	}
	k.mu.Unlock()
	k.onUnchecked(u)
}

// noSuchOperation returns the violation of a request for an unknown operation. It does not show the path, which may contain a token.
func (k *checker) noSuchOperation(r *http.Request) Violation {
	message := "no such operation"
	var methods []string
	for _, method := range k.contract.Methods(r.URL) {
		methods = append(methods, method+" "+k.contract.Find(&http.Request{Method: method, URL: r.URL}).Path)
	}
	base, escaped := k.contract.Base(), r.URL.EscapedPath()
	switch nearest := k.contract.Nearest(r.Method, escaped); {
	case len(methods) > 0:
		message += "; the path has " + strings.Join(methods, " and ")
	case base != "" && !strings.HasPrefix(escaped, base+"/"):
		message += "; all operations are under " + base
	case nearest != "":
		message += "; did you mean " + nearest + "?"
	}
	return Violation{Direction: Request, Message: message, Spec: "#/paths"}
}

// controlPath is the path that picket-mock is controlled under.
const controlPath = "/_mock/"

// isForTheAPI reports whether the contract applies to a request. It does not apply to the control of picket-mock, which is beside the API,
// nor to the preflight by which a browser asks whether it may call an operation (Fetch standard, section 3.2.2).
func (k *checker) isForTheAPI(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, controlPath) {
		return false
	}
	method := r.Header.Get("Access-Control-Request-Method")
	preflight := r.Method == http.MethodOptions && method != "" && r.Header.Get("Origin") != ""
	return !preflight || !slices.ContainsFunc(k.contract.Operations(), func(op *spec.Operation) bool { return op.Method == method })
}
