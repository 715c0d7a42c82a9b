package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/accesstoken"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// exampleTB lets examples, which have no testing.T, start the mock; end stops it.
type exampleTB struct{ cleanups []func() }

func (*exampleTB) Helper()                           {}
func (*exampleTB) Errorf(format string, args ...any) { log.Printf(format, args...) }
func (*exampleTB) Fatalf(format string, args ...any) { log.Fatalf(format, args...) }
func (t *exampleTB) Cleanup(f func())                { t.cleanups = append(t.cleanups, f) }

func (t *exampleTB) end() {
	for _, f := range t.cleanups {
		f()
	}
}

// show sends a GET, with an access token if there is one, and prints the answer.
func show(handler http.Handler, path string, token picket.Secret) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+string(token))
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Body)
}

func Example() {
	t := &exampleTB{}
	defer t.end()
	api := mock.Start(t) // in production there is no mock, and no WithBaseURL
	wallet := mock.NewEthereumWallet(t)
	api.SetDisplayName("ethereum", wallet.Address, "alice.eth")

	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}
	auth, err := middleware.New(middleware.Remote(client), middleware.WithCookie("__Host-session"))
	if err != nil {
		log.Fatal(err)
	}
	club, err := auth.Gate("ethereum", picket.Requirements{
		ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984",
		MinTokenBalance: "3",
	})
	if err != nil {
		log.Fatal(err)
	}

	greet := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, ok := middleware.UserFromContext(r.Context())
		if !ok {
			_, _ = io.WriteString(w, "hello, stranger")
			return
		}
		_, _ = io.WriteString(w, "hello, "+user.DisplayAddress)
	})
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", auth.Optional(greet))
	mux.Handle("GET /me", auth.Required(greet))
	mux.Handle("GET /club", club(greet))
	server := http.NewCrossOriginProtection().Handler(mux) // because there is a cookie

	show(server, "/", "")
	show(server, "/me", "")
	token := wallet.Login(t, client).AccessToken
	show(server, "/", token)
	show(server, "/me", token)
	show(server, "/club", token)
	// Output:
	// 200 hello, stranger
	// 401 {"code":"authentication_required","msg":"authentication required: log in, or send an access token as Bearer authorization"}
	// 200 hello, alice.eth
	// 200 hello, alice.eth
	// 403 {"code":"permission_denied","msg":"the wallet does not meet the requirements"}
}

// A login that keeps the access token in a cookie, for as long as the token lives.
func ExampleWithCookie() {
	t := &exampleTB{}
	defer t.end()
	api := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	client, err := picket.New(api.SecretKey, picket.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}

	const session = "__Host-session"
	auth, err := middleware.New(middleware.Remote(client), middleware.WithCookie(session))
	if err != nil {
		log.Fatal(err)
	}
	login := func(w http.ResponseWriter, request picket.AuthRequest) {
		user, err := client.Auth(context.Background(), request)
		if err != nil {
			http.Error(w, "the login failed", http.StatusForbidden)
			return
		}
		http.SetCookie(w, &http.Cookie{
			Name:     session,
			Value:    string(user.AccessToken),
			Path:     "/",
			MaxAge:   int((12 * time.Hour).Seconds()), // what a token lives
			Secure:   true,
			HttpOnly: true,
			SameSite: http.SameSiteLaxMode,
		})
	}
	me := auth.Required(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _ := middleware.UserFromContext(r.Context())
		_, _ = fmt.Fprint(w, user.WalletAddress == wallet.Address)
	}))

	w := httptest.NewRecorder()
	login(w, wallet.AuthRequest(t, client))
	r := httptest.NewRequest(http.MethodGet, "/me", nil)
	r.AddCookie(w.Result().Cookies()[0])
	answer := httptest.NewRecorder()
	me.ServeHTTP(answer, r)
	fmt.Println(answer.Code, answer.Body)
	// Output: 200 true
}

// Browsers go to the login, and everything else gets the usual answer.
func ExampleWithErrorHandler() {
	t := &exampleTB{}
	defer t.end()
	client := newClient(t, mock.Start(t))

	auth, err := middleware.New(middleware.Remote(client), middleware.WithErrorHandler(
		func(w http.ResponseWriter, r *http.Request, status int, err error) {
			if status == http.StatusUnauthorized && r.Header.Get("Sec-Fetch-Mode") == "navigate" {
				http.Redirect(w, r, "/login", http.StatusSeeOther)
			}
		}))
	if err != nil {
		log.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/me", nil)
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	w := httptest.NewRecorder()
	auth.Required(http.NotFoundHandler()).ServeHTTP(w, r)
	fmt.Println(w.Code, w.Header().Get("Location"))
	// Output: 303 /login
}

// With the time of the mock, tests let tokens expire without waiting.
func ExampleWithClock() {
	t := &exampleTB{}
	defer t.end()
	api := mock.Start(t)
	client := newClient(t, api)
	token := mock.NewEthereumWallet(t).Login(t, client).AccessToken

	auth, err := middleware.New(middleware.Remote(client), middleware.WithClock(api.Now))
	if err != nil {
		log.Fatal(err)
	}
	me := auth.Required(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "in") }))
	show(me, "/me", token)
	api.Advance(12 * time.Hour)
	show(me, "/me", token)
	// Output:
	// 200 in
	// 401 {"code":"access_token_invalid","msg":"the access token is malformed, forged, expired or for another project; log in again"}
}

func ExampleNew() {
	client, err := picket.New("sk_00000000000000000000000000000000")
	if err != nil {
		log.Fatal(err)
	}
	_, err = middleware.New(middleware.Remote(client),
		middleware.WithRealm("shop"),
		middleware.WithLogger(slog.Default()),
		middleware.WithCheckTimeout(3*time.Second),
		middleware.WithCacheLifetime(10*time.Second), // notice sooner that a balance is gone
		middleware.WithDenialLifetime(2*time.Second),
		middleware.WithJitter(func() float64 { return 0 }), // for a test that counts calls
		middleware.WithCacheBytes(128<<20),
		middleware.WithMaxChecks(64),
		middleware.WithLeeway(5*time.Second),
	)
	fmt.Println(err)

	_, err = middleware.New(middleware.Remote(nil))
	fmt.Println(err)
	// Output:
	// <nil>
	// middleware: the validator is nil
}

func ExampleAuthenticator_Required() {
	t := &exampleTB{}
	defer t.end()
	client := newClient(t, mock.Start(t))
	auth, err := middleware.New(middleware.Remote(client))
	if err != nil {
		log.Fatal(err)
	}
	me := auth.Required(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _ := middleware.UserFromContext(r.Context())
		_, _ = io.WriteString(w, "logged in on "+user.Chain)
	}))

	show(me, "/me", mock.NewSolanaWallet(t).Login(t, client).AccessToken)
	show(me, "/me", "e30.e30.AA")
	// Output:
	// 200 logged in on solana
	// 401 {"code":"access_token_invalid","msg":"the access token is malformed, forged, expired or for another project; log in again"}
}

func ExampleAuthenticator_Optional() {
	t := &exampleTB{}
	defer t.end()
	client := newClient(t, mock.Start(t))
	auth, err := middleware.New(middleware.Remote(client))
	if err != nil {
		log.Fatal(err)
	}
	home := auth.Optional(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, ok := middleware.UserFromContext(r.Context())
		_, _ = fmt.Fprint(w, "logged in: ", ok)
	}))

	show(home, "/", "")
	show(home, "/", mock.NewSolanaWallet(t).Login(t, client).AccessToken)
	// Output:
	// 200 logged in: false
	// 200 logged in: true
}

func ExampleAuthenticator_Gate() {
	t := &exampleTB{}
	defer t.end()
	api := mock.Start(t)
	client := newClient(t, api)
	holder, other := mock.NewEthereumWallet(t), mock.NewEthereumWallet(t)
	contract := "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
	api.SetBalance("ethereum", holder.Address, mock.Contract(contract), "3")
	auth, err := middleware.New(middleware.Remote(client))
	if err != nil {
		log.Fatal(err)
	}

	club, err := auth.Gate("ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"})
	if err != nil {
		log.Fatal(err)
	}
	handler := club(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "in") }))
	show(handler, "/club", holder.Login(t, client).AccessToken)
	show(handler, "/club", other.Login(t, client).AccessToken)

	// A contract of the same address is another one on another chain.
	other.Chain = "polygon"
	api.SetBalance("polygon", other.Address, mock.Contract(contract), "3")
	show(handler, "/club", other.Login(t, client).AccessToken)

	contract = "" // from a variable that is not set
	_, err = auth.Gate("ethereum", picket.Requirements{ContractAddress: contract})
	fmt.Println(errors.Is(err, picket.ErrInvalidArgument))
	// Output:
	// 200 in
	// 403 {"code":"permission_denied","msg":"the wallet does not meet the requirements"}
	// 403 {"code":"permission_denied","msg":"this gate is for users of ethereum, and the user logged in on another chain"}
	// true
}

// A handler is tested without a token.
func ExampleContextWithUser() {
	handler := func(w http.ResponseWriter, r *http.Request) {
		user, _ := middleware.UserFromContext(r.Context())
		_, _ = io.WriteString(w, "hello, "+user.DisplayAddress)
	}

	user := &middleware.User{AccessTokenPayload: picket.AccessTokenPayload{DisplayAddress: "alice.eth"}}
	r := httptest.NewRequest(http.MethodGet, "/me", nil)
	w := httptest.NewRecorder()
	handler(w, r.WithContext(middleware.ContextWithUser(r.Context(), user)))
	fmt.Println(w.Body)
	// Output: hello, alice.eth
}

// A handler that opens a gate with the user's token, and so proves a balance for later requests.
func ExampleUserFromContext() {
	t := &exampleTB{}
	defer t.end()
	api := mock.Start(t)
	client := newClient(t, api)
	wallet := mock.NewEthereumWallet(t)
	contract := "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
	api.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "12.5")
	auth, err := middleware.New(middleware.Remote(client))
	if err != nil {
		log.Fatal(err)
	}

	handler := auth.Required(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _ := middleware.UserFromContext(r.Context())
		opened, err := client.Authz(r.Context(), picket.AuthzRequest{
			AccessToken:  user.AccessToken,
			Requirements: picket.Requirements{ContractAddress: contract},
		})
		if err != nil {
			http.Error(w, "you hold none of our tokens", http.StatusForbidden)
			return
		}
		_, _ = io.WriteString(w, "you hold "+string(opened.User.TokenBalances.ContractAddress[contract]))
	}))
	show(handler, "/", wallet.Login(t, client).AccessToken)
	// Output: 200 you hold 12.5
}

// What does not speak net/http, such as a gRPC interceptor, uses the cache by itself. An Authenticator can share it.
func ExampleNewCache() {
	t := &exampleTB{}
	defer t.end()
	api := mock.Start(t)
	client := newClient(t, api)
	token := mock.NewEthereumWallet(t).Login(t, client).AccessToken

	cache, err := middleware.NewCache(middleware.Remote(client), middleware.WithCacheLifetime(10*time.Second))
	if err != nil {
		log.Fatal(err)
	}
	for range 3 {
		if _, err := cache.Validate(context.Background(), token, nil); err != nil {
			log.Fatal(err)
		}
	}
	auth, err := middleware.New(cache)
	if err != nil {
		log.Fatal(err)
	}
	show(auth.Required(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "in") })), "/", token)
	fmt.Println("asked:", len(api.Journal("validate")))
	// Output:
	// 200 in
	// asked: 1
}

// A verifier checks tokens; the API is asked only about what the token has not proven. The cache expires tokens by the
// verifier's clock.
func ExampleIncremental() {
	t := &exampleTB{}
	defer t.end()
	api := mock.Start(t)
	client := newClient(t, api)
	contract := "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
	wallet := mock.NewEthereumWallet(t)
	api.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "2")
	login := wallet.AuthRequest(t, client)
	login.Requirements = &picket.Requirements{ContractAddress: contract}
	user, err := client.Auth(context.Background(), login)
	if err != nil {
		log.Fatal(err)
	}

	keys, err := accesstoken.DiscoverKeys(api.URL)
	if err != nil {
		log.Fatal(err)
	}
	verifier, err := accesstoken.NewVerifier(api.ID, keys, accesstoken.WithClock(api.Now))
	if err != nil {
		log.Fatal(err)
	}
	auth, err := middleware.New(middleware.Incremental(verifier, middleware.Remote(client)))
	if err != nil {
		log.Fatal(err)
	}
	for _, minimum := range []picket.Decimal{"2", "3"} {
		club, err := auth.Gate("ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: minimum})
		if err != nil {
			log.Fatal(err)
		}
		show(club(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "in") })), "/club", user.AccessToken)
	}
	fmt.Println("asked:", len(api.Journal("validate")))
	// Output:
	// 200 in
	// 403 {"code":"permission_denied","msg":"the wallet does not meet the requirements"}
	// asked: 0
}

// Remote is all that a server needs that asks the API about every token, once in the cache's lifetime.
func ExampleRemote() {
	t := &exampleTB{}
	defer t.end()
	api := mock.Start(t)
	client := newClient(t, api)
	wallet := mock.NewSolanaWallet(t)

	claims, err := middleware.Remote(client).Validate(context.Background(), wallet.Login(t, client).AccessToken, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(claims.Chain, claims.WalletAddress == wallet.Address)
	// Output: solana true
}

// memorySession keeps the token of one browser; an application has a cookie for each.
type memorySession struct{ token picket.Secret }

func (s *memorySession) AccessToken(*http.Request) (picket.Secret, error) { return s.token, nil }

func (s *memorySession) Renew(_ http.ResponseWriter, _ *http.Request, token picket.Secret) error {
	s.token = token
	return nil
}

// A log-out: the session ends, and nothing that is known of its token counts any more.
func ExampleAuthenticator_Forget() {
	t := &exampleTB{}
	defer t.end()
	api := mock.Start(t)
	client := newClient(t, api)
	session := &memorySession{token: mock.NewEthereumWallet(t).Login(t, client).AccessToken}
	auth, err := middleware.New(middleware.Remote(client), middleware.WithSession(session))
	if err != nil {
		log.Fatal(err)
	}
	logout := func(w http.ResponseWriter, r *http.Request) { // with package login, Site.Logout ends the session
		token, _ := session.AccessToken(r)
		session.token = ""
		auth.Forget(token)
		w.WriteHeader(http.StatusNoContent)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /me", auth.Required(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "in") })))
	mux.HandleFunc("POST /logout", logout)

	show(mux, "/me", "")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/logout", nil))
	fmt.Println(w.Code)
	show(mux, "/me", "")
	// Output:
	// 200 in
	// 204
	// 401 {"code":"authentication_required","msg":"authentication required: log in, or send an access token as Bearer authorization"}
}

// A user who was refused buys what is missing, and asks again.
func ExampleAuthenticator_Revalidate() {
	t := &exampleTB{}
	defer t.end()
	api := mock.Start(t)
	client := newClient(t, api)
	wallet := mock.NewEthereumWallet(t)
	requirements := picket.Requirements{ContractAddress: "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984", MinTokenBalance: "3"}
	session := &memorySession{}
	auth, err := middleware.New(middleware.Remote(client),
		middleware.WithSession(session), middleware.WithRevalidateInterval(10*time.Second))
	if err != nil {
		log.Fatal(err)
	}
	club, err := auth.Gate("ethereum", requirements)
	if err != nil {
		log.Fatal(err)
	}
	again, err := auth.Revalidate(client, "ethereum", requirements)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /club", club(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "in") })))
	mux.Handle("/club/again", again)

	session.token = wallet.Login(t, client).AccessToken
	show(mux, "/club", "")
	api.SetBalance("ethereum", wallet.Address, mock.Contract(requirements.ContractAddress), "3")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/club/again", nil))
	fmt.Println(w.Code)
	show(mux, "/club", "")
	// Output:
	// 403 {"code":"permission_denied","msg":"the wallet does not meet the requirements"}
	// 200
	// 200 in
}
