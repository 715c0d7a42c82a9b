// Package isolated keeps what is served for people from pages of other origins. It does not decide who may ask: see package guard.
package isolated

import "net/http"

// Set sets the headers with which browsers neither show an answer in a frame, nor give it to pages of other origins, nor take it for
// what it is not, nor keep it: the next server at this address may be another one.
func Set(header http.Header) {
	for name, value := range map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY", // for browsers that do not know frame-ancestors
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Referrer-Policy":              "same-origin", // without a referrer, what a page sends has the origin null
		"Cache-Control":                "no-store",
	} {
		header.Set(name, value)
	}
}
