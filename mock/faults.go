package mock

import (
	"net/http"
	"strconv"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/faults"
	"github.com/seed-a13ee279/picket/picket"
)

// FaultKind is what goes wrong.
type FaultKind string

// The kinds of faults.
const (
	// FaultDelay is nothing but a delay. It is the default.
	FaultDelay FaultKind = "delay"
	// FaultStatus answers with a status, such as 429 or 503, and an error in the API's shape.
	FaultStatus FaultKind = "status"
	// FaultReset resets the connection instead of answering.
	FaultReset FaultKind = "reset"
	// FaultEmpty closes the connection instead of answering.
	FaultEmpty FaultKind = "empty"
	// FaultTruncate closes the connection in the middle of the body.
	FaultTruncate FaultKind = "truncate"
	// FaultMalformed answers with a body that is not JSON.
	FaultMalformed FaultKind = "malformed"
	// FaultContentType answers with an HTML page, and the status that the answer would have had.
	FaultContentType FaultKind = "contentType"
	// FaultDrip sends the body byte by byte, with Interval between them.
	FaultDrip FaultKind = "drip"
)

// RetryAfter is the text of a Retry-After header. Any text is allowed, to test what a client makes of a malformed one.
type RetryAfter string

// RetryAfterSeconds is the header that asks to wait so many seconds.
func RetryAfterSeconds(seconds int) RetryAfter { return RetryAfter(strconv.Itoa(seconds)) }

// RetryAfterDate is the header that asks to wait until a time.
func RetryAfterDate(t time.Time) RetryAfter { return RetryAfter(t.UTC().Format(http.TimeFormat)) }

// Fault is something that goes wrong on purpose. The zero value of a field is its default.
//
// A client of package picket repeats what is safe to repeat, so a fault with a Count may go by unseen; with
// picket.WithMaxRetries(0) only net/http itself repeats something: a GET, when a connection that it used before breaks.
type Fault struct {
	// Operation is the operation that it hits, by its operationId in openapi.yaml, such as "auth". The default is all.
	Operation string
	// Count is how many requests it hits. The default, 0, is every one until the faults are removed.
	Count int
	// Probability is how likely it hits a request, above 0 and up to 1. The default, 0, means 1. The same requests in the
	// same order are hit in every run.
	Probability float64
	// Delay is how long the mock waits first, in real time.
	Delay time.Duration
	// Kind is what goes wrong. The default is FaultDelay.
	Kind FaultKind
	// Performed says that the operation takes place all the same, and only its answer is lost, for FaultStatus, FaultReset
	// and FaultEmpty. The other kinds spoil an answer, so there it always takes place.
	Performed bool
	// Status is the status of FaultStatus, from 400 to 599.
	Status int
	// Code is the error code of FaultStatus. The default is none.
	Code picket.ErrorCode
	// RetryAfter is the Retry-After header of FaultStatus: RetryAfterSeconds or RetryAfterDate. The default is none.
	RetryAfter RetryAfter
	// Interval is how long FaultDrip waits after each byte, in real time.
	Interval time.Duration
}

// InjectFault makes something go wrong: with the next requests, or with some of them. When several faults hit a request, the
// first one counts.
func (p *Project) InjectFault(fault Fault) {
	p.must("InjectFault", p.inside().Faults.Add(faults.Fault{
		Operation:   fault.Operation,
		Count:       fault.Count,
		Probability: fault.Probability,
		Delay:       fault.Delay,
		Kind:        faults.Kind(fault.Kind),
		Performed:   fault.Performed,
		Status:      fault.Status,
		Code:        fault.Code,
		RetryAfter:  string(fault.RetryAfter),
		Interval:    fault.Interval,
	}))
}

// Faults returns the faults that can still hit a request. The Count of one that had a Count is what is left of it.
func (p *Project) Faults() []Fault {
	var list []Fault
	for _, fault := range p.inside().Faults.All() {
		list = append(list, Fault{
			Operation:   fault.Operation,
			Count:       fault.Count,
			Probability: fault.Probability,
			Delay:       fault.Delay,
			Kind:        FaultKind(fault.Kind),
			Performed:   fault.Performed,
			Status:      fault.Status,
			Code:        fault.Code,
			RetryAfter:  RetryAfter(fault.RetryAfter),
			Interval:    fault.Interval,
		})
	}
	return list
}

// ClearFaults removes all faults.
func (p *Project) ClearFaults() { p.inside().Faults.Clear() }
