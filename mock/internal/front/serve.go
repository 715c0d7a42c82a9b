package front

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/internal/unwritten"
)

// serve answers a request for an operation, and returns how the request and the answer break the contract.
func (h *Handler) serve(answer *recorder, in *Incoming) []string {
	violations := []string(nil)
	if preferred, asked, err := preferenceOf(in.Request.Header); asked {
		if err == nil {
			err = h.answerPreferred(answer, in, preferred)
		}
		if err != nil {
			refusal.Of(err).Write(answer)
			return nil // this is an answer of the mock, and not one of the API
		}
	} else {
		violations = h.perform(answer, in)
		if in.undocumented {
			return violations
		}
		answer.change(h.Drift.Change(in.Op, in.stream(), &in.Project.Turns, answer.answer()))
	}
	answer.replace(in.Op.InEverySpelling(answer.status, answer.header, answer.body.Bytes()))
	broken := in.Op.CheckResponse(in.Request.Method, answer.status, answer.header, answer.body.Bytes())
	if len(broken) == 0 {
		return violations
	}
	message := fmt.Sprintf("the mock breaks its contract: %s, status %d: %s", in.Op.ID, answer.status, broken[0].Message)
	h.OnViolation(message, nil)
	answer.reset()
	refusal.Of(errors.New(message)).Write(answer)
	return append(violations, message)
}

// perform lets the operation take place, and returns how the request breaks the contract.
func (h *Handler) perform(answer *recorder, in *Incoming) (violations []string) {
	r := in.Request.WithContext(context.WithValue(in.Request.Context(), incomingKey{}, in))
	defer func() {
		if reason := recover(); reason != nil {
			message := names.Message(fmt.Sprintf("the mock panicked: %s: %v", in.Op.ID, reason))
			h.OnViolation(message, debug.Stack())
			answer.reset()
			h.Refuse(answer, r, errors.New("the mock panicked"))
			violations = append(violations, message)
		}
	}()
	answer.header.Set("Cache-Control", "no-store") // nonces, codes and tokens are for one client
	answer.header.Set("Pragma", "no-cache")        // the same for caches of HTTP/1.0 (RFC 6749 section 5.1)
	read, violations, refused := h.check(answer.header, r, in)
	if refused != nil {
		h.Refuse(answer, r, refused)
		return violations
	}
	r.Body, r.ContentLength, r.Header = io.NopCloser(bytes.NewReader(read.Body)), int64(len(read.Body)), read.Header
	if stub, ok := in.Project.Stubs.Take(in.Op.ID); ok {
		in.stubbed, in.undocumented = true, true // it was checked when it was set, and stays exactly as it is
		answerStub(answer, stub, h.contract.exposed)
		return nil
	}
	if generated := h.generated(in.Op); generated != nil {
		generated.ServeHTTP(answer, r)
	} else {
		h.AnswerUnwritten(answer, r, unwritten.Error{})
	}
	return nil
}

// check reads a request. It says why it is refused before its operation takes place, and how it breaks the contract.
func (h *Handler) check(answer http.Header, r *http.Request, in *Incoming) (read spec.Request, violations []string, refused error) {
	if in.refused != nil && in.Op.Spec().RequestBody != nil {
		return read, nil, in.refused
	}
	if !authenticatesClients(in.Op) {
		if err := h.admit(answer, in); err != nil {
			return read, nil, err
		}
	}
	read = h.Drift.Asked(in.Op).ReadRequest(r, in.body)
	in.moved = read.Moved
	for _, wrong := range read.Violations {
		if !wrong.Unknown || in.strict || !in.Project.Settings.AllowUnknown {
			violations = append(violations, wrong.Message)
		}
	}
	if len(violations) == 0 {
		return read, nil, nil
	}
	return read, violations[:min(len(violations), spec.MaxViolations)], refusal.InvalidParameter("%s", violations[0])
}

// authenticatesClients reports whether an operation finds out by itself who is calling, as the token endpoint does: a client may
// authenticate itself in the body, and is refused in the shape of OAuth 2.0.
func authenticatesClients(op *spec.Operation) bool {
	_, optional := op.Security()
	return optional && speaksOAuth(op, http.StatusUnauthorized)
}

// admit authenticates a request as the contract demands it for the operation.
func (h *Handler) admit(answer http.Header, in *Incoming) error {
	who := guard{h.Projects, h.Tokens}.identify(in.Request, in.Op, identity{caller: in.caller, err: in.keyError})
	if who.err != nil {
		if who.challenge != "" {
			answer.Set("WWW-Authenticate", who.challenge)
		}
		return who.err
	}
	in.caller, in.claims = who.caller, who.claims
	return nil
}
