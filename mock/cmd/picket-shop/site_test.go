package main

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// readServer returns the files of the server of README.md.
func readServer(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("../../../picket/examples/server/*")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = string(text)
	}
	return files
}

func TestTheServerHasNothingOfTheTestWallets(t *testing.T) {
	files := readServer(t)
	if files["main.go"] == "" || files["page.html"] == "" {
		t.Fatal("the server has no main.go or no page.html")
	}
	for name, text := range files {
		if found := regexp.MustCompile(`(?i)test-?wallets?|_mock|picket/mock/`).FindString(text); found != "" {
			t.Errorf("%s has %s, which is only for trying out", name, found)
		}
	}
}

func TestThePageGivesTheTokensThatTheServerAsksFor(t *testing.T) {
	text, err := page.ReadFile("page/tokens.js")
	if err != nil {
		t.Fatal(err)
	}
	tokens := regexp.MustCompile(`(?:contractAddress|tokenId): "(\w+)"`).FindAllStringSubmatch(string(text), -1)
	if len(tokens) != 2 {
		t.Fatalf("the page has the tokens %v", tokens)
	}
	for _, token := range tokens {
		if !strings.Contains(readServer(t)["main.go"], token[1]) {
			t.Errorf("the server does not ask for the token %s", token[1])
		}
	}
}

func TestThePageHasNoScriptsOrStylesInline(t *testing.T) {
	site := newSite(&url.URL{}, http.NotFoundHandler())
	got := send(t, site, http.MethodGet, "/", "")
	if got.Code != http.StatusOK || !strings.HasPrefix(got.Header().Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'; style-src 'self';") {
		t.Errorf("got %d with %v", got.Code, got.Header())
	}
	if found := regexp.MustCompile(`<script[^>]*>[^<]|<style| style=| on[a-z]+=|javascript:`).FindString(got.Body.String()); found != "" {
		t.Errorf("the policy forbids %q", found)
	}
	files, err := fs.Glob(page, "page/*")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if got := send(t, site, http.MethodGet, "/"+file, ""); got.Code != http.StatusOK {
			t.Errorf("%s: got %d", file, got.Code)
		}
	}
}

func TestEverythingElseIsForTheServer(t *testing.T) {
	var reached []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		reached = append(reached, strings.Join([]string{r.Method, r.URL.Path, r.Host, r.Header.Get("Origin"), r.Header.Get("Cookie"), r.Header.Get("X-Forwarded-For")}, " "))
	}))
	t.Cleanup(server.Close)
	target, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	site := newSite(target, http.NotFoundHandler())
	for _, path := range []string{"/login/ethereum/message", "/_mock/journal"} {
		send(t, site, http.MethodPost, path, "{}", "Origin", "http://localhost:3000", "Cookie", "session=eyJ")
	}
	want := "POST /login/ethereum/message localhost:3000 http://localhost:3000 session=eyJ \nPOST /_mock/journal localhost:3000 http://localhost:3000 session=eyJ "
	if got := strings.Join(reached, "\n"); got != want {
		t.Errorf("the server got\n%s\nwant\n%s", got, want)
	}
}
