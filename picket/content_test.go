package picket_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/seed-a13ee279/picket/picket"
)

// typed returns a client of a server that answers with the given lines of Content-Type.
func typed(t *testing.T, status int, contentTypes []string, body string) *picket.Client {
	t.Helper()
	return fuzzedClient(t, func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		w.Header()["Content-Type"] = contentTypes
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return w.Result(), nil
	})
}

func TestOddContentTypesOfJSONAreReadAsJSON(t *testing.T) {
	for _, lines := range [][]string{
		{"application/json; charset=utf-8,application/json"}, {"application/json,application/json; charset=utf-8"},
		{"application/json, application/json"}, {"application/json", "application/json; charset=utf-8"},
		{"application/json; charset: utf-8"}, {"application/json;charset"}, {"application/json;"}, {"application/json ; ;"}, {"application/json,"},
		{"application/json; charset: utf-8", "application/json"}, {"", "application/json"}, {" application/json "},
		{"Application/JSON"}, {"APPLICATION/JSON; CHARSET=UTF-8"}, {`"application/json"`}, {`'application/json'`},
		{`application/json; charset="utf-8"`}, {`application/json; charset="utf-8`}, {`application/json; profile="a,b/c"`},
		{"application/problem+json"}, {"application/problem+json, application/json"}, {"application/json; charset=utf-8; charset=utf-8"},
	} {
		for name, body := range map[string]string{"": `{"code":"permission_denied","msg":"too few"}`, "byte order mark": "\uFEFF" + `{"code":"permission_denied","msg":"too few"}`} {
			_, err := typed(t, http.StatusForbidden, lines, body).Chains(t.Context())
			var failure *picket.Error
			if !errors.As(err, &failure) || !errors.Is(err, picket.CodePermissionDenied) || errors.Is(err, picket.ErrUnexpectedResponse) || failure.Message != "too few" {
				t.Errorf("%q, %s: got %v", lines, name, err)
			}
		}
		for _, body := range []string{`{"data":[]}`, "\uFEFF" + `{"data":[]}`} {
			if _, err := typed(t, http.StatusOK, lines, body).Chains(t.Context()); err != nil {
				t.Errorf("%q: %v", lines, err)
			}
		}
	}
}

func TestContentTypesThatAreNotJSONOnlyAreUnexpected(t *testing.T) {
	for described, lines := range map[string][]string{
		"text/html, application/json": {"text/html, application/json"},
		"application/json, text/html": {"application/json; charset=utf-8", "text/html"},
		"text/html":                   {"text/html; a=application/json"},
		"text/plain":                  {"text/plain;application/json"},
		"application/jsonp":           {"application/jsonp"},
		"text/json":                   {"text/json"},
		"of no known type":            {"json"},
		"application/json, application/x-www-form-urlencoded": {`application/json, "application/x-www-form-urlencoded"`},
		"application/json, text/html, text/xml":               {"application/json", "text/html", "application/json", "text/xml;q=1"},
	} {
		_, err := typed(t, http.StatusForbidden, lines, `{"code":"permission_denied","msg":"too few"}`).Chains(t.Context())
		if want := "picket: chains: 403 Forbidden: the response gives no reason; it is " + described; !errors.Is(err, picket.ErrUnexpectedResponse) || errors.Is(err, picket.CodePermissionDenied) || fmt.Sprint(err) != want {
			t.Errorf("%q: got %v", lines, err)
		}
		if _, err := typed(t, http.StatusOK, lines, `{"data":[]}`).Chains(t.Context()); !errors.Is(err, picket.ErrUnexpectedResponse) {
			t.Errorf("%q: got %v", lines, err)
		}
	}
	for _, body := range []string{"\uFEFF", "\uFEFF\uFEFF{\"data\":[]}", "{\"data\":[]}\uFEFF", "\xff\xfe{\x00}\x00"} {
		if _, err := typed(t, http.StatusOK, []string{"application/json"}, body).Chains(t.Context()); !errors.Is(err, picket.ErrUnexpectedResponse) {
			t.Errorf("%q: got %v", body, err)
		}
	}
}

// A transport may do with a request's headers what it likes, as long as that is the request's own.
func TestATransportThatChangesHeadersChangesThoseOfItsRequestOnly(t *testing.T) {
	for _, change := range []func(http.Header, string){
		func(h http.Header, name string) { h[name][0] = "changed" },
		func(h http.Header, name string) { h[name] = append(h[name], "added"); h[name][0] = "changed" },
		func(h http.Header, name string) { h[name] = append(h[name][:0], "changed", "added") },
		func(h http.Header, name string) { clear(h[name]) },
		func(h http.Header, name string) { h.Del(name) },
	} {
		var seen []string
		client := fuzzedClient(t, func(r *http.Request) (*http.Response, error) {
			seen = append(seen, fmt.Sprint(r.Header))
			for _, name := range []string{"Authorization", "User-Agent", "Accept"} {
				change(r.Header, name)
			}
			return status(503)(r)
		}, picket.WithMaxRetries(2), picket.WithRetryWait(0, 0))
		for range 2 {
			_, _ = client.Chains(t.Context())
		}
		for _, headers := range seen {
			if headers != seen[0] {
				t.Fatalf("a later request has %s, and the first had %s", headers, seen[0])
			}
		}
		if len(seen) != 6 {
			t.Errorf("%d requests were sent", len(seen))
		}
	}
}
