// Command otel lets OpenTelemetry's otelhttp instrument the client, as the documentation of package picket shows, and checks
// what it records: a span for each request, with a name of the operation's, ended, and without a secret. It is a module of its own, so
// that picket does not depend on OpenTelemetry.
//
// It prints one line a check, and exits with 0 when all went as they should and with 3 when not.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/propagation"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

func main() {
	o := &otel{last: time.Now()}
	o.run(context.Background())
	for _, cleanup := range o.cleanups {
		cleanup()
	}
	if o.failed {
		os.Exit(3)
	}
}

type otel struct {
	cleanups []func()
	failed   bool
	last     time.Time // when the last check ended
}

func (o *otel) run(ctx context.Context) {
	recorder := tracetest.NewSpanRecorder()
	tracing := sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder))
	var parents []string
	server := mock.Start(o, mock.WithFormat(picket.MessageFormatSimple))
	note := roundTripper(func(r *http.Request) (*http.Response, error) {
		parents = append(parents, r.Header.Get("Traceparent"))
		return http.DefaultTransport.RoundTrip(r)
	})
	transport := otelhttp.NewTransport(note,
		otelhttp.WithTracerProvider(tracing),
		otelhttp.WithPropagators(propagation.TraceContext{}),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string {
			call, _ := picket.CallFromContext(r.Context())
			return "picket " + call.Operation
		}))
	client, err := picket.New(server.SecretKey, picket.WithBaseURL(server.URL),
		picket.WithHTTPClient(&http.Client{Transport: transport}), picket.WithRetryWait(time.Millisecond, time.Millisecond))
	if err != nil {
		o.Fatalf("%v", err)
	}
	wallet := mock.NewEthereumWallet(o)
	server.InjectFault(mock.Fault{Operation: "nonce", Kind: mock.FaultStatus, Status: 503, Count: 1})

	ctx, root := tracing.Tracer("test").Start(ctx, "request")
	request := wallet.AuthRequest(o, client) // of a context of its own
	auth, err := client.Auth(ctx, request)
	if err != nil {
		o.Fatalf("%v", err)
	}
	_, err = client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken})
	o.check("the client works through otelhttp", err, error(nil))
	root.End()

	var names, children []string
	shown := ""
	for _, span := range recorder.Ended() {
		names = append(names, span.Name())
		shown += fmt.Sprint(span.Attributes(), span.Events(), span.Status())
		if span.Parent().SpanID() == root.SpanContext().SpanID() {
			children = append(children, span.Name())
		}
	}
	o.check("each try is a span with the operation's name, and all spans end",
		names, []string{"picket nonce", "picket nonce", "picket auth", "picket validate", "request"})
	o.check("spans belong to the caller's", children, []string{"picket auth", "picket validate"})
	o.check("every request carries its trace", len(parents) == 4 && !slices.Contains(parents, ""), true)
	for name, secret := range map[string]string{"API key": server.SecretKey, "signature": string(request.Signature), "access token": string(auth.AccessToken)} {
		o.check("no span shows the "+name, strings.Contains(shown, secret), false)
	}
}

func (o *otel) check(name string, got, want any) {
	took := time.Since(o.last).Seconds()
	o.last = time.Now()
	if reflect.DeepEqual(got, want) {
		fmt.Printf("ok   otelhttp  %s (%.2f s)\n", name, took)
		return
	}
	o.failed = true
	fmt.Printf("FAIL otelhttp  %s: got %v, want %v (%.2f s)\n", name, got, want, took)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The methods of mock.TB.

func (o *otel) Helper()          {}
func (o *otel) Cleanup(f func()) { o.cleanups = append(o.cleanups, f) }
func (o *otel) Errorf(format string, args ...any) {
	o.failed = true
	fmt.Printf("FAIL otelhttp  "+format+"\n", args...)
}
func (o *otel) Fatalf(format string, args ...any) {
	o.Errorf(format, args...)
	os.Exit(3)
}
