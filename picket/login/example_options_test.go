package login_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/login"
)

func ExampleParseKeys() {
	for _, text := range []string{
		"",
		`"3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs="`,
		"3q2+7w==",
		"3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=,0000000000000000000000000000000000000000000000000000000000000000",
	} {
		_, err := login.ParseKeys(text) // os.Getenv("LOGIN_KEY") in a server
		fmt.Println(err)
	}
	// Output:
	// login: the text with the keys is empty; is the environment variable set? make one with: openssl rand -base64 32
	// login: the text with the keys contains a quotation mark; leave out the quotes
	// login: key 1 of 1 is 4 bytes long, and must be 32; make one with: openssl rand -base64 32
	// login: key 2 of 2 repeats a few bytes, and must be random; make one with: openssl rand -base64 32
}

// tokens is a SessionStore in memory, for a server without replicas. Unlike a real one, it never drops a token by itself.
type tokens struct {
	mu   sync.Mutex
	byID map[string]picket.Secret
}

func (s *tokens) Create(_ context.Context, id string, token picket.Secret, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID[id] = token
	return nil
}

// Replace never creates: a session that has ended must stay ended.
func (s *tokens) Replace(_ context.Context, id string, token picket.Secret, _ time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.byID[id]
	if ok {
		s.byID[id] = token
	}
	return ok, nil
}

func (s *tokens) Load(_ context.Context, id string) (picket.Secret, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID[id], nil
}

func (s *tokens) Delete(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byID, id)
	return nil
}

// logins is a PendingStore in memory, for a server without replicas.
type logins struct{ byID sync.Map }

func (s *logins) Swap(_ context.Context, id string, value []byte, lifetime time.Duration) ([]byte, error) {
	var previous any
	if value == nil {
		previous, _ = s.byID.LoadAndDelete(id)
	} else {
		previous, _ = s.byID.Swap(id, value)
		time.AfterFunc(lifetime, func() { s.byID.Delete(id) })
	}
	text, _ := previous.([]byte)
	return text, nil
}

// With stores the cookies hold random IDs, and tokens may be of any length.
func ExampleWithSessionStore() {
	t := &exampleTB{}
	defer t.end()
	srv := mock.Start(t)
	site, err := login.New(exampleClient(srv), "https://shop.example", exampleKeys(),
		login.WithSessionStore(&tokens{byID: map[string]picket.Secret{}}), login.WithPendingStore(&logins{}))
	if err != nil {
		log.Fatal(err)
	}
	ethereum, err := site.Logins("ethereum", nil)
	if err != nil {
		log.Fatal(err)
	}
	wallet := mock.NewEthereumWallet(t)

	began := request(ethereum.Message, "walletAddress", wallet.Address)
	var body struct{ Message string }
	if err := json.Unmarshal(began.Body.Bytes(), &body); err != nil {
		log.Fatal(err)
	}
	ended := request(ethereum.Signature, "signature", string(wallet.Sign(body.Message)), began.Result().Cookies()...)
	for _, cookie := range ended.Result().Cookies() {
		if cookie.MaxAge > 0 {
			fmt.Println(ended.Code, cookie.Name, len(cookie.Value))
		}
	}
	// Output: 200 __Host-session 43
}

// A handler that asks the API whether the wallet holds enough by now, and puts the new token in the session.
// middleware.Authenticator.Revalidate does the same, and does not let users ask all the time.
func ExampleSite_Renew() {
	t := &exampleTB{}
	defer t.end()
	srv := mock.Start(t)
	client := exampleClient(srv)
	site, err := login.New(client, "https://shop.example", exampleKeys())
	if err != nil {
		log.Fatal(err)
	}
	open := func(w http.ResponseWriter, r *http.Request) {
		token, err := site.AccessToken(r)
		if err != nil || token == "" {
			http.Error(w, "log in first", http.StatusUnauthorized)
			return
		}
		auth, err := client.Authz(r.Context(), picket.AuthzRequest{
			AccessToken: token, Requirements: picket.Requirements{ContractAddress: contract}, Revalidate: true,
		}, picket.WithChain("ethereum"))
		if err == nil {
			err = site.Renew(w, r, auth.AccessToken)
		}
		if err != nil {
			http.Error(w, "not yet", http.StatusForbidden)
			return
		}
		_, _ = fmt.Fprint(w, "come in")
	}

	wallet := mock.NewEthereumWallet(t)
	session := &http.Cookie{Name: "__Host-session", Value: string(wallet.Login(t, client).AccessToken)}
	fmt.Println(request(open, "", "", session).Body)
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "1")
	opened := request(open, "", "", session)
	fmt.Println(opened.Body, opened.Result().Cookies()[0].Name)
	// Output:
	// not yet
	//
	// come in __Host-session
}

// A project whose messages have the format simple is refused until the application says that it knows the danger.
func ExampleWithInsecureAllowSimple() {
	t := &exampleTB{}
	defer t.end()
	srv := mock.Start(t, mock.WithFormat(picket.MessageFormatSimple))
	wallet := mock.NewEthereumWallet(t)
	for _, options := range [][]login.Option{nil, {login.WithInsecureAllowSimple()}} {
		options = append(options, login.WithLogger(slog.New(slog.DiscardHandler)), login.WithClock(srv.Now))
		site, err := login.New(exampleClient(srv), "https://shop.example", exampleKeys(), options...)
		if err != nil {
			log.Fatal(err)
		}
		ethereum, err := site.Logins("ethereum", nil)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(request(ethereum.Message, "walletAddress", wallet.Address).Code)
	}
	// Output:
	// 500
	// 200
}

// Wallets that are contracts can log in where the API checks signatures of EIP-1271, at the price that the option describes.
func ExampleWithInsecureSkipSignatureCheck() {
	t := &exampleTB{}
	defer t.end()
	srv := mock.Start(t)
	_, err := login.New(exampleClient(srv), "https://shop.example", exampleKeys(), login.WithInsecureSkipSignatureCheck())
	fmt.Println(err)
	// Output: <nil>
}

func exampleClient(srv *mock.Server) *picket.Client {
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		log.Fatal(err)
	}
	return client
}

func exampleKeys() login.Keys {
	keys, err := login.ParseKeys("3q2+7wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs=")
	if err != nil {
		log.Fatal(err)
	}
	return keys
}

// request sends a handler a POST with one property.
func request(handler http.HandlerFunc, name, value string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "https://shop.example/", strings.NewReader(property(name, value)))
	r.Header.Set("Content-Type", "application/json")
	for _, cookie := range cookies {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	handler(w, r)
	return w
}
