package mock

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/controls"
)

var pageName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// WithControlPage adds a page to what is under /_mock/: a handler gets the requests for /_mock/ and the name, and for everything below.
// It is protected as everything there is: WithControlHost says under which hosts it is served, and pages of other origins get nothing
// of it. The option may be repeated. A page comes before an operation of the control API that is at the same path.
func WithControlPage(name string, page http.Handler) Option {
	return ofServer("WithControlPage", func(s *serverSettings) error {
		switch {
		case !pageName.MatchString(name):
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
		name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, controls.Path+"/"), "/")
		if page := pages[name]; page != nil {
			page.ServeHTTP(w, r)
			return
		}
		otherwise.ServeHTTP(w, r)
	})
}
