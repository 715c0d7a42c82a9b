package middleware_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/picket/middleware"
)

func TestHandlersOutsideSeeThePatternAndTheForm(t *testing.T) {
	for name, inner := range map[string]http.HandlerFunc{
		"returns": func(_ http.ResponseWriter, r *http.Request) { _ = r.FormValue("name") },
		"panics": func(_ http.ResponseWriter, r *http.Request) {
			_ = r.FormValue("name")
			panic(http.ErrAbortHandler)
		},
	} {
		t.Run(name, func(t *testing.T) {
			mux := http.NewServeMux()
			mux.Handle("POST /items/{id}", inner)
			auth := newAuthenticator(t, always(holder(), nil))
			for wrapped, handler := range map[string]http.Handler{
				"required": auth.Required(mux), "optional": auth.Optional(mux), "gate": newGate(t, auth, holders)(mux),
				"several": auth.Optional(auth.Required(newGate(t, auth, holders)(mux))),
			} {
				r := httptest.NewRequest(http.MethodPost, "/items/1", strings.NewReader(
					"--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nvalue\r\n--b--\r\n"))
				r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
				r.Header.Set("Authorization", "Bearer "+token)
				func() {
					defer func() { _ = recover() }()
					handler.ServeHTTP(httptest.NewRecorder(), r)
				}()
				if r.Pattern != "POST /items/{id}" {
					t.Errorf("%s: the pattern is %q", wrapped, r.Pattern)
				}
				if r.MultipartForm == nil || r.MultipartForm.Value["name"][0] != "value" || r.Form.Get("name") != "value" {
					t.Errorf("%s: the form is %v", wrapped, r.Form)
				}
				if _, ok := middleware.UserFromContext(r.Context()); ok {
					t.Errorf("%s: the user is in the outer context", wrapped)
				}
			}
		})
	}
}
