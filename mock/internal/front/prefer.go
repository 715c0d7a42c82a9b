package front

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/sample"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// preference is what a request asks for in its Prefer header (RFC 7240): an answer from the examples of openapi.yaml, by
// status, by the example's name, or both.
type preference struct {
	status  int
	example string
}

// preferenceOf reads the Prefer headers of a request, and reports whether they ask for an example. Other preferences are ignored.
func preferenceOf(header http.Header) (preference, bool, error) {
	var p preference
	for _, value := range header.Values("Prefer") {
		for part := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ',' || r == ';' }) {
			name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			value = strings.Trim(strings.TrimSpace(value), `"`)
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "code":
				status, err := strconv.Atoi(value)
				if err != nil {
					return p, true, refusal.InvalidParameter("Prefer: code must be a status, such as 429")
				}
				p.status = status
			case "example":
				p.example = value
			}
		}
	}
	return p, p != preference{}, nil
}

// answerPreferred writes the preferred example. Where only a status is asked for, and it has no example, one is made up.
func (h *Handler) answerPreferred(w http.ResponseWriter, in *Incoming, p preference) error {
	candidates := sample.Statuses(in.Op.Spec())
	if p.status != 0 {
		candidates = []int{p.status}
	}
	for _, status := range candidates {
		response := in.Op.Spec().Responses.Status(status)
		if response == nil {
			continue
		}
		b, err := h.bodyFor(in, status, response.Value, p.example)
		if errors.Is(err, errNoExample) {
			continue
		}
		if err != nil {
			return err
		}
		var applied []string
		if p.status != 0 {
			applied = append(applied, fmt.Sprintf("code=%d", p.status))
		}
		if p.example != "" {
			applied = append(applied, "example="+p.example)
		}
		w.Header().Set("Preference-Applied", strings.Join(applied, ", "))
		return h.writeFromContract(w, in, status, response.Value, b)
	}
	return refusal.InvalidParameter("Prefer: %s has no such example; it has %s", in.Op.ID, strings.Join(exampleNames(in.Op), ", "))
}

// exampleNames returns what can be preferred, such as "401 apiKeyInvalid".
func exampleNames(op *spec.Operation) []string {
	var names []string
	for _, status := range sample.Statuses(op.Spec()) {
		for _, media := range op.Spec().Responses.Status(status).Value.Content {
			for _, name := range slices.Sorted(maps.Keys(media.Examples)) {
				names = append(names, fmt.Sprintf("%d %s", status, name))
			}
		}
	}
	return names
}
