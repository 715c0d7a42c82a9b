package front

import (
	"net/http"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// place is the method and the path of an operation.
type place struct{ method, path string }

// A router has the generated handlers of operations. The operation of a request was found in the contract before, so nothing has to be
// matched again.
type router map[place]http.HandlerFunc

// HandleFunc adds the generated handler of an operation, with the pattern that it would have in an http.ServeMux.
func (r router) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	method, path, _ := strings.Cut(strings.TrimSuffix(pattern, "{$}"), " ")
	r[place{method, path}] = handler
}

// generated returns the generated handler of an operation, or nil if the contract was changed since it was generated.
func (r router) generated(op *spec.Operation) http.Handler {
	handler := r[place{op.Method, op.Path}]
	if handler == nil {
		return nil
	}
	if !strings.Contains(op.Path, "{") {
		return handler
	}
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		own := request.Clone(request.Context()) // the values of a request belong to the http.ServeMux that the mock may be mounted in
		for name, value := range op.PathValues(own.URL) {
			own.SetPathValue(name, value)
		}
		handler(w, own)
	})
}
