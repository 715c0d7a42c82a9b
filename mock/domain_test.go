package mock_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// relogin signs the message of a context in a format, and sends the login with another context.
func relogin(t *testing.T, client *picket.Client, wallet *mock.Wallet, format picket.MessageFormat, signed, sent picket.SigningMessageContext) error {
	t.Helper()
	nonce, err := client.Nonce(ctx, picket.NonceRequest{Chain: wallet.Chain, WalletAddress: wallet.Address})
	if err != nil {
		t.Fatal(err)
	}
	nonce.Format = format
	message, err := picket.SigningMessage(nonce, wallet.Address, signed)
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Auth(ctx, picket.AuthRequest{Chain: wallet.Chain, WalletAddress: wallet.Address, Signature: wallet.Sign(message), Context: sent})
	return err
}

// TestOnlyMessagesForAnAllowedDomainLogIn lets a victim sign what another site asks for, and sends it on.
func TestOnlyMessagesForAnAllowedDomainLogIn(t *testing.T) {
	srv := mock.Start(t, mock.WithAllowedDomain("Shop.example"), mock.WithAllowedDomain("localhost:3000"), mock.WithRedirectURI(redirectURI))
	client := newClient(t, srv, srv.SecretKey)
	evm, polygon, solana := mock.NewEthereumWallet(t), fixedWallet(t, "polygon", 3), mock.NewSolanaWallet(t)
	at := func(domain, uri string, id picket.ChainID, family picket.ChainType) picket.SigningMessageContext {
		return picket.SigningMessageContext{Domain: domain, URI: uri, ChainID: id, ChainType: family, IssuedAt: "2022-10-25T01:12:36Z"}
	}
	shop := at("shop.example", "https://shop.example/login?next=%2F", 1, "ethereum")
	for name, test := range map[string]struct {
		wallet *mock.Wallet
		signed picket.SigningMessageContext
		want   string // in the refusal
	}{
		"the site":                       {evm, shop, ""},
		"the site in another case":       {evm, at("SHOP.example", "https://shop.EXAMPLE", 1, ""), ""},
		"another site of the project":    {evm, at("localhost:3000", "http://localhost:3000", 1, "ethereum"), ""},
		"on polygon":                     {polygon, at("shop.example", "https://shop.example", 137, "ethereum"), ""},
		"on solana":                      {solana, at("shop.example", "https://shop.example", 101, "solana"), ""},
		"another site":                   {evm, at("evil.example", "https://evil.example", 1, "ethereum"), `for the domain "evil.example", and only localhost:3000 or shop.example is allowed`},
		"a site that ends the same":      {evm, at("evilshop.example", "https://evilshop.example", 1, "ethereum"), "domain"},
		"a site below it":                {evm, at("a.shop.example", "https://a.shop.example", 1, "ethereum"), "domain"},
		"a site that begins the same":    {evm, at("shop.example.evil.example", "https://shop.example", 1, "ethereum"), "domain"},
		"another port":                   {evm, at("localhost:3001", "http://localhost:3001", 1, "ethereum"), "domain"},
		"a URI of another site":          {evm, at("shop.example", "https://evil.example", 1, "ethereum"), "the uri of its message"},
		"a URI of another port":          {evm, at("shop.example", "https://shop.example:8443", 1, "ethereum"), "the uri of its message"},
		"a URI of the other site":        {evm, at("shop.example", "http://localhost:3000", 1, "ethereum"), "the uri of its message"},
		"a URI of no web page":           {evm, at("shop.example", "app://shop.example", 1, "ethereum"), "the uri of its message"},
		"the ID of another chain":        {polygon, shop, "the chain ID 1, and that of polygon is 137"},
		"the ID of another, on ethereum": {evm, at("shop.example", "https://shop.example", 137, "ethereum"), "the chain ID 137"},
		"the ID of another, on solana":   {solana, at("shop.example", "https://shop.example", 1, "solana"), "the chain ID 1"},
	} {
		t.Run(name, func(t *testing.T) {
			err := relogin(t, client, test.wallet, picket.MessageFormatSIWE, test.signed, test.signed)
			if (err == nil) != (test.want == "") {
				t.Fatalf("got %v", err)
			}
			if err != nil && (!errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "invalid signature: ") || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("a message that was signed for another site, sent as if for this one", func(t *testing.T) {
		err := relogin(t, client, evm, picket.MessageFormatSIWE, at("evil.example", "https://evil.example", 1, "ethereum"), shop)
		if !errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "invalid signature") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("the simple message, which names no site", func(t *testing.T) {
		err := relogin(t, client, evm, picket.MessageFormatSimple, shop, picket.SigningMessageContext{})
		if !errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "invalid signature: it names no site") {
			t.Errorf("got %v", err)
		}
		if err := relogin(t, client, evm, picket.MessageFormatSimple, shop, shop); !errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "invalid signature") {
			t.Errorf("with a context: got %v", err)
		}
	})
	t.Run("as a password", func(t *testing.T) {
		nonce, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: evm.Address})
		if err != nil {
			t.Fatal(err)
		}
		nonce.Format = picket.MessageFormatSimple
		message, err := picket.SigningMessage(nonce, evm.Address, shop)
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.ExchangeGrant(ctx, picket.OAuthTokenRequest{GrantType: picket.GrantPassword, Username: evm.Address, Password: evm.Sign(message)})
		if !errors.Is(err, picket.CodeOAuthInvalidGrant) || !strings.Contains(err.Error(), "it names no site") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("at the authorization endpoint", func(t *testing.T) {
		evm.Domain = "shop.example"
		if got := authorize(t, srv, signed(t, srv, evm, authorizeQuery(srv.Project))).redirected(t); !got.Has("code") {
			t.Errorf("got %v", got)
		}
		evm.Domain = "evil.example"
		if got := authorize(t, srv, signed(t, srv, evm, authorizeQuery(srv.Project))).redirected(t); got.Has("code") || !strings.Contains(got.Get("error_description"), "evil.example") {
			t.Errorf("got %v", got)
		}
	})
	t.Run("the mock's own page is of an allowed domain", func(t *testing.T) {
		form := url.Values{"decision": {"approve"}, "wallet": {srv.TestWallets()[0].Address}}
		if got := decide(t, srv, authorize(t, srv, authorizeQuery(srv.Project)), form).redirected(t); !got.Has("code") {
			t.Errorf("got %v", got)
		}
	})
	t.Run("a login that was refused spends nothing", func(t *testing.T) {
		wallet := mock.NewEthereumWallet(t)
		wallet.Domain = "evil.example"
		if _, err := client.Auth(ctx, wallet.AuthRequest(t, client)); err == nil {
			t.Fatal("another site logs in")
		}
		wallet.Domain = ""
		wallet.Login(t, client)
	})
}

func TestEveryWayAllowsADomain(t *testing.T) {
	evil := func(t *testing.T, srv *mock.Server, project *mock.Project) error {
		t.Helper()
		client, wallet := newClient(t, srv, project.SecretKey), mock.NewEthereumWallet(t)
		wallet.Login(t, client) // of localhost:3000
		wallet.Domain = "evil.example"
		_, err := client.Auth(ctx, wallet.AuthRequest(t, client))
		return err
	}
	t.Run("none, and any site logs in", func(t *testing.T) {
		srv := mock.Start(t)
		if err := evil(t, srv, srv.Project); err != nil || len(srv.AllowedDomains()) != 0 {
			t.Errorf("got %v, %v", err, srv.AllowedDomains())
		}
	})
	for name, allow := range map[string]func(t *testing.T) (*mock.Server, *mock.Project){
		"option": func(t *testing.T) (*mock.Server, *mock.Project) {
			srv := mock.Start(t, mock.WithAllowedDomain(mock.DefaultDomain))
			return srv, srv.Project
		},
		"method": func(t *testing.T) (*mock.Server, *mock.Project) {
			srv := mock.Start(t)
			srv.AllowDomain("LocalHost:3000")
			srv.Reset()
			return srv, srv.Project
		},
		"a project that was added": func(t *testing.T) (*mock.Server, *mock.Project) {
			srv := mock.Start(t)
			srv.AllowDomain(mock.DefaultDomain)
			return srv, srv.AddProject()
		},
		"a project with its own": func(t *testing.T) (*mock.Server, *mock.Project) {
			srv := mock.Start(t, mock.WithAllowedDomain("evil.example"))
			return srv, srv.AddProject(mock.WithAllowedDomain(mock.DefaultDomain))
		},
		"configuration": func(t *testing.T) (*mock.Server, *mock.Project) {
			srv := mock.Start(t, mock.WithConfig("c.yaml", []byte("projects:\n- {}\n- allowedDomains: ['localhost:3000']\n")))
			return srv, srv.Projects()[1]
		},
		"control": func(t *testing.T) (*mock.Server, *mock.Project) {
			srv := mock.Start(t)
			if got := control(t, srv, "", http.MethodPost, "/allowedDomains", `{"domain":"localhost:3000"}`, nil); got.status != http.StatusNoContent {
				t.Errorf("got %d %s", got.status, got.body)
			}
			return srv, srv.Project
		},
		"control, a project": func(t *testing.T) (*mock.Server, *mock.Project) {
			srv := mock.Start(t)
			var added struct{ AllowedDomains []string }
			if got := control(t, srv, "", http.MethodPost, "/projects", `{"allowedDomains":["localhost:3000"]}`, &added); got.status != http.StatusCreated || len(added.AllowedDomains) != 1 {
				t.Errorf("got %d %s", got.status, got.body)
			}
			return srv, srv.Projects()[1]
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv, project := allow(t)
			if err := evil(t, srv, project); !errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "evil.example") {
				t.Errorf("got %v", err)
			}
			if diff := cmp.Diff([]string{"localhost:3000"}, project.AllowedDomains()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatIsNoDomainIsRefused(t *testing.T) {
	srv := mock.Start(t)
	for _, domain := range []string{"", "https://shop.example", "shop.example/", "*", "*.example", "a b", "user@shop.example", "shop.example:", "b\u00fccher.example", "shop.example?x", "%2a", "\x1b[2J"} {
		if _, err := mock.New(mock.WithAllowedDomain(domain)); err == nil || !strings.HasPrefix(err.Error(), "mock: WithAllowedDomain: ") || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%q: got %v", domain, err)
		}
		if got := control(t, srv, "", http.MethodPost, "/projects", `{"allowedDomains":["`+strings.ReplaceAll(domain, "\x1b", `\u001b`)+`"]}`, nil); got.status != http.StatusBadRequest {
			t.Errorf("%q: got %d %s", domain, got.status, got.body)
		}
	}
}
