// Package dashboard is the page at /_mock/ on which people see what the mock does and change it. Everything that it does goes through
// the operations of control.yaml. Package mock does not import it, so that tests in Go do not have the page in them.
package dashboard

import (
	"bytes"
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/isolated"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// Name is the name of what the page loads, below /_mock/.
const Name = "dashboard"

//go:embed page
var files embed.FS

// Page serves the page itself.
func Page() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(w, r, "index.html") })
}

// Handler serves what the page loads.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, name, _ := strings.Cut(r.URL.Path, "/"+Name+"/")
		if path.Ext(name) != ".js" && path.Ext(name) != ".css" {
			name = ""
		}
		serve(w, r, name)
	})
}

func serve(w http.ResponseWriter, r *http.Request, name string) {
	text, err := fs.ReadFile(files, path.Join("page", name))
	switch {
	case name == "" || err != nil:
		refusal.NotFound("the dashboard is at /_mock/, and has nothing of this name").Write(w)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		refusal.New(http.StatusMethodNotAllowed, "the dashboard can only be read, with GET or HEAD").Write(w)
		return
	}
	header := w.Header()
	isolated.Set(header)
	header.Set("Content-Type", map[string]string{".html": "text/html", ".css": "text/css", ".js": "text/javascript"}[path.Ext(name)]+"; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "+
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(text))
}
