package picket_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
)

const sample = "eyJhbGciOiJFUzI1NiJ9.eyJ0aWQiOiIxIn0.c2ln"

func calls(ctx context.Context) map[string]func(*picket.Client) error {
	return map[string]func(*picket.Client) error{
		"nonce": func(c *picket.Client) error {
			_, err := c.Nonce(ctx, picket.NonceRequest{WalletAddress: address})
			return err
		},
		"auth": func(c *picket.Client) error {
			_, err := c.Auth(ctx, picket.AuthRequest{WalletAddress: address, Signature: "0x51617a"})
			return err
		},
		"authz": func(c *picket.Client) error {
			_, err := c.Authz(ctx, picket.AuthzRequest{AccessToken: sample, Requirements: picket.Requirements{ContractAddress: "0xC0"}})
			return err
		},
		"validate": func(c *picket.Client) error {
			_, err := c.Validate(ctx, picket.ValidateRequest{AccessToken: sample})
			return err
		},
		"tokenOwnership": func(c *picket.Client) error {
			_, err := c.TokenOwnership(ctx, "ethereum", address, picket.TokenOwnershipRequest{ContractAddress: "0xC0"})
			return err
		},
		"chains": func(c *picket.Client) error { _, err := c.Chains(ctx); return err },
		"chain":  func(c *picket.Client) error { _, err := c.Chain(ctx, "ethereum"); return err },
		"token": func(c *picket.Client) error {
			_, err := c.ExchangeGrant(ctx, picket.OAuthTokenRequest{Code: "c0de", RedirectURI: "http://localhost/", CodeVerifier: "ver1fier"})
			return err
		},
	}
}

func TestNoBrokenResponseIsASuccess(t *testing.T) {
	const (
		user  = `{"chain":"ethereum","walletAddress":"0x1","displayAddress":"0x1"}`
		chain = `{"chainSlug":"a","chainId":1,"chainType":"ethereum","chainName":"A","publicRPC":"","authorizationSupported":false}`
		good  = `"chain":"ethereum","walletAddress":"0x1","displayAddress":"0x1","iat":1,"exp":2,"iss":"i","sub":"s","aud":"a","tid":"t"`
	)
	bodies := map[string][]string{
		"nonce": {`{"nonce":"n","statement":"s"}`, `{"nonce":"","statement":"s","format":"siwe"}`, `{"nonce":1,"statement":"s","format":"siwe"}`,
			`{"nonce":null,"statement":"s","format":"siwe"}`},
		"auth": {`{"accessToken":"a.b.c"}`, `{"accessToken":"","user":` + user + `}`, `{"accessToken":"a.b.c","user":null}`,
			`{"accessToken":"a.b.c","user":{}}`, `{"user":` + user + `}`,
			`{"accessToken":"a.b.c","user":{"chain":"ethereum","walletAddress":"0x1"}}`},
		"authz": {`{"accessToken":"a.b.c","user":{"chain":"ethereum","walletAddress":"0x1","displayAddress":"0x1","tokenBalances":{"contractAddress":{"0xC0":"-1"}}}}`},
		"validate": {`{` + strings.Replace(good, `"exp":2,`, ``, 1) + `}`, `{` + strings.Replace(good, `"exp":2`, `"exp":null`, 1) + `}`,
			`{` + strings.Replace(good, `"exp":2`, `"exp":"2"`, 1) + `}`, `{` + strings.Replace(good, `"sub":"s"`, `"sub":""`, 1) + `}`},
		"tokenOwnership": {`{"walletAddress":"0x1"}`, `{"allowed":null}`, `{"allowed":"true"}`, `{"allowed":true,"tokenBalance":"many"}`},
		"chains": {`{"data":null}`, `{"data":[{}]}`, `{"data":{}}`, `{"data":[` + chain + `,null]}`,
			`{"data":[` + strings.Replace(chain, `,"authorizationSupported":false`, ``, 1) + `]}`},
		"chain": {strings.Replace(chain, `"chainId":1,`, ``, 1), strings.Replace(chain, `"chainId":1`, `"chainId":-1`, 1),
			strings.Replace(chain, `,"authorizationSupported":false`, ``, 1)},
		"token": {`{"access_token":"a.b.c","token_type":"Bearer"}`, `{"access_token":"","token_type":"Bearer","expires_in":1}`,
			`{"access_token":null,"token_type":"Bearer","expires_in":1}`, `{"accessToken":"a.b.c","tokenType":"Bearer"}`},
	}
	for operation, call := range calls(context.Background()) {
		for _, body := range append(bodies[operation], `{}`, `null`, `[]`, `""`, `0`, `true`, ``, ` `, `{`, `{"nonce":"n`, "{}\xff", `{} {}`, `not JSON`) {
			t.Run(operation+"/"+body, func(t *testing.T) {
				client, _ := serve(t, http.StatusOK, "application/json", body)
				err := call(client)
				var failure *picket.Error
				if !errors.As(err, &failure) || failure.StatusCode != http.StatusOK || !errors.Is(err, picket.ErrUnexpectedResponse) {
					t.Errorf("got %v", err)
				}
			})
		}
	}
	for _, ok := range []string{
		`{"data":[]}`, `{"data":[` + chain + `]}`, `{"data":[` + chain + `],"new":1}`,
		`{"data":[` + strings.Replace(chain, `,"publicRPC":""`, ``, 1) + `]}`,
	} {
		client, _ := serve(t, http.StatusOK, "application/json", ok)
		if _, err := client.Chains(context.Background()); err != nil {
			t.Errorf("%s: %v", ok, err)
		}
	}
}

func TestEveryFormOfAGoodResponseIsRead(t *testing.T) {
	client, _ := serve(t, http.StatusCreated, "application/problem+json; charset=utf-8", `{
		"allowed": true, "tokenBalance": 12.50, "tokenBalances": {"contractAddress": {"0xC0": 1e3, "0xC1": "0.1337"}, "collection": null}}`)
	got, err := client.TokenOwnership(context.Background(), "ethereum", address, picket.TokenOwnershipRequest{ContractAddress: "0xC0"})
	if err != nil {
		t.Fatal(err)
	}
	want := &picket.TokenOwnershipResponse{
		Allowed:       true,
		TokenBalance:  "12.5",
		TokenBalances: picket.TokenBalances{ContractAddress: map[string]picket.Decimal{"0xC0": "1000", "0xC1": "0.1337"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestErrorsKeepWhatTheResponseSaid(t *testing.T) {
	long := strings.Repeat("long ", 1000)
	for name, test := range map[string]struct {
		status            int
		contentType, body string
		want              picket.Error // but for the operation
		is, isNot         error
	}{
		"the API's": {403, "application/json", `{"code":"permission_denied","msg":"too few tokens"}`,
			picket.Error{StatusCode: 403, Code: "permission_denied", Message: "too few tokens"}, picket.CodePermissionDenied, picket.ErrUnexpectedResponse},
		"without a code": {404, "application/json", `{"msg":"no such chain"}`,
			picket.Error{StatusCode: 404, Message: "no such chain"}, picket.CodeResourceNotFound, picket.CodePermissionDenied},
		"without a code, 400": {400, "application/json", `{"msg":"bad"}`,
			picket.Error{StatusCode: 400, Message: "bad"}, picket.CodeParameterInvalid, picket.ErrorCode("")},
		"without a code, 401": {401, "application/json", `{"msg":"no"}`,
			picket.Error{StatusCode: 401, Message: "no"}, picket.CodeAuthenticationRequired, picket.CodeAPIKeyInvalid},
		"without a code, 403": {403, "application/json", `{"msg":"no"}`,
			picket.Error{StatusCode: 403, Message: "no"}, picket.CodePermissionDenied, picket.CodeParameterInvalid},
		"the code before the status": {403, "application/json", `{"code":"api_key_invalid","msg":"no"}`,
			picket.Error{StatusCode: 403, Code: "api_key_invalid", Message: "no"}, picket.CodeAPIKeyInvalid, picket.CodePermissionDenied},
		"an unknown code": {409, "application/json", `{"code":"brand_new","msg":"new"}`,
			picket.Error{StatusCode: 409, Code: "brand_new", Message: "new"}, picket.ErrorCode("brand_new"), picket.CodeAccountExists},
		"RFC 6749's": {400, "application/json", `{"error":"invalid_grant","error_description":"spent"}`,
			picket.Error{StatusCode: 400, Code: "invalid_grant", Message: "spent"}, picket.CodeOAuthInvalidGrant, picket.CodeParameterInvalid},
		"code without msg": {403, "application/json", `{"code":"permission_denied"}`,
			picket.Error{StatusCode: 403, Code: "permission_denied", Message: "the response gives no reason; it is application/json"}, picket.CodePermissionDenied, picket.ErrUnexpectedResponse},
		"neither": {403, "application/json", `{"detail":"no"}`,
			picket.Error{StatusCode: 403, Message: "the response gives no reason; it is application/json"}, picket.ErrUnexpectedResponse, picket.CodePermissionDenied},
		"mistyped": {500, "application/json", `{"code":7,"msg":"seven"}`,
			picket.Error{StatusCode: 500, Message: "seven"}, nil, picket.ErrUnexpectedResponse},
		"HTML": {502, "text/html; charset=utf-8", `<html><h1>Bad Gateway</h1></html>`,
			picket.Error{StatusCode: 502, Message: "the response gives no reason; it is text/html"}, picket.ErrUnexpectedResponse, nil},
		"an HTML page that is not the API's 404": {404, "text/html", `<html>nginx</html>`,
			picket.Error{StatusCode: 404, Message: "the response gives no reason; it is text/html"}, picket.ErrUnexpectedResponse, picket.CodeResourceNotFound},
		"JSON by name alone": {500, "text/plain", `{"msg":"hello"}`,
			picket.Error{StatusCode: 500, Message: "the response gives no reason; it is text/plain"}, picket.ErrUnexpectedResponse, nil},
		"empty": {503, "", ``,
			picket.Error{StatusCode: 503, Message: "the response gives no reason; it is of no known type"}, picket.ErrUnexpectedResponse, nil},
		"truncated": {500, "application/json", `{"code":"x","msg":"he`,
			picket.Error{StatusCode: 500, Message: "the response gives no reason; it is application/json"}, picket.ErrUnexpectedResponse, nil},
		"not UTF-8": {400, "application/json", "{\"msg\":\"caf\xe9\"}",
			picket.Error{StatusCode: 400, Message: "caf\uFFFD"}, picket.CodeParameterInvalid, nil},
		"several lines": {400, "application/json", `{"msg":"one\ntwo\u001b[31m"}`,
			picket.Error{StatusCode: 400, Message: "one two [31m"}, picket.CodeParameterInvalid, nil},
		"long": {400, "application/json", `{"msg":"` + long + `"}`,
			picket.Error{StatusCode: 400, Message: long[:1024] + "…"}, picket.CodeParameterInvalid, nil},
	} {
		for operation, call := range calls(context.Background()) {
			t.Run(name+"/"+operation, func(t *testing.T) {
				client, _ := serve(t, test.status, test.contentType, test.body)
				err := call(client)
				var got *picket.Error
				if !errors.As(err, &got) {
					t.Fatalf("got %v", err)
				}
				want := test.want
				want.Operation = operation
				if diff := cmp.Diff(exported(&want), exported(got)); diff != "" {
					t.Error(diff)
				}
				if test.is != nil && !errors.Is(err, test.is) {
					t.Errorf("is not %v", test.is)
				}
				if test.isNot != nil && errors.Is(err, test.isNot) {
					t.Errorf("is %v", test.isNot)
				}
			})
		}
	}
}

func exported(e *picket.Error) map[string]any {
	return map[string]any{"op": e.Operation, "status": e.StatusCode, "code": e.Code, "message": e.Message, "request": e.RequestID}
}

func TestTheRequestIDIsKept(t *testing.T) {
	for _, body := range []string{`{"msg":"no"}`, `<html>`, `{}`} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Request-Id", "req-1")
			w.Header().Set("Content-Type", "application/json")
			if body != `{}` {
				w.WriteHeader(http.StatusBadRequest)
			}
			_, _ = io.WriteString(w, body)
		}))
		client, err := picket.New(testKey, picket.WithBaseURL(server.URL), picket.WithMaxRetries(0))
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Chains(context.Background())
		var failure *picket.Error
		if !errors.As(err, &failure) || failure.RequestID != "req-1" || !strings.HasSuffix(err.Error(), "[request req-1]") {
			t.Errorf("%s: got %v", body, err)
		}
		server.Close()
	}
}

func TestAResponseOfAnotherContentTypeIsNotASuccess(t *testing.T) {
	for _, contentType := range []string{"", "text/html", "text/plain; charset=utf-8", "application/jsonp", "json", ";"} {
		client, _ := serve(t, http.StatusOK, contentType, `{"data":[]}`)
		_, err := client.Chains(context.Background())
		var failure *picket.Error
		if !errors.As(err, &failure) || failure.StatusCode != http.StatusOK || !errors.Is(err, picket.ErrUnexpectedResponse) {
			t.Errorf("%q: got %v", contentType, err)
		}
	}
}

func TestResponsesAreBounded(t *testing.T) {
	body := `{"data":[]}`
	for name, test := range map[string]struct {
		limit int64
		ok    bool
	}{"at the limit": {int64(len(body)), true}, "over the limit": {int64(len(body)) - 1, false}, "no limit": {math.MaxInt64, true}} {
		t.Run(name, func(t *testing.T) {
			client, _ := serve(t, http.StatusOK, "application/json", body, picket.WithMaxResponseBytes(test.limit))
			_, err := client.Chains(context.Background())
			if test.ok != (err == nil) || (err != nil && !errors.Is(err, picket.ErrUnexpectedResponse)) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("an error over the limit keeps its status", func(t *testing.T) {
		client, _ := serve(t, http.StatusBadGateway, "application/json", `{"msg":"`+strings.Repeat("x", 2<<20)+`"}`)
		_, err := client.Chains(context.Background())
		var failure *picket.Error
		if !errors.As(err, &failure) || failure.StatusCode != http.StatusBadGateway {
			t.Errorf("got %v", err)
		}
	})
	t.Run("after decompression", func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			var packed bytes.Buffer
			zip := gzip.NewWriter(&packed)
			_, _ = fmt.Fprintf(zip, `{"data":[]%s}`, strings.Repeat(" ", 2<<20))
			_ = zip.Close()
			_, _ = packed.WriteTo(w)
		}))
		defer server.Close()
		client, err := picket.New(testKey, picket.WithBaseURL(server.URL), picket.WithMaxRetries(0))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Chains(context.Background()); !errors.Is(err, picket.ErrUnexpectedResponse) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAResponseThatBreaksOffIsNotASuccess(t *testing.T) {
	for _, status := range []int{http.StatusOK, http.StatusBadRequest} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "100")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"data":[]}`)
		}))
		client, err := picket.New(testKey, picket.WithBaseURL(server.URL), picket.WithMaxRetries(0))
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.Chains(context.Background())
		var failure *picket.Error
		if !errors.As(err, &failure) || failure.StatusCode != status || !errors.Is(err, picket.ErrUnexpectedResponse) {
			t.Errorf("status %d: got %v", status, err)
		}
		if status == http.StatusOK && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the cause is not kept: %v", err)
		}
		server.Close()
	}
}

func TestNoResponseAtAll(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	client, err := picket.New(testKey, picket.WithBaseURL(server.URL), picket.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	for operation, call := range calls(context.Background()) {
		err := call(client)
		var failure *picket.Error
		if !errors.As(err, &failure) || failure.StatusCode != 0 || failure.Operation != operation || !errors.Is(err, picket.ErrNoResponse) {
			t.Errorf("%s: got %v", operation, err)
		}
	}
}
