package mock_test

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/mr-tron/base58"

	openapi "github.com/seed-a13ee279/picket"
	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// offline is a mock without a network, with a wallet whose key is the same in every process, as seeds need it.
type offline struct {
	*mock.Server
	client *picket.Client
	wallet *mock.Wallet
}

// throughHandler is a transport to a handler in the same goroutine.
type throughHandler struct{ http.Handler }

func (h throughHandler) RoundTrip(r *http.Request) (*http.Response, error) {
	served := r.Clone(r.Context())
	if served.Body == nil {
		served.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	h.ServeHTTP(recorder, served)
	return recorder.Result(), nil
}

func offlineClient(t mock.TB, srv *mock.Server, key string) *picket.Client {
	client, err := picket.New(key, picket.WithBaseURL("http://localhost/api/v1"), picket.WithMaxRetries(0), picket.WithTimeout(0),
		picket.WithHTTPClient(&http.Client{Transport: throughHandler{srv.Handler()}}))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return client
}

func newOffline(t testing.TB, options ...mock.Option) offline {
	t.Helper()
	srv, err := mock.New(append([]mock.Option{mock.WithRedirectURI(redirectURI)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return offline{srv, offlineClient(t, srv, srv.SecretKey), fixedWallet(t, "ethereum", 1)}
}

// fixedWallet returns a wallet on an EVM chain whose key is the number.
func fixedWallet(t testing.TB, chain string, number byte) *mock.Wallet {
	t.Helper()
	wallet, err := mock.ParseWallet(chain, picket.Secret(fmt.Sprintf("0x%064x", number)))
	if err != nil {
		t.Fatal(err)
	}
	return wallet
}

// fixedSolanaWallet returns a wallet on Solana whose key is made from the number.
func fixedSolanaWallet(t testing.TB, number byte) *mock.Wallet {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{number}, ed25519.SeedSize))
	wallet, err := mock.ParseWallet("solana", picket.Secret(base58.Encode(key)))
	if err != nil {
		t.Fatal(err)
	}
	return wallet
}

// fill puts living secrets into the text of a request. It returns those that it made.
func (o offline) fill(t testing.TB, text string) (string, []string) {
	t.Helper()
	var made []string
	for name, secret := range map[string]func() string{
		"$TOKEN":     func() string { return string(o.wallet.Login(t, o.client).AccessToken) },
		"$SIGNATURE": func() string { return string(o.wallet.AuthRequest(t, o.client).Signature) },
		"$BASIC":     func() string { return base64.StdEncoding.EncodeToString([]byte(o.SecretKey + ":")) },
	} {
		if strings.Contains(text, name) {
			value := secret()
			text = strings.ReplaceAll(text, name, value)
			made = append(made, value)
		}
	}
	return text, made
}

// contractOf reads an OpenAPI description, to check answers with it apart from how the mock checks its own.
func contractOf(t testing.TB, text []byte) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// operationAt returns the operation of a method and an escaped path under a base, or nil.
func operationAt(doc *openapi3.T, base, method, path string) *openapi3.Operation {
	segments := strings.Split(strings.TrimPrefix(path, base), "/")
	if !strings.HasPrefix(path, base+"/") {
		return nil
	}
	paths := doc.Paths.Map()
	templates := slices.SortedFunc(maps.Keys(paths), func(a, b string) int { // a literal one comes before one with a parameter
		return strings.Compare(strings.ReplaceAll(a, "{", "~"), strings.ReplaceAll(b, "{", "~"))
	})
	for _, template := range templates {
		wanted := strings.Split(template, "/")
		same := func(i int) bool {
			return wanted[i] == segments[i] || strings.HasPrefix(wanted[i], "{") && segments[i] != ""
		}
		matches := len(wanted) == len(segments)
		for i := 0; matches && i < len(wanted); i++ {
			matches = same(i)
		}
		operations := paths[template].Operations()
		switch op := operations[method]; {
		case !matches:
		case op != nil:
			return op
		case method == http.MethodHead && operations[http.MethodGet] != nil:
			return operations[http.MethodGet]
		}
	}
	return nil
}

// checkAnswer fails unless an answer is one that the contract has for the operation, or, without one, an error of the API.
func checkAnswer(t *testing.T, op *openapi3.Operation, method string, answer *httptest.ResponseRecorder) {
	t.Helper()
	status, contentType, body := answer.Code, answer.Header().Get("Content-Type"), answer.Body.Bytes()
	if status < 200 || status > 499 || len(body) > 1<<20 || !utf8.Valid(body) {
		t.Errorf("got %d %.500q", status, body)
		return
	}
	for name, values := range answer.Header() {
		for _, value := range values {
			if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("the header %s is %q", name, value)
			}
		}
	}
	if op != nil {
		response := op.Responses.Status(status)
		switch {
		case response == nil:
			t.Errorf("%s has no status %d: %s", op.OperationID, status, body)
			return
		case len(response.Value.Content) > 0 && response.Value.Content.Get(contentType) == nil:
			t.Errorf("%s with %d has no %q", op.OperationID, status, contentType)
		case len(response.Value.Content) == 0 && len(body) > 0:
			t.Errorf("%s with %d has no body: %q", op.OperationID, status, body)
		}
		if media := response.Value.Content["application/json"]; media != nil && method != http.MethodHead {
			var value any
			if err := json.Unmarshal(body, &value); err != nil {
				t.Errorf("%s answers with %q", op.OperationID, body)
			} else if err := media.Schema.Value.VisitJSON(value); err != nil {
				t.Errorf("%s breaks its schema with %s: %v", op.OperationID, body, err)
			}
		}
		return
	}
	var failure struct{ Msg string }
	if (status < 400 && status != http.StatusNoContent) || (status >= 400 && (json.Unmarshal(body, &failure) != nil || failure.Msg == "" || contentType != "application/json")) {
		t.Errorf("%s: got %d %q", method, status, body)
	}
}

// hostOfHTTP is what net/http lets through as a Host.
var hostOfHTTP = regexp.MustCompile(`^[A-Za-z0-9!$%&'()*+,.:;=@?\[\]_~-]*$`)

// readHead reads a request line and headers as net/http would, and returns false for what it would refuse.
func readHead(head, body string) (*http.Request, bool) {
	request, err := http.ReadRequest(bufio.NewReader(strings.NewReader(head + "\r\n")))
	if err != nil || !hostOfHTTP.MatchString(request.Host) {
		return nil, false
	}
	for _, values := range request.Header {
		for _, value := range values {
			if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
				return nil, false
			}
		}
	}
	request.Body, request.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	return request, true
}

const fuzzedHead = " HTTP/1.1\r\nHost: localhost:4010\r\nAuthorization: Basic $BASIC\r\nContent-Type: application/json\r\n"

// addRequests makes seeds of the requests that a contract has as examples.
func addRequests(f *testing.F, doc *openapi3.T, base string, add func(head, body string)) {
	f.Helper()
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			query := url.Values{}
			for _, parameter := range op.Parameters {
				example := fmt.Sprint(parameter.Value.Example)
				path = strings.ReplaceAll(path, "{"+parameter.Value.Name+"}", example)
				if parameter.Value.In == "query" && parameter.Value.Example != nil {
					query.Set(parameter.Value.Name, example)
				}
			}
			line := method + " " + base + path
			if len(query) > 0 {
				line += "?" + query.Encode()
			}
			add(line+fuzzedHead, "")
			if op.RequestBody == nil {
				continue
			}
			for contentType, media := range op.RequestBody.Value.Content {
				for _, example := range media.Examples {
					text, err := json.Marshal(example.Value.Value)
					if err != nil {
						f.Fatal(err)
					}
					add(line+strings.Replace(fuzzedHead, "application/json", contentType, 1), string(text))
				}
			}
		}
	}
}

// FuzzHandler sends any request to the API that net/http lets through. The answer is never a 5xx and always one that
// openapi.yaml has; without a key there is no success where one is needed; neither the answer nor the journal shows a secret.
func FuzzHandler(f *testing.F) {
	doc := contractOf(f, openapi.Spec())
	addRequests(f, doc, "/api/v1", func(head, body string) { f.Add(head, []byte(body)) })
	owner := fixedWallet(f, "ethereum", 1).Address
	authorize := url.Values{
		"client_id": {mock.DefaultPublishableKey}, "redirect_uri": {redirectURI}, "state": {someState}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
		"chain": {"ethereum"}, "walletAddress": {owner}, "domain": {"localhost:3000"}, "uri": {"http://localhost:3000"}, "issuedAt": {"2022-10-25T01:12:36Z"},
	}
	for _, mode := range []string{"code", "web_message", "fragment"} {
		authorize.Set("response_mode", mode)
		f.Add("GET /api/v1/oauth2/authorize?"+authorize.Encode()+"&signature=$SIGNATURE HTTP/1.1\r\nHost: a\r\n", []byte{})
		f.Add("POST /_mock/authorize?"+authorize.Encode()+" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n", []byte("decision=deny&wallet="+owner))
	}
	form := strings.Replace(fuzzedHead, "application/json", "application/x-www-form-urlencoded", 1)
	for _, seed := range []struct{ head, body string }{
		{"POST /api/v1/auth" + fuzzedHead, `{"walletAddress":"` + owner + `","signature":"$SIGNATURE"}`},
		{"POST /api/v1/auth" + fuzzedHead, `{"walletAddress":"` + owner + `","signature":"$SIGNATURE","context":{"domain":"localhost:3000","uri":"http://localhost:3000","chainId":"1","issuedAt":"x"},"requirements":{"allowedWallets":["` + owner + `"]}}`},
		{"POST /api/v1/auth" + fuzzedHead, `{"walletAddress":"` + owner + `","signature":"$SIGNATURE","context":{"chainId":9223372036854775808}}`},
		{"POST /api/v1/authz" + fuzzedHead, `{"accessToken":"$TOKEN","requirements":{"contractAddress":"` + contract + `","minTokenBalance":1e3},"revalidate":true}`},
		{"POST /api/v1/auth/validate" + fuzzedHead, `{"accessToken":"$TOKEN","requirements":{"allowedWallets":[]}}`},
		{"POST /api/v1/auth/validate" + fuzzedHead, `{"accesstoken":"$TOKEN"`},
		{"POST /api/v1/oauth2/token" + form, "grant_type=password&username=" + owner + "&password=$SIGNATURE&scope=openid+email"},
		{"POST /api/v1/oauth2/token" + form, "grant_type=authorization_code&code=x&redirect_uri=y&code_verifier=" + verifier + "&grant_type=%"},
		{"GET /api/v1/oauth2/userinfo HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer $TOKEN\r\n", ""},
		{"POST /api/v1/oauth2/userinfo?x=$TOKEN HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer $TOKEN\r\nX-Forwarded-Proto: https\r\n", ""},
		{"OPTIONS /api/v1/auth HTTP/1.1\r\nHost: a\r\nOrigin: http://x\r\nAccess-Control-Request-Method: POST\r\n", ""},
		{"OPTIONS * HTTP/1.1\r\nHost: a\r\n", ""}, {"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n", ""}, {"GET http://b/api/v1/chains HTTP/1.0\r\n", ""},
		{"HEAD /api/v1/chains" + fuzzedHead, ""}, {"BREW /api/v1/chains/..%2f%00/" + fuzzedHead, ""}, {"GET //api/v1/./chains?a=%zz;b" + fuzzedHead, ""},
		{"GET /api/v1/chains" + fuzzedHead + "Prefer: code=401, example=apiKeyInvalid\r\n", ""}, {"POST /api/v1/auth" + fuzzedHead + "Prefer: code=429; code=x\r\n", "{}"},
		{"GET /api/v1/chain/" + strings.Repeat("a", 2000) + fuzzedHead, ""},
		{"POST /api/v1/Xhains/" + strings.Repeat("a", 30_000) + "/wallets/x/tokenOwnershiX" + fuzzedHead, ""},
	} {
		f.Add(seed.head, []byte(seed.body))
	}
	o := newOffline(f)
	f.Fuzz(func(t *testing.T, head string, raw []byte) {
		o.Reset()
		o.SetBalance("ethereum", o.wallet.Address, mock.Contract(contract), "12.5")
		o.client = offlineClient(t, o.Server, o.SecretKey)
		head, secrets := o.fill(t, head)
		body, more := o.fill(t, string(raw))
		request, ok := readHead(head, body)
		if !ok {
			return
		}
		answer := httptest.NewRecorder()
		started := time.Now()
		o.Handler().ServeHTTP(answer, request)
		if took := time.Since(started); took > 5*time.Second {
			t.Errorf("the answer took %v", took)
		}
		if request.Header.Get("Prefer") != "" || request.URL.Path == "/_mock/authorize" || strings.HasPrefix(request.URL.Path, "/_mock/") {
			if answer.Code > 499 && request.Header.Get("Prefer") == "" {
				t.Errorf("got %d %s", answer.Code, answer.Body)
			}
			return // an example may be a 5xx, and the rest is no answer of the API
		}
		op := operationAt(doc, "/api/v1", request.Method, request.URL.EscapedPath())
		checkAnswer(t, op, request.Method, answer)
		if op != nil && answer.Code < 300 && needsKey(doc, op) && !hasKey(request.Header, o.Server) {
			t.Errorf("%s succeeds without a key: %s", op.OperationID, head)
		}
		shown := answer.Body.String()
		if answer.Code < 300 {
			shown = ""
		}
		last := mock.Exchange{}
		if journal := o.Journal(); len(journal) > 0 { // preflights leave no trace
			last = journal[len(journal)-1]
		}
		for _, secret := range append(secrets, more...) {
			if strings.Contains(shown, secret) {
				t.Errorf("the answer shows a secret: %s", shown)
			}
			if inBody := strings.Contains(body, secret) && op != nil && isKnownPlace(body, secret); inBody && strings.Contains(last.RequestBody+last.ResponseBody, secret) {
				t.Errorf("the journal shows a secret: %+v", last)
			}
		}
	})
}

// isKnownPlace reports whether a secret is in a body only as the value of a name that is for secrets, in whatever spelling, or in a body that
// nothing can be read from.
func isKnownPlace(body, secret string) bool {
	place := regexp.MustCompile(`(?i)"(access_?token|signature|password)"\s*:\s*"` + regexp.QuoteMeta(secret))
	return strings.Count(body, secret) == len(place.FindAllString(body, -1)) || !json.Valid([]byte(body)) && !strings.Contains(body, "=")
}

func needsKey(doc *openapi3.T, op *openapi3.Operation) bool {
	security := op.Security
	if security == nil {
		security = &doc.Security
	}
	return len(*security) > 0 && !slices.ContainsFunc(*security, func(r openapi3.SecurityRequirement) bool {
		for name := range r {
			if scheme := doc.Components.SecuritySchemes[name].Value; scheme.Type == "http" && scheme.Scheme == "basic" {
				return false
			}
		}
		return true
	})
}

func hasKey(header http.Header, srv *mock.Server) bool {
	scheme, credentials, _ := strings.Cut(header.Get("Authorization"), " ")
	decoded, err := base64.StdEncoding.DecodeString(strings.Trim(credentials, " "))
	key := strings.TrimSuffix(string(decoded), ":")
	return err == nil && strings.EqualFold(scheme, "Basic") && len(header.Values("Authorization")) == 1 && (key == srv.SecretKey || key == srv.PublishableKey)
}

// FuzzControl tells the mock anything under /_mock/, a request a line: method, path and body. No answer is a 5xx, and afterwards
// the mock answers and, once it is reset, works as before.
func FuzzControl(f *testing.F) {
	text, err := os.ReadFile("control.yaml")
	if err != nil {
		f.Fatal(err)
	}
	doc := contractOf(f, text)
	addRequests(f, doc, "/_mock", func(head, body string) {
		line, _, _ := strings.Cut(head, " HTTP/1.1")
		f.Add(line + " " + strings.ReplaceAll(body, "\n", ""))
	})
	for _, lines := range [][]string{
		{`PUT /_mock/clock {"now":"9999-12-31T23:59:59Z"}`, `POST /_mock/clock/advance {"seconds":1000}`},
		{`PUT /_mock/clock {"now":"0000-01-01T00:00:00+23:59"}`, `POST /_mock/clock/run`},
		{`POST /_mock/clock/advance {"seconds":9e9}`, `POST /_mock/clock/advance {"seconds":9e9}`, `POST /_mock/clock/advance {"seconds":1e300}`},
		{`POST /_mock/projects {"secretKey":"sk_00000000000000000000000000000001","statements":{"":"a\nb"}}`, `POST /_mock/projects {"format":"simple","redirectURIs":["x:y"]}`},
		{`POST /_mock/faults {"operation":"chains","kind":"status","status":599,"retryAfter":"a\r\nb"}`, `GET /_mock/faults`},
		{`POST /_mock/faults {"delayMs":9223372036854775807,"probability":1e-300}`, `GET /_mock/faults`},
		{`POST /_mock/reset {"parts":["state","state"]}`, `GET /_mock/journal?operation=x&operation=y`, `GET /_mock/journal/count?operation=`},
		{`PUT /_mock/balances {"chain":"solana","walletAddress":"4fYNw3dojWmQ4dXtSGE9epjRGy9pFSx62YypT7avPYvA","collection":"\u0000","balance":1e200}`, `GET /_mock/balances`},
		{`POST /_mock/wallets {"chain":"polygon","privateKey":"0x0000000000000000000000000000000000000000000000000000000000000001"}`, `GET /_mock/wallets`},
		{`PUT /_mock/displayNames {"chain":"ethereum","walletAddress":"` + someAddress + `","name":"\ud800"}`, `GET /_mock/displayNames`},
	} {
		f.Add(strings.Join(lines, "\n"))
	}
	f.Fuzz(func(t *testing.T, script string) {
		o := newOffline(t)
		send := func(method, target, body string) *httptest.ResponseRecorder {
			request, ok := readHead(method+" "+target+" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n", body)
			if !ok {
				return nil
			}
			if body == "" {
				request.Header.Del("Content-Type")
			}
			answer := httptest.NewRecorder()
			o.Handler().ServeHTTP(answer, request)
			if strings.HasPrefix(request.URL.Path, "/_mock/") && request.URL.Path != "/_mock/authorize" {
				checkAnswer(t, operationAt(doc, "/_mock", method, request.URL.EscapedPath()), method, answer)
			}
			return answer
		}
		for i, line := range strings.Split(script, "\n") {
			method, rest, _ := strings.Cut(line, " ")
			target, body, _ := strings.Cut(rest, " ")
			if i == 8 || !strings.HasPrefix(target, "/_mock/") || strings.Contains(target, "#") {
				break
			}
			send(method, target, body)
		}
		o.ClearFaults() // which would delay and spoil what follows
		for _, path := range []string{"clock", "journal", "journal/count", "balances", "displayNames", "flowKeys", "wallets", "projects", "faults", "health"} {
			if got := send("GET", "/_mock/"+path, ""); got.Code != http.StatusOK {
				t.Errorf("%s: got %d %s", path, got.Code, got.Body)
			}
		}
		for name, project := range projectsByID(o.Server) {
			client := offlineClient(t, o.Server, project.SecretKey)
			project.ClearFaults()
			auth, err := client.Auth(ctx, o.wallet.AuthRequest(t, client))
			if err != nil {
				t.Fatalf("project %s: %v", name, err)
			}
			if _, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken}); err != nil {
				t.Errorf("project %s: %v", name, err)
			}
		}
		if got := send("POST", "/_mock/reset", ""); got.Code != http.StatusNoContent {
			t.Errorf("reset: got %d %s", got.Code, got.Body)
		}
		o.wallet.Login(t, o.client)
	})
}

func projectsByID(srv *mock.Server) map[string]*mock.Project {
	projects := map[string]*mock.Project{}
	for _, p := range srv.Projects() {
		projects[p.ID] = p
	}
	return projects
}

// FuzzAuthorization sends any Authorization headers. Those that let in hold a key, in one of the three forms that the SDKs send.
func FuzzAuthorization(f *testing.F) {
	basic := func(text string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(text)) }
	for _, value := range []string{
		basic(mock.DefaultSecretKey + ":"), basic(mock.DefaultSecretKey), strings.Replace(basic(mock.DefaultPublishableKey), " ", "  ", 1), basic(mock.DefaultSecretKey + ":password"),
		basic(mock.DefaultPublishableKey + ":" + mock.DefaultSecretKey), basic(":" + mock.DefaultSecretKey), basic(strings.ToUpper(mock.DefaultSecretKey)), strings.ToLower(basic(mock.DefaultSecretKey)),
		basic(mock.DefaultSecretKey+":") + "\n" + basic(mock.DefaultSecretKey+":"), "Basic", "", "Bearer " + mock.DefaultSecretKey, basic("\xff"), "Basic \x00=", basic(mock.DefaultSecretKey + "::"),
	} {
		f.Add(value)
	}
	o := newOffline(f)
	f.Fuzz(func(t *testing.T, value string) {
		for _, path := range []string{"/api/v1/chains", "/api/v1/oauth2/userinfo"} {
			request := httptest.NewRequest(http.MethodGet, path, nil)
			request.Header["Authorization"] = strings.Split(value, "\n")
			if value == "" {
				request.Header.Del("Authorization")
			}
			answer := httptest.NewRecorder()
			o.Handler().ServeHTTP(answer, request)
			allowed := path == "/api/v1/chains" && hasKey(request.Header, o.Server)
			switch {
			case answer.Code == http.StatusOK != allowed:
				t.Errorf("%s with %q: got %d %s", path, value, answer.Code, answer.Body)
			case !allowed && (answer.Code != http.StatusUnauthorized || !json.Valid(answer.Body.Bytes())):
				t.Errorf("%s with %q: got %d %s", path, value, answer.Code, answer.Body)
			case !allowed && strings.Contains(answer.Body.String(), mock.DefaultSecretKey):
				t.Errorf("the answer shows the key: %s", answer.Body)
			}
		}
	})
}
