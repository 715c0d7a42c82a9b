package front

import (
	"net/http"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// generated returns the generated handler of a request for an operation, or nil if the contract was changed since it was generated.
func (h *Handler) generated(op *spec.Operation, r *http.Request) http.Handler {
	if handler, literal := h.literal()[op]; literal {
		return handler
	}
	if h.handled(op, r) == nil {
		return nil
	}
	return h.Mux // which reads the parameters in the path
}

// handled returns the handler that Mux has for a request, if it is that of the operation.
func (h *Handler) handled(op *spec.Operation, r *http.Request) http.Handler {
	handler, pattern := h.Mux.Handler(r)
	if strings.TrimSuffix(pattern, "{$}") != op.Method+" "+op.Path {
		return nil
	}
	return handler
}

// literalOperations returns the generated handlers of the operations whose path has no parameter, nil for those that have none.
func (h *Handler) literalOperations() map[*spec.Operation]http.Handler {
	handlers := map[*spec.Operation]http.Handler{}
	for _, op := range h.contract.Operations() {
		if strings.Contains(op.Path, "{") {
			continue
		}
		if r, err := http.NewRequest(op.Method, op.Path, http.NoBody); err == nil {
			handlers[op] = h.handled(op, r)
		}
	}
	return handlers
}
