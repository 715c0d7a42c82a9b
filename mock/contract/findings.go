package contract

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/guard"
)

// Findings are what a Transport or a Proxy found so far.
type Findings struct {
	// Exchanges is how many requests were for the API.
	Exchanges int `json:"exchanges"`
	// Violations are the first MaxFindings violations, in the order in which they were found, of ViolationCount.
	Violations     []Violation `json:"violations"`
	ViolationCount int         `json:"violationCount"`
	// Unchecked are the first MaxFindings messages whose body was not checked, of UncheckedCount.
	Unchecked      []Unchecked `json:"unchecked"`
	UncheckedCount int         `json:"uncheckedCount"`
}

// Unchecked is a message whose body was passed on without a check. All else of it was checked.
type Unchecked struct {
	Operation string    `json:"operation"`
	Direction Direction `json:"direction"`
	Reason    string    `json:"reason"`
}

// MaxFindings bounds what is kept of what was found; all of it is counted, and told to WithOnViolation.
const MaxFindings = 1000

// DefaultMaxBodyBytes is how large a body can be to be checked, unless WithMaxBodyBytes sets another size: 1 MiB. It holds for
// a body as it is sent and as it is decoded.
const DefaultMaxBodyBytes = 1 << 20

// Option changes what NewTransport and NewProxy make. One that is nil or not valid is an error: of NewProxy, and of every RoundTrip
// of a Transport.
type Option func(*checker) error

// WithContract checks against another contract, or one at another base path. The default is API.
func WithContract(c *Contract) Option {
	return func(k *checker) error {
		if c == nil {
			return errors.New("contract: WithContract: the contract is nil")
		}
		if c.description == nil {
			return errors.New("contract: WithContract: the contract is not one that was read")
		}
		k.contract = c
		return nil
	}
}

// WithMaxBodyBytes sets how large a body can be to be checked, as it is sent and as it is decoded. Larger ones are passed on
// and noted as unchecked. The default is DefaultMaxBodyBytes.
func WithMaxBodyBytes(n int64) Option {
	return func(k *checker) error {
		if n < 1 {
			return fmt.Errorf("contract: WithMaxBodyBytes: %d is not above 0", n)
		}
		k.limit = n
		return nil
	}
}

// WithOnViolation calls f with every violation, from the goroutine that found it, before the last bytes of the message are
// handed on. f must be safe for concurrent use and must not block.
func WithOnViolation(f func(Violation)) Option {
	return func(k *checker) error {
		if f == nil {
			return errors.New("contract: WithOnViolation: the function is nil")
		}
		k.onViolation = f
		return nil
	}
}

// WithOnUnchecked calls f, like that of WithOnViolation, for every message whose body is not checked.
func WithOnUnchecked(f func(Unchecked)) Option {
	return func(k *checker) error {
		if f == nil {
			return errors.New("contract: WithOnUnchecked: the function is nil")
		}
		k.onUnchecked = f
		return nil
	}
}

// WithInsecureHTTP lets a proxy forward to a target that is http and on another host. Keys, access tokens and signatures then
// travel where everyone on the way can read them. Off by default. It makes no difference to a Transport.
func WithInsecureHTTP() Option {
	return func(k *checker) error {
		k.insecureHTTP = true
		return nil
	}
}

// WithControlHost lets a proxy pass on what is under /_mock/ when it is called by a further host name, such as that of a container;
// it may be repeated. By default the Host of such a request must be localhost or an IP address. It makes no difference to a
// Transport.
func WithControlHost(name string) Option {
	return func(k *checker) error {
		if err := guard.CheckHost(name); err != nil {
			return fmt.Errorf("contract: WithControlHost: %w", err)
		}
		k.controlHosts = append(k.controlHosts, name)
		return nil
	}
}

// checker checks messages and keeps what it finds.
type checker struct {
	contract    *Contract
	limit       int64
	onViolation func(Violation)
	onUnchecked func(Unchecked)

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
		if err := option(k); err != nil {
			return k, err
		}
	}
	var err error
	if k.contract == nil {
		k.contract, err = API()
	}
	return k, err
}

func (k *checker) snapshot() Findings {
	k.mu.Lock()
	defer k.mu.Unlock()
	found := k.findings
	found.Violations = append([]Violation{}, found.Violations...) // never null in JSON
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

// noSuchOperation is the violation of a request for no operation. Of the path it tells nothing: a part of it may be a token.
func (c *Contract) noSuchOperation(r *http.Request) Violation {
	message := "no such operation"
	var methods []string
	for _, method := range []string{http.MethodDelete, http.MethodGet, http.MethodPatch, http.MethodPost, http.MethodPut} {
		if op := c.Find(&http.Request{Method: method, URL: r.URL}); op != nil {
			methods = append(methods, method+" "+op.Path)
		}
	}
	escaped := r.URL.EscapedPath()
	switch nearest := c.Nearest(r.Method, escaped); {
	case len(methods) > 0:
		message += "; the path has " + strings.Join(methods, " and ")
	case c.base != "" && !strings.HasPrefix(escaped, c.base+"/"):
		message += "; all is under " + c.base
	case nearest != "":
		message += "; did you mean " + nearest + "?"
	}
	return Violation{Direction: Request, Message: message, Spec: "#/paths"}
}

// controlPath is where picket-mock is controlled.
const controlPath = "/_mock/"

// isOfTheAPI reports whether a request is one that the contract has a say in: not what controls picket-mock, which is beside
// the API, and not the preflight by which a browser asks whether it may call an operation (Fetch standard, section 3.2.2).
func (c *Contract) isOfTheAPI(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, controlPath) {
		return false
	}
	method := r.Header.Get("Access-Control-Request-Method")
	preflight := r.Method == http.MethodOptions && method != "" && r.Header.Get("Origin") != ""
	return !preflight || !slices.ContainsFunc(c.operations, func(op *Operation) bool { return op.Method == method })
}
