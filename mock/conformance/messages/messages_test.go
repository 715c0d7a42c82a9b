package messages_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
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

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/login"
)

// message is a message that a wallet signs, and the fields that it was made of.
type message struct {
	Kind   string `json:"kind"`
	Text   string `json:"text"`
	Fields fields `json:"fields"`
}

type fields struct {
	Domain    string         `json:"domain"`
	Address   string         `json:"address"`
	Statement string         `json:"statement"`
	URI       string         `json:"uri"`
	Version   string         `json:"version"`
	ChainID   picket.ChainID `json:"chainId"`
	Nonce     string         `json:"nonce"`
	IssuedAt  string         `json:"issuedAt"`
}

func fieldsOf(nonce *picket.NonceResponse, address string, signed picket.SigningMessageContext) fields {
	return fields{signed.Domain, address, nonce.Statement, signed.URI, "1", signed.ChainID, nonce.Nonce, signed.IssuedAt}
}

// The kinds of messages. Every parser reads the first four. Which refuse the others is in conformance/node/siwe.mjs and
// conformance/python/siwe_checks.py.
const (
	ofClient       = "picket.SigningMessage"
	ofLogin        = "picket/login"
	ofWallets      = "wallets of the mock"
	ofPage         = "login page of the mock"
	withLowerCase  = "an address in lower case"
	withDiacritics = "a statement beyond ASCII"
	withIPv6       = "a domain that is an IPv6 address"
	ofSimple       = "the simple format"
)

// statementForm is a statement in EIP-4361: the characters of RFC 3986 and spaces.
var statementForm = regexp.MustCompile(`^[A-Za-z0-9:/?#\[\]@!$&'()*+,;=._~ -]+$`)

// TestMessagesKeepToTheGrammarOfEIP4361 makes messages of every kind, on every EVM chain and in every language of the mock. With
// PICKET_MESSAGES it writes them to that file, for parsers that nobody here wrote.
func TestMessagesKeepToTheGrammarOfEIP4361(t *testing.T) {
	statements := tenant.DefaultSettings().Statements
	var all []message
	for _, locale := range slices.Sorted(maps.Keys(statements)) {
		for _, chain := range wallets.Chains() {
			if chain.ChainType == picket.ChainTypeEthereum {
				all = slices.Concat(all, clientMessages(t, chain, locale, statements[locale]), loginMessages(t, chain, locale),
					walletMessages(t, chain, statements[locale]), pageMessages(t, chain, statements[locale]))
			}
		}
	}
	for _, m := range all {
		if canonical, ok := wallets.CanonicalAddress(picket.ChainTypeEthereum, m.Fields.Address); !ok || canonical != m.Fields.Address {
			t.Errorf("%s: %s is not in the form of EIP-55", m.Kind, m.Fields.Address)
		}
		if !statementForm.MatchString(m.Fields.Statement) {
			t.Errorf("%s: the grammar does not allow the statement %q", m.Kind, m.Fields.Statement)
		}
		if lines := fmt.Sprintf(" account:\n%s\n\n%s\n\nURI: ", m.Fields.Address, m.Fields.Statement); !strings.Contains(m.Text, lines) {
			t.Errorf("%s: not with the address %s and its statement:\n%s", m.Kind, m.Fields.Address, m.Text)
		}
	}
	all = append(all, messagesOfOthers(t)...)
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if file := os.Getenv("PICKET_MESSAGES"); file != "" {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func newAddress(t *testing.T) string {
	t.Helper()
	return mock.NewEthereumWallet(t).Address
}

// clientMessages are made of parts in each of the forms that SigningMessage takes, in the default language, and in one form in the others.
func clientMessages(t *testing.T, chain picket.ChainInfo, locale, statement string) (made []message) {
	t.Helper()
	signed := picket.SigningMessageContext{Domain: "shop.example", URI: "https://shop.example", IssuedAt: "2022-10-25T01:12:36.000Z", ChainID: chain.ChainID, ChainType: chain.ChainType}
	nonce := picket.NonceResponse{Nonce: rand.Text(), Statement: statement, Format: picket.MessageFormatSIWE}
	forms := []func(){
		func() {},
		func() { signed.ChainType = "" },
		func() { signed.Domain, signed.URI = "shop.example:8443", "https://shop.example:8443" },
		func() { signed.Domain, signed.URI = "localhost:3000", "http://localhost:3000/" },
		func() { signed.Domain, signed.URI = "127.0.0.1:3000", "http://127.0.0.1:3000" },
		func() {
			signed.Domain, signed.URI = "xn--bcher-kva.example", "https://xn--bcher-kva.example/log/in?a=b%20c&d#e"
		},
		func() { signed.IssuedAt = "2022-10-25T01:12:36Z" },
		func() { signed.IssuedAt = "2022-10-25T01:12:36.123456789+05:30" },
		func() { signed.IssuedAt = "1999-12-31T23:59:59.9-11:30" },
		func() { nonce.Nonce = "abcd1234" },
		func() { nonce.Nonce = strings.Repeat("0aZ9", 16) },
		func() { nonce.Statement = "Everything: /?#[]@ !$&'()*+,;= -._~ 0aZ" },
		func() { nonce.Statement = "URI: https://evil.example" },
	}
	if locale != "" {
		forms = forms[:1]
	}
	for _, change := range forms {
		change()
		address := newAddress(t)
		text, err := picket.SigningMessage(&nonce, address, signed)
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, message{ofClient, text, fieldsOf(&nonce, address, signed)})
	}
	return made
}

// loginMessages are answered to browsers, which send addresses in lower case.
func loginMessages(t *testing.T, chain picket.ChainInfo, locale string) (made []message) {
	t.Helper()
	srv := mock.Start(t)
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails, by its documentation
	keys, err := login.NewKeys(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, origin := range []string{"https://shop.example", "http://localhost:3000"} {
		now := time.Date(2026, 1, 1, 12, 0, 0, 7_000_000, time.UTC)
		site, err := login.New(client, origin, keys, login.WithLoopbackHTTP(), login.WithClock(func() time.Time { return now }), login.WithLogger(slog.New(slog.DiscardHandler)))
		if err != nil {
			t.Fatal(err)
		}
		logins, err := site.Logins(chain.ChainSlug, nil)
		if err != nil {
			t.Fatal(err)
		}
		address := newAddress(t)
		request := httptest.NewRequest(http.MethodPost, origin+"/message", strings.NewReader(fmt.Sprintf(`{"walletAddress":%q}`, strings.ToLower(address))))
		request.Header = http.Header{"Content-Type": {"application/json"}, "Origin": {origin}, "Accept-Language": {locale}}
		answer := httptest.NewRecorder()
		logins.Message(answer, request)
		var body struct{ Message string }
		if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil || answer.Code != http.StatusOK {
			t.Fatalf("got %d %s", answer.Code, answer.Body)
		}
		nonce, err := client.Nonce(t.Context(), picket.NonceRequest{Chain: chain.ChainSlug, WalletAddress: address, Locale: locale}) // the same one
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(origin)
		if err != nil {
			t.Fatal(err)
		}
		signed := picket.SigningMessageContext{Domain: u.Host, URI: origin, ChainID: chain.ChainID, IssuedAt: "2026-01-01T12:00:00.007Z"}
		made = append(made, message{ofLogin, body.Message, fieldsOf(nonce, address, signed)})
	}
	return made
}

// walletMessages are those that wallets of the mock sign: a new one, and those of the login page.
func walletMessages(t *testing.T, chain picket.ChainInfo, statement string) (made []message) {
	t.Helper()
	srv := mock.Start(t, mock.WithStatement(statement))
	client, err := picket.New(srv.SecretKey, picket.WithBaseURL(srv.URL))
	if err != nil {
		t.Fatal(err)
	}
	site := mock.NewEthereumWallet(t)
	site.Domain = "shop.example:8443"
	for _, wallet := range append(srv.TestWallets()[:2], mock.NewEthereumWallet(t), site, mock.NewContractWallet(t, srv.Project)) {
		if wallet.Chain = chain.ChainSlug; srv.ContractWallets()[0].Address == wallet.Address && chain.ChainSlug != wallets.DefaultChain {
			continue // it is a contract on Ethereum
		}
		request := wallet.AuthRequest(t, client)
		nonce, err := client.Nonce(t.Context(), picket.NonceRequest{Chain: chain.ChainSlug, WalletAddress: wallet.Address}) // the same one
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, madeOf(t, ofWallets, nonce, request))
		if _, err := client.Auth(t.Context(), request); err != nil { // so this is what was signed
			t.Errorf("%s: %v", chain.ChainSlug, err)
		}
	}
	return made
}

// pageMessages are made as the login page makes them, which never leave the mock.
func pageMessages(t *testing.T, chain picket.ChainInfo, statement string) (made []message) {
	t.Helper()
	for _, domain := range []string{mock.DefaultDomain, "shop.example"} {
		key, err := wallets.NewEthereum()
		if err != nil {
			t.Fatal(err)
		}
		nonce := &picket.NonceResponse{Nonce: rand.Text(), Statement: statement, Format: picket.MessageFormatSIWE}
		request, err := key.SignIn(nonce, chain, domain)
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, madeOf(t, ofPage, nonce, request))
	}
	return made
}

// madeOf returns the message of a login.
func madeOf(t *testing.T, kind string, nonce *picket.NonceResponse, request picket.AuthRequest) message {
	t.Helper()
	text, err := picket.SigningMessage(nonce, request.WalletAddress, request.Context)
	if err != nil {
		t.Fatal(err)
	}
	return message{kind, text, fieldsOf(nonce, request.WalletAddress, request.Context)}
}

// messagesOfOthers are made of what others choose, which SigningMessage writes as it is, and not every parser reads.
func messagesOfOthers(t *testing.T) (made []message) {
	t.Helper()
	for _, of := range []struct {
		kind, domain, address, statement string
		format                           picket.MessageFormat
	}{
		{withLowerCase, "shop.example", strings.ToLower(newAddress(t)), "Sign in.", picket.MessageFormatSIWE},
		{withDiacritics, "shop.example", newAddress(t), "Connectez-vous à votre compte", picket.MessageFormatSIWE},
		{withIPv6, "[::1]:3000", newAddress(t), "Sign in.", picket.MessageFormatSIWE},
		{ofSimple, "shop.example", newAddress(t), "Sign in.", picket.MessageFormatSimple},
	} {
		signed := picket.SigningMessageContext{Domain: of.domain, URI: "http://" + of.domain, IssuedAt: "2022-10-25T01:12:36.000Z", ChainID: 1}
		nonce := &picket.NonceResponse{Nonce: rand.Text(), Statement: of.statement, Format: of.format}
		made = append(made, madeOf(t, of.kind, nonce, picket.AuthRequest{WalletAddress: of.address, Context: signed}))
	}
	return made
}
