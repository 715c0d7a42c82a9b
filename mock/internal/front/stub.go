package front

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/stubs"
)

// answerStub writes a fixed answer. A page of another origin may read its headers, too.
func (h *Handler) answerStub(w http.ResponseWriter, stub stubs.Stub) {
	header := stub.Header()
	exposed := slices.Clone(h.exposed)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		exposed = addName(exposed, name)
	}
	w.Header().Set("Access-Control-Expose-Headers", strings.Join(exposed, ", "))
	maps.Copy(w.Header(), header)
	w.WriteHeader(stub.Status)
	_, _ = w.Write([]byte(stub.Body)) // to a buffer: it cannot fail
}
