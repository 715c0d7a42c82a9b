package verify

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/examples"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

// operations checks what holds for every operation of the contract, whether the other checks know it or not: a server answers its
// example requests as the contract says, and refuses it without a key or token and with an unknown one. picket-mock also answers with
// every example of a response when it is asked to.
func (r *run) operations(ctx context.Context) {
	for _, op := range r.api.Operations() {
		requests, err := examples.Requests(op)
		if err != nil {
			r.check(ctx, op.ID+": openapi.yaml has an example request", func(context.Context) error { return err })
			continue
		}
		for _, request := range requests {
			r.check(ctx, op.ID+": the example request"+shown(request)+" is answered", func(ctx context.Context) error {
				return r.answersExample(ctx, op, request)
			})
		}
		if _, optional := op.Security(); optional {
			continue
		}
		for _, stranger := range strangers(op) {
			r.checkWrong(ctx, op.ID+": "+stranger.name, func(ctx context.Context) error {
				return r.refusesStranger(ctx, op, requests[0], stranger)
			})
		}
	}
	for _, op := range r.api.Operations() {
		r.check(ctx, op.ID+": picket-mock answers with every example", func(ctx context.Context) error {
			if r.control == nil {
				return needsMock
			}
			return r.answersPreferred(ctx, op)
		})
	}
}

// shown returns what the name of a check says of an example.
func shown(e examples.Request) string {
	if e.Name == "" {
		return ""
	}
	return " " + e.Name + " as " + e.Media
}

// answersExample sends an example request. Whether the response is one of the contract is judged by whoever runs the check.
func (r *run) answersExample(ctx context.Context, op *spec.Operation, e examples.Request) error {
	if op.Method != http.MethodGet && op.Method != http.MethodHead && r.control == nil {
		return skip("is sent only to picket-mock, because it may write something")
	}
	status, _, err := r.send(ctx, op, r.authorized(op, e), "")
	if err == nil && status >= http.StatusInternalServerError {
		err = fmt.Errorf("the status is %d", status)
	}
	return err
}

// stranger is a request that shows no valid key or token.
type stranger struct {
	name       string
	key, token string
	code       picket.ErrorCode // of the response; empty for any
}

const unknownKey = "sk_ffffffffffffffffffffffffffffffff"

func strangers(op *spec.Operation) []stranger {
	without := stranger{name: "a request without authorization is refused", code: picket.CodeAuthenticationRequired}
	unknown := stranger{name: "a request with an unknown key or token is refused", key: unknownKey, token: "unknown", code: picket.CodeAPIKeyInvalid}
	if op.Method == http.MethodHead || slices.ContainsFunc(op.Schemes(), spec.Scheme.IsBearer) {
		without.code, unknown.code = "", "" // there is no body, or the code is in the challenge (RFC 6750 section 3)
	}
	return []stranger{without, unknown}
}

func (r *run) refusesStranger(ctx context.Context, op *spec.Operation, e examples.Request, s stranger) error {
	status, body, err := r.send(ctx, op, e.Authorized(op, s.key, s.token), "")
	if err != nil {
		return err
	}
	var refusal struct{ Code picket.ErrorCode }
	_ = json.Unmarshal(body, &refusal) // the contract says whether it is JSON
	switch {
	case status != http.StatusUnauthorized:
		return fmt.Errorf("the status is %d, and must be 401", status)
	case s.code != "" && refusal.Code != s.code:
		return fmt.Errorf("the status is 401 as it must be, but the code is not %s", s.code)
	}
	return nil
}

// answersPreferred asks picket-mock for the response of each status, by each of its examples.
func (r *run) answersPreferred(ctx context.Context, op *spec.Operation) error {
	requests, err := examples.Requests(op)
	if err != nil {
		return err
	}
	for _, preference := range preferences(op) {
		got, _, err := r.send(ctx, op, r.authorized(op, requests[0]), preference.header)
		if err != nil {
			return err
		}
		if got != preference.status {
			return fmt.Errorf("the status is %d for Prefer: %s", got, preference.header)
		}
	}
	return nil
}

// authorized returns a request with what the operation needs.
func (r *run) authorized(op *spec.Operation, e examples.Request) examples.Request {
	return e.Authorized(op, r.secretKey, cmp.Or(string(r.accessToken), "none"))
}

// send sends an example and returns the status and the body of the response.
func (r *run) send(ctx context.Context, op *spec.Operation, e examples.Request, prefer string) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, op.Method, strings.TrimSuffix(r.base, r.api.Base())+e.URL(), bytes.NewReader(e.Body))
	if err != nil {
		return 0, nil, err
	}
	request.Header = e.Header.Clone()
	if prefer != "" {
		request.Header.Set("Prefer", prefer)
	}
	return do(r.http, request)
}

// do sends a request and reads the response, up to a limit.
func do(client *http.Client, request *http.Request) (int, []byte, error) {
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, withoutURL(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, contract.DefaultMaxBodyBytes))
	return response.StatusCode, body, err
}

// withoutURL takes the URL out of an error of http.Client, because its query may hold a signature or a code.
func withoutURL(err error) error {
	var withURL *url.Error
	if errors.As(err, &withURL) {
		return withURL.Err
	}
	return err
}
