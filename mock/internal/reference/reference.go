// Package reference is the page that shows people the contract of the API, with Swagger UI and without the internet. It does not decide
// who may see the page. Package mock does not import it, so that tests in Go do not have Swagger UI in them.
package reference

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"

	"github.com/seed-a13ee279/picket/mock/internal/isolated"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// Name is the name of the page below /_mock/.
const Name = "reference"

const path = "/_mock/" + Name

//go:embed page.html
var pageText string

var page = template.Must(template.New("").Parse(pageText))

// Handler serves the page, and what it loads, which is below it.
func Handler() http.Handler {
	files := map[string]http.HandlerFunc{
		path:                           servePage,
		path + "/reference.css":        ownStyle.serve,
		path + "/reference.js":         ownScript.serve,
		path + "/swagger-ui.css":       swaggerStyle.serve,
		path + "/swagger-ui-bundle.js": swaggerScript.serve,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		serve := files[r.URL.Path]
		switch {
		case serve == nil:
			refusal.NotFound("the reference of the API is at %s, and nothing of this name is below it", path).Write(w)
			return
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			refusal.New(http.StatusMethodNotAllowed, "the reference of the API can only be read, with GET or HEAD").Write(w)
			return
		}
		isolated.Set(w.Header())
		serve(w, r)
	})
}

// servePage writes the page. Only scripts that carry its nonce run, and the page loads and sends nothing to anywhere but where it came from.
// The images are in the style of Swagger UI.
func servePage(w http.ResponseWriter, _ *http.Request) {
	nonce := rand.Text()
	var text bytes.Buffer
	if err := page.Execute(&text, nonce); err != nil {
		refusal.Of(err).Write(w)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; script-src 'nonce-%s'; style-src 'self'; "+
		"img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", nonce))
	_, _ = w.Write(text.Bytes()) // fails only when the client is gone
}
