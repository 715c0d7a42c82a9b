package verify_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/verify"
)

func TestTheReportContainsNoSecret(t *testing.T) {
	srv := mock.Start(t)
	base := behind(t, srv.URL, func(response *http.Response) error { // everything breaks, and says what it was sent
		response.StatusCode = http.StatusTeapot
		response.Body = io.NopCloser(strings.NewReader(response.Request.Header.Get("Authorization") + response.Request.URL.RawQuery))
		response.ContentLength = -1
		response.Header.Del("Content-Length")
		return nil
	})
	report := run(t, base, srv.SecretKey, verify.WithPublishableKey(srv.PublishableKey))
	var table strings.Builder
	if _, err := report.WriteTo(&table); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{srv.SecretKey, "Basic ", "Bearer ", "signature=", "eyJ"} {
		if strings.Contains(table.String(), secret) {
			t.Errorf("the report contains %q", secret)
		}
	}
	if report.Count(verify.Pass) > 2 {
		t.Errorf("%d checks passed", report.Count(verify.Pass))
	}
}

// TestTheReportIsPrintable has a server whose answers move the cursor, forge a line, and contain a secret.
func TestTheReportIsPrintable(t *testing.T) {
	const key = "sk_0123456789abcdef0123456789abcdef"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/chains") {
			_, _ = io.WriteString(w, `{"data":[],"\u001b[2J\npass  forged":1,"`+key+`":2,"\u202edecrof":3,"data":[]}`)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"code":"\u001b[2J\n\u202e","msg":"no\n\u001b[2J\u202e\u200b `+strings.Replace(key, "_", "%5F", 1)+`"}`)
	}))
	t.Cleanup(server.Close)
	report := run(t, server.URL+"/api/v1", "sk_other")
	var text strings.Builder
	if _, err := report.WriteTo(&text); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text.String()) {
		line = strings.TrimSuffix(line, "\n")
		if strings.ContainsFunc(line, func(r rune) bool { return (r < ' ' || r > '~') && r != '…' }) || strings.HasPrefix(line, "pass  forged") {
			t.Errorf("printed %q", line)
		}
	}
	if strings.Contains(text.String(), "0123456789abcdef") {
		t.Errorf("a key is printed: %s", text.String())
	}
	if lines := strings.Count(text.String(), "data is there more than once"); lines == 0 {
		t.Errorf("a doubled name is not reported: %s", text.String())
	}
}

// TestTheReportSaysHowLongACheckTook has a server in this process whose answers take a second each, on the clock of the test.
func TestTheReportSaysHowLongACheckTook(t *testing.T) {
	srv, err := mock.New()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		slow := roundTripper(func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			answer, received := httptest.NewRecorder(), httptest.NewRequest(r.Method, r.URL.String(), r.Body)
			received.Header = r.Header
			srv.Handler().ServeHTTP(answer, received)
			return answer.Result(), nil
		})
		report, err := verify.Run(t.Context(), "http://127.0.0.1/api/v1", srv.SecretKey, verify.WithTransport(slow), verify.WithSkip(regexp.MustCompile("^[^c]|every example")))
		if err != nil {
			t.Fatal(err)
		}
		for _, check := range report.Checks {
			want := time.Duration(0)
			if check.Result == verify.Pass {
				want = time.Second
			}
			if check.Name == "chains: each chain can be read by its slug" {
				want = check.Duration.Truncate(time.Second) // a request for each chain
			}
			if check.Duration != want || want == 0 == (check.Result == verify.Pass) {
				t.Errorf("%s: %s in %v, and not in %v", check.Name, check.Result, check.Duration, want)
			}
		}
	})
}
