package front

import (
	"net/http"
	"strings"
)

// allowBrowsers sets the headers by which a browser lets a page of another origin read the response (Fetch standard,
// section 3.2). Errors have them too: without them the page would only see that the fetch failed.
func allowBrowsers(header http.Header) {
	header["Access-Control-Allow-Origin"] = anyOrigin
	header["Access-Control-Expose-Headers"] = exposedHeaders
}

// Every response has these values, so they are made only once.
var (
	anyOrigin      = []string{"*"}
	exposedHeaders = []string{"Preference-Applied, Retry-After, WWW-Authenticate"}
)

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
	// What picket-js sends. A wildcard would not cover Authorization.
	w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Prefer")
	w.Header().Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}
