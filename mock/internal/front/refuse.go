package front

import (
	"net/http"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Refuser answers a request for an operation that is refused.
type Refuser func(w http.ResponseWriter, r *http.Request, refused *refusal.Error)

// RefuseBy has the refusals of some operations that are not internal errors answered by a function of their own.
func (h *Handler) RefuseBy(refuse Refuser, operations ...string) {
	for _, operation := range operations {
		h.refusers[operation] = refuse
	}
}

// Refuse answers a request for an operation with an error, in the form that the contract has for it.
func (h *Handler) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	in, refused := incomingOf(r.Context()), refusal.Of(err)
	in.why = refused.Explained()
	op := in.Op
	refuse, ofItsOwn := h.refusers[op.ID]
	switch {
	case ofItsOwn && refused.Status < http.StatusInternalServerError:
		refuse(w, r, refused)
	case speaksOAuth(op, refused.Status):
		refused.WriteOAuth(w, r)
	default:
		refused.Write(w)
	}
}

// speaksOAuth reports whether the contract has errors with a status in the shape of OAuth 2.0.
func speaksOAuth(op *spec.Operation, status int) bool {
	response := op.Spec().Responses.Status(status)
	if response == nil {
		return false
	}
	media := response.Value.Content.Get("application/json")
	return media != nil && media.Schema != nil && media.Schema.Ref == "#/components/schemas/OAuthError"
}
