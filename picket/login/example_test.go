package login_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/login"
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

// newServer returns a server for users who log in with wallets of two chains.
func newServer(client *picket.Client, origin string, keys login.Keys) (http.Handler, error) {
	site, err := login.New(client, origin, keys, login.WithLoopbackHTTP())
	if err != nil {
		return nil, err
	}
	ethereum, errEthereum := site.Logins("ethereum", nil)
	solana, errSolana := site.Logins("solana", nil)
	auth, errAuth := middleware.New(middleware.Remote(client), middleware.WithSession(site))
	if err := errors.Join(errEthereum, errSolana, errAuth); err != nil {
		return nil, err
	}
	club, err := auth.Gate("ethereum", picket.Requirements{ContractAddress: contract, MinTokenBalance: "3"})
	if err != nil {
		return nil, err
	}
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _ := middleware.UserFromContext(r.Context())
		_, _ = fmt.Fprintf(w, "hello, %s", user.DisplayAddress)
	})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login/ethereum/message", ethereum.Message)
	mux.HandleFunc("POST /login/ethereum/signature", ethereum.Signature)
	mux.HandleFunc("POST /login/solana/message", solana.Message)
	mux.HandleFunc("POST /login/solana/signature", solana.Signature)
	mux.HandleFunc("POST /logout", site.Logout)
	mux.Handle("GET /me", auth.Required(hello))
	mux.Handle("GET /club", club(hello))
	return mux, nil
}

// Example is a server and its test: a wallet of package mock logs in as it would in a browser, passes a gate and logs out.
func Example() {
	t := &exampleTB{} // in a test, the *testing.T
	defer t.end()
	srv := mock.Start(t)
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		log.Fatal(err)
	}
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key)
	keys, err := login.NewKeys(key) // a real server reads the same keys at every start, with ParseKeys
	if err != nil {
		log.Fatal(err)
	}
	shop := httptest.NewUnstartedServer(nil)
	origin := "http://" + shop.Listener.Addr().String()
	if shop.Config.Handler, err = newServer(client, origin, keys); err != nil {
		log.Fatal(err)
	}
	shop.Start()
	defer shop.Close()

	wallet := mock.NewEthereumWallet(t)
	srv.SetDisplayName("ethereum", wallet.Address, "alice.eth")
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "3")
	jar, err := cookiejar.New(nil)
	if err != nil {
		log.Fatal(err)
	}
	browser := &http.Client{Jar: jar}

	var login struct{ Message string }
	post(browser, origin+"/login/ethereum/message", map[string]string{"walletAddress": wallet.Address}, &login)
	signature := wallet.Sign(login.Message)
	var user struct{ DisplayAddress string }
	post(browser, origin+"/login/ethereum/signature", map[string]string{"signature": string(signature)}, &user)
	fmt.Println(user.DisplayAddress, "is logged in")
	show(browser, origin+"/me")
	show(browser, origin+"/club")

	post(browser, origin+"/logout", nil, nil)
	show(browser, origin+"/club")
	// Output:
	// alice.eth is logged in
	// 200 OK: hello, alice.eth
	// 200 OK: hello, alice.eth
	// 401 Unauthorized: {"code":"authentication_required","msg":"authentication required: log in, or send an access token as Bearer authorization"}
}

// post does what the page's script does.
func post(browser *http.Client, url string, body, answer any) {
	text, err := json.Marshal(body)
	if err != nil {
		log.Fatal(err)
	}
	response, err := browser.Post(url, "application/json", bytes.NewReader(text))
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if answer == nil {
		return
	}
	if err := json.NewDecoder(response.Body).Decode(answer); err != nil || response.StatusCode != http.StatusOK {
		log.Fatal(response.Status, err)
	}
}

func show(browser *http.Client, url string) {
	response, err := browser.Get(url)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %s\n", response.Status, text)
}
