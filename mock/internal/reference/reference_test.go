package reference_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock/internal/reference"
)

func ask(method, path string, header ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	reference.Handler().ServeHTTP(answer, request)
	return answer
}

func TestThePageAndWhatItLoadsAreServed(t *testing.T) {
	for path, want := range map[string]struct{ mediaType, text string }{
		"/_mock/reference":                      {"text/html; charset=utf-8", "<title>Reference of the Picket API</title>"},
		"/_mock/reference/reference.css":        {"text/css; charset=utf-8", "light-dark("},
		"/_mock/reference/reference.js":         {"text/javascript; charset=utf-8", "SwaggerUIBundle("},
		"/_mock/reference/swagger-ui.css":       {"text/css; charset=utf-8", ".swagger-ui"},
		"/_mock/reference/swagger-ui-bundle.js": {"text/javascript; charset=utf-8", "SwaggerUIBundle"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			got := ask(method, path)
			if got.Code != http.StatusOK || got.Header().Get("Content-Type") != want.mediaType || !strings.Contains(got.Body.String(), want.text) {
				t.Errorf("%s %s: got %d, %s", method, path, got.Code, got.Header().Get("Content-Type"))
			}
			for name, value := range map[string]string{"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store"} {
				if got.Header().Get(name) != value {
					t.Errorf("%s %s: %s is %q", method, path, name, got.Header().Get(name))
				}
			}
		}
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, "FETCH"} {
			if got := ask(method, path); got.Code != http.StatusMethodNotAllowed || got.Header().Get("Allow") != "GET, HEAD" || got.Header().Get("Content-Type") != "application/json" {
				t.Errorf("%s %s: got %d %s", method, path, got.Code, got.Body)
			}
		}
	}
	for _, path := range []string{"/_mock/reference/", "/_mock/reference/nothing", "/_mock/reference/page.html", "/_mock/reference/reference.css/", "/_mock/reference/oauth2-redirect.html", "/_mock/referenced"} {
		if got := ask(http.MethodGet, path); got.Code != http.StatusNotFound || got.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s: got %d %s", path, got.Code, got.Body)
		}
	}
}

func TestThePageRunsOnlyWhatCarriesItsNonce(t *testing.T) {
	nonces := map[string]bool{}
	for range 2 {
		got := ask(http.MethodGet, "/_mock/reference")
		policy := got.Header().Get("Content-Security-Policy")
		nonce := regexp.MustCompile(`script-src 'nonce-([A-Z2-7]{26,})'`).FindStringSubmatch(policy)
		if nonce == nil {
			t.Fatalf("the policy is %s", policy)
		}
		nonces[nonce[1]] = true
		want := map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'nonce-N'; style-src 'self'; img-src data:; connect-src 'self'; " +
				"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
			"X-Frame-Options":            "DENY",
			"Cross-Origin-Opener-Policy": "same-origin",
			"Referrer-Policy":            "same-origin",
		}
		is := map[string]string{}
		for name := range want {
			is[name] = strings.ReplaceAll(got.Header().Get(name), nonce[1], "N")
		}
		if diff := cmp.Diff(want, is); diff != "" {
			t.Error(diff)
		}
		for _, tag := range regexp.MustCompile(`<script[^>]*>`).FindAllString(got.Body.String(), -1) {
			if !strings.Contains(tag, `nonce="`+nonce[1]+`"`) {
				t.Errorf("%s is without the nonce", tag)
			}
		}
	}
	if len(nonces) != 2 {
		t.Error("two pages have the same nonce")
	}
}

// TestThePageLoadsOnlyWhatIsServed follows the links of the page as a browser does, also where a proxy has the page below another path.
func TestThePageLoadsOnlyWhatIsServed(t *testing.T) {
	page := ask(http.MethodGet, "/_mock/reference").Body.String()
	links := regexp.MustCompile(` (?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(links) < 4 {
		t.Fatalf("the page has %v", links)
	}
	for _, link := range links {
		switch name, below := strings.CutPrefix(link[1], "reference/"); {
		case link[1] == "data:," || link[1] == "openapi.yaml" || link[1] == "./":
		case !below || ask(http.MethodGet, "/_mock/reference/"+name).Code != http.StatusOK:
			t.Errorf("the page loads %s", link[1])
		}
	}
}

func TestAFileIsCompressedForThoseWhoReadIt(t *testing.T) {
	for accepts, compressed := range map[string]bool{
		"gzip": true, "br, gzip;q=0.5": true, "GZIP": true, "gzip;q=x": true,
		"": false, "br": false, "gzip;q=0": false, "gzip;q=0.000, identity": false, "gzipped": false, "*": false,
	} {
		got := ask(http.MethodGet, "/_mock/reference/swagger-ui.css", "Accept-Encoding", accepts)
		var text io.Reader = got.Body
		if coding := got.Header().Get("Content-Encoding"); (coding == "gzip") != compressed || got.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: got the coding %q and %q", accepts, coding, got.Header().Get("Vary"))
			continue
		}
		if compressed {
			reader, err := gzip.NewReader(got.Body)
			if err != nil {
				t.Errorf("%q: %v", accepts, err)
				continue
			}
			text = reader
		}
		if plain, err := io.ReadAll(text); err != nil || !strings.HasPrefix(string(plain), ".swagger-ui") {
			t.Errorf("%q: got %.40q, %v", accepts, plain, err)
		}
	}
}
