package picket_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	gocmp "github.com/google/go-cmp/cmp"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// The secrets of fuzzed calls. Responses echo them.
const (
	fuzzSignature = "0x51676e6174757265"
	fuzzCode      = "c0dec0dec0de"
	fuzzVerifier  = "ver1fierver1fier"
)

var fuzzCredentials = base64.StdEncoding.EncodeToString([]byte(testKey + ":"))

// fuzzedCall is an operation of the client, and where openapi.yaml has its response.
type fuzzedCall struct {
	path, method string
	call         func(*picket.Client) (any, error)
}

// result keeps a nil pointer from counting as a result.
func result[T any](value *T, err error) (any, error) {
	if value == nil {
		return nil, err
	}
	return value, err
}

func fuzzedCalls() map[string]fuzzedCall {
	ctx := context.Background()
	return map[string]fuzzedCall{
		"nonce": {"/auth/nonce", "POST", func(c *picket.Client) (any, error) {
			return result(c.Nonce(ctx, picket.NonceRequest{WalletAddress: address}))
		}},
		"auth": {"/auth", "POST", func(c *picket.Client) (any, error) {
			return result(c.Auth(ctx, picket.AuthRequest{WalletAddress: address, Signature: fuzzSignature}))
		}},
		"authz": {"/authz", "POST", func(c *picket.Client) (any, error) {
			return result(c.Authz(ctx, picket.AuthzRequest{AccessToken: sample, Requirements: picket.Requirements{ContractAddress: "0xC0"}}))
		}},
		"validate": {"/auth/validate", "POST", func(c *picket.Client) (any, error) {
			return result(c.Validate(ctx, picket.ValidateRequest{AccessToken: sample}))
		}},
		"tokenOwnership": {"/chains/{chain}/wallets/{walletAddress}/tokenOwnership", "POST", func(c *picket.Client) (any, error) {
			return result(c.TokenOwnership(ctx, "ethereum", address, picket.TokenOwnershipRequest{ContractAddress: "0xC0"}))
		}},
		"chains": {"/chains", "GET", func(c *picket.Client) (any, error) {
			chains, err := c.Chains(ctx)
			if chains == nil {
				return nil, err
			}
			return &types.ChainsResponse{Data: chains}, err
		}},
		"chain": {"/chains/{chain}", "GET", func(c *picket.Client) (any, error) { return result(c.Chain(ctx, "ethereum")) }},
		"token": {"/oauth2/token", "POST", func(c *picket.Client) (any, error) {
			return result(c.ExchangeGrant(ctx, picket.OAuthTokenRequest{Code: fuzzCode, RedirectURI: "http://localhost/", CodeVerifier: fuzzVerifier}))
		}},
	}
}

func fuzzedClient(t testing.TB, transport roundTripper, options ...picket.Option) *picket.Client {
	t.Helper()
	client, err := picket.New(testKey, append([]picket.Option{picket.WithHTTPClient(&http.Client{Transport: transport}), picket.WithMaxRetries(0)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// FuzzResponse answers every operation with any status, headers and body. What counts as a success has all that openapi.yaml
// requires, read from its schema here and not from the generated types; everything else is an error that is fit for a log.
func FuzzResponse(f *testing.F) {
	doc, err := openapi3.NewLoader().LoadFromData(openapi.Spec())
	if err != nil {
		f.Fatal(err)
	}
	calls := fuzzedCalls()
	operations := slices.Sorted(maps.Keys(calls))
	schemas := map[string]*openapi3.Schema{}
	for i, operation := range operations {
		call := calls[operation]
		op := doc.Paths.Value(call.path).GetOperation(call.method)
		schemas[operation] = op.Responses.Status(http.StatusOK).Value.Content.Get("application/json").Schema.Value
		for status, response := range op.Responses.Map() {
			code := map[string]int{"200": 200, "400": 400, "401": 401, "403": 403, "404": 404, "413": 413, "429": 429}[status]
			for contentType, media := range response.Value.Content {
				for _, example := range media.Examples {
					body, err := json.Marshal(example.Value.Value)
					if err != nil {
						f.Fatal(err)
					}
					f.Add(byte(i), code, contentType, "", "", body)
				}
			}
		}
		for _, body := range []string{
			`{"allowed":false,"Allowed":true}`, `{"allowed":false,"\u0061llowed":true}`, `{"allowed":true,"tokenBalances":{"tokenIds":{"a":1,"a":2}}}`,
			"\uFEFF{\"data\":[]}", `{"data":[null]}`, `{"nonce":"n","statement":"s","format":"siwe","x":{"a":[{"b":"\\\""}]},"x":1}`,
		} {
			f.Add(byte(i), 200, "application/json,application/json; charset: utf-8", "", "", []byte(body))
		}
		secrets := strings.Join([]string{testKey, fuzzCredentials, fuzzSignature, sample, fuzzCode, fuzzVerifier}, " ")
		f.Add(byte(i), 400, "application/json; charset=utf-8", "r-"+secrets, "", []byte(`{"code":"`+secrets+`","msg":"`+secrets+`"}`))
		f.Add(byte(i), 400, "application/json", "", "", []byte(`{"code":"a\u2028b","msg":"a\u2029b\u0085c"}`))
		f.Add(byte(i), 502, "text/"+testKey, testKey, "", []byte("<html>"+secrets))
		f.Add(byte(i), 200, "application/"+testKey, secrets, "", []byte(`"`+secrets+`"`))
		f.Add(byte(i), 302, "", "", "https://elsewhere.example/"+secrets+"?"+secrets, []byte{})
		f.Add(byte(i), 200, "application/json", "", "", []byte(`{"data":[{}],"allowed":true,"ALLOWED":null,"nonce":"a","nonce":null,"tokenBalance":"1e999"}`))
	}
	f.Fuzz(func(t *testing.T, operation byte, status int, contentType, requestID, location string, body []byte) {
		if status < 200 || status > 999 {
			t.Skip("net/http lets no other status through")
		}
		name := operations[int(operation)%len(operations)]
		header := http.Header{}
		for field, value := range map[string]string{"Content-Type": contentType, "X-Request-Id": requestID, "Location": location} {
			if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
				t.Skip("net/http lets no such header through")
			}
			if value != "" {
				header.Set(field, value)
			}
		}
		client := fuzzedClient(t, func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
		})
		got, err := calls[name].call(client)
		switch {
		case err != nil:
			if got != nil {
				t.Errorf("there is a result, %v, beside the error %v", got, err)
			}
			checkFailure(t, name, status, location, err)
		case status > 299:
			t.Errorf("the status %d is a success: %v", status, got)
		case !strings.Contains(strings.ToLower(contentType), "json") || !utf8.Valid(body):
			t.Errorf("%s of %q is a success: %v", contentType, body, got)
		default:
			checkSuccess(t, schemas[name], body, got)
		}
	})
}

// checkFailure fails unless an error is of its operation, and one line, not long, without a secret.
func checkFailure(t *testing.T, operation string, status int, location string, err error) {
	t.Helper()
	var failure *picket.Error
	if !errors.As(err, &failure) || failure.Operation != operation {
		t.Fatalf("got %T: %v", err, err)
	}
	if _, unusable := url.Parse(location); unusable == nil && failure.StatusCode != status {
		t.Errorf("the status is %d instead of %d", failure.StatusCode, status)
	}
	kinds := 0
	for _, kind := range []error{picket.ErrUnexpectedResponse, picket.ErrNoResponse, picket.ErrInvalidArgument} {
		if errors.Is(err, kind) {
			kinds++
		}
	}
	if status < 300 && failure.StatusCode != 0 && !errors.Is(err, picket.ErrUnexpectedResponse) || kinds > 1 {
		t.Errorf("a broken response is not told as one: %v", err)
	}
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v", failure), fmt.Sprintf("%#v", *failure)} {
		checkLogText(t, text)
		for _, secret := range []string{testKey, fuzzCredentials, fuzzSignature, sample, fuzzCode, fuzzVerifier} {
			sent := map[string][]string{"auth": {fuzzSignature}, "authz": {sample}, "validate": {sample}, "token": {fuzzCode, fuzzVerifier}}[operation]
			if shows(text, secret) && slices.Contains(append(sent, testKey, fuzzCredentials, sample), secret) {
				t.Errorf("the error shows %s: %s", secret, text)
			}
		}
	}
}

// checkLogText fails unless a text is one line, of UTF-8, and not long.
func checkLogText(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) || len(text) > 4096 || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Cf) }) {
		t.Errorf("the text is not fit for a log: %d bytes, %.500q", len(text), text)
	}
}

// checkSuccess fails unless a result has what its schema requires, both in the response and when it is written and read again.
func checkSuccess(t *testing.T, schema *openapi3.Schema, body []byte, got any) {
	t.Helper()
	var sent, kept any
	body = bytes.TrimPrefix(body, []byte("\uFEFF"))
	if err := json.Unmarshal(body, &sent); err != nil {
		t.Fatalf("%q is a success: %v", body, got)
	}
	if name := lacks(schema, sent); name != "" {
		t.Errorf("%s lacks %s and is a success: %+v", body, name, got)
	}
	written, err := wire.Marshal(got)
	if err != nil {
		t.Fatalf("the result cannot be written: %v", err)
	}
	if err := json.Unmarshal(written, &kept); err != nil || lacks(schema, kept) != "" {
		t.Errorf("%s is written as %s, which lacks %q, %v", body, written, lacks(schema, kept), err)
	}
	again := reflect.New(reflect.TypeOf(got).Elem()).Interface()
	if err := json.Unmarshal(written, again); err != nil {
		t.Fatalf("%s cannot be read again: %v", written, err)
	}
	rewritten, err := wire.Marshal(again)
	if err != nil || !bytes.Equal(written, rewritten) {
		t.Errorf("%s is read and written as %s, %v", written, rewritten, err)
	}
}

// lacks returns the name of a property that the schema requires and the value does not have, or has as null although it may not.
func lacks(schema *openapi3.Schema, value any) string {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			if schema.Items == nil {
				break
			}
			if name := lacks(schema.Items.Value, element); name != "" {
				return name
			}
		}
	case map[string]any:
		for _, part := range schema.AllOf {
			if name := lacks(part.Value, value); name != "" {
				return name
			}
		}
		for _, name := range schema.Required {
			given, there := value[name]
			if !there || given == nil && (schema.Properties[name] == nil || !schema.Properties[name].Value.Nullable) {
				return name
			}
		}
		for name, property := range schema.Properties {
			given, there := value[name]
			if !there || given == nil && property.Value.Nullable {
				continue
			}
			if inner := lacks(property.Value, given); inner != "" {
				return name + "." + inner
			}
		}
	case nil:
		if len(schema.Required) > 0 {
			return "everything"
		}
	}
	return ""
}

// FuzzRetryAfter answers with any Retry-After, and lets the time pass that it asks for.
func FuzzRetryAfter(f *testing.F) {
	for _, value := range []string{
		"", "0", "2", "120", "-1", "1.5", " 3 ", "1e3", "+4", "99999999999999999999999", "9223372036854775807", "Sat, 01 Jan 2000 00:01:00 GMT",
		"Saturday, 01-Jan-00 00:02:00 GMT", "Sat Jan  1 00:03:00 2000", "Sat, 01 Jan 0000 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "soon", "\xff",
	} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		const longest = time.Minute
		synctest.Test(t, func(t *testing.T) {
			started := time.Now() // 2000-01-01, in the bubble
			client := fuzzedClient(t, func(r *http.Request) (*http.Response, error) {
				return &http.Response{
					StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {value}}, Body: http.NoBody, Request: r,
				}, nil
			}, picket.WithMaxRetries(1), picket.WithRetryWait(time.Second, longest), picket.WithTimeout(0))
			_, err := client.Chains(context.Background())
			var failure *picket.Error
			if !errors.As(err, &failure) || failure.Tries != 2 {
				t.Fatalf("got %v", err)
			}
			waited := time.Since(started)
			text := strings.TrimSpace(value)
			var asked time.Duration
			switch date, err := http.ParseTime(text); {
			case text != "" && strings.Trim(text, "0123456789") == "":
				seconds := strings.TrimLeft(text, "0")
				if len(seconds) > 9 {
					asked = longest
					break
				}
				asked, _ = time.ParseDuration(cmp.Or(seconds, "0") + "s")
			case err == nil:
				asked = max(date.Sub(started), 0)
			}
			switch {
			case asked > 0 && waited != min(asked, longest):
				t.Errorf("%q: waited %v", value, waited)
			case asked == 0 && (waited < time.Second/2 || waited > time.Second):
				t.Errorf("%q: waited %v, as if it asked for something", value, waited)
			case failure.RetryAfter < 0 || (asked == 0 && failure.RetryAfter > 0):
				t.Errorf("%q: the error has %v", value, failure.RetryAfter)
			}
		})
	})
}

// FuzzSigningMessage makes a message of anything. One that is made can be read in one way only, and gives every field back.
func FuzzSigningMessage(f *testing.F) {
	const issuedAt = "2022-10-25T01:12:36.000Z"
	f.Add("siwe", "e5Wh3kQ8", "Sign in with your wallet.", address, "localhost:3000", "http://localhost:3000", int64(1), issuedAt, "ethereum")
	f.Add("siwe", "e5Wh3kQ8", "Ethereum, and more Ethereum.", "4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvA", "Ethereum.example", "https://x/Ethereum", int64(101), issuedAt, "solana")
	f.Add("siwe", "e5Wh3kQ8", "Welcome", "0x1654653399040a61", "[::1]:80", "app://x?y#z", int64(747), "2022-10-25t01:12:36z", "flow")
	f.Add("simple", "n", "Address: 0x0\nNonce: m\n\nAddress: 0x1", address, "", "", int64(0), "", "")
	f.Add("siwe", "e5Wh3kQ8\n", "a\r\nb", "0x1\n", "user@host", "https://u:hunter2hunter2@h/", int64(-1), "2022-10-25", "bitcoin")
	f.Add("", "", "", "", "", "", int64(0), "", "")
	f.Fuzz(func(t *testing.T, format, nonce, statement, wallet, domain, uri string, chainID int64, issuedAt, chainType string) {
		message, err := picket.SigningMessage(&picket.NonceResponse{Nonce: nonce, Statement: statement, Format: picket.MessageFormat(format)}, wallet,
			picket.SigningMessageContext{Domain: domain, URI: uri, ChainID: picket.ChainID(chainID), IssuedAt: issuedAt, ChainType: picket.ChainType(chainType)})
		if err != nil {
			if message != "" || strings.ContainsAny(err.Error(), "\r\n") {
				t.Errorf("got %q and %q", message, err)
			}
			return
		}
		lines := strings.Split(message, "\n")
		if format == "simple" {
			last := lines[len(lines)-2:]
			if diff := gocmp.Diff([]string{"Address: " + wallet, "Nonce: " + nonce}, last); diff != "" || strings.Join(lines[:len(lines)-3], "\n") != statement {
				t.Errorf("the message cannot be read back: %q", message)
			}
			return
		}
		family := map[string]string{"solana": "Solana", "flow": "Flow"}[chainType]
		translated := func(text string) string { return strings.ReplaceAll(text, "Ethereum", cmp.Or(family, "Ethereum")) }
		want := []string{
			translated(domain + " wants you to sign in with your Ethereum account:"), translated(wallet), "", translated(statement), "",
			translated("URI: " + uri), "Version: 1", fmt.Sprint("Chain ID: ", chainID), translated("Nonce: " + nonce), "Issued At: " + issuedAt,
		}
		if diff := gocmp.Diff(want, lines); diff != "" {
			t.Errorf("the message cannot be read back: %s", diff)
		}
		if chainID <= 0 || strings.ContainsAny(domain+uri, " \r\n") || strings.Contains(domain, "@") {
			t.Errorf("a context that is none is taken: %q", message)
		}
	})
}
