package api

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"sync"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

//go:embed page.html
var pageText string

// pages are the pages that browsers see: "login", "message", "form", "loggedOut" and "error".
var pages = sync.OnceValue(func() *template.Template { return template.Must(template.New("").Parse(pageText)) })

// page is a page for a browser. Only what carries its nonce runs in it or is loaded by it.
type page struct {
	status   int
	name     string // of the template
	referrer string // the policy
	data     any
}

const noReferrer = "no-referrer" // the URL may hold a signature

func (p page) write(w http.ResponseWriter) error {
	nonce := rand.Text()
	var text bytes.Buffer
	err := pages().ExecuteTemplate(&text, p.name, map[string]any{"Nonce": nonce, "Page": p.data})
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	// There is no form-action: browsers apply it to every redirect after a form, and where those of the client lead is not
	// known. No script or value of the page can add a form.
	header.Set("Content-Security-Policy", fmt.Sprintf(
		"default-src 'none'; script-src 'nonce-%[1]s'; style-src 'nonce-%[1]s'; base-uri 'none'; frame-ancestors 'none'", nonce))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY") // for browsers that do not know frame-ancestors
	header.Set("Referrer-Policy", p.referrer)
	w.WriteHeader(p.status)
	_, err = w.Write(text.Bytes())
	return err
}

// errorPage says why a request of a browser is refused. The API itself has such pages for 400 and 413 only.
func errorPage(refused *refusal.Error) browserAnswer {
	status := http.StatusBadRequest
	if refused.Status == http.StatusRequestEntityTooLarge {
		status = refused.Status
	}
	return page{status, "error", noReferrer, refused.Message}.write
}

// messagePage posts the answer to an authorization request to the window that opened the page, if its origin is that of the redirect
// URI (draft-sakimura-oauth-wmrm).
func messagePage(redirectURI string, fields map[string]string) browserAnswer {
	return page{http.StatusOK, "message", noReferrer, map[string]any{
		"Origin":  originOf(redirectURI),
		"Message": map[string]any{"type": "authorization_response", "response": fields},
	}}.write
}

// formPage posts the answer to an authorization request to the redirect URI as a form (OAuth 2.0 Form Post Response Mode). The client
// sees the origin of the page, and not the rest of its URL: without a referrer, browsers send forms with the origin null, which servers
// take for an attack.
func formPage(redirectURI string, fields map[string]string) browserAnswer {
	return page{http.StatusOK, "form", "origin", map[string]any{"Action": redirectURI, "Fields": fields}}.write
}

func loggedOutPage() browserAnswer {
	return page{http.StatusOK, "loggedOut", noReferrer, nil}.write
}
