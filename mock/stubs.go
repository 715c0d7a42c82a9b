package mock

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/stubs"
)

// Stub is a fixed answer of an operation. The zero value of a field is its default.
//
// Requests for the operation are checked as before: one that breaks openapi.yaml, or has no good key, is refused. All others get the
// answer exactly as it is, and the operation does not take place. The journal says so.
type Stub struct {
	// Operation is the operation, by its operationId in openapi.yaml, such as "auth".
	Operation string
	// Status is the status, from 200 to 599.
	Status int
	// Headers are the headers, by name. Without a Content-Type, that of a Body is application/json.
	Headers map[string]string
	// Body is the body: text in UTF-8.
	Body string
	// Count is how many requests it answers. The default, 0, is every one until the stubs are removed.
	Count int
	// BreaksContract says that the answer may break openapi.yaml. By default such an answer is refused.
	BreaksContract bool
}

// AddStub gives an operation a fixed answer. When there are several for an operation, the first one answers.
func (p *Project) AddStub(stub Stub) { p.must("AddStub", p.inside().Stubs.Add(stubs.Stub(stub))) }

// Stubs returns the stubs that can still answer a request. The Count of one that had a Count is what is left of it.
func (p *Project) Stubs() []Stub {
	var list []Stub
	for _, stub := range p.inside().Stubs.All() {
		list = append(list, Stub(stub))
	}
	return list
}

// ClearStubs removes all stubs.
func (p *Project) ClearStubs() { p.inside().Stubs.Clear() }

func (c control) ListStubs(ctx context.Context, _ controls.ListStubsRequestObject) (controls.ListStubsResponseObject, error) {
	return append(controls.ListStubs200JSONResponse{}, c.of(ctx).exportStubs()...), nil
}

func (p *Project) exportStubs() (list []controls.Stub) {
	for _, stub := range p.inside().Stubs.All() {
		list = append(list, stubOnTheWire(stub))
	}
	return list
}

func (c control) AddStub(ctx context.Context, request controls.AddStubRequestObject) (controls.AddStubResponseObject, error) {
	return controls.AddStub204Response{}, refusal.Invalid(c.of(ctx).importStub(*request.Body))
}

func (p *Project) importStub(s controls.Stub) error {
	stub, err := stubOffTheWire(s)
	if err != nil {
		return err
	}
	return p.inside().Stubs.Add(stub)
}

func (c control) ClearStubs(ctx context.Context, _ controls.ClearStubsRequestObject) (controls.ClearStubsResponseObject, error) {
	c.Project(ctx).Stubs.Clear()
	return controls.ClearStubs204Response{}, nil
}

// stubOnTheWire returns a stub as it is listed. Its body is a string, so that it is exact.
func stubOnTheWire(s stubs.Stub) controls.Stub {
	stub := controls.Stub{Operation: s.Operation, Status: s.Status, Headers: s.Headers, Count: s.Count, BreaksContract: s.BreaksContract}
	if s.Body != "" {
		stub.Body, _ = json.Marshal(s.Body) // a string, which cannot fail
	}
	return stub
}

// stubOffTheWire reads a stub. A body that is a string is that text, and any other is JSON.
func stubOffTheWire(s controls.Stub) (stubs.Stub, error) {
	stub := stubs.Stub{Operation: s.Operation, Status: s.Status, Headers: s.Headers, Count: s.Count, BreaksContract: s.BreaksContract}
	switch {
	case len(s.Body) == 0:
		return stub, nil
	case s.Body[0] == '"':
		return stub, json.Unmarshal(s.Body, &stub.Body)
	}
	var compact bytes.Buffer
	err := json.Compact(&compact, s.Body)
	stub.Body = compact.String()
	return stub, err
}
