package login_test

import (
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mr-tron/base58"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/login"
)

// signedElsewhere returns what a victim signs on another site, which got the nonce itself: the publishable key is public.
func signedElsewhere(t *testing.T, srv *mock.Server, victim *mock.Wallet, format picket.MessageFormat, signed picket.SigningMessageContext) picket.AuthRequest {
	t.Helper()
	client, err := picket.New(srv.PublishableKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	nonce, err := client.Nonce(t.Context(), picket.NonceRequest{Chain: victim.Chain, WalletAddress: victim.Address})
	if err != nil {
		t.Fatal(err)
	}
	nonce.Format = format
	message, err := picket.SigningMessage(nonce, victim.Address, signed)
	if err != nil {
		t.Fatal(err)
	}
	return picket.AuthRequest{Chain: victim.Chain, WalletAddress: victim.Address, Signature: victim.Sign(message), Context: signed}
}

// victimContext returns what a message of the shop would say, with one change.
func victimContext(srv *mock.Server, change func(*picket.SigningMessageContext)) picket.SigningMessageContext {
	signed := picket.SigningMessageContext{
		Domain: "shop.example", URI: origin, ChainID: 1, ChainType: picket.ChainTypeEthereum,
		IssuedAt: srv.Now().UTC().Format("2006-01-02T15:04:05.000Z"),
	}
	change(&signed)
	return signed
}

// TestNobodyLogsInAsAVictim tries, with the cookie of a login that the attacker began for the victim's address, signatures that
// the victim made elsewhere, or nobody made.
func TestNobodyLogsInAsAVictim(t *testing.T) {
	srv := mock.Start(t)
	victim, attacker := mock.NewEthereumWallet(t), mock.NewEthereumWallet(t)
	solanaVictim := mock.NewSolanaWallet(t)
	elsewhere := func(change func(*picket.SigningMessageContext)) func(*testing.T, *browser) string {
		return func(t *testing.T, _ *browser) string {
			return asHex(signedElsewhere(t, srv, victim, picket.MessageFormatSIWE, victimContext(srv, change)).Signature)
		}
	}
	for name, attack := range map[string]struct {
		victim    *mock.Wallet
		signature func(*testing.T, *browser) string
	}{
		"a message with the domain of evil.example": {victim, elsewhere(func(c *picket.SigningMessageContext) { c.Domain = "evil.example" })},
		"a message with the URI of evil.example":    {victim, elsewhere(func(c *picket.SigningMessageContext) { c.URI = "https://evil.example" })},
		"a message with the shop's subdomain":       {victim, elsewhere(func(c *picket.SigningMessageContext) { c.Domain = "evil.shop.example" })},
		"a message with another port of the shop":   {victim, elsewhere(func(c *picket.SigningMessageContext) { c.Domain = "shop.example:8443" })},
		"a message for another chain ID":            {victim, elsewhere(func(c *picket.SigningMessageContext) { c.ChainID = 137 })},
		"a message of 1990":                         {victim, elsewhere(func(c *picket.SigningMessageContext) { c.IssuedAt = "1990-01-01T00:00:00Z" })},
		"the simple message, which names no site": {victim, func(t *testing.T, _ *browser) string {
			return asHex(signedElsewhere(t, srv, victim, picket.MessageFormatSimple, picket.SigningMessageContext{}).Signature)
		}},
		"the simple message, on Solana": {solanaVictim, func(t *testing.T, _ *browser) string {
			return asHex(signedElsewhere(t, srv, solanaVictim, picket.MessageFormatSimple, picket.SigningMessageContext{}).Signature)
		}},
		"the attacker's own signature": {victim, func(t *testing.T, b *browser) string {
			return asHex(attacker.Sign(b.message(t, victim)))
		}},
		"made-up bytes": {victim, func(*testing.T, *browser) string { return "0x" + strings.Repeat("11", 64) + "1b" }},
		"r is 0": {victim, func(*testing.T, *browser) string {
			return "0x" + strings.Repeat("00", 32) + strings.Repeat("11", 32) + "1b"
		}},
		"s is 0": {victim, func(*testing.T, *browser) string {
			return "0x" + strings.Repeat("11", 32) + strings.Repeat("00", 32) + "1b"
		}},
		"64 zero bytes, on Solana":      {solanaVictim, func(*testing.T, *browser) string { return "0x" + strings.Repeat("00", 64) }},
		"the identity and 0, on Solana": {solanaVictim, func(*testing.T, *browser) string { return "0x01" + strings.Repeat("00", 63) }},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBrowser(newShop(t, srv))
			b.message(t, attack.victim)
			b.post("/login/"+attack.victim.Chain+"/signature", property("signature", attack.signature(t, b))).
				want(t, http.StatusUnauthorized, "signature_invalid", "log in again")
			b.wantNoSession(t)
			if b.cookies[pendingCookie] != "" {
				t.Error("the login is still under way")
			}
		})
	}
}

// TestTheAPIWouldTakeWhatTheHandlersRefuse is why signatures are checked here: without that, the attack works.
func TestTheAPIWouldTakeWhatTheHandlersRefuse(t *testing.T) {
	srv := mock.Start(t)
	victim := mock.NewEthereumWallet(t)
	b := newBrowser(newShop(t, srv, login.WithInsecureSkipSignatureCheck()))
	b.message(t, victim)
	phished := signedElsewhere(t, srv, victim, picket.MessageFormatSimple, picket.SigningMessageContext{})
	if got := b.post("/login/ethereum/signature", property("signature", asHex(phished.Signature))); got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

func TestALoginWorksOnce(t *testing.T) {
	for name, options := range map[string][]login.Option{
		"the nonce sees to it with a sealed cookie":     nil,
		"the store sees to it":                          {login.WithPendingStore(&pendingStore{})},
		"also with tokens in a store":                   {login.WithSessionStore(newSessionStore())},
		"a store of each kind, whatever the nonce does": {login.WithPendingStore(&pendingStore{}), login.WithSessionStore(newSessionStore())},
	} {
		t.Run(name, func(t *testing.T) {
			var settings []mock.Option
			if strings.Contains(name, "whatever") {
				settings = append(settings, mock.WithReusableNonces())
			}
			srv := mock.Start(t, settings...)
			wallet := mock.NewEthereumWallet(t)
			b := newBrowser(newShop(t, srv, options...))
			message := b.message(t, wallet)
			before := maps.Clone(b.cookies)
			if got := b.sign(wallet, message); got.status != http.StatusOK {
				t.Fatalf("got %d %s", got.status, got.body)
			}
			thief := newBrowser(b.shop)
			thief.cookies = maps.Clone(before)
			thief.sign(wallet, message).want(t, http.StatusUnauthorized, "login_expired", "log in again")
			thief.wantNoSession(t)

			b.post("/logout", "")
			thief.cookies = maps.Clone(before)
			thief.sign(wallet, message).want(t, http.StatusUnauthorized, "login_expired", "log in again")
			thief.wantNoSession(t)
		})
	}
}

func TestOfManyReplaysAtOnceOneLogsIn(t *testing.T) {
	for name, options := range map[string][]login.Option{"cookie": nil, "store": {login.WithPendingStore(&pendingStore{})}} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t)
			wallet := mock.NewEthereumWallet(t)
			b := newBrowser(newShop(t, srv, options...))
			message := b.message(t, wallet)
			statuses := make(chan int)
			for range 16 {
				thief := newBrowser(b.shop)
				thief.cookies = maps.Clone(b.cookies)
				go func() { statuses <- thief.sign(wallet, message).status }()
			}
			counts := map[int]int{}
			for range 16 {
				counts[<-statuses]++
			}
			if counts[http.StatusOK] != 1 || counts[http.StatusUnauthorized] != 15 {
				t.Errorf("got %v", counts)
			}
		})
	}
}

func TestHandlersOfOneChainRefuseALoginOfAnother(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	b := newBrowser(newShop(t, srv))
	message := b.message(t, wallet)
	wallet.Chain = "polygon"
	b.sign(wallet, message).want(t, http.StatusForbidden, "permission_denied", "on the chain ethereum, and this is for polygon")
	b.wantNoSession(t)
}

// TestOnlyTheCookieOfThisLoginEndsIt changes the cookie, or what opens it, between the message and the signature.
func TestOnlyTheCookieOfThisLoginEndsIt(t *testing.T) {
	srv := mock.Start(t)
	attacker := mock.NewEthereumWallet(t)
	for name, change := range map[string]func(*testing.T, *browser){
		"no cookie":    func(_ *testing.T, b *browser) { clear(b.cookies) },
		"empty cookie": func(_ *testing.T, b *browser) { b.cookies[pendingCookie] = "" },
		"a whole one, of another browser": func(t *testing.T, b *browser) {
			other := newBrowser(b.shop)
			other.message(t, mock.NewEthereumWallet(t))
			b.cookies = other.cookies
		},
		"a whole one, begun with the attacker's wallet": func(t *testing.T, b *browser) {
			other := newBrowser(b.shop)
			other.message(t, attacker)
			b.cookies = other.cookies
		},
		"a cookie that is changed": func(_ *testing.T, b *browser) {
			sealed, _ := base64.RawURLEncoding.DecodeString(b.cookies[pendingCookie])
			sealed[len(sealed)/2] ^= 1
			b.cookies[pendingCookie] = base64.RawURLEncoding.EncodeToString(sealed)
		},
		"a cookie that is cut off":      func(_ *testing.T, b *browser) { b.cookies[pendingCookie] = b.cookies[pendingCookie][:20] },
		"a cookie with more at its end": func(_ *testing.T, b *browser) { b.cookies[pendingCookie] += "AAAA" },
		"a cookie that is no base64":    func(_ *testing.T, b *browser) { b.cookies[pendingCookie] = "%%%" },
		"a cookie that is over":         func(_ *testing.T, b *browser) { srv.Advance(pendingLifetime) },
		"a cookie that is over, with a nonce that is not": func(t *testing.T, b *browser) {
			b.shop = newShop(t, srv, login.WithClock(func() time.Time { return srv.Now().Add(pendingLifetime) }))
		},
		"a cookie of another key": func(t *testing.T, b *browser) {
			b.shop = newShopAt(t, srv, origin, newKeys(t, anotherKey), nil)
		},
		"a cookie of another origin with the same key": func(t *testing.T, b *browser) {
			b.shop = newShopAt(t, srv, "https://admin.shop.example", newKeys(t, aKey), nil)
			b.header.Set("Origin", "https://admin.shop.example")
		},
		"a cookie of another name": func(_ *testing.T, b *browser) {
			b.cookies["wallet-login"] = b.cookies[pendingCookie]
			delete(b.cookies, pendingCookie)
		},
		"a cookie of the site on this machine": func(t *testing.T, b *browser) {
			local := newBrowser(newShopAt(t, srv, "http://localhost:3000", newKeys(t, aKey), nil, login.WithLoopbackHTTP()))
			local.header.Set("Origin", "http://localhost:3000")
			local.message(t, attacker)
			b.cookies[pendingCookie] = local.cookies["wallet-login"]
		},
		"a cookie for what is now in a store": func(t *testing.T, b *browser) {
			b.shop = newShop(t, srv, login.WithPendingStore(&pendingStore{}))
		},
		"the session's cookie in its place": func(t *testing.T, b *browser) {
			other := newBrowser(b.shop)
			other.logIn(t, attacker)
			b.cookies[pendingCookie] = other.cookies[sessionCookie]
		},
		"what is sealed for a store": func(t *testing.T, b *browser) {
			store := &pendingStore{}
			other := newBrowser(newShop(t, srv, login.WithPendingStore(store)))
			other.message(t, attacker)
			for _, sealed := range store.values {
				b.cookies[pendingCookie] = base64.RawURLEncoding.EncodeToString(sealed)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			wallet := mock.NewEthereumWallet(t)
			b := newBrowser(newShop(t, srv))
			message := b.message(t, wallet)
			change(t, b)
			code := "login_expired"
			if strings.HasPrefix(name, "a whole one") {
				code = "signature_invalid"
			}
			b.sign(wallet, message).want(t, http.StatusUnauthorized, code, "log in again")
			if b.cookies[sessionCookie] != "" {
				t.Error("there is a session")
			}
		})
	}
}

func TestWhatIsStoredForOneLoginEndsNoOther(t *testing.T) {
	srv := mock.Start(t)
	store := &pendingStore{}
	attacker := mock.NewEthereumWallet(t)
	b := newBrowser(newShop(t, srv, login.WithPendingStore(store)))
	b.message(t, mock.NewEthereumWallet(t))
	victims := slices.Collect(maps.Keys(store.values))[0]
	other := newBrowser(b.shop)
	message := other.message(t, attacker)
	for id, value := range store.values {
		if id != victims {
			store.values[victims] = value // somebody who can write to the store
		}
	}
	b.sign(attacker, message).want(t, http.StatusUnauthorized, "login_expired", "log in again")
	if got := other.sign(attacker, message); got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

func TestSeveralCookiesOfTheNameAreRefused(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	b := newBrowser(newShop(t, srv))
	message := b.message(t, wallet)
	for _, second := range []string{"; " + pendingCookie + "=x", ";" + pendingCookie + " =\"", ";" + pendingCookie} {
		r := b.request("/login/ethereum/signature", property("signature", asHex(wallet.Sign(message))))
		r.Header.Set("Cookie", r.Header.Get("Cookie")+second)
		b.do(r).want(t, http.StatusBadRequest, "parameter_invalid", "several cookies")
	}
}

func TestAddressesThatNoWalletHasAreRefusedBeforeTheAPIHearsOfThem(t *testing.T) {
	srv := mock.Start(t)
	b := newBrowser(newShop(t, srv))
	b.message(t, mock.NewEthereumWallet(t)) // so that the chains are known
	b.message(t, mock.NewSolanaWallet(t))
	asked := len(srv.Journal())
	ethereum := map[string]string{
		"header injection":      "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8\r\nSet-Cookie: __Host-session=x",
		"a line of the message": "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8\n\nURI: https://evil.example",
		"another endpoint":      "../../authz",
		"too short":             "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec",
		"too long":              "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8a",
		"0X":                    "0XA548ac9c6f41B19175023B5f09c6E70f99cFeec8",
		"without 0x":            "A548ac9c6f41B19175023B5f09c6E70f99cFeec8",
		"a name":                "alice.eth",
		"with its chain":        "eip155:1:0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8",
		"full-width digits":     "0x\uff11548ac9c6f41B19175023B5f09c6E70f99cFeec8",
		"Cyrillic":              "0x\u0410548ac9c6f41B19175023B5f09c6E70f99cFeec8",
		"zero width":            "0x\u200bA548ac9c6f41B19175023B5f09c6E70f99cFeec8",
		"a space":               " 0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8",
		"NUL":                   "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8\x00",
		"an address on Solana":  mock.NewSolanaWallet(t).Address,
		"a wallet of Flow":      "0x1654653399040a61",
		"a lone surrogate":      "0x\ufffd548ac9c6f41B19175023B5f09c6E70f99cFeec8",
	}
	solana := map[string]string{
		"an EVM address":        "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8",
		"not base58":            strings.Repeat("0", 44),
		"31 bytes":              base58.Encode(slices.Repeat([]byte{7}, 31)),
		"33 bytes":              base58.Encode(slices.Repeat([]byte{7}, 33)),
		"very long":             strings.Repeat("z", 10_000),
		"not on the curve":      base58.Encode(append([]byte{2}, slices.Repeat([]byte{0}, 31)...)),
		"zero-width":            "\u200b" + mock.NewSolanaWallet(t).Address,
		"not canonical 0":       encoding("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
		"not canonical 3":       encoding("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
		"not canonical 1":       encoding("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
		"not canonical -0":      encoding("0100000000000000000000000000000000000000000000000000000000000080"),
		"order 1, the identity": encoding("0100000000000000000000000000000000000000000000000000000000000000"),
		"order 2":               encoding("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
		"order 4":               encoding("0000000000000000000000000000000000000000000000000000000000000000"),
		"order 4, negative":     encoding("0000000000000000000000000000000000000000000000000000000000000080"),
		"order 8":               encoding("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
		"order 8, negative":     encoding("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
		"order 8, the other":    encoding("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
		"order 8, the last":     encoding("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
	}
	for chain, addresses := range map[string]map[string]string{"ethereum": ethereum, "solana": solana} {
		for name, address := range addresses {
			t.Run(chain+"/"+name, func(t *testing.T) {
				got := b.post("/login/"+chain+"/message", property("walletAddress", address))
				got.want(t, http.StatusBadRequest, "parameter_invalid", "walletAddress is not the address of a wallet on "+chain)
				if len(got.header["Set-Cookie"]) != 0 {
					t.Errorf("it sets cookies: %v", got.header)
				}
			})
		}
	}
	if got := len(srv.Journal()); got != asked {
		t.Errorf("the API was asked %d times", got-asked)
	}
}

// encoding returns the address of an encoded point.
func encoding(point string) string {
	octets, err := hex.DecodeString(point)
	if err != nil {
		panic(err)
	}
	return base58.Encode(octets)
}

func TestTheLoginIsOverTwoMinutesAfterTheMessage(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	b := newBrowser(newShop(t, srv))
	message := b.message(t, wallet)
	srv.Advance(pendingLifetime - time.Second)
	if got := b.sign(wallet, message); got.status != http.StatusOK {
		t.Fatalf("a second before: got %d %s", got.status, got.body)
	}
	message = b.message(t, wallet)
	srv.Advance(pendingLifetime)
	b.sign(wallet, message).want(t, http.StatusUnauthorized, "login_expired", "log in again")
}

// TestANonceThatIsOlderThanTheMessage is one that somebody else asked for: it is over before the cookie.
func TestANonceThatIsOlderThanTheMessage(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	wallet.AuthRequest(t, newClient(t, srv))
	srv.Advance(90 * time.Second)
	b := newBrowser(newShop(t, srv))
	message := b.message(t, wallet)
	srv.Advance(time.Minute)
	b.sign(wallet, message).want(t, http.StatusUnauthorized, "login_expired", "log in again")
	if text := b.shop.log.String(); !strings.Contains(text, "had expired") || !strings.Contains(text, `"WARN"`) {
		t.Errorf("the log has %s", text)
	}
	b.logIn(t, wallet)
}
