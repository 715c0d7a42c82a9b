package mock_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// configFile writes a configuration file, and returns its path and what writes it again.
func configFile(t *testing.T, text string) (path string, rewrite func(text string)) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "picket.yaml")
	rewrite = func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rewrite(text)
	return path, rewrite
}

// view is what a server has.
type view struct {
	Projects []string // the ID, the keys, the redirect URIs and the number of balances
	Wallets  int
	Issuer   string
	Keys     []mock.SigningKey
}

func viewOf(srv *mock.Server) view {
	v := view{Wallets: len(srv.TestWallets()), Issuer: srv.Issuer(), Keys: srv.SigningKeys()}
	for _, p := range srv.Projects() {
		v.Projects = append(v.Projects, strings.Join([]string{p.ID, p.SecretKey, p.PublishableKey, strings.Join(p.RedirectURIs(), " "), strings.Repeat("*", len(p.Balances()))}, ","))
	}
	return v
}

const secondProject = "01234567-89ab-4cde-8f01-23456789abcd"

func TestAConfigurationIsReadAgain(t *testing.T) {
	path, rewrite := configFile(t, "projects:\n  - redirectURIs: [http://localhost:1/]\n    balances: [{chain: ethereum, walletAddress: '"+someAddress+"', contractAddress: '"+contract+"', balance: 1}]\nwallets: [{chain: ethereum, privateKey: '"+evmKey+"'}]\n")
	srv := mock.Start(t, mock.WithConfigFile(path), mock.WithPublishableKey("pk_0123456789abcdef0123456789abcdef"))
	added := srv.AddProject()
	added.SetBalance("ethereum", someAddress, mock.Contract(contract), "7")
	srv.AddTestWallet(mock.NewEthereumWallet(t))
	token := mock.NewEthereumWallet(t).Login(t, newClient(t, srv, srv.SecretKey)).AccessToken
	rewrite("projects:\n  - {redirectURIs: ['http://localhost:2/'], format: simple}\n  - {id: " + secondProject + "}\nissuer: https://mock.example\n")
	if got := control(t, srv, "", "POST", "/config/reload", "", nil); got.status != http.StatusNoContent {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	now := srv.Projects()
	if len(now) != 3 || now[0].ID != mock.DefaultProjectID || now[1].ID != secondProject || now[2] != added {
		t.Fatalf("the projects are %v", viewOf(srv).Projects)
	}
	if now[0].PublishableKey != "pk_0123456789abcdef0123456789abcdef" {
		t.Error("an option no longer wins over the file")
	}
	if diff := cmp.Diff([]string{"http://localhost:2/"}, now[0].RedirectURIs()); diff != "" || len(now[0].Balances()) != 0 || len(added.Balances()) != 1 {
		t.Error(diff, now[0].Balances(), added.Balances())
	}
	if n := len(srv.TestWallets()); n != 4 || srv.Issuer() != "https://mock.example" {
		t.Errorf("%d wallets, issuer %s", n, srv.Issuer())
	}
	if !isValid(t, srv, token) {
		t.Error("a token of the default project is not valid any more, although neither its ID nor the signing key changed")
	}
	nonce, err := newClient(t, srv, srv.SecretKey).Nonce(ctx, picket.NonceRequest{WalletAddress: someAddress})
	if err != nil || nonce.Format != picket.MessageFormatSimple {
		t.Errorf("got %+v, %v", nonce, err)
	}
	// What was configured goes when the file no longer has it.
	rewrite("")
	if err := srv.ReloadConfig(); err != nil {
		t.Fatal(err)
	}
	if got := viewOf(srv); len(got.Projects) != 2 || got.Wallets != 4 || got.Issuer != srv.URL {
		t.Errorf("got %+v", got)
	}
}

func TestAMistakeInAConfigurationThatIsReadAgainLeavesWhatWas(t *testing.T) {
	path, rewrite := configFile(t, "projects:\n  - {redirectURIs: ['http://localhost:1/']}\n  - {id: "+secondProject+"}\nwallets: [{chain: ethereum, privateKey: '"+evmKey+"'}]\n")
	srv := mock.Start(t, mock.WithConfigFile(path), mock.WithMaxProjects(4))
	srv.AddProject(mock.WithSecretKey("sk_ffffffffffffffffffffffffffffffff"))
	srv.RotateSigningKey(nil, 3600e9)
	before := viewOf(srv)
	tooManyWallets := "wallets:" + strings.Repeat("\n  - {chain: ethereum, privateKey: '"+evmKey+"'}", 98)
	for name, test := range map[string]struct{ text, want string }{
		"misspelt":             {"projects:\n  - secretkey: a", "picket.yaml:2: "},
		"a wrong key":          {"projects:\n  - {}\n  - secretKey: hunter2", "picket.yaml:3: a secret key is sk_"},
		"a wrong balance":      {"projects:\n  - balances: [{chain: ethereum}]", "picket.yaml:2: "},
		"a wrong wallet":       {"wallets:\n  - {chain: ethereum, privateKey: hunter2}", "picket.yaml:2: "},
		"a wrong issuer":       {"issuer: mock", "picket.yaml:1: issuer: "},
		"a wrong signing key":  {"signingKey: hunter2", "picket.yaml:1: signingKey: "},
		"a key that was added": {"projects:\n  - secretKey: sk_ffffffffffffffffffffffffffffffff\nissuer: https://mock.example", "a project that was added later has a key"},
		"too many projects":    {"projects: [{}, {}, {}, {}]", "no more are allowed"},
		"too many wallets":     {tooManyWallets, "the login page offers no more"},
	} {
		t.Run(name, func(t *testing.T) {
			rewrite(test.text)
			got := control(t, srv, "", "POST", "/config/reload", "", nil)
			if got.status != http.StatusBadRequest || !strings.Contains(got.body, test.want) || strings.Contains(got.body, "hunter2") {
				t.Errorf("got %d %s", got.status, got.body)
			}
			if diff := cmp.Diff(before, viewOf(srv)); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("the file is gone", func(t *testing.T) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := srv.ReloadConfig(); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("got %v", err)
		}
		if diff := cmp.Diff(before, viewOf(srv)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestASigningKeyThatIsReadAgainTakesThePlaceOfOthersWhenItChanged(t *testing.T) {
	path, rewrite := configFile(t, "accessTokenIssuer: a\n")
	srv := mock.Start(t, mock.WithConfigFile(path))
	_, first := servedKeys(t, srv)
	srv.RotateSigningKey(nil, 3600e9)
	rewrite("accessTokenIssuer: https://picketapi.com\n")
	if err := srv.ReloadConfig(); err != nil || len(srv.SigningKeys()) != 2 {
		t.Errorf("a key that did not change: %d keys, %v", len(srv.SigningKeys()), err)
	}
	client := newClient(t, srv, srv.SecretKey)
	claims, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: mock.NewEthereumWallet(t).Login(t, client).AccessToken})
	if err != nil || claims.Issuer != "https://picketapi.com" {
		t.Errorf("got %+v, %v", claims, err)
	}
	_, text := newSigningKeyPEM(t)
	rewrite("signingKey: |\n  " + strings.ReplaceAll(text, "\n", "\n  "))
	if err := srv.ReloadConfig(); err != nil {
		t.Fatal(err)
	}
	if _, ids := servedKeys(t, srv); len(ids) != 1 || ids[0] == first[0] {
		t.Errorf("served %q", ids)
	}
}

func TestAServerWithoutAFileHasNothingToReadAgain(t *testing.T) {
	srv := mock.Start(t, mock.WithConfig("picket.yaml", nil))
	if got := control(t, srv, "", "POST", "/config/reload", "", nil); got.status != http.StatusConflict || !strings.Contains(got.body, "-config") {
		t.Errorf("got %d %s", got.status, got.body)
	}
	if _, err := mock.New(mock.WithConfigFile("nowhere.yaml")); err == nil || !strings.Contains(err.Error(), "nowhere.yaml") {
		t.Errorf("got %v", err)
	}
}

// TestReadingAgainTakesNoRoom has a file that takes more than half of what is left beside what it replaces, again and again.
func TestReadingAgainTakesNoRoom(t *testing.T) {
	var text strings.Builder
	text.WriteString("projects:\n  - balances:\n")
	for i := range 1000 {
		fmt.Fprintf(&text, "    - {chain: ethereum, walletAddress: '0x%040x', contractAddress: '%s', balance: 1}\n", i+1, contract)
	}
	path, rewrite := configFile(t, text.String())
	srv := mock.Start(t, mock.WithConfigFile(path), mock.WithMaxStateBytes(1<<20))
	for range 10 {
		rewrite(text.String() + "    - {chain: ethereum}\n")
		if err := srv.ReloadConfig(); err == nil {
			t.Fatal("a mistake is not noticed")
		}
		rewrite(text.String())
		if err := srv.ReloadConfig(); err != nil {
			t.Fatal(err)
		}
	}
}
