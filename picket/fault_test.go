package picket_test

import (
	stdcmp "cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// operations calls each operation of the client so that it succeeds.
var operations = map[string]func(t *testing.T, c *picket.Client, w *mock.Wallet, options ...picket.CallOption) error{
	"nonce": func(t *testing.T, c *picket.Client, w *mock.Wallet, options ...picket.CallOption) error {
		_, err := c.Nonce(t.Context(), picket.NonceRequest{WalletAddress: w.Address}, options...)
		return err
	},
	"auth": func(t *testing.T, c *picket.Client, w *mock.Wallet, options ...picket.CallOption) error {
		_, err := c.Auth(t.Context(), w.AuthRequest(t, c), options...)
		return err
	},
	"authz": func(t *testing.T, c *picket.Client, w *mock.Wallet, options ...picket.CallOption) error {
		_, err := c.Authz(t.Context(), picket.AuthzRequest{
			AccessToken:  w.Login(t, c).AccessToken,
			Requirements: picket.Requirements{AllowedWallets: []string{w.Address}},
		}, options...)
		return err
	},
	"validate": func(t *testing.T, c *picket.Client, w *mock.Wallet, options ...picket.CallOption) error {
		_, err := c.Validate(t.Context(), picket.ValidateRequest{AccessToken: w.Login(t, c).AccessToken}, options...)
		return err
	},
	"chains": func(t *testing.T, c *picket.Client, _ *mock.Wallet, options ...picket.CallOption) error {
		_, err := c.Chains(t.Context(), options...)
		return err
	},
	"chain": func(t *testing.T, c *picket.Client, _ *mock.Wallet, options ...picket.CallOption) error {
		_, err := c.Chain(t.Context(), "polygon", options...)
		return err
	},
	"tokenOwnership": func(t *testing.T, c *picket.Client, w *mock.Wallet, options ...picket.CallOption) error {
		_, err := c.TokenOwnership(t.Context(), "ethereum", w.Address, picket.TokenOwnershipRequest{ContractAddress: address}, options...)
		return err
	},
	"token": func(t *testing.T, c *picket.Client, w *mock.Wallet, options ...picket.CallOption) error {
		_, err := c.ExchangeGrant(t.Context(), picket.OAuthTokenRequest{
			GrantType: picket.GrantPassword,
			Username:  w.Address,
			Password:  w.AuthRequest(t, c).Signature,
		}, options...)
		return err
	},
}

func TestTheOperationsAreAllThereAre(t *testing.T) {
	notOperations := []string{"BaseURL", "Do"}
	operationOf := map[string]string{"ExchangeGrant": "token"} // where the method has another name
	var names []string
	client := reflect.TypeFor[*picket.Client]()
	for i := range client.NumMethod() {
		name := client.Method(i).Name
		if !slices.Contains(notOperations, name) {
			names = append(names, stdcmp.Or(operationOf[name], strings.ToLower(name[:1])+name[1:]))
		}
	}
	for name := range operations {
		if !slices.Contains(names, name) {
			t.Errorf("there is no method for %s", name)
		}
	}
	if len(names) != len(operations) {
		t.Errorf("the client has the methods %q; the tests have %d of them", names, len(operations))
	}
}

// outcome is what a caller can tell of a call that failed.
type outcome struct {
	Operation string
	Kind      string
	Status    int
	Tries     int
	Deadline  bool
}

func outcomeOf(err error) outcome {
	var failure *picket.Error
	if !errors.As(err, &failure) {
		return outcome{Kind: fmt.Sprint(err)}
	}
	kind := "refused"
	for sentinel, name := range map[error]string{
		picket.ErrInvalidArgument:    "invalid argument",
		picket.ErrNoResponse:         "no response",
		picket.ErrUnexpectedResponse: "unexpected response",
	} {
		if errors.Is(err, sentinel) {
			kind = name
		}
	}
	return outcome{failure.Operation, kind, failure.StatusCode, failure.Tries, errors.Is(err, context.DeadlineExceeded)}
}

func TestEveryFaultAtEveryOperation(t *testing.T) {
	others := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, others) })

	status := func(status int, retryAfter mock.RetryAfter) mock.Fault {
		return mock.Fault{Kind: mock.FaultStatus, Status: status, RetryAfter: retryAfter}
	}
	for name, test := range map[string]struct {
		fault   mock.Fault
		timeout time.Duration
		want    outcome
		// once is how often an operation is tried that works only once.
		once int
	}{
		"400":                     {fault: status(400, ""), want: outcome{Kind: "refused", Status: 400, Tries: 1}, once: 1},
		"401":                     {fault: status(401, ""), want: outcome{Kind: "refused", Status: 401, Tries: 1}, once: 1},
		"403":                     {fault: status(403, "1"), want: outcome{Kind: "refused", Status: 403, Tries: 1}, once: 1},
		"404":                     {fault: status(404, ""), want: outcome{Kind: "refused", Status: 404, Tries: 1}, once: 1},
		"409":                     {fault: status(409, ""), want: outcome{Kind: "refused", Status: 409, Tries: 1}, once: 1},
		"424":                     {fault: status(424, ""), want: outcome{Kind: "refused", Status: 424, Tries: 1}, once: 1},
		"429":                     {fault: status(429, ""), want: outcome{Kind: "refused", Status: 429, Tries: 3}, once: 1},
		"429 with Retry-After":    {fault: status(429, "1"), want: outcome{Kind: "refused", Status: 429, Tries: 3}, once: 3},
		"429 with an odd one":     {fault: status(429, "soon"), want: outcome{Kind: "refused", Status: 429, Tries: 3}, once: 1},
		"500":                     {fault: status(500, "1"), want: outcome{Kind: "refused", Status: 500, Tries: 1}, once: 1},
		"502":                     {fault: status(502, "1"), want: outcome{Kind: "refused", Status: 502, Tries: 3}, once: 1},
		"503":                     {fault: status(503, ""), want: outcome{Kind: "refused", Status: 503, Tries: 3}, once: 1},
		"503 with Retry-After":    {fault: status(503, "0"), want: outcome{Kind: "refused", Status: 503, Tries: 3}, once: 3},
		"503 with a date":         {fault: status(503, "Sun, 06 Nov 1994 08:49:37 GMT"), want: outcome{Kind: "refused", Status: 503, Tries: 3}, once: 3},
		"504":                     {fault: status(504, "1"), want: outcome{Kind: "refused", Status: 504, Tries: 3}, once: 1},
		"reset":                   {fault: mock.Fault{Kind: mock.FaultReset}, want: outcome{Kind: "no response", Tries: 3}, once: 1},
		"empty":                   {fault: mock.Fault{Kind: mock.FaultEmpty}, want: outcome{Kind: "no response", Tries: 3}, once: 1},
		"truncated":               {fault: mock.Fault{Kind: mock.FaultTruncate}, want: outcome{Kind: "unexpected response", Status: 200, Tries: 3}, once: 1},
		"malformed":               {fault: mock.Fault{Kind: mock.FaultMalformed}, want: outcome{Kind: "unexpected response", Status: 200, Tries: 1}, once: 1},
		"another content type":    {fault: mock.Fault{Kind: mock.FaultContentType}, want: outcome{Kind: "unexpected response", Status: 200, Tries: 1}, once: 1},
		"too late":                {fault: mock.Fault{Delay: time.Hour}, timeout: 20 * time.Millisecond, want: outcome{Kind: "no response", Tries: 1, Deadline: true}, once: 1},
		"too slow":                {fault: mock.Fault{Kind: mock.FaultDrip, Interval: time.Hour}, timeout: 100 * time.Millisecond, want: outcome{Kind: "unexpected response", Status: 200, Tries: 1, Deadline: true}, once: 1},
		"slow, but not too slow":  {fault: mock.Fault{Delay: time.Millisecond}, want: outcome{Kind: "<nil>"}, once: 0},
		"byte by byte":            {fault: mock.Fault{Kind: mock.FaultDrip}, want: outcome{Kind: "<nil>"}, once: 0},
		"once, and then all well": {fault: mock.Fault{Kind: mock.FaultStatus, Status: 503, RetryAfter: "1", Count: 1}, want: outcome{Kind: "<nil>"}, once: 0},
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t, mock.WithFormat(picket.MessageFormatSimple))
			bodies := &bodyCounter{transport: &http.Transport{DisableKeepAlives: true}} // net/http itself repeats on a connection that was kept
			client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL),
				picket.WithHTTPClient(&http.Client{Transport: bodies}),
				picket.WithRetryWait(time.Microsecond, time.Millisecond))
			if err != nil {
				t.Fatal(err)
			}
			for operation, call := range operations {
				fault := test.fault
				fault.Operation = operation
				srv.InjectFault(fault)
				var options []picket.CallOption
				if test.timeout > 0 {
					options = append(options, picket.WithTimeout(test.timeout))
				}
				err := call(t, client, mock.NewEthereumWallet(t), options...)
				got, want := outcomeOf(err), test.want
				if want.Kind != "<nil>" {
					want.Operation = operation
				}
				if operation == "auth" || operation == "token" {
					want.Tries = test.once
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: %v (-want +got)\n%s", operation, err, diff)
				}
				srv.ClearFaults()
				hit := slices.DeleteFunc(srv.Journal(operation), func(e mock.Exchange) bool { return e.Fault == "" })
				if got.Tries > 0 && !got.Deadline && len(hit) != got.Tries {
					t.Errorf("%s: %d tries are told of, and %d requests arrived", operation, got.Tries, len(hit))
				}
			}
			if open := bodies.open.Load(); open != 0 {
				t.Errorf("%d bodies were not closed", open)
			}
		})
	}
}

// bodyCounter is a transport that counts the response bodies which are open.
type bodyCounter struct {
	transport http.RoundTripper
	open      atomic.Int64
}

func (c *bodyCounter) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.transport.RoundTrip(r)
	if err == nil {
		c.open.Add(1)
		response.Body = &countedBody{ReadCloser: response.Body, open: &c.open}
	}
	return response, err
}

type countedBody struct {
	io.ReadCloser
	open   *atomic.Int64
	closed atomic.Bool
}

func (b *countedBody) Close() error {
	if !b.closed.Swap(true) {
		b.open.Add(-1)
	}
	return b.ReadCloser.Close()
}
