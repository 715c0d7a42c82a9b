package login_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mr-tron/base58"
	"go.uber.org/goleak"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/login"
)

// withoutIdle ends the idle connections that clients keep, before goleak looks for what was left running.
type withoutIdle struct{ *testing.M }

func (m withoutIdle) Run() int {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	return m.M.Run()
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(withoutIdle{m}) }

const (
	origin   = "https://shop.example"
	contract = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"

	sessionCookie = "__Host-session"
	pendingCookie = "__Host-wallet-login"
)

const (
	keyBytes        = 32              // of a key
	pendingLifetime = 2 * time.Minute // how long a login may take
)

var (
	aKey       = key(1)
	anotherKey = key(2)
)

// key returns 32 bytes that differ from each other.
func key(seed byte) []byte {
	key := make([]byte, keyBytes)
	for i := range key {
		key[i] = seed + byte(i)*7
	}
	return key
}

func newKeys(t testing.TB, current []byte, previous ...[]byte) login.Keys {
	t.Helper()
	keys, err := login.NewKeys(current, previous...)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func newClient(t testing.TB, srv *mock.Server) *picket.Client {
	t.Helper()
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL), picket.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// shop is a site with logins of two chains, and what is needed to look behind it.
type shop struct {
	*login.Site
	srv *mock.Server
	log *lines
	mux *http.ServeMux
}

// newShop starts one with the mock's clock.
func newShop(t testing.TB, srv *mock.Server, options ...login.Option) *shop {
	t.Helper()
	return newShopAt(t, srv, origin, newKeys(t, aKey), nil, options...)
}

func newShopAt(t testing.TB, srv *mock.Server, origin string, keys login.Keys, requirements *picket.Requirements, options ...login.Option) *shop {
	t.Helper()
	return newShopOf(t, newClient(t, srv), srv, origin, keys, requirements, options...)
}

func newShopOf(t testing.TB, client *picket.Client, srv *mock.Server, origin string, keys login.Keys, requirements *picket.Requirements, options ...login.Option) *shop {
	t.Helper()
	log := &lines{}
	options = append([]login.Option{login.WithClock(srv.Now), login.WithLogger(slog.New(slog.NewJSONHandler(log, nil)))}, options...)
	site, err := login.New(client, origin, keys, options...)
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{site, srv, log, http.NewServeMux()}
	for _, chain := range []string{"ethereum", "polygon", "solana"} {
		var wanted *picket.Requirements
		if chain == "ethereum" {
			wanted = requirements
		}
		logins, err := site.Logins(chain, wanted)
		if err != nil {
			t.Fatal(err)
		}
		s.mux.HandleFunc("/login/"+chain+"/message", logins.Message)
		s.mux.HandleFunc("/login/"+chain+"/signature", logins.Signature)
	}
	s.mux.HandleFunc("/logout", site.Logout)
	return s
}

// lines is a log.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// browser keeps cookies and says which page it is on, as browsers do.
type browser struct {
	shop    *shop
	origin  string
	cookies map[string]string
	header  http.Header
	ctx     context.Context
}

func newBrowser(s *shop) *browser {
	return &browser{
		shop: s, origin: origin, cookies: map[string]string{}, ctx: context.Background(),
		header: http.Header{"Origin": {origin}, "Sec-Fetch-Site": {"same-origin"}, "Content-Type": {"application/json"}},
	}
}

func (b *browser) request(path, body string) *http.Request {
	r := httptest.NewRequestWithContext(b.ctx, http.MethodPost, b.origin+path, strings.NewReader(body))
	r.Header = b.header.Clone()
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return r
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (b *browser) post(path, body string) answer {
	return b.do(b.request(path, body))
}

func (b *browser) do(r *http.Request) answer {
	w := httptest.NewRecorder()
	b.shop.mux.ServeHTTP(w, r)
	for _, cookie := range w.Result().Cookies() {
		if cookie.MaxAge < 0 {
			delete(b.cookies, cookie.Name)
		} else {
			b.cookies[cookie.Name] = cookie.Value
		}
	}
	return answer{w.Code, w.Header(), w.Body.String()}
}

// message asks for the message of a login.
func (b *browser) message(t testing.TB, wallet *mock.Wallet) string {
	t.Helper()
	got := b.post("/login/"+wallet.Chain+"/message", property("walletAddress", wallet.Address))
	var body struct{ Message string }
	if err := json.Unmarshal([]byte(got.body), &body); err != nil || got.status != http.StatusOK {
		t.Fatalf("no message: %d %s", got.status, got.body)
	}
	return body.Message
}

// sign ends a login with a signature of a message.
func (b *browser) sign(wallet *mock.Wallet, message string) answer {
	return b.post("/login/"+wallet.Chain+"/signature", property("signature", asHex(wallet.Sign(message))))
}

// logIn logs a wallet in.
func (b *browser) logIn(t testing.TB, wallet *mock.Wallet) {
	t.Helper()
	if got := b.sign(wallet, b.message(t, wallet)); got.status != http.StatusOK {
		t.Fatalf("no login: %d %s\n%s", got.status, got.body, b.shop.log)
	}
}

// token returns the access token of the browser's session.
func (b *browser) token(t testing.TB) picket.Secret {
	t.Helper()
	token, err := b.shop.AccessToken(b.request("/", ""))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// wantNoSession fails when the browser is logged in.
func (b *browser) wantNoSession(t testing.TB) {
	t.Helper()
	if token := b.token(t); token != "" {
		t.Error("there is a session")
	}
}

// want fails unless an answer is a refusal with a status, a code and a part of the message.
func (a answer) want(t testing.TB, status int, code, part string) {
	t.Helper()
	var body struct{ Code, Msg string }
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || a.status != status || body.Code != code || !strings.Contains(body.Msg, part) {
		t.Errorf("got %d %s, want %d %s with %q", a.status, a.body, status, code, part)
	}
	if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Content-Type") != "application/json" {
		t.Errorf("got header %v", a.header)
	}
	for _, cookie := range a.header["Set-Cookie"] {
		if strings.HasPrefix(cookie, sessionCookie+"=ey") {
			t.Error("a refusal sets a session cookie")
		}
	}
}

func property(name, value string) string {
	body, _ := json.Marshal(map[string]string{name: value})
	return string(body)
}

// asHex returns a signature as wallets return its bytes.
func asHex(signature picket.Secret) string {
	if strings.HasPrefix(string(signature), "0x") {
		return string(signature)
	}
	octets, _ := base58.Decode(string(signature))
	return "0x" + hex.EncodeToString(octets)
}

// pendingStore is a PendingStore in memory.
type pendingStore struct {
	mu     sync.Mutex
	values map[string][]byte
	err    error
}

func (s *pendingStore) Swap(_ context.Context, id string, value []byte, _ time.Duration) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	if s.values == nil {
		s.values = map[string][]byte{}
	}
	previous := s.values[id]
	delete(s.values, id)
	if value != nil {
		s.values[id] = value
	}
	return previous, nil
}

// sessionStore is a SessionStore in memory.
type sessionStore struct {
	mu      sync.Mutex
	tokens  map[string]picket.Secret
	expires map[string]time.Time
	err     error
}

func newSessionStore() *sessionStore {
	return &sessionStore{tokens: map[string]picket.Secret{}, expires: map[string]time.Time{}}
}

func (s *sessionStore) Create(_ context.Context, id string, token picket.Secret, expires time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.tokens[id], s.expires[id] = token, expires
	}
	return s.err
}

func (s *sessionStore) Replace(_ context.Context, id string, token picket.Secret, expires time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.tokens[id]; !ok || s.err != nil {
		return false, s.err
	}
	s.tokens[id], s.expires[id] = token, expires
	return true, nil
}

func (s *sessionStore) Load(_ context.Context, id string) (picket.Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens[id], s.err
}

func (s *sessionStore) Delete(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		delete(s.tokens, id)
	}
	return s.err
}
