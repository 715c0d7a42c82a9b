package picket_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// logTo returns a logger of everything, without the time of day, and what it wrote.
func logTo() (*slog.Logger, *bytes.Buffer) {
	var log bytes.Buffer
	return slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{
		Level: slog.Level(-100),
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	})), &log
}

func TestACallIsOneLineInTheLog(t *testing.T) {
	slowly := func(answer func(*http.Request) (*http.Response, error)) func(*http.Request) (*http.Response, error) {
		return func(r *http.Request) (*http.Response, error) {
			time.Sleep(250 * time.Millisecond)
			return answer(r)
		}
	}
	for name, test := range map[string]struct {
		answers []func(*http.Request) (*http.Response, error)
		want    string
	}{
		"success": {
			[]func(*http.Request) (*http.Response, error){slowly(status(200))},
			"level=INFO msg=\"picket call\" operation=chains status=200 duration=250ms tries=1\n",
		},
		"success at last": {
			[]func(*http.Request) (*http.Response, error){slowly(status(503, "Retry-After", "1")), slowly(status(201))},
			"level=INFO msg=\"picket call\" operation=chains status=201 duration=1.5s tries=2\n",
		},
		"refusal": {
			[]func(*http.Request) (*http.Response, error){status(403, "X-Request-Id", "r1")},
			"level=INFO msg=\"picket call\" operation=chains status=403 duration=0s tries=1 code=\"\" error=scripted request_id=r1\n",
		},
		"too many requests": {
			[]func(*http.Request) (*http.Response, error){status(429, "Retry-After", "2")},
			"level=WARN msg=\"picket call\" operation=chains status=429 duration=4s tries=3 code=\"\" error=scripted request_id=\"\"\n",
		},
		"no response": {
			[]func(*http.Request) (*http.Response, error){failing(errors.New("no"))},
			"level=WARN msg=\"picket call\" operation=chains status=0 duration=2s tries=3 code=\"\" error=\"Get \\\"https://picketapi.com/api/v1/chains\\\": no\" request_id=\"\"\n",
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			logger, log := logTo()
			s := &script{answers: test.answers}
			_, _ = s.client(t, picket.WithLogger(logger), picket.WithRetryWait(0, 2*time.Second)).Chains(t.Context())
			want := test.want
			if name == "no response" {
				want = strings.Replace(want, "2s", "0s", 1)
			}
			if diff := cmp.Diff(want, log.String()); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		})
	}
	if _, err := picket.New(testKey, picket.WithLogger(nil)); err == nil {
		t.Error("New takes a nil logger")
	}
}

func TestTheLogShowsNoSecret(t *testing.T) {
	srv := mock.Start(t, mock.WithFormat(picket.MessageFormatSimple))
	wallet := mock.NewEthereumWallet(t)
	logger, log := logTo()
	echo := roundTripper(func(r *http.Request) (*http.Response, error) {
		body := ""
		if r.Body != nil {
			sent, _ := io.ReadAll(r.Body)
			body = string(sent)
		}
		return nil, fmt.Errorf("%s %v %s", r.URL, r.Header, body)
	})
	for _, transport := range []http.RoundTripper{http.DefaultTransport, echo} {
		client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL), picket.WithLogger(logger),
			picket.WithHTTPClient(&http.Client{Transport: transport}), picket.WithMaxRetries(0))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
		if err != nil {
			t.Fatal(err)
		}
		request := wallet.AuthRequest(t, plain)
		token := wallet.Login(t, plain).AccessToken
		_, _ = client.Auth(t.Context(), request)
		_, _ = client.Validate(t.Context(), picket.ValidateRequest{AccessToken: token})
		_, _ = client.Authz(t.Context(), picket.AuthzRequest{AccessToken: token, Requirements: picket.Requirements{ContractAddress: address}})
		_, _ = client.ExchangeGrant(t.Context(), picket.OAuthTokenRequest{Code: "code-0123456789", RedirectURI: "https://example.com", CodeVerifier: "verifier-0123456789"})
		for _, secret := range []string{srv.SecretKey, string(request.Signature), string(token), "code-0123456789", "verifier-0123456789"} {
			if strings.Contains(log.String(), secret) {
				t.Errorf("the log shows %s:\n%s", secret, log)
			}
		}
	}
	if lines := strings.Count(log.String(), "\n"); lines != 8 {
		t.Errorf("8 calls are %d lines:\n%s", lines, log)
	}
}

func TestATransportKnowsWhatARequestIsFor(t *testing.T) {
	var calls []picket.Call
	note := func(answer func(*http.Request) (*http.Response, error)) func(*http.Request) (*http.Response, error) {
		return func(r *http.Request) (*http.Response, error) {
			call, ok := picket.CallFromContext(r.Context())
			if !ok {
				t.Error("the request's context says nothing")
			}
			calls = append(calls, call)
			return answer(r)
		}
	}
	s := &script{answers: []func(*http.Request) (*http.Response, error){note(status(503)), note(status(200))}}
	if _, err := s.client(t, picket.WithRetryWait(0, 0)).Chains(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]picket.Call{{"chains", 1}, {"chains", 2}}, calls); diff != "" {
		t.Error(diff)
	}
	if call, ok := picket.CallFromContext(t.Context()); ok {
		t.Errorf("a context of nobody's says %v", call)
	}
}
