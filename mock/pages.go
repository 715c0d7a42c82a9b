package mock

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/front"
)

var pageName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// WithControlPage adds a page to what is under /_mock/: a handler gets the requests for /_mock/ and the name, and for everything below.
// It is protected as everything there is: WithControlHost says under which hosts it is served, and pages of other origins get nothing
// of it. The option may be repeated. A page comes before an operation of the control API that is at the same path. The page with the
// empty name is at /_mock/ itself, for browsers: who asks for text/html there gets it, and programs get the list of operations as before.
func WithControlPage(name string, page http.Handler) Option {
	return ofServer("WithControlPage", func(s *serverSettings) error {
		switch {
		case name != "" && !pageName.MatchString(name):
			return fmt.Errorf("%q is not the name of a page: it must be letters, digits, - and _, such as reports", name)
		case page == nil:
			return errors.New("the page is nil")
		}
		pages := map[string]http.Handler{name: page}
		maps.Copy(pages, s.controlPages)
		if len(pages) == len(s.controlPages) {
			return fmt.Errorf("the page %s is given twice", name)
		}
		s.controlPages = pages
		return nil
	})
}

// withPages serves pages under /_mock/, and sends everything else there to otherwise.
func withPages(pages map[string]http.Handler, otherwise http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		below := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, controls.Path), "/")
		name, _, _ := strings.Cut(below, "/")
		page := pages[name]
		switch {
		case page == nil, below == "" && !isForPeople(r):
			otherwise.ServeHTTP(w, r)
		case r.URL.Path == controls.Path: // what the page loads is below it
			w.Header().Set("Location", strings.TrimPrefix(controls.Path, "/")+"/")
			w.WriteHeader(http.StatusSeeOther)
		default:
			page.ServeHTTP(w, r)
		}
	})
}

// isForPeople reports whether a request asks for HTML rather than JSON.
func isForPeople(r *http.Request) bool {
	accepted := front.Acceptable(r.Header.Values("Accept"), []string{"application/json", "text/html"})
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && len(accepted) > 0 && accepted[0] == "text/html"
}
