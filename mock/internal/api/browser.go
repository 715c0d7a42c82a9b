package api

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/front"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// browserAnswer writes the answer of an operation that a browser comes to, by GET or with a form.
type browserAnswer func(w http.ResponseWriter) error

var (
	_ server.AuthorizeResponseObject     = browserAnswer(nil)
	_ server.PostAuthorizeResponseObject = browserAnswer(nil)
	_ server.LogoutResponseObject        = browserAnswer(nil)
	_ server.PostLogoutResponseObject    = browserAnswer(nil)
)

func (a browserAnswer) VisitAuthorizeResponse(w http.ResponseWriter) error     { return a(w) }
func (a browserAnswer) VisitPostAuthorizeResponse(w http.ResponseWriter) error { return a(w) }
func (a browserAnswer) VisitLogoutResponse(w http.ResponseWriter) error        { return a(w) }
func (a browserAnswer) VisitPostLogoutResponse(w http.ResponseWriter) error    { return a(w) }

// with returns the same answer with cookies.
func (a browserAnswer) with(cookies ...*http.Cookie) browserAnswer {
	return func(w http.ResponseWriter) error {
		for _, cookie := range cookies {
			http.SetCookie(w, cookie)
		}
		return a(w)
	}
}

// redirect sends a browser to a URI of a client, with the given fields in its query.
func redirect(uri string, fields map[string]string) browserAnswer {
	query := url.Values{}
	for name, value := range fields {
		query.Set(name, value)
	}
	_, existing, has := strings.Cut(uri, "?")
	switch {
	case len(query) == 0:
	case !has:
		uri += "?"
	case existing != "":
		uri += "&"
	}
	location := uri + query.Encode()
	return func(w http.ResponseWriter) error {
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusFound)
		return nil
	}
}

// checkNoQuery refuses a form that came with a query: what is in the URL does not count, and a requirement there would gate nothing.
func checkNoQuery(r *http.Request) error {
	if r.URL.RawQuery != "" {
		return refusal.InvalidParameter("the URL has a query; send the parameters in the form")
	}
	return nil
}

// pageRefuser tells only the user that a request is refused.
func pageRefuser(w http.ResponseWriter, _ *http.Request, refused *refusal.Error) {
	_ = errorPage(refused)(w) // to a buffer: it cannot fail
}

var _ front.Refuser = pageRefuser
