// Package front is a request's way through the mock: its body, the operation that it is for, who is calling, the faults that hit
// it, the check against the contract before and after the operation, and the answer. What an operation does is decided above; an
// operation that nobody has written is answered here, from the contract.
package front

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/address"
	"github.com/seed-a13ee279/picket/mock/internal/drift"
	"github.com/seed-a13ee279/picket/mock/internal/journal"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/tokens"
)

// House is what the handlers of a server share.
type House struct {
	Projects     *tenant.Projects
	Tokens       *tokens.Signer
	Names        func() address.Names // by which clients reach the server
	Limits       *limits.Limits
	MaxBodyBytes int64
	Seed         uint64       // of the answers that are made up
	Drift        *drift.Drift // nil to answer as the contract says
	// OnViolation is called when the mock breaks its own contract. The stack is there when it panicked.
	OnViolation func(message string, stack []byte)
}

// Prepared is a contract with what handlers make of it. Any number of them may share it.
type Prepared struct {
	*spec.Contract

	requests, responses journal.Redactor

	allowed []string // the headers that pages of other origins may always send
	exposed []string // those that they may read
	exposes []string // the same, as the value of Access-Control-Expose-Headers
}

// Prepare prepares a contract. It looks at all of it, so the result is worth keeping.
func Prepare(c *spec.Contract) *Prepared {
	p := &Prepared{Contract: c}
	p.requests, p.responses = journal.NewRedactors(c)
	p.allowed, p.exposed = headersFor(c)
	p.exposes = []string{strings.Join(p.exposed, ", ")}
	return p
}

// Handler answers the requests for the operations of one contract. It is the router of the generated handler of the
// operations, which has RefuseUnreadable and AnswerUnwritten, or Refuse, as what handles its errors.
type Handler struct {
	House
	router

	contract *Prepared
	refusers map[string]Refuser
}

// New returns a handler without operations.
func New(house House, contract *Prepared) *Handler {
	return &Handler{House: house, router: router{}, contract: contract, refusers: map[string]Refuser{}}
}

// ServeHTTP takes a request all the way, and writes it and its answer to the journal of its project.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.allowBrowsers(w.Header())
	if h.answeredPreflight(w, r) {
		return
	}
	answer := newRecorder()
	op, refused := h.route(answer, r)
	in, release := h.incoming(r, op)
	defer release()
	entry := h.record(in)
	h.inTurn(in, func() { entry.Request = h.contract.requests.Message(r.Header, in.body) })
	if refused != nil {
		refused.Write(answer)
		entry.Violations, entry.Why = []string{refused.Message}, refused.Explained()
		h.keep(entry, in, answer)
		answer.send(w)
		return
	}
	fault, hit := in.Project.Faults.Choose(op.ID)
	if hit {
		entry.Fault = string(fault.Kind)
		if !fault.Wait(r) { // no slot for heavy work is held meanwhile
			h.add(entry, in)
			return // the client gave up
		}
	}
	if fault.Performs() && !h.inTurn(in, func() { entry.Violations = h.serve(answer, in) }) {
		h.add(entry, in)
		return // the client gave up
	}
	entry.Stubbed, entry.Why = in.stubbed, in.why
	if fault.Answers() {
		h.keep(entry, in, answer)
	} else {
		entry.Status = fault.Status
		h.add(entry, in)
	}
	fault.Answer(w, r, answer.response())
}

// record returns the journal's record of a request that has just come.
func (h *Handler) record(in *Incoming) journal.Record {
	record := journal.Record{Exchange: journal.Exchange{
		Time:   in.Project.Clock.Now(),
		Method: strings.Clone(names.ShownMethod(in.Request.Method)), // it is a part of the request line, all of which would be kept
		Path:   h.contract.requests.URL(in.Request.URL, in.Op),
	}}
	if in.Op != nil {
		record.Operation = in.Op.ID
	}
	return record
}

// keep writes a record with its answer to the journal. That happens before the client has the answer, so that a test that has it
// finds the exchange.
func (h *Handler) keep(record journal.Record, in *Incoming, answer *recorder) {
	record.Status = answer.status
	record.Response = h.contract.responses.Message(answer.header, answer.body.Bytes())
	h.add(record, in)
}

// add writes a record to the journal, and notes it for the log.
func (*Handler) add(record journal.Record, in *Incoming) {
	in.Project.Journal.Add(record)
	noted(in.Request, record.Exchange, in.Project)
}

// inTurn does work on a request: at once when it is light, and otherwise when it is its turn. It reports whether the work was done;
// it was not when the client gave up before.
func (h *Handler) inTurn(in *Incoming, work func()) bool {
	if in.heavy() {
		end, err := h.Limits.Work(in.Request.Context())
		if err != nil {
			return false
		}
		defer end()
	}
	work()
	return true
}

// route returns the operation that a request is for, or why there is none that could answer it.
func (h *Handler) route(answer http.ResponseWriter, r *http.Request) (*spec.Operation, *refusal.Error) {
	op, refused := h.find(answer, r)
	if refused == nil {
		refused = checkCodings(answer.Header(), r, op)
	}
	return op, refused
}

// find returns the operation that a request is for. A path that is not in its plain form is not redirected to it, as
// http.ServeMux would: the API redirects nothing.
func (h *Handler) find(w http.ResponseWriter, r *http.Request) (*spec.Operation, *refusal.Error) {
	if op := h.contract.Find(r); op != nil {
		return op, nil
	}
	escaped := r.URL.EscapedPath()
	shown := names.ShortenTo(names.ShownPath(escaped), 256)
	if allowed := h.contract.Methods(r.URL); len(allowed) > 0 {
		w.Header()["Allow"] = allowed
		return nil, refusal.New(http.StatusMethodNotAllowed, "the method %s is not allowed for %s, only %s",
			names.ShownMethod(r.Method), shown, strings.Join(allowed, " and "))
	}
	message := fmt.Sprintf("there is no %s %s; everything is under %s", names.ShownMethod(r.Method), shown, h.contract.Base())
	if nearest := h.contract.Nearest(r.Method, escaped); nearest != "" {
		message += "; did you mean " + nearest + "?"
	}
	return nil, refusal.NotFound("%s", message)
}
