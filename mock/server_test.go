package mock_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

func TestOptionsAreChecked(t *testing.T) {
	for name, test := range map[string]struct {
		option mock.Option
		want   string // in the error, or nothing if there is none
	}{
		"secret key":                 {mock.WithSecretKey("sk_0123456789abcdef0123456789abcdef"), ""},
		"secret key, other prefix":   {mock.WithSecretKey("pk_0123456789abcdef0123456789abcdef"), "a secret key is sk_"},
		"secret key, short":          {mock.WithSecretKey("sk_0123"), "a secret key is sk_"},
		"secret key, upper case":     {mock.WithSecretKey("sk_0123456789ABCDEF0123456789ABCDEF"), "a secret key is sk_"},
		"secret key, line break":     {mock.WithSecretKey("sk_0123456789abcdef0123456789abcdef\n"), "a secret key is sk_"},
		"publishable key":            {mock.WithPublishableKey("pk_0123456789abcdef0123456789abcdef"), ""},
		"publishable key of secret":  {mock.WithPublishableKey("sk_0123456789abcdef0123456789abcdef"), "a publishable key is pk_"},
		"redirect URI":               {mock.WithRedirectURI("http://localhost:3000/callback?a=b"), ""},
		"redirect URI of an app":     {mock.WithRedirectURI("com.example.app:/callback"), ""},
		"redirect URI, relative":     {mock.WithRedirectURI("/callback"), "not absolute"},
		"redirect URI, no scheme":    {mock.WithRedirectURI("localhost/callback"), "not absolute"},
		"redirect URI with fragment": {mock.WithRedirectURI("http://localhost:3000/#"), "has a fragment"},
		"redirect URI without host":  {mock.WithRedirectURI("http:///callback"), "has no host"},
		"redirect URI with space":    {mock.WithRedirectURI("http://localhost:3000/call back"), "not a URI"},
		"redirect URI, no port":      {mock.WithRedirectURI("http://localhost:port/"), "not a URI"},
		"redirect URI, line break":   {mock.WithRedirectURI("http://localhost:3000/\r\nA: b"), "not a URI"},
		"redirect URI, not ASCII":    {mock.WithRedirectURI("http://localhost:3000/ä"), "not a URI"},
		"format":                     {mock.WithFormat("siws"), `no format "siws"`},
		"statement":                  {mock.WithStatement(""), "not one line"},
		"statement of several lines": {mock.WithStatement("a\nb"), "not one line"},
		"body size":                  {mock.WithMaxBodyBytes(0), "not above 0"},
		"clock":                      {mock.WithClock(nil), "clock is nil"},
		"no projects":                {mock.WithMaxProjects(0), "WithMaxProjects: 0 is not above 0"},
		"no state":                   {mock.WithMaxStateBytes(-1), "WithMaxStateBytes: -1 is not above 0"},
		"no connections":             {mock.WithMaxConnections(0), "WithMaxConnections: 0 is not above 0"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mock.New(test.option)
			if (err == nil) != (test.want == "") || (err != nil && !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestOptionsShow(t *testing.T) {
	srv := mock.Start(t, mock.WithSecretKey("sk_0123456789abcdef0123456789abcdef"), mock.WithPublishableKey("pk_0123456789abcdef0123456789abcdef"),
		mock.WithStatement("Come in."), mock.WithFormat(picket.MessageFormatSimple))
	for _, key := range []string{"sk_0123456789abcdef0123456789abcdef", "pk_0123456789abcdef0123456789abcdef"} {
		nonce, err := newClient(t, srv, key).Nonce(ctx, picket.NonceRequest{WalletAddress: someAddress})
		if err != nil {
			t.Fatal(err)
		}
		if nonce.Statement != "Come in." || nonce.Format != picket.MessageFormatSimple {
			t.Errorf("got %+v", nonce)
		}
	}
}

func TestProjectsDoNotMeet(t *testing.T) {
	srv := mock.Start(t)
	wallet := mock.NewEthereumWallet(t)
	srv.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "1")
	srv.SetDisplayName("ethereum", wallet.Address, "alice.eth")
	other := srv.AddProject()
	if other.SecretKey == srv.SecretKey || other.PublishableKey == srv.PublishableKey || other.ID == srv.ID {
		t.Fatalf("two projects are the same: %+v", other)
	}
	other.Advance(time.Hour)
	if !other.Now().After(srv.Now().Add(50 * time.Minute)) {
		t.Error("two projects share a clock")
	}
	client := newClient(t, srv, other.SecretKey)
	owned, err := client.TokenOwnership(ctx, "ethereum", wallet.Address, picket.TokenOwnershipRequest{ContractAddress: contract})
	if err != nil || owned.Allowed {
		t.Errorf("two projects share balances: %+v, %v", owned, err)
	}
	if auth := wallet.Login(t, client); auth.User.DisplayAddress != wallet.Address {
		t.Errorf("two projects share names: %+v", auth.User)
	}
}

func TestParallelLoginsOfManyProjects(t *testing.T) {
	srv := mock.Start(t)
	var suites sync.WaitGroup
	for range 16 {
		suites.Go(func() {
			project := srv.AddProject()
			client, err := picket.New(project.SecretKey, picket.WithBaseURL(srv.URL))
			if err != nil {
				t.Error(err)
				return
			}
			for range 5 {
				wallet := mock.NewEthereumWallet(t)
				project.SetBalance("ethereum", wallet.Address, mock.Contract(contract), "1")
				request := wallet.AuthRequest(t, client)
				request.Requirements = &picket.Requirements{ContractAddress: contract}
				auth, err := client.Auth(ctx, request)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	suites.Wait()
}

// served starts a server with Serve, and returns its address, what stops it, and what Serve returns then.
func served(t *testing.T) (address string, stop context.CancelFunc, stopped <-chan error) {
	t.Helper()
	srv, err := mock.New()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stopping, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	returned := make(chan error, 1)
	go func() { returned <- srv.Serve(stopping, listener) }()
	return listener.Addr().String(), stop, returned
}

// TestAStopWaitsForTheRequestUnderWay stops a server in the middle of a request.
func TestAStopWaitsForTheRequestUnderWay(t *testing.T) {
	address, stop, stopped := served(t)
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	body := `{"walletAddress":"` + someAddress + `"}`
	head := "POST /api/v1/auth/nonce HTTP/1.1\r\nHost: mock\r\nContent-Type: application/json\r\n" +
		"Authorization: Basic c2tfMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA6\r\nConnection: close\r\nContent-Length: 62\r\nExpect: 100-continue\r\n\r\n"
	if _, err := io.WriteString(connection, head); err != nil {
		t.Fatal(err)
	}
	// The server asks for the body once it handles the request; then it is told to stop, and then the body comes.
	reader := bufio.NewReader(connection)
	if line, err := reader.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("got %q, %v", line, err)
	}
	if _, err := reader.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	stop()
	if _, err := io.WriteString(connection, body); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Errorf("got %s", response.Status)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", address); err == nil {
		t.Error("the server still listens")
	}
}

func TestServeReportsAListenerThatIsClosed(t *testing.T) {
	srv, err := mock.New()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	if err := srv.Serve(ctx, listener); err == nil {
		t.Error("there is no error")
	}
}

// A request that comes to the handler without a server may have a body of unknown length, and a ContentLength of 0.
func TestTheHandlerReadsABodyOfUnknownLength(t *testing.T) {
	srv := mock.Start(t)
	for name, body := range map[string]io.Reader{
		"known length":   strings.NewReader(`{"walletAddress":"` + someAddress + `"}`),
		"unknown length": io.MultiReader(strings.NewReader(`{"walletAddress":"` + someAddress + `"}`)),
	} {
		request, err := http.NewRequest(http.MethodPost, "/api/v1/auth/nonce", body)
		if err != nil {
			t.Fatal(err)
		}
		request.SetBasicAuth(srv.SecretKey, "")
		request.Header.Set("Content-Type", "application/json")
		response := httptest.NewRecorder()
		srv.Handler().ServeHTTP(response, request)
		if response.Code != http.StatusOK {
			t.Errorf("%s: %d %s", name, response.Code, response.Body)
		}
	}
}
