package front

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/stubs"
)

// answerStub writes a fixed answer. A page of another origin may read its headers, besides those that are always exposed.
func answerStub(w http.ResponseWriter, stub stubs.Stub, always []string) {
	header := stub.Header()
	exposed := slices.Clone(always)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		exposed = addName(exposed, name)
	}
	w.Header().Set("Access-Control-Expose-Headers", strings.Join(exposed, ", "))
	maps.Copy(w.Header(), header)
	w.WriteHeader(stub.Status)
	_, _ = w.Write([]byte(stub.Body)) // to a buffer: it cannot fail
}

// addName adds the name of a header, unless it is there.
func addName(list []string, name string) []string {
	if slices.ContainsFunc(list, func(known string) bool { return strings.EqualFold(known, name) }) {
		return list
	}
	return append(list, name)
}
