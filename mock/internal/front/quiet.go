package front

import (
	"net/http"

	"github.com/seed-a13ee279/picket/mock/internal/limits"
)

// ServeQuietly takes a request the same way as ServeHTTP, without faults, pages of other origins and the journal: it is how the
// mock is controlled. It refuses unknown names in every project: a misspelt setting would go unnoticed.
func (h *Handler) ServeQuietly(w http.ResponseWriter, r *http.Request) {
	answer := newRecorder()
	op, refused := h.route(answer, r)
	in, release := h.incoming(r, op)
	defer release()
	in.strict = true
	noted(r, h.record(in).Exchange, in.Project)
	switch {
	case refused != nil:
		refused.Write(answer)
	case in.refused != nil:
		in.refused.Write(answer)
	default:
		in.list = r.Method == http.MethodGet
		if !h.inTurn(in, func() { h.serve(answer, in) }) {
			return // the client gave up
		}
	}
	if answer.body.Len() > limits.SmallBody {
		release, ok := h.Limits.Hold(int64(answer.body.Len()))
		if !ok {
			busy().Write(w)
			return
		}
		defer release()
	}
	answer.send(w)
	if in.more != nil && answer.status < http.StatusBadRequest && r.Method != http.MethodHead {
		in.more(w, r)
	}
}
