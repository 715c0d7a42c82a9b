package picket_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

// endless is a transport that answers when the request's context ends, with its cause, as net/http does.
func endless(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, context.Cause(r.Context())
}

// endlessBody is a transport whose response begins, and goes on when the request's context ends; endlessRefusal's is a 403.
func endlessBody(r *http.Request) (*http.Response, error) { return endlessResponse(r, http.StatusOK) }
func endlessRefusal(r *http.Request) (*http.Response, error) {
	return endlessResponse(r, http.StatusForbidden)
}

func endlessResponse(r *http.Request, status int) (*http.Response, error) {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(readerFunc(func([]byte) (int, error) {
			<-r.Context().Done()
			return 0, context.Cause(r.Context())
		})),
	}, nil
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

var errShutdown = errors.New("the server shuts down")

func TestTheShorterOfTimeoutAndDeadlineWins(t *testing.T) {
	const short, long = 100 * time.Millisecond, 3 * time.Second
	within := func(d time.Duration) func(context.Context) (context.Context, context.CancelFunc) {
		return func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithTimeout(ctx, d) }
	}
	unbounded := func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithCancel(ctx) }
	for name, test := range map[string]struct {
		ctx    func(context.Context) (context.Context, context.CancelFunc)
		client []picket.Option
		call   []picket.CallOption
		took   time.Duration
	}{
		"the client's timeout":              {within(long), []picket.Option{picket.WithTimeout(short)}, nil, short},
		"the call's timeout":                {within(long), nil, []picket.CallOption{picket.WithTimeout(short)}, short},
		"the call's, shorter than another":  {within(long), []picket.Option{picket.WithTimeout(2 * long)}, []picket.CallOption{picket.WithTimeout(short)}, short},
		"the call's, longer than another":   {unbounded, []picket.Option{picket.WithTimeout(short)}, []picket.CallOption{picket.WithTimeout(long)}, long},
		"the deadline":                      {within(short), []picket.Option{picket.WithTimeout(long)}, nil, short},
		"the deadline, before the call's":   {within(short), nil, []picket.CallOption{picket.WithTimeout(long)}, short},
		"the deadline, without any timeout": {within(short), []picket.Option{picket.WithTimeout(0)}, nil, short},
		"the deadline, none for the call":   {within(short), []picket.Option{picket.WithTimeout(time.Millisecond)}, []picket.CallOption{picket.WithTimeout(0)}, short},
		"the default, before a deadline":    {within(time.Hour), nil, nil, 30 * time.Second},
		"the default":                       {unbounded, nil, nil, 30 * time.Second},
	} {
		for kind, transport := range map[string]roundTripper{"no response": endless, "a response without end": endlessBody} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := test.ctx(t.Context())
					defer cancel()
					started := time.Now()
					client := fuzzedClient(t, transport, append(test.client, picket.WithMaxRetries(3))...)
					_, err := client.Chains(ctx, test.call...)
					if took := time.Since(started); took != test.took || !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("after %v: %v", took, err)
					}
				})
			})
		}
	}
}

func TestNoWaitOutlivesTimeoutOrDeadline(t *testing.T) {
	for name, test := range map[string]struct{ deadline, timeout time.Duration }{
		"the timeout":  {time.Hour, 5 * time.Second},
		"the deadline": {5 * time.Second, time.Hour},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), test.deadline)
			defer cancel()
			s := &script{answers: []func(*http.Request) (*http.Response, error){status(503, "Retry-After", "4")}}
			started := time.Now()
			_, err := s.client(t, picket.WithMaxRetries(9)).Chains(ctx, picket.WithTimeout(test.timeout))
			if took := time.Since(started); took != 4*time.Second || outcomeOf(err).Tries != 2 {
				t.Errorf("%s: after %v: %v", name, took, err)
			}
		})
	}
}

func TestACauseOfAContextDoesNotHideThatItEnded(t *testing.T) {
	for name, test := range map[string]struct {
		end  func(context.Context) (context.Context, func())
		want error
		not  error
	}{
		"WithTimeoutCause": {func(ctx context.Context) (context.Context, func()) {
			ctx, cancel := context.WithTimeoutCause(ctx, time.Second, errShutdown)
			return ctx, cancel
		}, context.DeadlineExceeded, context.Canceled},
		"WithDeadlineCause": {func(ctx context.Context) (context.Context, func()) {
			ctx, cancel := context.WithDeadlineCause(ctx, time.Now().Add(time.Second), errShutdown)
			return ctx, cancel
		}, context.DeadlineExceeded, context.Canceled},
		"WithCancelCause": {func(ctx context.Context) (context.Context, func()) {
			ctx, cancel := context.WithCancelCause(ctx)
			time.AfterFunc(time.Second, func() { cancel(errShutdown) })
			return ctx, func() { cancel(nil) }
		}, context.Canceled, context.DeadlineExceeded},
		"WithCancelCause, before": {func(ctx context.Context) (context.Context, func()) {
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(errShutdown)
			return ctx, func() {}
		}, context.Canceled, context.DeadlineExceeded},
	} {
		transports := map[string]roundTripper{
			"net/http's cause": endless, "a response without end": endlessBody, "a refusal without end": endlessRefusal,
			"the context's error": func(r *http.Request) (*http.Response, error) {
				<-r.Context().Done()
				return nil, r.Context().Err()
			},
			"an error of its own": func(r *http.Request) (*http.Response, error) {
				<-r.Context().Done()
				return nil, errors.New("request canceled")
			},
		}
		for kind, transport := range transports {
			for _, timeout := range []time.Duration{0, time.Hour} {
				t.Run(fmt.Sprint(name, "/", kind, "/", timeout), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						ctx, cancel := test.end(t.Context())
						defer cancel()
						_, err := fuzzedClient(t, transport, picket.WithTimeout(timeout), picket.WithMaxRetries(2)).Chains(ctx)
						if !errors.Is(err, test.want) || errors.Is(err, test.not) || !errors.Is(err, errShutdown) {
							t.Errorf("got %v", err)
						}
						if got := outcomeOf(err); got.Tries != 1 || got.Kind == "refused" {
							t.Errorf("got %+v", got)
						}
					})
				})
			}
		}
	}
}

func TestACallersOwnCancellationIsNoWarning(t *testing.T) {
	cancelSoon := func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancelCause(ctx)
		time.AfterFunc(time.Second, func() { cancel(errShutdown) })
		return ctx, func() { cancel(nil) }
	}
	plain := func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} }
	late := func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeout(ctx, time.Second)
	}
	for name, test := range map[string]struct {
		ctx       func(context.Context) (context.Context, context.CancelFunc)
		transport roundTripper
		want      string
	}{
		"cancelled while it waits for a response": {cancelSoon, endless, "INFO"},
		"cancelled while it reads":                {cancelSoon, endlessBody, "INFO"},
		"cancelled while it waits to try again":   {cancelSoon, status(503, "Retry-After", "20"), "INFO"},
		"a timeout that ran out":                  {plain, endless, "WARN"},
		"a deadline that ran out":                 {late, endless, "WARN"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				ctx, cancel := test.ctx(t.Context())
				defer cancel()
				_, _ = fuzzedClient(t, test.transport, picket.WithLogger(slog.New(slog.NewTextHandler(&log, nil))), picket.WithMaxRetries(2)).Chains(ctx)
				if !strings.Contains(log.String(), "level="+test.want) || strings.Count(log.String(), "\n") != 1 {
					t.Errorf("got %s", &log)
				}
			})
		})
	}
}
