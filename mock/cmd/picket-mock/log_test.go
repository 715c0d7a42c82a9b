package main

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
)

// TestAPanicOfTheMockIsPrintedWithItsStack has the clock panic while an operation reads it.
func TestAPanicOfTheMockIsPrintedWithItsStack(t *testing.T) {
	var stderr strings.Builder
	var given mockFlags
	flags := given.set(&stderr)
	if err := flags.Parse([]string{"-seed", "7"}); err != nil {
		t.Fatal(err)
	}
	options, err := given.options(flags)
	if err != nil {
		t.Fatal(err)
	}
	reads := 0
	clock := func() time.Time {
		if reads--; reads == 0 {
			panic("the clock\nstopped")
		}
		return time.Now()
	}
	logger, err := newLogger(&stderr, logNone)
	if err != nil {
		t.Fatal(err)
	}
	server, err := mock.New(append(options, mock.WithLogger(logger), mock.WithClock(clock))...)
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, "/api/v1/auth/nonce", strings.NewReader(`{"walletAddress":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}`))
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth(mock.DefaultSecretKey, "")
	answer := httptest.NewRecorder()
	reads = 2 // the journal reads it first
	server.Handler().ServeHTTP(answer, request)
	if answer.Code != http.StatusInternalServerError {
		t.Errorf("answered with %d: %s", answer.Code, answer.Body)
	}
	lines := strings.Split(stderr.String(), "\n")
	if lines[0] != `picket-mock: the mock panicked: nonce: the clock\nstopped` || len(lines) < 3 || !strings.HasPrefix(lines[1], "goroutine ") {
		t.Errorf("printed %s", stderr.String())
	}
	if strings.Contains(stderr.String(), mock.DefaultSecretKey) {
		t.Error("the key is printed")
	}
}

func TestTheFormatOfTheLogIsChosen(t *testing.T) {
	for format, want := range map[string]*regexp.Regexp{
		"json": regexp.MustCompile(`^\{"time":"[^"]+","level":"WARN","msg":"request","method":"POST","path":"/api/v1/auth/nonce","operation":"nonce","project":"[^"]+","status":400,"ms":[0-9.e-]+,"violations":\["[^\n]*\]\}\n$`),
		"text": regexp.MustCompile(`^time=[^ ]+ level=WARN msg=request method=POST path=/api/v1/auth/nonce operation=nonce project=[^ ]+ status=400 ms=[0-9.e-]+ violations="[^|\n]*takes none \| [^\n]* \| walletAddress is required"\n$`),
		"none": regexp.MustCompile(`^$`),
	} {
		t.Run(format, func(t *testing.T) {
			var stderr strings.Builder
			logger, err := newLogger(&stderr, format)
			if err != nil {
				t.Fatal(err)
			}
			server, err := mock.New(mock.WithLogger(logger))
			if err != nil {
				t.Fatal(err)
			}
			request := httptest.NewRequest(http.MethodPost, "/api/v1/auth/nonce?a=hunter2", strings.NewReader(`{"wallet_address":"0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}`))
			request.Header.Set("Content-Type", "application/json")
			request.SetBasicAuth(mock.DefaultSecretKey, "")
			server.Handler().ServeHTTP(httptest.NewRecorder(), request)
			if !want.MatchString(stderr.String()) || strings.Contains(stderr.String(), "hunter2") || strings.Contains(stderr.String(), mock.DefaultSecretKey) {
				t.Errorf("logged %s", stderr.String())
			}
		})
	}
}
