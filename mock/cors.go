package mock

import "net/http"

// allowBrowsers sets the headers by which a browser lets a page of another origin read the response (Fetch standard,
// section 3.2). Errors have them, too: without them the page would see nothing but a failure to fetch.
func allowBrowsers(header http.Header) {
	header["Access-Control-Allow-Origin"] = anyOrigin
	header["Access-Control-Expose-Headers"] = exposedHeaders
}

// Every response has these values, so that they are made once.
var (
	anyOrigin      = []string{"*"}
	exposedHeaders = []string{"Preference-Applied, Retry-After, WWW-Authenticate"}
)

// isPreflight reports whether a browser asks if it may send a request.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
}

// answerPreflight allows what picket-js sends. A wildcard would not cover Authorization, so the headers are named.
func answerPreflight(w http.ResponseWriter, methods string) {
	w.Header().Set("Access-Control-Allow-Methods", methods)
	w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Prefer")
	w.Header().Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}
