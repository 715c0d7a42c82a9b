package contract_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/picket"
)

// answering returns a transport that gets the same answer to everything.
func answering(status int, header map[string]string, body string) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Body != nil {
			_, _ = io.Copy(io.Discard, r.Body)
			_ = r.Body.Close()
		}
		response := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1, Request: r}
		for name, value := range header {
			response.Header.Set(name, value)
		}
		return response, nil
	})
}

// exchange sends a request through a Transport and reads the answer.
func exchange(t *testing.T, transport http.RoundTripper, method, target string, header map[string]string, body string) {
	t.Helper()
	request, err := http.NewRequest(method, "http://localhost"+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(response.Body); err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
}

var (
	inJSON  = map[string]string{"Content-Type": "application/json"}
	withKey = map[string]string{"Authorization": "Basic a2V5Og==", "Content-Type": "application/json"}
)

const aWallet = `{"walletAddress": "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"}`

func TestWhatIsWrongWithARequestIsReported(t *testing.T) {
	for name, test := range map[string]struct {
		method, target string
		header         map[string]string
		body           string
		want           []contract.Violation
	}{
		"nothing": {"POST", "/api/v1/auth/nonce", withKey, aWallet, []contract.Violation{}},
		"no key": {"POST", "/api/v1/auth/nonce", inJSON, aWallet, []contract.Violation{
			{Operation: "nonce", Pointer: "Authorization", Message: "Authorization is required: basic", Spec: "#/security"}}},
		"a key of another scheme": {"GET", "/api/v1/chains", map[string]string{"Authorization": "Bearer secret"}, "", []contract.Violation{
			{Operation: "chains", Pointer: "Authorization", Message: "Authorization must be of the scheme basic", Spec: "#/security"}}},
		"no token": {"GET", "/api/v1/oauth2/userinfo", nil, "", []contract.Violation{
			{Operation: "getUserInfo", Pointer: "Authorization", Message: "Authorization is required: bearer", Spec: "#/paths/~1oauth2~1userinfo/get/security"}}},
		"a property misspelt": {"POST", "/api/v1/auth/nonce", withKey, `{"wallet_address": "secret"}`, []contract.Violation{
			{Operation: "nonce", Pointer: "/wallet_address", Message: `"wallet_address" is not a property; did you mean "walletAddress"?`, Spec: "#/components/schemas/NonceRequest/properties", Unknown: true},
			{Operation: "nonce", Pointer: "/walletAddress", Message: "walletAddress is required", Spec: "#/components/schemas/NonceRequest/required"}}},
		"a type": {"POST", "/api/v1/auth", withKey, `{"walletAddress": "0x1", "signature": {"secret": 1}, "requirements": {"allowedWallets": ["a", 7]}}`, []contract.Violation{
			{Operation: "auth", Pointer: "/requirements/allowedWallets/1", Message: "requirements.allowedWallets.1 must be a string", Spec: "#/components/schemas/Strings/items/type"},
			{Operation: "auth", Pointer: "/signature", Message: "signature must be a string", Spec: "#/components/schemas/Signature/type"}}},
		"no JSON": {"POST", "/api/v1/auth/nonce", withKey, `{"walletAddress": `, []contract.Violation{
			{Operation: "nonce", Message: "the body is not JSON: it ends too early", Spec: "#/paths/~1auth~1nonce/post/requestBody"}}},
		"another type of content": {"POST", "/api/v1/auth/nonce", map[string]string{"Authorization": "Basic a2V5Og==", "Content-Type": "text/plain"}, aWallet, []contract.Violation{
			{Operation: "nonce", Pointer: "Content-Type", Message: "the Content-Type must be application/json", Spec: "#/paths/~1auth~1nonce/post/requestBody/content"}}},
		"no body": {"POST", "/api/v1/auth/nonce", withKey, "", []contract.Violation{
			{Operation: "nonce", Message: "a request body is required", Spec: "#/paths/~1auth~1nonce/post/requestBody/required"}}},
		"parameters": {"GET", "/api/v1/oauth2/authorize?redirect_uri=a%3Ab&state=secret&code_challenge=short&code_challenge_method=plain&state=again", nil, "", []contract.Violation{
			{Operation: "authorize", Pointer: "state", Message: "state is given more than once", Spec: "#/paths/~1oauth2~1authorize/get/parameters/2"},
			{Operation: "authorize", Pointer: "client_id", Message: "client_id is required", Spec: "#/paths/~1oauth2~1authorize/get/parameters/0/required"},
			{Operation: "authorize", Pointer: "code_challenge", Message: "code_challenge must be a string that matches ^[A-Za-z0-9_-]{43}$", Spec: "#/paths/~1oauth2~1authorize/get/parameters/3/schema/pattern"},
			{Operation: "authorize", Pointer: "code_challenge_method", Message: "code_challenge_method must be S256", Spec: "#/paths/~1oauth2~1authorize/get/parameters/4/schema/enum"}}},
		"no operation":   {"POST", "/api/v1/auth/nonces", withKey, aWallet, []contract.Violation{{Message: "no such operation; did you mean POST /api/v1/auth/nonce?", Spec: "#/paths"}}},
		"not under it":   {"POST", "/auth/nonce/secret", withKey, aWallet, []contract.Violation{{Message: "no such operation; all operations are under /api/v1", Spec: "#/paths"}}},
		"another method": {"PUT", "/api/v1/auth/nonce", withKey, aWallet, []contract.Violation{{Message: "no such operation; the path has POST /api/v1/auth/nonce", Spec: "#/paths"}}},
		"climbing":       {"POST", "/api/v1/chains/../auth/nonce", withKey, aWallet, []contract.Violation{{Message: "no such operation", Spec: "#/paths"}}},
		"a preflight":    {"OPTIONS", "/api/v1/auth/nonce", map[string]string{"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}, "", []contract.Violation{}},
		"no preflight":   {"OPTIONS", "/api/v1/auth/nonce", map[string]string{"Access-Control-Request-Method": "POST"}, "", []contract.Violation{{Message: "no such operation; the path has POST /api/v1/auth/nonce", Spec: "#/paths"}}},
		"control":        {"GET", "/_mock/journal", nil, "", []contract.Violation{}},
	} {
		t.Run(name, func(t *testing.T) {
			transport := contract.NewTransport(answering(http.StatusInternalServerError, inJSON, `{"msg": "internal server error"}`))
			exchange(t, transport, test.method, test.target, test.header, test.body)
			for i := range test.want {
				test.want[i].Direction = contract.Request
			}
			found := transport.Findings()
			if diff := cmp.Diff(test.want, found.Violations); diff != "" || found.ViolationCount != len(test.want) || found.UncheckedCount != 0 {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if text := fmt.Sprint(found); strings.Contains(strings.ReplaceAll(text, "did you mean", ""), "secret") {
				t.Errorf("a value is shown: %s", text)
			}
		})
	}
}

func TestWhatIsWrongWithAResponseIsReported(t *testing.T) {
	const chains = "#/components/schemas/ChainsResponse/properties/data"
	location := "#/components/responses/AuthorizationRedirect/headers/Location"
	for name, test := range map[string]struct {
		target string
		status int
		header map[string]string
		body   string
		want   []contract.Violation
	}{
		"nothing": {"/chains", 200, inJSON, `{"data": []}`, []contract.Violation{}},
		"properties": {"/chains", 200, inJSON, `{"data": [{"chainSlug": "UPPER", "chainId": "secret", "chainType": "bitcoin", "name": "secret", "publicRPC": "", "authorizationSupported": true}]}`, []contract.Violation{
			{Pointer: "/data/0/chainId", Message: "data.0.chainId must be a whole number", Spec: "#/components/schemas/ChainID/type"},
			{Pointer: "/data/0/chainSlug", Message: "data.0.chainSlug must be a string that matches ^[a-z0-9]+(-[a-z0-9]+)*$", Spec: "#/components/schemas/ChainInfo/properties/chainSlug/pattern"},
			{Pointer: "/data/0/chainType", Message: "data.0.chainType must be ethereum, solana or flow", Spec: "#/components/schemas/ChainType/enum"},
			{Pointer: "/data/0/chainName", Message: "data.0.chainName is required", Spec: "#/components/schemas/ChainInfo/required"},
			{Pointer: "/data/0/name", Message: `"name" is not a property of data`, Spec: "#/components/schemas/ChainInfo/properties", Unknown: true}}},
		"no object":  {"/chains", 200, inJSON, `[]`, []contract.Violation{{Message: "the body must be an object", Spec: "#/components/schemas/ChainsResponse/type"}}},
		"a list":     {"/chains", 200, inJSON, `{"data": {}}`, []contract.Violation{{Pointer: "/data", Message: "data must be an array", Spec: chains + "/type"}}},
		"no JSON":    {"/chains", 200, inJSON, `{"data": [] secret`, []contract.Violation{{Message: "the body is not JSON: byte 13 is a mistake", Spec: "#/paths/~1chains/get/responses/200/content"}}},
		"no UTF-8":   {"/chains", 200, inJSON, "{\"data\": \"\xff\"}", []contract.Violation{{Message: "the body is not UTF-8", Spec: "#/paths/~1chains/get/responses/200/content"}}},
		"a page":     {"/chains", 200, map[string]string{"Content-Type": "text/html"}, `<p>`, []contract.Violation{{Pointer: "Content-Type", Message: "the Content-Type must be application/json", Spec: "#/paths/~1chains/get/responses/200/content"}}},
		"a status":   {"/chains", 418, inJSON, `{}`, []contract.Violation{{Message: "the status is not supported: 418, only 200, 401, 429, 500, 502, 503, 504", Spec: "#/paths/~1chains/get/responses"}}},
		"a redirect": {"/chains", 308, nil, ``, []contract.Violation{{Message: "the status is not supported: 308, only 200, 401, 429, 500, 502, 503, 504", Spec: "#/paths/~1chains/get/responses"}}},
		"an error": {"/chains", 429, map[string]string{"Content-Type": "application/json"}, `{"code": "secret"}`, []contract.Violation{
			{Pointer: "Retry-After", Message: "Retry-After is required", Spec: "#/components/responses/TooManyRequests/headers/Retry-After"},
			{Pointer: "/msg", Message: "msg is required", Spec: "#/components/schemas/ErrorResponse/required"}}},
		"a header":          {"/oauth2/authorize?" + authorizeQuery, 302, nil, ``, []contract.Violation{{Pointer: "Location", Message: "Location is required", Spec: location}}},
		"gzip":              {"/chains", 200, map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}, string(gzipped(t, `{"data": 1}`)), []contract.Violation{{Pointer: "/data", Message: "data must be an array", Spec: chains + "/type"}}},
		"gzip that is none": {"/chains", 200, map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}, `{"data": []}`, []contract.Violation{{Pointer: "Content-Encoding", Message: "the body is not gzip, as its Content-Encoding says", Spec: "#/paths/~1chains/get"}}},
	} {
		t.Run(name, func(t *testing.T) {
			transport := contract.NewTransport(answering(test.status, test.header, test.body))
			header := withKey
			operation := "chains"
			if strings.HasPrefix(test.target, "/oauth2") {
				header, operation = nil, "authorize"
			}
			exchange(t, transport, "GET", "/api/v1"+test.target, header, "")
			for i := range test.want {
				test.want[i].Direction, test.want[i].Operation = contract.Response, operation
			}
			found := transport.Findings()
			if diff := cmp.Diff(test.want, found.Violations); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if text := fmt.Sprint(found); strings.Contains(text, "secret") {
				t.Errorf("a value is shown: %s", text)
			}
		})
	}
}

const authorizeQuery = "client_id=pk_00000000000000000000000000000000&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback&state=s" +
	"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"

func TestABodyThatCannotBeCheckedIsReported(t *testing.T) {
	large := `{"data": [], "x": "` + strings.Repeat("x", 100) + `"}`
	for name, test := range map[string]struct {
		header map[string]string
		body   string
		want   string
	}{
		"too large":      {inJSON, large, "the body is larger than the limit for checks"},
		"large when out": {map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"}, string(gzipped(t, large)), "the body is larger than the limit for checks"},
		"another coding": {map[string]string{"Content-Type": "application/json", "Content-Encoding": "br"}, "...", "the body has a content coding other than gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			var reported []contract.Unchecked
			transport := contract.NewTransport(answering(200, test.header, test.body), contract.WithMaxBodyBytes(80),
				contract.WithOnUnchecked(func(u contract.Unchecked) { reported = append(reported, u) }))
			exchange(t, transport, "GET", "/api/v1/chains", withKey, "")
			want := contract.Findings{
				Exchanges:      1,
				Violations:     []contract.Violation{},
				Unchecked:      []contract.Unchecked{{Operation: "chains", Direction: contract.Response, Reason: test.want}},
				UncheckedCount: 1,
			}
			if diff := cmp.Diff(want, transport.Findings()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want.Unchecked, reported); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("a request, whose other parts are checked", func(t *testing.T) {
		transport := contract.NewTransport(answering(413, inJSON, `{"msg": "too large"}`), contract.WithMaxBodyBytes(80))
		exchange(t, transport, "POST", "/api/v1/auth/nonce", inJSON, large)
		found := transport.Findings()
		if len(found.Violations) != 1 || found.Violations[0].Pointer != "Authorization" || len(found.Unchecked) != 1 || found.Unchecked[0].Direction != contract.Request {
			t.Errorf("found %+v", found)
		}
	})
}

func TestWhoDecodesJSONNeedNotReadToTheEnd(t *testing.T) {
	const body = `{"data": 1}`
	for name, length := range map[string]int64{"with a length": int64(len(body)), "without": -1} {
		t.Run(name, func(t *testing.T) {
			transport := contract.NewTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
				response, err := answering(200, inJSON, body).RoundTrip(r)
				response.ContentLength = length
				return response, err
			}))
			request, err := http.NewRequest(http.MethodGet, "http://localhost/api/v1/chains", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.SetBasicAuth("key", "")
			response, err := transport.RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			response.Header.Del("Content-Type") // is the client's from here on
			if _, err := io.ReadFull(response.Body, make([]byte, len(body))); err != nil {
				t.Fatal(err)
			}
			if reported := transport.Findings().ViolationCount; length > 0 && reported != 1 {
				t.Errorf("%d violations are reported before the last bytes", reported)
			}
			_ = response.Body.Close()
			if found := transport.Findings(); len(found.Violations) != 1 || found.Violations[0].Pointer != "/data" || len(found.Unchecked) != 0 {
				t.Errorf("found %+v", found)
			}
		})
	}
}

func TestARequestThatIsSentAgainIsCheckedOnce(t *testing.T) {
	calls := 0
	transport := contract.NewTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
		calls++
		_, _ = r.Body.Read(make([]byte, 5)) // the connection was closed meanwhile
		_ = r.Body.Close()
		body, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		_, _ = io.Copy(io.Discard, body)
		_ = body.Close()
		return answering(500, inJSON, `{"msg": ""}`).RoundTrip(&http.Request{})
	}))
	exchange(t, transport, "POST", "/api/v1/auth/nonce", withKey, `{"walletAddress": 1, "chain": "ethereum"}`)
	if found := transport.Findings(); len(found.Violations) != 1 || found.Violations[0].Pointer != "/walletAddress" || len(found.Unchecked) != 0 {
		t.Errorf("found %+v", found)
	}
}

func TestTheErrorsOfTheTransportAreItsOwn(t *testing.T) {
	want := errors.New("broken")
	transport := contract.NewTransport(roundTripper(func(*http.Request) (*http.Response, error) { return nil, want }))
	request, err := http.NewRequest(http.MethodGet, "http://localhost/api/v1/chains", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth("key", "")
	if _, err := transport.RoundTrip(request); err != want {
		t.Errorf("got %v", err)
	}
	if found := transport.Findings(); found.ViolationCount+found.UncheckedCount != 0 {
		t.Errorf("found %+v", found)
	}
}

func TestFindingsAreBoundedAndCounted(t *testing.T) {
	var mu sync.Mutex
	reported := 0
	transport := contract.NewTransport(answering(200, inJSON, `{"data": 1}`), contract.WithOnViolation(func(contract.Violation) {
		mu.Lock()
		defer mu.Unlock()
		reported++
	}))
	var callers sync.WaitGroup
	const each, all = 200, 8
	for range all {
		callers.Go(func() {
			for range each {
				exchange(t, transport, "GET", "/api/v1/chains", withKey, "")
			}
		})
	}
	callers.Wait()
	found := transport.Findings()
	if found.Exchanges != each*all || found.ViolationCount != each*all || reported != each*all || len(found.Violations) != contract.MaxFindings {
		t.Errorf("found %d exchanges, %d violations, reported %d, kept %d", found.Exchanges, found.ViolationCount, reported, len(found.Violations))
	}
}

func TestTheBasePathCanBeAnother(t *testing.T) {
	for _, base := range []string{"", "/v2", "/picket/api/"} {
		transport := contract.NewTransport(answering(200, inJSON, `{"data": []}`), contract.WithBasePath(base))
		exchange(t, transport, "GET", strings.TrimSuffix(base, "/")+"/chains", withKey, "")
		if found := transport.Findings(); found.ViolationCount != 0 || found.Exchanges != 1 {
			t.Errorf("%q: found %+v", base, found)
		}
	}
}

func TestTheClientOfPicketKeepsTheContract(t *testing.T) {
	srv := mock.Start(t)
	transport := contract.NewTransport(nil)
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL), picket.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		t.Fatal(err)
	}
	for _, wallet := range []*mock.Wallet{mock.NewEthereumWallet(t), mock.NewSolanaWallet(t)} {
		auth := wallet.Login(t, client)
		if _, err := client.Validate(t.Context(), picket.ValidateRequest{AccessToken: auth.AccessToken}); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(contract.Findings{Exchanges: 6, Violations: []contract.Violation{}, Unchecked: []contract.Unchecked{}}, transport.Findings()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
