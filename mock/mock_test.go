package mock_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

const contract = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"

func newClient(t *testing.T, srv *mock.Server, key string) *picket.Client {
	t.Helper()
	client, err := picket.New(key, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// answer is a response, and what it says when it is an error.
type answer struct {
	status    int
	code, msg string
	header    http.Header
	body      string
}

// roundTrip sends a request as it is, with the Authorization header of curl -u KEY:, or none for an empty key.
func roundTrip(t *testing.T, srv *mock.Server, key, method, path, body string, header ...string) answer {
	t.Helper()
	request, err := http.NewRequest(method, srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		request.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(key+":")))
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Del(header[i])
		if header[i+1] != "" {
			request.Header.Set(header[i], header[i+1])
		}
	}
	return do(t, request)
}

func do(t *testing.T, request *http.Request) answer {
	t.Helper()
	response, err := http.DefaultTransport.RoundTrip(request) // follows no redirect
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{status: response.StatusCode, header: response.Header, body: string(text)}
}

// send is roundTrip for what answers with JSON: an error must be of the API's shape.
func send(t *testing.T, srv *mock.Server, key, method, path, body string, header ...string) answer {
	t.Helper()
	got := roundTrip(t, srv, key, method, path, body, header...)
	if got.status >= 400 && method != http.MethodHead {
		if contentType := got.header.Get("Content-Type"); contentType != "application/json" {
			t.Errorf("%s %s: the error is %s", method, path, contentType)
		}
		var fields struct{ Code, Msg *string }
		if err := json.Unmarshal([]byte(got.body), &fields); err != nil || fields.Msg == nil || *fields.Msg == "" {
			t.Errorf("%s %s: the error is not of the API's shape: %s", method, path, got.body)
			return got
		}
		got.msg = *fields.Msg
		if fields.Code != nil {
			got.code = *fields.Code
		}
	}
	return got
}

func post(t *testing.T, srv *mock.Server, path, body string) answer {
	t.Helper()
	return send(t, srv, srv.SecretKey, http.MethodPost, path, body)
}

func (a answer) want(t *testing.T, status int, code picket.ErrorCode, phrase string) {
	t.Helper()
	if a.status != status || a.code != string(code) || !strings.Contains(strings.ToLower(a.msg), strings.ToLower(phrase)) {
		t.Errorf("got %d %s %q; want %d %s with %q", a.status, a.code, a.msg, status, code, phrase)
	}
}

const (
	redirectURI = "http://localhost:3000/callback"
	someState   = "c3RhdGUrLz0+/w=="
	// The example of RFC 7636, appendix B.
	verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

// authorizeQuery returns the query that asks for an authorization; it has no signature yet.
func authorizeQuery(project *mock.Project) url.Values {
	return url.Values{
		"client_id":             {project.PublishableKey},
		"redirect_uri":          {redirectURI},
		"state":                 {someState},
		"code_challenge":        {challenge},
		"code_challenge_method": {"S256"},
	}
}

// signed adds the login of a wallet to a query.
func signed(t *testing.T, srv *mock.Server, wallet *mock.Wallet, query url.Values) url.Values {
	t.Helper()
	login := wallet.AuthRequest(t, newClient(t, srv, query.Get("client_id")))
	for name, value := range map[string]string{
		"chain":         login.Chain,
		"walletAddress": login.WalletAddress,
		"signature":     string(login.Signature),
		"domain":        login.Context.Domain,
		"uri":           login.Context.URI,
		"issuedAt":      login.Context.IssuedAt,
	} {
		query.Set(name, value)
	}
	return query
}

func authorize(t *testing.T, srv *mock.Server, query url.Values) answer {
	t.Helper()
	return roundTrip(t, srv, "", http.MethodGet, "/oauth2/authorize?"+query.Encode(), "")
}

// redirected returns the query of the redirect that an answer is.
func (a answer) redirected(t *testing.T) url.Values {
	t.Helper()
	location, err := url.Parse(a.header.Get("Location"))
	if err != nil || a.status != http.StatusFound {
		t.Fatalf("got %d to %v, %v: %s", a.status, location, err, a.body)
	}
	return location.Query()
}

// newCode logs a new wallet in and returns a code for it.
func newCode(t *testing.T, srv *mock.Server, query url.Values) picket.Secret {
	t.Helper()
	code := authorize(t, srv, signed(t, srv, mock.NewEthereumWallet(t), query)).redirected(t).Get("code")
	if code == "" {
		t.Fatal("there is no code")
	}
	return picket.Secret(code)
}
