package spec

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Find returns the operation that a request is for, or nil. It finds GET operations for HEAD. A path must be in its plain form, because
// the API does not redirect.
func (c *Contract) Find(r *http.Request) *Operation {
	escaped := r.URL.EscapedPath()
	if op := c.literal[route{r.Method, escaped}]; op != nil {
		return op
	}
	if path.Clean(escaped) != escaped {
		return nil
	}
	_, pattern := c.mux.Handler(&http.Request{Method: r.Method, URL: r.URL})
	if strings.HasSuffix(pattern, "/{$}") { // http.ServeMux would redirect a path without the slash
		return nil
	}
	return c.byPattern[pattern]
}

// Methods returns the methods for which the path of a URL has an operation, in alphabetical order. It has HEAD only where that is an
// operation of its own.
func (c *Contract) Methods(u *url.URL) []string {
	var methods []string
	for _, method := range c.methods {
		if op := c.Find(&http.Request{Method: method, URL: u}); op != nil && op.Method == method {
			methods = append(methods, method)
		}
	}
	return methods
}

// maxNearPath is the length in bytes up to which a path is compared with those of operations: a comparison takes time in proportion to
// the square of the length.
const maxNearPath = 256

// Nearest returns the method and path of the operation that a request for an unknown one was probably meant for, or "".
func (c *Contract) Nearest(method, path string) string {
	if len(path) > maxNearPath || strings.Contains(path, "..") {
		return ""
	}
	path = strings.TrimSuffix(path, "/")
	best, distance := "", len(path)/3+1
	for _, op := range c.operations {
		d := levenshtein.ComputeDistance(path, fillIn(op.Path, path))
		if op.Method != method {
			d++
		}
		if d < distance {
			best, distance = op.name(), d
		}
	}
	return best
}

// fillIn replaces the parameters of a template by the segments of a path, if both have the same number of segments.
func fillIn(template, path string) string {
	wanted, given := strings.Split(template, "/"), strings.Split(path, "/")
	for i := range min(len(wanted), len(given)) {
		if strings.HasPrefix(wanted[i], "{") && len(wanted) == len(given) {
			wanted[i] = given[i]
		}
	}
	return strings.Join(wanted, "/")
}
