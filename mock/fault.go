package mock

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
)

// FaultKind is what goes wrong.
type FaultKind string

// The kinds of faults.
const (
	// FaultNone is a delay alone.
	FaultNone FaultKind = ""
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

// Fault is something that goes wrong on purpose. The zero value of a field is its default.
//
// A client of package picket repeats what is safe to repeat, so a fault with a Count may go by unseen; with
// picket.WithMaxRetries(0) none does.
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
	// Kind is what goes wrong. The default is a delay alone.
	Kind FaultKind
	// Performed says that the operation takes place all the same, and only its answer is lost, for FaultStatus, FaultReset
	// and FaultEmpty. The other kinds spoil an answer, so there it always takes place.
	Performed bool
	// Status is the status of FaultStatus, from 400 to 599.
	Status int
	// Code is the error code of FaultStatus. The default is none.
	Code picket.ErrorCode
	// RetryAfter is the Retry-After header of FaultStatus, in seconds or as an HTTP date. The default is none.
	RetryAfter string
	// Interval is how long FaultDrip waits after each byte, in real time.
	Interval time.Duration
}

func (f Fault) check(known func(operation string) bool) error {
	kinds := []FaultKind{FaultNone, FaultStatus, FaultReset, FaultEmpty, FaultTruncate, FaultMalformed, FaultContentType, FaultDrip}
	switch {
	case f.Operation != "" && !known(f.Operation):
		return fmt.Errorf(`there is no operation "%s"`, names.Shown(f.Operation))
	case !slices.Contains(kinds, f.Kind):
		return fmt.Errorf(`there is no kind of fault "%s"`, names.Shown(string(f.Kind)))
	case f.Count < 0:
		return fmt.Errorf("the count %d is negative", f.Count)
	case !(f.Probability >= 0 && f.Probability <= 1):
		return fmt.Errorf("the probability %v is not from 0 to 1", f.Probability)
	case f.Delay < 0 || f.Interval < 0:
		return errors.New("a time is negative")
	case f.Kind == FaultStatus && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("the status %d is not from 400 to 599", f.Status)
	case f.Kind == FaultNone && f.Delay == 0:
		return errors.New("neither a kind nor a delay is given, so that nothing would go wrong")
	}
	return nil
}

// performs reports whether the operation takes place.
func (f Fault) performs() bool {
	return f.Performed || !slices.Contains([]FaultKind{FaultStatus, FaultReset, FaultEmpty}, f.Kind)
}

// faults are those of one project. They are safe for concurrent use.
type faults struct {
	quota  *quota
	mu     sync.Mutex
	list   []*liveFault
	chance *rand.Rand
}

type liveFault struct {
	Fault
	left int   // how many requests it will still hit; meaningless when Count is 0
	size int64 // what it takes of the limits, in bytes
}

func (f *faults) add(fault Fault) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	size, err := f.quota.take(int64(len(f.list))*entryBytes, string(fault.Code), fault.RetryAfter)
	if err != nil {
		return err
	}
	f.list = append(f.list, &liveFault{fault, fault.Count, size})
	return nil
}

// all returns the faults that can still hit a request; those with a count have what is left of it.
func (f *faults) all() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	list := []Fault{}
	for _, live := range f.list {
		fault := live.Fault
		fault.Count = live.left
		list = append(list, fault)
	}
	return list
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, live := range f.list {
		f.quota.give(live.size)
	}
	f.list = nil
	f.chance = nil
}

// hit returns the first fault that hits a request for an operation.
func (f *faults) hit(operation string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, live := range f.list {
		if live.Operation != "" && live.Operation != operation {
			continue
		}
		if live.Probability > 0 && live.Probability < 1 {
			if f.chance == nil {
				f.chance = rand.New(rand.NewPCG(1, 2)) // the same in every run
			}
			if f.chance.Float64() >= live.Probability {
				continue
			}
		}
		if live.Count > 0 {
			if live.left--; live.left == 0 {
				f.list = slices.Delete(f.list, i, i+1)
				f.quota.give(live.size)
			}
		}
		return live.Fault, true
	}
	return Fault{}, false
}

// answer writes what the client gets instead of a response.
func (f Fault) answer(w http.ResponseWriter, r *http.Request, response *recorder) {
	switch f.Kind {
	case FaultStatus:
		if f.RetryAfter != "" {
			w.Header().Set("Retry-After", f.RetryAfter)
		}
		(&apiError{f.Status, f.Code, fmt.Sprintf("%s (a fault that the mock was told of)", http.StatusText(f.Status))}).write(w)
	case FaultReset, FaultEmpty:
		hangUp(w, f.Kind == FaultReset)
	case FaultTruncate:
		body := response.body.Bytes()
		response.header.Set("Content-Length", fmt.Sprint(len(body)))
		response.body = *bytes.NewBuffer(body[:len(body)/2])
		response.copyTo(w)
		_ = http.NewResponseController(w).Flush()
		hangUp(w, false)
	case FaultMalformed:
		response.header.Del("Content-Length")
		response.body = *bytes.NewBufferString(`{"this": "is not JSON", `)
		response.copyTo(w)
	case FaultContentType:
		response.header.Set("Content-Type", "text/html; charset=utf-8")
		response.body = *bytes.NewBufferString("<!doctype html><title>A page</title><p>This is not the API.</p>\n")
		response.copyTo(w)
	case FaultDrip:
		f.drip(w, r, response)
	default:
		response.copyTo(w)
	}
}

func (f Fault) drip(w http.ResponseWriter, r *http.Request, response *recorder) {
	body := response.body.Bytes()
	response.body = bytes.Buffer{}
	response.header.Set("Content-Length", fmt.Sprint(len(body)))
	response.copyTo(w)
	control := http.NewResponseController(w)
	for i := range body {
		_, _ = w.Write(body[i : i+1]) // the client is gone
		_ = control.Flush()
		if !wait(r, f.Interval) {
			return
		}
	}
}

// wait waits in real time and reports whether the client is still there.
func wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// hangUp closes the connection; with a reset the client gets a TCP RST.
func hangUp(w http.ResponseWriter, reset bool) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // what closes a connection that cannot be taken over
	}
	if tcp, ok := connection.(*net.TCPConn); ok && reset {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}
