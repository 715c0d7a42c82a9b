package observe

import (
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/tidwall/gjson"
)

// Refused reports whether the server refused the request, so that it says nothing about the API. OAuth 2.0 refuses an authorization by a
// redirect (RFC 6749 section 4.1.2.1) or by a page that posts the error (OAuth 2.0 Form Post Response Mode, draft-sakimura-oauth-wmrm),
// with the statuses of successes. A redirect or a page that is not clearly a success counts as a refusal.
func (x Exchange) Refused() bool {
	switch {
	case x.Status >= 400:
		return true
	case x.Status == http.StatusNotModified:
		return false
	case x.Status >= 300:
		return !x.redirectsAfterSuccess()
	}
	media, _, err := mime.ParseMediaType(x.Answer.Get("Content-Type"))
	isEmpty := x.Response != nil && len(*x.Response) == 0
	switch {
	case media == "text/html" || media == "application/xhtml+xml" || err != nil && !isEmpty: // browsers show what has no type as a page
		return x.Response == nil || !isSuccessPage(*x.Response)
	case isEmpty || x.Response == nil || media != "application/json":
		return false
	}
	mistake := gjson.GetBytes(*x.Response, "error") // some servers send it with the status 200
	return mistake.Exists() && mistake.Type != gjson.Null && mistake.Type != gjson.False
}

// redirectsAfterSuccess reports whether a redirect ends an authorization with a code, or a logout (OpenID Connect RP-Initiated Logout 1.0
// section 3, by which only a logout that succeeded has a redirect).
func (x Exchange) redirectsAfterSuccess() bool {
	locations := x.Answer["Location"]
	if len(locations) != 1 {
		return false
	}
	location, err := url.Parse(locations[0])
	if err != nil {
		return false
	}
	var ended outcome
	for _, text := range []string{location.RawQuery, location.EscapedFragment()} {
		fields, err := url.ParseQuery(text)
		if err != nil {
			return false
		}
		ended.addFields(fields)
	}
	home := x.parameter("post_logout_redirect_uri")
	return ended.isSuccess() || !ended.hasError && home != "" && strings.HasPrefix(locations[0], home)
}

// parameter returns a parameter of the query or of a form.
func (x Exchange) parameter(name string) string {
	if values := fieldsOf(x.URL.RawQuery); values.Has(name) || x.Request == nil {
		return values.Get(name)
	}
	return fieldsOf(string(*x.Request)).Get(name)
}

// outcome is how an authorization ended.
type outcome struct{ hasCode, hasError bool }

func (o outcome) isSuccess() bool { return o.hasCode && !o.hasError }

// add takes a field of the answer: code, or error, error_description and the like.
func (o *outcome) add(name, value string) {
	o.hasCode = o.hasCode || name == "code" && value != ""
	o.hasError = o.hasError || strings.HasPrefix(name, "error")
}

func (o *outcome) addFields(fields url.Values) {
	for name, values := range fields {
		for _, value := range values {
			o.add(name, value)
		}
	}
}
