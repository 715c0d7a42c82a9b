package picket_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
)

// script is a transport that gives one answer after another and the last one for good. It notes how long after the first
// request each of them came.
type script struct {
	answers []func(*http.Request) (*http.Response, error)
	started time.Time
	came    []time.Duration
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	if len(s.came) == 0 {
		s.started = time.Now()
	}
	s.came = append(s.came, time.Since(s.started))
	answer := s.answers[min(len(s.came), len(s.answers))-1]
	return answer(r)
}

func status(code int, header ...string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, `{"data":[],"msg":"scripted"}`)
		return w.Result(), nil
	}
}

func failing(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

func (s *script) client(t *testing.T, options ...picket.Option) *picket.Client {
	t.Helper()
	client, err := picket.New(testKey, append([]picket.Option{picket.WithHTTPClient(&http.Client{Transport: s})}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestRetriesWaitTwiceAsLongEachTimeLessUpToAHalf(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			s := &script{answers: []func(*http.Request) (*http.Response, error){status(503)}}
			client := s.client(t, picket.WithMaxRetries(5), picket.WithRetryWait(time.Second, 6*time.Second), picket.WithTimeout(0))
			if _, err := client.Chains(t.Context()); outcomeOf(err).Tries != 6 || len(s.came) != 6 {
				t.Fatalf("%d requests: %v", len(s.came), err)
			}
			for i, longest := range []time.Duration{1, 2, 4, 6, 6} {
				longest *= time.Second
				waited := s.came[i+1] - s.came[i]
				if waited < longest/2 || waited > longest {
					t.Errorf("retry %d comes after %v; want from %v to %v", i+1, waited, longest/2, longest)
				}
				seen[waited] = true
			}
		})
	}
	if len(seen) < 50 {
		t.Errorf("of 100 waits only %d differ", len(seen))
	}
}

func TestByDefaultTwoRetriesFollowWithinSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []func(*http.Request) (*http.Response, error){failing(io.ErrUnexpectedEOF), status(502), status(200)}}
		if _, err := s.client(t).Chains(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(s.came) != 3 || s.came[2] < 750*time.Millisecond || s.came[2] > 1500*time.Millisecond {
			t.Errorf("the requests came after %v", s.came)
		}
	})
}

func TestRetryAfterIsObeyedUpToTheLongestWait(t *testing.T) {
	date := func(in time.Duration) string { return time.Now().Add(in).UTC().Format(http.TimeFormat) }
	for name, test := range map[string]struct {
		value func() string
		want  time.Duration
		asked time.Duration
	}{
		"seconds":               {func() string { return "7" }, 7 * time.Second, 7 * time.Second},
		"blanks":                {func() string { return " 7 " }, 7 * time.Second, 7 * time.Second},
		"more than the longest": {func() string { return "3600" }, 20 * time.Second, time.Hour},
		"more than fits":        {func() string { return "99999999999999999999999999" }, 20 * time.Second, 9223372036 * time.Second},
		"a date":                {func() string { return date(9 * time.Second) }, 9 * time.Second, 9 * time.Second},
		"a date far away":       {func() string { return date(24 * time.Hour) }, 20 * time.Second, 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: []func(*http.Request) (*http.Response, error){status(429, "Retry-After", test.value())}}
				client := s.client(t, picket.WithRetryWait(time.Millisecond, 20*time.Second), picket.WithTimeout(0), picket.WithMaxRetries(1))
				_, err := client.Nonce(t.Context(), picket.NonceRequest{WalletAddress: address})
				var failure *picket.Error
				if !errors.As(err, &failure) || failure.RetryAfter > test.asked || failure.RetryAfter < test.asked-test.want {
					t.Errorf("%+v asks for %v; want %v", err, failure.RetryAfter, test.asked)
				}
				if diff := cmp.Diff([]time.Duration{0, test.want}, s.came); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
	past := &script{answers: []func(*http.Request) (*http.Response, error){status(429, "Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")}}
	_, err := past.client(t, picket.WithMaxRetries(0)).Chains(t.Context())
	var failure *picket.Error
	if !errors.As(err, &failure) || failure.RetryAfter != 0 {
		t.Errorf("a date in the past asks for %v", failure.RetryAfter)
	}
	for _, value := range []string{"0", "-1", "1.5", "soon", "", "Sun, 06 Nov 1994 08:49:37 GMT", "7s"} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{answers: []func(*http.Request) (*http.Response, error){status(429, "Retry-After", value), status(200)}}
			if _, err := s.client(t).Chains(t.Context()); err != nil {
				t.Fatal(err)
			}
			if s.came[1] < 250*time.Millisecond || s.came[1] > 500*time.Millisecond {
				t.Errorf("after %q the client waits for %v", value, s.came[1])
			}
		})
	}
}

func TestNoWaitBeginsThatTheDeadlineWouldEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []func(*http.Request) (*http.Response, error){status(503, "Retry-After", "10")}}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		started := time.Now()
		_, err := s.client(t).Chains(ctx)
		if diff := cmp.Diff(outcome{"chains", "refused", 503, 1, false}, outcomeOf(err)); diff != "" || time.Since(started) != 0 {
			t.Errorf("after %v: %s", time.Since(started), diff)
		}
	})
}

func TestTheTimeoutOfTheClientBoundsTheRetriesToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []func(*http.Request) (*http.Response, error){status(503, "Retry-After", "4")}}
		_, err := s.client(t, picket.WithTimeout(9*time.Second), picket.WithMaxRetries(100)).Chains(t.Context())
		if diff := cmp.Diff(outcome{"chains", "refused", 503, 3, false}, outcomeOf(err)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCancellingEndsAWaitAndReturnsTheLastError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []func(*http.Request) (*http.Response, error){status(503, "Retry-After", "10")}}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		started := time.Now()
		_, err := s.client(t).Chains(ctx)
		if diff := cmp.Diff(outcome{"chains", "refused", 503, 1, false}, outcomeOf(err)); diff != "" || time.Since(started) != time.Second {
			t.Errorf("after %v: %s", time.Since(started), diff)
		}
	})
}

func TestACallThatWasCancelledIsNotRepeated(t *testing.T) {
	for range 50 {
		ctx, cancel := context.WithCancel(t.Context())
		s := &script{answers: []func(*http.Request) (*http.Response, error){func(*http.Request) (*http.Response, error) {
			cancel()
			return nil, io.EOF
		}}}
		_, err := s.client(t, picket.WithRetryWait(0, 0)).Chains(ctx)
		if diff := cmp.Diff(outcome{"chains", "no response", 0, 1, false}, outcomeOf(err)); diff != "" || len(s.came) != 1 {
			t.Fatalf("%d requests: %s", len(s.came), diff)
		}
	}
}

func TestTheLastErrorIsTheOneReturned(t *testing.T) {
	s := &script{answers: []func(*http.Request) (*http.Response, error){failing(io.EOF), status(502), status(403)}}
	_, err := s.client(t, picket.WithRetryWait(0, 0)).Chains(t.Context())
	if diff := cmp.Diff(outcome{"chains", "refused", 403, 3, false}, outcomeOf(err)); diff != "" {
		t.Error(diff)
	}
	if !strings.HasSuffix(err.Error(), "scripted [3 tries]") || !errors.Is(err, picket.CodePermissionDenied) {
		t.Errorf("the error is %q", err)
	}
}

func TestACallOptionIsForOneCallAlone(t *testing.T) {
	s := &script{answers: []func(*http.Request) (*http.Response, error){status(503)}}
	client := s.client(t, picket.WithRetryWait(0, 0), picket.WithMaxRetries(1))
	for _, test := range []struct {
		options []picket.CallOption
		tries   int
	}{
		{nil, 2},
		{[]picket.CallOption{picket.WithMaxRetries(4)}, 5},
		{[]picket.CallOption{picket.WithMaxRetries(0)}, 1},
		{nil, 2},
	} {
		if _, err := client.Chains(t.Context(), test.options...); outcomeOf(err).Tries != test.tries {
			t.Errorf("%v; want %d tries", err, test.tries)
		}
	}
}

func TestOptionsThatMakeNoSenseAreRefused(t *testing.T) {
	for name, option := range map[string]picket.CallOption{
		"retries":       picket.WithMaxRetries(-1),
		"timeout":       picket.WithTimeout(-1),
		"wait":          picket.WithRetryWait(-1, 1),
		"order of wait": picket.WithRetryWait(2, 1),
		"nil":           nil,
	} {
		if _, err := picket.New(testKey, option); err == nil {
			t.Errorf("%s: New takes it", name)
		}
		s := &script{}
		_, err := s.client(t).Chains(t.Context(), option)
		if diff := cmp.Diff(outcome{Operation: "chains", Kind: "invalid argument"}, outcomeOf(err)); diff != "" || len(s.came) != 0 {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if _, err := picket.New(testKey, nil); err == nil {
		t.Error("New takes a nil option")
	}
}

// A login is repeated when no connection was made, whatever a transport did before, and not otherwise.
func TestALoginIsRepeatedOnlyWhenItSurelyNeverArrived(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	login := picket.AuthRequest{WalletAddress: address, Signature: "0x00"}
	for name, test := range map[string]struct {
		answer func(*http.Request) (*http.Response, error)
		tries  int
	}{
		"no connection":             {failing(refused), 3},
		"no name":                   {failing(&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "picketapi.com"}}), 3},
		"no proxy":                  {failing(&net.OpError{Op: "proxyconnect", Net: "tcp", Err: refused}), 3},
		"reset while writing":       {failing(&net.OpError{Op: "write", Net: "tcp", Err: errors.New("connection reset by peer")}), 1},
		"reset while reading":       {failing(&net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}), 1},
		"end of file":               {failing(io.EOF), 1},
		"an error of no known sort": {failing(errors.New("no")), 1},
		"a connection before, and none now": {func(r *http.Request) (*http.Response, error) {
			httptrace.ContextClientTrace(r.Context()).GotConn(httptrace.GotConnInfo{})
			return nil, refused
		}, 1},
	} {
		s := &script{answers: []func(*http.Request) (*http.Response, error){test.answer}}
		_, err := s.client(t, picket.WithRetryWait(0, 0)).Auth(t.Context(), login)
		if diff := cmp.Diff(outcome{"auth", "no response", 0, test.tries, false}, outcomeOf(err)); diff != "" || len(s.came) != test.tries {
			t.Errorf("%s, %d requests: %s", name, len(s.came), diff)
		}
	}
}

// The server of this test is gone, and the transport is net/http's own.
func TestALoginThatFindsNobodyIsRepeated(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	client, err := picket.New(testKey, picket.WithBaseURL(server.URL), picket.WithRetryWait(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Auth(t.Context(), picket.AuthRequest{WalletAddress: address, Signature: "0x00"})
	if diff := cmp.Diff(outcome{"auth", "no response", 0, 3, false}, outcomeOf(err)); diff != "" {
		t.Error(diff)
	}
}

func TestACertificateThatDoesNotVerifyIsNotTriedAgain(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	client, err := picket.New(testKey, picket.WithBaseURL(server.URL), picket.WithRetryWait(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Chains(t.Context())
	if diff := cmp.Diff(outcome{"chains", "no response", 0, 1, false}, outcomeOf(err)); diff != "" {
		t.Error(diff)
	}
}
