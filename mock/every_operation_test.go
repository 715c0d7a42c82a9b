package mock_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
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
			path, body, header := exampleRequest(t, srv, op)
			ask := func(further ...string) answer {
				t.Helper()
				return roundTrip(t, srv, "", op.Method, path, body, append(slices.Clone(header), further...)...)
			}
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
				if op.Spec().Responses.Status(got.status) == nil || got.status >= 500 {
					t.Errorf("got %d %s", got.status, got.body)
				}
				journalled(mock.Exchange{Status: got.status})
			})
			if schemes, optional := op.Security(); len(schemes) > 0 && !optional {
				t.Run("is guarded", func(t *testing.T) {
					for _, authorization := range []string{"", "Basic c2tfOg==", "Bearer x"} {
						if got := ask("Authorization", authorization); got.status != http.StatusUnauthorized {
							t.Errorf("with %q: got %d %s", authorization, got.status, got.body)
						}
						journalled(mock.Exchange{Status: http.StatusUnauthorized})
					}
				})
			}
			if request := op.Spec().RequestBody; request != nil && request.Value.Content["application/json"] != nil {
				t.Run("refuses what is not JSON", func(t *testing.T) {
					got := roundTrip(t, srv, "", op.Method, path, "{", append(slices.Clone(header), "Content-Type", "application/json")...)
					if got.status != http.StatusBadRequest || !strings.Contains(got.body, "not JSON") {
						t.Errorf("got %d %s", got.status, got.body)
					}
				})
			}
			t.Run("is answered as preferred", func(t *testing.T) {
				for text := range op.Spec().Responses.Map() {
					status, err := strconv.Atoi(text)
					if err != nil {
						continue // a range
					}
					got := ask("Prefer", "code="+text, "Authorization", "")
					if got.status != status || got.header.Get("Preference-Applied") != "code="+text {
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
				got := roundTrip(t, srv, "", http.MethodOptions, path, "", "Origin", "https://example.com", "Access-Control-Request-Method", op.Method)
				if methods := strings.Split(got.header.Get("Access-Control-Allow-Methods"), ", "); !slices.Contains(methods, op.Method) {
					t.Errorf("got %d for %q", got.status, methods)
				}
			})
		})
	}
}

// exampleRequest returns a request of an operation by the examples of the contract, with what authorizes it.
func exampleRequest(t *testing.T, srv *mock.Server, op *spec.Operation) (path, body string, header []string) {
	t.Helper()
	path, query := strings.TrimPrefix(op.Path, spec.BasePath), url.Values{}
	for _, ref := range op.Parameters() {
		parameter := ref.Value
		value := fmt.Sprint(exampleOf(t, &openapi3.MediaType{Schema: parameter.Schema, Example: parameter.Example, Examples: parameter.Examples}))
		switch {
		case parameter.In == openapi3.ParameterInPath:
			path = strings.ReplaceAll(path, "{"+parameter.Name+"}", url.PathEscape(value))
		case parameter.In == openapi3.ParameterInQuery && parameter.Required:
			query.Set(parameter.Name, value)
		case parameter.In == openapi3.ParameterInHeader && parameter.Required:
			header = append(header, parameter.Name, value)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	if request := op.Spec().RequestBody; request != nil {
		contentType := sample.ContentTypes(request.Value.Content)[0]
		body = encode(t, contentType, exampleOf(t, request.Value.Content[contentType]))
		header = append(header, "Content-Type", contentType)
	}
	switch schemes, _ := op.Security(); {
	case slices.Contains(schemes, "apiKey"):
		header = append(header, "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(srv.SecretKey+":")))
	case slices.Contains(schemes, "accessToken"):
		token := mock.NewEthereumWallet(t).Login(t, newClient(t, srv, srv.SecretKey)).AccessToken
		header = append(header, "Authorization", "Bearer "+string(token))
	}
	return path, body, header
}

func encode(t *testing.T, contentType string, value any) string {
	t.Helper()
	if fields, ok := value.(map[string]any); ok && contentType == "application/x-www-form-urlencoded" {
		form := url.Values{}
		for name, field := range fields {
			form.Set(name, fmt.Sprint(field))
		}
		return form.Encode()
	}
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func exampleOf(t *testing.T, media *openapi3.MediaType) any {
	t.Helper()
	if value, ok := sample.Example(media, ""); ok {
		return value
	}
	value, err := sample.Value(media.Schema.Value, 0, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return value
}
