package mock

import (
	"slices"
	"time"
)

// JournalSize is how many exchanges the journal of a project keeps: the last ones. It keeps fewer when they are over 4 MiB,
// and when all journals together are over 64 MiB: then the largest one loses the older half of its exchanges.
const JournalSize = 500

// Exchange is a request that the mock got and what it answered, as the journal has it: without the Authorization header,
// and with "[redacted]" for every access token, signature, code and verifier. A name in a request that openapi.yaml does not have may
// be that of a secret, misspelt, so its value is redacted too; and so is such a name itself when it has no value or does not look
// like a name, because JSON that was sent as a form is nothing but a name.
type Exchange struct {
	// Number counts the exchanges of the project, from 1.
	Number int
	// Time is when the request came, by the project's clock.
	Time time.Time
	// Operation is the operationId of the operation in openapi.yaml. It is empty when no operation matched.
	Operation string
	// Method and Path are those of the request; the path has its query.
	Method, Path string
	// RequestBody and ResponseBody are JSON. What is not JSON, or is over 4 KiB, is described in its place.
	RequestBody, ResponseBody string
	// Status is the HTTP status of the response, or 0 when a fault left none.
	Status int
	// Fault is the kind of the fault that hit the request. It is empty when none did.
	Fault FaultKind
	// Stubbed says that a stub answered in the place of the operation.
	Stubbed bool
	// Violations say how the request or the response broke openapi.yaml, and what was probably meant.
	Violations []string
}

// Explain says in some lines of text why the exchange with a number in the journal was refused, for the log of a test that failed: the
// message that was signed and the one that was expected, what the wallet holds of the tokens of a gate, or the checks of an access token.
// It is empty when the journal does not have the exchange.
func (p *Project) Explain(number int) string {
	why, ok := p.inside().Journal.Explain(number)
	if !ok {
		return ""
	}
	return why.String()
}

// Journal returns the last exchanges of the project, JournalSize at most, the oldest first. With the names of operations
// it returns only those of these operations; "" stands for requests that match none.
//
// An exchange belongs to the project of the request's API key, and to the default project when it has no valid one.
func (p *Project) Journal(operations ...string) []Exchange {
	var list []Exchange
	wanted := func(operation string) bool { return len(operations) == 0 || slices.Contains(operations, operation) }
	for _, e := range p.inside().Journal.Select(wanted) {
		list = append(list, Exchange{
			Number:       e.Number,
			Time:         e.Time,
			Operation:    e.Operation,
			Method:       e.Method,
			Path:         e.Path,
			RequestBody:  e.RequestBody,
			ResponseBody: e.ResponseBody,
			Status:       e.Status,
			Fault:        FaultKind(e.Fault),
			Stubbed:      e.Stubbed,
			Violations:   e.Violations,
		})
	}
	return list
}
