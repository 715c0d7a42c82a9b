package mock_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/examples"
	"github.com/seed-a13ee279/picket/mock/internal/sample"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// TestEveryOperation holds of each operation of openapi.yaml, whether or not anyone wrote how it behaves, what the mock does
// for all of them. The mock that it starts fails it on any answer that breaks the contract.
func TestEveryOperation(t *testing.T) {
	c, err := spec.API()
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range c.Operations() {
		t.Run(op.ID, func(t *testing.T) {
			srv := mock.Start(t)
			request := exampleRequest(t, op)
			send := func(e examples.Request, further ...string) answer {
				t.Helper()
				return roundTrip(t, srv, "", op.Method, strings.TrimPrefix(e.URL(), spec.BasePath), string(e.Body), append(headersOf(e), further...)...)
			}
			token := string(mock.NewEthereumWallet(t).Login(t, newClient(t, srv, srv.SecretKey)).AccessToken)
			authorized := request.Authorized(op, srv.SecretKey, token)
			ask := func(further ...string) answer { t.Helper(); return send(authorized, further...) }
			journalled := func(want mock.Exchange) {
				t.Helper()
				got := srv.Journal()[len(srv.Journal())-1]
				got = mock.Exchange{Operation: got.Operation, Method: got.Method, Status: got.Status, Fault: got.Fault, Violations: got.Violations}
				want.Operation, want.Method = op.ID, op.Method
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
			}
			t.Run("answers its example", func(t *testing.T) {
				got := ask()
				if !slices.Contains(sample.Statuses(op.Spec()), got.status) || got.status >= 500 {
					t.Errorf("got %d %s", got.status, got.body)
				}
				journalled(mock.Exchange{Status: got.status})
			})
			if _, optional := op.Security(); !optional {
				t.Run("is guarded", func(t *testing.T) {
					for name, stranger := range map[string]examples.Request{
						"nothing":                 request,
						"an unknown key or token": request.Authorized(op, "sk_", "x"),
						"an unknown scheme":       request.Authorized(op, "", ""),
					} {
						further := []string(nil)
						if name == "an unknown scheme" {
							further = []string{"Authorization", "Picket x"}
						}
						if got := send(stranger, further...); got.status != http.StatusUnauthorized {
							t.Errorf("with %s: got %d %s", name, got.status, got.body)
						}
						journalled(mock.Exchange{Status: http.StatusUnauthorized})
					}
				})
			}
			if body := op.Spec().RequestBody; body != nil && body.Value.Content["application/json"] != nil {
				t.Run("refuses what is not JSON", func(t *testing.T) {
					broken := authorized
					broken.Body = []byte("{")
					got := send(broken, "Content-Type", "application/json")
					if got.status != http.StatusBadRequest || !strings.Contains(got.body, "not JSON") {
						t.Errorf("got %d %s", got.status, got.body)
					}
				})
			}
			t.Run("is answered as preferred", func(t *testing.T) {
				for _, status := range sample.Statuses(op.Spec()) {
					code := fmt.Sprintf("code=%d", status)
					got := send(request, "Prefer", code)
					if got.status != status || got.header.Get("Preference-Applied") != code {
						t.Errorf("got %d %s; want %d", got.status, got.body, status)
					}
					journalled(mock.Exchange{Status: status})
				}
			})
			t.Run("is hit by a fault", func(t *testing.T) {
				srv.InjectFault(mock.Fault{Operation: op.ID, Kind: mock.FaultStatus, Status: http.StatusServiceUnavailable, Count: 1})
				if got := ask(); got.status != http.StatusServiceUnavailable {
					t.Errorf("got %d %s", got.status, got.body)
				}
				journalled(mock.Exchange{Status: http.StatusServiceUnavailable, Fault: "status"})
			})
			t.Run("may be called by browsers", func(t *testing.T) {
				got := roundTrip(t, srv, "", http.MethodOptions, strings.TrimPrefix(request.Path, spec.BasePath), "", "Origin", "https://example.com", "Access-Control-Request-Method", op.Method)
				if methods := strings.Split(got.header.Get("Access-Control-Allow-Methods"), ", "); !slices.Contains(methods, op.Method) {
					t.Errorf("got %d for %q", got.status, methods)
				}
			})
		})
	}
}

// exampleRequest returns the first request of an operation by the examples of the contract.
func exampleRequest(t *testing.T, op *spec.Operation) examples.Request {
	t.Helper()
	all, err := examples.Requests(op)
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

// headersOf returns the headers of a request as roundTrip takes them.
func headersOf(e examples.Request) []string {
	var headers []string
	for name, values := range e.Header {
		headers = append(headers, name, strings.Join(values, "; ")) // only Cookie may have several
	}
	return headers
}
