package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// start builds the program for a free port, because the port that it names may be in use, and runs it against the mock. It returns
// the site's origin.
func start(t *testing.T, srv *mock.Server) string {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	source, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "server.exe") // Windows runs only files with this ending
	if err := os.WriteFile(source, bytes.ReplaceAll(text, []byte("localhost:3000"), []byte("localhost:"+port)), 0o600); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("page.html")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "page.html"), page, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	server := exec.CommandContext(t.Context(), program)
	server.Env = append(os.Environ(), "PICKET_API_KEY="+srv.SecretKey, "PICKET_BASE_URL="+srv.URL,
		"LOGIN_KEY=6bd7e5e9c1a0f4c2b83d9a7715fe60c45d2e8b9af1073c64e2985ba1d07c3f68")
	stderr, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	logged := bufio.NewReader(stderr)
	if line, err := logged.ReadString('\n'); !strings.Contains(line, "open http://localhost:"+port) {
		t.Fatalf("the server logged %q, %v", line, err)
	}
	ended := make(chan string, 1)
	go func() {
		rest, _ := io.ReadAll(logged)
		ended <- string(rest)
	}()
	waitFor(t, "localhost:"+port, ended)
	return "http://localhost:" + port
}

// waitFor waits until the server accepts connections: it says where it is before it listens.
func waitFor(t *testing.T, address string, ended <-chan string) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if connection, err := net.Dial("tcp", address); err == nil {
			_ = connection.Close()
			return
		}
		select {
		case <-tick.C:
		case logged := <-ended:
			t.Fatalf("the server ended: %s", logged)
		}
	}
}

func TestHoldersOfThreeTokensLogInAndPass(t *testing.T) {
	srv := mock.Start(t)
	origin := start(t, srv)
	host := strings.TrimPrefix(origin, "http://")
	srv.AllowDomain(host)
	ethereum, solana := mock.NewEthereumWallet(t), mock.NewSolanaWallet(t)
	srv.SetBalance("ethereum", ethereum.Address, mock.Contract("0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"), "3")
	srv.SetBalance("solana", solana.Address, mock.Mint("4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R"), "3")
	for _, test := range []struct {
		wallet        *mock.Wallet
		club, another string
	}{
		{ethereum, "/club/ethereum", "/club/solana"},
		{solana, "/club/solana", "/club/ethereum"},
	} {
		t.Run(test.wallet.Chain, func(t *testing.T) {
			b := newBrowser(t, origin)
			b.visit("/", http.StatusOK)
			b.visit("/me", http.StatusUnauthorized)

			var begun struct{ Message string }
			b.post("/login/"+test.wallet.Chain+"/message", map[string]string{"walletAddress": test.wallet.Address}, &begun)
			var user picket.AuthenticatedUser
			signature := string(test.wallet.Sign(begun.Message))
			b.post("/login/"+test.wallet.Chain+"/signature", map[string]string{"signature": signature}, &user)
			if user.WalletAddress != test.wallet.Address {
				t.Errorf("%s logged in; want %s", user.WalletAddress, test.wallet.Address)
			}

			b.visit("/me", http.StatusOK)
			b.visit(test.club, http.StatusOK)
			b.visit(test.another, http.StatusForbidden)
			b.post("/logout", nil, nil)
			b.visit("/me", http.StatusUnauthorized)
		})
	}
}

// browser keeps cookies, and says where it comes from.
type browser struct {
	*testing.T
	origin string
	client *http.Client
}

func newBrowser(t *testing.T, origin string) browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return browser{t, origin, &http.Client{Jar: jar}}
}

func (b browser) visit(path string, want int) {
	b.Helper()
	response, err := b.client.Get(b.origin + path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != want {
		b.Errorf("GET %s: got %d, want %d", path, response.StatusCode, want)
	}
}

func (b browser) post(path string, in, out any) {
	b.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		b.Fatal(err)
	}
	request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, b.origin+path, bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", b.origin)
	response, err := b.client.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.Fatal(err)
	}
	if response.StatusCode >= 300 {
		b.Fatalf("POST %s: got %d %s", path, response.StatusCode, text)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(text, out); err != nil {
		b.Fatalf("%v in %s", err, text)
	}
}
