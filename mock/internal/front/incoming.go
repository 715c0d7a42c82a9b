package front

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"

	"github.com/seed-a13ee279/picket/mock/internal/explain"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/picket"
)

// Incoming is a request, as it came.
type Incoming struct {
	Op      *spec.Operation // nil when none matches
	Request *http.Request
	Project *tenant.Project // whose request it is, whether or not it may do what it asks

	caller     tenant.Caller // whom its key authenticates, unless keyError says why it does not
	keyError   error
	claims     *picket.AccessTokenPayload // of its access token, when it was admitted by one
	body       []byte
	parameters url.Values     // of the form that is its body, or else of its query
	moved      []spec.Moved   // what the request has under superseded names
	list       bool           // whether its answer may be long
	refused    *refusal.Error // why its body was not taken

	strict       bool                                     // whether unknown names are refused, whatever its project is set to
	more         func(http.ResponseWriter, *http.Request) // what is written after the answer, or nil
	why          *explain.Why                             // why it is refused, or nil
	stubbed      bool                                     // whether a stub answered it
	undocumented bool                                     // whether the answer is one of the mock, which the contract need not have
}

// incoming reads a request for an operation, and finds out whose it is. A large body is read only if there is room for it, which is
// given back by release.
func (h *Handler) incoming(r *http.Request, op *spec.Operation) (in *Incoming, release func()) {
	in = &Incoming{Op: op, Request: r}
	in.body, in.refused, release = h.readBody(r)
	switch { // the check against the contract refuses what cannot be read
	case op != nil && op.TakesForm(r.Header):
		in.parameters, _ = url.ParseQuery(string(in.body))
	case r.URL.RawQuery != "":
		in.parameters = r.URL.Query()
	}
	in.Project, in.caller, in.keyError = h.Projects.Of(r.Header, in.parameters.Get("client_id"))
	if op != nil {
		for _, scheme := range op.Schemes() {
			if !scheme.IsKey() {
				continue
			}
			if key, given := scheme.Given(r); given {
				if keyed, err := h.Projects.Keyed(key); err == nil {
					in.Project = keyed.Project
				}
			}
		}
	}
	return in, release
}

// heavy reports whether work on the request takes many times the size of its body or its answer.
func (in *Incoming) heavy() bool { return in.list || len(in.body) > limits.SmallBody }

// stream returns what values that are made up for the request are made from.
func (in *Incoming) stream() uint64 {
	stream := fnv.New64a()
	_, _ = fmt.Fprintf(stream, "%s %s\n%s", in.Op.Method, in.Request.URL.RequestURI(), in.body) // it cannot fail
	return stream.Sum64()
}

type incomingKey struct{}

func incomingOf(ctx context.Context) *Incoming { return ctx.Value(incomingKey{}).(*Incoming) }

// Request returns the request that an operation answers, as it came.
func Request(ctx context.Context) *http.Request { return incomingOf(ctx).Request }

// Parameters returns the parameters of the form that is the request's body. A request that is not a form has those of its query.
func Parameters(ctx context.Context) url.Values { return incomingOf(ctx).parameters }

// Project returns the project of the request's API key, or nil. Operations that need a key have one.
func Project(ctx context.Context) *tenant.Project { return incomingOf(ctx).caller.Project }

// UsesSecretKey reports whether the request's API key is a secret one.
func UsesSecretKey(ctx context.Context) bool { return incomingOf(ctx).caller.Secret }

// Moved returns what the request has under superseded names. Its operation sees it at its present place.
func Moved(ctx context.Context) []spec.Moved { return incomingOf(ctx).moved }

// Explain has a request explained that is answered with less than it asked for, although it is not refused.
func Explain(ctx context.Context, why *explain.Why) { incomingOf(ctx).why = why }

// Stream has more written after the answer, which is then not of a known length, until the client goes away.
func Stream(ctx context.Context, write func(w http.ResponseWriter, r *http.Request)) {
	incomingOf(ctx).more = write
}

// Claims returns the claims of the request's access token, or nil. Operations that need one have them.
func Claims(ctx context.Context) *picket.AccessTokenPayload { return incomingOf(ctx).claims }
