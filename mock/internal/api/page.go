package api

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

//go:embed page.html
var pageText string

// pages are the pages that browsers see: "login", "message" and "error".
var pages = template.Must(template.New("").Parse(pageText))

// page is a page for a browser. Only what carries its nonce runs in it or is loaded by it.
type page struct {
	status int
	name   string // of the template
	data   any
}

var _ server.AuthorizeResponseObject = page{}

// VisitAuthorizeResponse writes the page as an answer of /oauth2/authorize.
func (p page) VisitAuthorizeResponse(w http.ResponseWriter) error { return p.write(w) }

func (p page) write(w http.ResponseWriter) error {
	nonce := rand.Text()
	var text bytes.Buffer
	err := pages.ExecuteTemplate(&text, p.name, map[string]any{"Nonce": nonce, "Page": p.data})
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
	referrer := "no-referrer"             // the URL may hold a signature
	if p.name == "login" {
		referrer = "same-origin" // without a referrer, a form has no origin (Fetch standard, section 3.2), and is refused
	}
	header.Set("Referrer-Policy", referrer)
	w.WriteHeader(p.status)
	_, err = w.Write(text.Bytes())
	return err
}

func errorPage(refused *refusal.Error) page {
	return page{http.StatusBadRequest, "error", refused.Message}
}

// messagePage posts the answer to an authorization request to the window that opened the page, if its origin is the given
// one (draft-sakimura-oauth-wmrm).
func messagePage(origin string, fields map[string]string) page {
	return page{http.StatusOK, "message", map[string]any{
		"Origin":  origin,
		"Message": map[string]any{"type": "authorization_response", "response": fields},
	}}
}

// walletChoice is a test wallet on the page that asks for a login.
type walletChoice struct {
	Address string
	Name    string // empty when it has none
}

// loginPage lets a person log in with one of the test wallets.
func (o Operations) loginPage(client authorizationClient, chain picket.ChainInfo, query url.Values) (server.AuthorizeResponseObject, error) {
	offered, err := o.wallets.on(chain)
	if err != nil {
		return nil, err
	}
	var choices []walletChoice
	for _, w := range offered {
		choice := walletChoice{Address: w.Address}
		if name := client.project.State.DisplayName(wallets.ID{Chain: chain.ChainSlug, Address: w.Address}); name != w.Address {
			choice.Name = name
		}
		choices = append(choices, choice)
	}
	return page{http.StatusOK, "login", map[string]any{
		"Client":    client.redirectURI,
		"Statement": client.project.Settings.Statement(query.Get("locale")),
		"Chain":     chain.ChainName,
		"Wallets":   choices,
		// Relative to the page, which a proxy may have put below another path.
		"Action": strings.Repeat("../", strings.Count(authorizePath, "/")-1) + strings.TrimPrefix(DecisionPath, "/") + "?" + query.Encode(),
	}}, nil
}
