package login_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/login"
)

// TestWhatIsTheAPIsFaultIsNotTheUsers lets each call fail in each way: it is a 503 when it may pass, and otherwise a 500; both
// are in the log.
func TestWhatIsTheAPIsFaultIsNotTheUsers(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	for name, test := range map[string]struct {
		fault  mock.Fault
		status int
		level  string
	}{
		"429":                   {mock.Fault{Kind: mock.FaultStatus, Status: 429, RetryAfter: "17"}, 503, "WARN"},
		"500":                   {mock.Fault{Kind: mock.FaultStatus, Status: 500}, 503, "WARN"},
		"503":                   {mock.Fault{Kind: mock.FaultStatus, Status: 503}, 503, "WARN"},
		"424, a node failed":    {mock.Fault{Kind: mock.FaultStatus, Status: 424}, 503, "WARN"},
		"reset":                 {mock.Fault{Kind: mock.FaultReset}, 503, "WARN"},
		"empty":                 {mock.Fault{Kind: mock.FaultEmpty}, 503, "WARN"},
		"cut off":               {mock.Fault{Kind: mock.FaultTruncate}, 503, "WARN"},
		"malformed":             {mock.Fault{Kind: mock.FaultMalformed}, 503, "WARN"},
		"a page":                {mock.Fault{Kind: mock.FaultContentType}, 503, "WARN"},
		"the key is not valid":  {mock.Fault{Kind: mock.FaultStatus, Status: 401, Code: picket.CodeAPIKeyInvalid}, 500, "ERROR"},
		"there is no key":       {mock.Fault{Kind: mock.FaultStatus, Status: 401, Code: picket.CodeAuthenticationRequired}, 500, "ERROR"},
		"the key may not":       {mock.Fault{Kind: mock.FaultStatus, Status: 403, Code: picket.CodePermissionDenied}, 500, "ERROR"},
		"there is no such path": {mock.Fault{Kind: mock.FaultStatus, Status: 404, Code: picket.CodeResourceNotFound}, 500, "ERROR"},
		"conflict":              {mock.Fault{Kind: mock.FaultStatus, Status: 409, Code: picket.CodeAccountExists}, 500, "ERROR"},
	} {
		for _, operation := range []string{"chain", "nonce", "auth"} {
			t.Run(name+"/"+operation, func(t *testing.T) {
				b := newBrowser(newShop(t, srv))
				message := ""
				if operation == "auth" {
					message = b.message(t, wallet)
				}
				test.fault.Operation = operation
				srv.InjectFault(test.fault)
				defer srv.ClearFaults()
				var got answer
				if operation == "auth" {
					got = b.sign(wallet, message)
				} else {
					got = b.post("/login/ethereum/message", property("walletAddress", wallet.Address))
				}
				code, retryAfter := "unavailable", "5"
				if test.fault.RetryAfter != "" {
					retryAfter = string(test.fault.RetryAfter)
				}
				if test.status == 500 {
					code, retryAfter = "server_error", ""
				}
				got.want(t, test.status, code, "")
				b.wantNoSession(t)
				if got.header.Get("Retry-After") != retryAfter {
					t.Errorf("Retry-After is %q", got.header.Get("Retry-After"))
				}
				if text := b.shop.log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, `"level":"`+test.level+`"`) {
					t.Errorf("the log has %s", text)
				}
			})
		}
	}
}

func TestRequirementsThatTheAPIRefusesAreTheServersFault(t *testing.T) {
	srv := mock.Start(t)
	srv.SetNotToken("ethereum", contract)
	wallet := mock.NewEthereumWallet(t)
	b := newBrowser(newShopAt(t, srv, origin, newKeys(t, aKey), &picket.Requirements{ContractAddress: contract}))
	b.sign(wallet, b.message(t, wallet)).want(t, http.StatusInternalServerError, "server_error", "its log explains")
	if text := b.shop.log.String(); !strings.Contains(text, `"ERROR"`) || !strings.Contains(text, "any ERC20") {
		t.Errorf("the log has %s", text)
	}
	// A nonce that is spent is not: with requirements, too.
	srv2 := mock.Start(t)
	srv2.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "1")
	b = newBrowser(newShopAt(t, srv2, origin, newKeys(t, aKey), &picket.Requirements{ContractAddress: contract}))
	message := b.message(t, wallet)
	thief := newBrowser(b.shop)
	thief.cookies[pendingCookie] = b.cookies[pendingCookie]
	if got := b.sign(wallet, message); got.status != http.StatusOK {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	thief.sign(wallet, message).want(t, http.StatusUnauthorized, "login_expired", "log in again")
}

func TestAProjectWhoseMessagesNameNoSiteIsRefused(t *testing.T) {
	srv := mock.Start(t, mock.WithFormat(picket.MessageFormatSimple))
	for _, wallet := range []*mock.Wallet{mock.NewEthereumWallet(t), mock.NewSolanaWallet(t)} {
		b := newBrowser(newShop(t, srv))
		b.post("/login/"+wallet.Chain+"/message", property("walletAddress", wallet.Address)).
			want(t, http.StatusInternalServerError, "server_error", "its log explains")
		if text := b.shop.log.String(); !strings.Contains(text, `"ERROR"`) || !strings.Contains(text, "set the format of the project's messages to siwe") {
			t.Errorf("the log has %s", text)
		}
		b = newBrowser(newShop(t, srv, login.WithInsecureAllowSimple()))
		b.logIn(t, wallet)
		message := b.message(t, wallet)
		if strings.Contains(message, "shop.example") {
			t.Errorf("the message is\n%s", message)
		}
		b.sign(wallet, message+" ").want(t, http.StatusUnauthorized, "signature_invalid", "")
	}
}

func TestAContractWalletMayLogInWhereTheAPIChecksTheSignature(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	b := newBrowser(newShop(t, srv, login.WithInsecureSkipSignatureCheck()))
	b.message(t, wallet)
	b.post("/login/ethereum/signature", property("signature", "0x"+strings.Repeat("ab", 300))).
		want(t, http.StatusUnauthorized, "login_expired", "log in again") // the mock has no contracts
	b.logIn(t, wallet)
	b = newBrowser(newShop(t, srv))
	b.message(t, wallet)
	b.post("/login/ethereum/signature", property("signature", "0x"+strings.Repeat("ab", 300))).
		want(t, http.StatusBadRequest, "parameter_invalid", "not one of a wallet")
}

// api is a server with the given answers.
func api(t *testing.T, answers map[string]any) *picket.Client {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answers[r.URL.Path])
	}))
	t.Cleanup(srv.Close)
	client, err := picket.New("sk_1", picket.WithBaseURL(srv.URL), picket.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestAnAnswerThatIsForAnotherLoginIsNoLogin(t *testing.T) {
	srv := mock.Start(t)
	wallet, other := mock.NewEthereumWallet(t), mock.NewEthereumWallet(t)
	token := expiring(srv.Now().Add(time.Hour))
	for name, user := range map[string]map[string]any{
		"another chain":  {"chain": "polygon", "walletAddress": wallet.Address},
		"another wallet": {"chain": "ethereum", "walletAddress": other.Address},
		"no wallet":      {"chain": "ethereum", "walletAddress": "x"},
		"its own":        {"chain": "ethereum", "walletAddress": strings.ToLower(wallet.Address)},
		"no JWT":         {"chain": "ethereum", "walletAddress": wallet.Address},
	} {
		t.Run(name, func(t *testing.T) {
			token := string(token)
			if name == "no JWT" {
				token = "a b"
			}
			user["displayAddress"], user["tokenBalances"] = "alice.eth", map[string]any{}
			client := api(t, map[string]any{
				"/chains/ethereum": map[string]any{"chainSlug": "ethereum", "chainId": 1, "chainType": "ethereum", "chainName": "Ethereum", "publicRPC": "https://x", "authorizationSupported": true},
				"/auth/nonce":      map[string]any{"nonce": "abcdefgh12345678", "statement": "Come in.", "format": "siwe"},
				"/auth":            map[string]any{"accessToken": token, "user": user},
			})
			b := newBrowser(newShopOf(t, client, srv, origin, newKeys(t, aKey), nil))
			got := b.sign(wallet, b.message(t, wallet))
			if name == "its own" {
				if got.status != http.StatusOK || !strings.Contains(got.body, "alice.eth") {
					t.Errorf("got %d %s", got.status, got.body)
				}
				return
			}
			got.want(t, http.StatusInternalServerError, "server_error", "its log explains")
			b.wantNoSession(t)
			if text := b.shop.log.String(); !strings.Contains(text, `"ERROR"`) {
				t.Errorf("the log has %s", text)
			}
		})
	}
}

func TestChainsThatTheAPIDoesNotHaveAreTheServersFault(t *testing.T) {
	srv := mock.Start(t)
	shop := newShop(t, srv)
	logins, err := shop.Logins("etherium", nil)
	if err != nil {
		t.Fatal(err)
	}
	shop.mux.HandleFunc("/message", logins.Message)
	newBrowser(shop).post("/message", property("walletAddress", mock.NewEthereumWallet(t).Address)).
		want(t, http.StatusInternalServerError, "server_error", "its log explains")
	if text := shop.log.String(); !strings.Contains(text, `"ERROR"`) || !strings.Contains(text, "etherium") {
		t.Errorf("the log has %s", text)
	}
}

func TestAUserWhoGoesAwayIsNoWarning(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	for _, operation := range []string{"chain", "nonce", "auth"} {
		b := newBrowser(newShop(t, srv))
		message := ""
		if operation == "auth" {
			message = b.message(t, wallet)
		}
		ctx, cancel := context.WithCancel(t.Context())
		srv.InjectFault(mock.Fault{Operation: operation, Delay: time.Minute})
		time.AfterFunc(20*time.Millisecond, cancel)
		b.ctx = ctx
		var got answer
		if operation == "auth" {
			got = b.sign(wallet, message)
		} else {
			got = b.post("/login/ethereum/message", property("walletAddress", wallet.Address))
		}
		got.want(t, http.StatusServiceUnavailable, "unavailable", "")
		if text := b.shop.log.String(); text != "" {
			t.Errorf("%s: the log has %s", operation, text)
		}
		srv.ClearFaults()
	}
}

func TestNobodyFillsTheLog(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	b := newBrowser(newShop(t, srv))
	for range 20 {
		b.sign(wallet, b.message(t, wallet)+"!")
	}
	if text := b.shop.log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "WithInsecureSkipSignatureCheck") || !strings.Contains(text, `"INFO"`) {
		t.Errorf("the log has %s", text)
	}
	srv.Advance(time.Minute)
	b.sign(wallet, b.message(t, wallet)+"!")
	if text := b.shop.log.String(); strings.Count(text, "\n") != 2 || !strings.Contains(text, `"more":19`) {
		t.Errorf("the log has %s", text)
	}
}

func TestTheLogHasNoSecret(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	b := newBrowser(newShop(t, srv))
	message := b.message(t, wallet)
	signature := asHex(wallet.Sign(message))
	cookie := b.cookies[pendingCookie]
	srv.InjectFault(mock.Fault{Operation: "auth", Kind: mock.FaultStatus, Status: 500})
	b.sign(wallet, message)
	srv.ClearFaults()
	b.sign(wallet, b.message(t, wallet)+"!")
	text := b.shop.log.String()
	if strings.Count(text, "\n") != 2 {
		t.Errorf("the log has %s", text)
	}
	for _, secret := range []string{signature, signature[2:], cookie, srv.SecretKey} {
		if strings.Contains(text, secret) {
			t.Errorf("the log has %s", text)
		}
	}
}

func TestManyLogInAtOnce(t *testing.T) {
	srv := mock.Start(t)
	for name, options := range map[string][]login.Option{
		"cookies": nil, "stores": {login.WithPendingStore(&pendingStore{}), login.WithSessionStore(newSessionStore())},
	} {
		t.Run(name, func(t *testing.T) {
			shop := newShop(t, srv, options...)
			var users sync.WaitGroup
			for i := range 16 {
				wallet := mock.NewEthereumWallet(t)
				if i%2 == 1 {
					wallet = mock.NewSolanaWallet(t)
				}
				users.Go(func() {
					b := newBrowser(shop)
					got := b.sign(wallet, b.message(t, wallet))
					if want := fmt.Sprintf(`"walletAddress":"%s"`, wallet.Address); got.status != http.StatusOK || !strings.Contains(got.body, want) {
						t.Errorf("got %d %s", got.status, got.body)
					}
					if token := b.token(t); token == "" {
						t.Error("there is no session")
					}
				})
			}
			users.Wait()
		})
	}
}
