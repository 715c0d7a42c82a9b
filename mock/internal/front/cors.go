package front

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// allowBrowsers sets the headers by which a browser lets a page of another origin read the response (Fetch standard,
// section 3.2). Errors have them too: without them the page would only see that the fetch failed.
func (h *Handler) allowBrowsers(header http.Header) {
	header["Access-Control-Allow-Origin"] = anyOrigin
	header["Access-Control-Expose-Headers"] = h.contract.exposes
}

// Every response has it, so it is made only once.
var anyOrigin = []string{"*"}

// headersFor returns the headers that a page of another origin may always send, and those of the answer that it may read: what picket-js
// sends, what the mock itself understands and says, and what the contract has beyond that.
func headersFor(c *spec.Contract) (allowed, exposed []string) {
	allowed, exposed = []string{"Authorization", "Content-Type", "Prefer"}, []string{"Preference-Applied", "Retry-After", "WWW-Authenticate"}
	answered := map[string]bool{} // the names of the headers of all answers
	for _, op := range c.Operations() {
		for _, parameter := range op.Parameters() {
			if parameter.Value.In == openapi3.ParameterInHeader {
				allowed = addName(allowed, parameter.Value.Name)
			}
		}
		alternatives, _ := op.Security()
		for _, scheme := range slices.Concat(alternatives...) {
			if scheme.IsKey() && scheme.In == openapi3.ParameterInHeader {
				allowed = addName(allowed, scheme.SecurityScheme.Name)
			}
		}
		for _, response := range op.Spec().Responses.Map() {
			for name := range response.Value.Headers {
				answered[name] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(answered)) {
		exposed = addName(exposed, name)
	}
	return allowed, exposed
}

// maxAskedHeaders is how much a page may ask for in Access-Control-Request-Headers, in bytes.
const maxAskedHeaders = 2 << 10

// allowedFor returns the headers that a preflight allows: those that the mock knows, and whatever else the page asks for, such as the
// headers of tracing. A wildcard would not cover Authorization.
func (h *Handler) allowedFor(r *http.Request) string {
	asked := strings.Join(r.Header.Values("Access-Control-Request-Headers"), ",")
	if asked == "" || len(asked) > maxAskedHeaders {
		return strings.Join(h.contract.allowed, ", ")
	}
	allowed := slices.Clone(h.contract.allowed)
	for name := range strings.SplitSeq(asked, ",") {
		if name = strings.TrimSpace(name); names.IsToken(name) {
			allowed = addName(allowed, name)
		}
	}
	return strings.Join(allowed, ", ")
}

// answeredPreflight answers a browser that asks if it may send a request (Fetch standard, section 3.2.2), and reports whether r is
// that question.
func (h *Handler) answeredPreflight(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodOptions || r.Header.Get("Origin") == "" || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	methods := h.contract.Methods(r.URL)
	if len(methods) == 0 {
		return false
	}
	w.Header().Set("Access-Control-Allow-Methods", strings.Join(methods, ", "))
	w.Header().Set("Access-Control-Allow-Headers", h.allowedFor(r))
	w.Header().Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}
