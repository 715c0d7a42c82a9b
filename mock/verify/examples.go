package verify

import (
	"fmt"

	"github.com/seed-a13ee279/picket/mock/internal/sample"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// preference is a Prefer header that asks picket-mock for an example (RFC 7240), and the status of that example.
type preference struct {
	header string
	status int
}

// preferences returns what asks for the response of each status, and for each example of it.
func preferences(op *spec.Operation) []preference {
	var all []preference
	for _, status := range sample.Statuses(op.Spec()) {
		code := fmt.Sprintf("code=%d", status)
		all = append(all, preference{code, status})
		for _, media := range op.Spec().Responses.Status(status).Value.Content {
			for _, name := range sample.ExampleNames(media) {
				all = append(all, preference{code + ", example=" + name, status})
			}
		}
	}
	return all
}
