package mock_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

func TestNoMoreProjectsThanAllowed(t *testing.T) {
	srv := mock.Start(t, mock.WithMaxProjects(3))
	srv.AddProject()
	if got := control(t, srv, "", "POST", "/projects", `{}`, nil); got.status != http.StatusCreated {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	got := control(t, srv, "", "POST", "/projects", `{}`, nil)
	if got.status != http.StatusTooManyRequests || !strings.Contains(got.body, "there are 3 projects") || !strings.Contains(got.body, "-max-projects") {
		t.Errorf("got %d %s", got.status, got.body)
	}
	if n := len(srv.Projects()); n != 3 {
		t.Errorf("there are %d projects", n)
	}
}

// TestWhatIsKeptIsBounded fills the state in each way that a client can, until it is refused, and then once more after a
// reset: nothing is lost of the room.
func TestWhatIsKeptIsBounded(t *testing.T) {
	text := strings.Repeat("a", 200)
	for name, test := range map[string]struct {
		path   string
		method string
		body   func(i int) string
		status int
		stays  bool // whether a reset leaves it
	}{
		"nonces": {"/api/v1/auth/nonce", "POST", func(i int) string { return fmt.Sprintf(`{"walletAddress":"0x%040x"}`, i+1) }, 200, false},
		"balances": {"/_mock/balances", "PUT", func(i int) string {
			return fmt.Sprintf(`{"chain":"solana","walletAddress":"So11111111111111111111111111111111111111112","tokenId":"%s%d","balance":"1"}`, text, i)
		}, 204, false},
		"not tokens": {"/_mock/notTokens", "POST", func(i int) string { return fmt.Sprintf(`{"chain":"ethereum","contractAddress":"0x%040x"}`, i) }, 204, false},
		"names": {"/_mock/displayNames", "PUT", func(i int) string {
			return fmt.Sprintf(`{"chain":"ethereum","walletAddress":"0x%040x","name":"%s"}`, i, text)
		}, 204, false},
		"faults": {"/_mock/faults", "POST", func(int) string {
			return `{"kind":"status","status":503,"retryAfter":"` + text + `","operation":"chains"}`
		}, 204, false},
		"redirect URIs": {"/_mock/redirectURIs", "POST", func(i int) string { return fmt.Sprintf(`{"redirectURI":"http://localhost/%s%d"}`, text, i) }, 204, true},
		"projects":      {"/_mock/projects", "POST", func(int) string { return `{"statements":{"":"` + text + `"}}` }, 201, true},
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t, mock.WithMaxStateBytes(20_000))
			root := &mock.Server{URL: strings.TrimSuffix(srv.URL, "/api/v1")}
			fill := func() int {
				for i := range 200 {
					got := send(t, root, srv.SecretKey, test.method, test.path, test.body(i))
					switch {
					case got.status == http.StatusTooManyRequests && strings.Contains(got.body, "-max-state-mib"):
						return i
					case got.status != test.status:
						t.Fatalf("got %d %s", got.status, got.body)
					}
				}
				t.Fatal("there is no bound")
				return 0
			}
			first := fill()
			if first < 10 {
				t.Errorf("only %d fit into 20 kB", first)
			}
			srv.Reset()
			if again := 0; !test.stays {
				if again = fill(); again != first {
					t.Errorf("%d fit, and after a reset %d", first, again)
				}
			} else if got := send(t, root, srv.SecretKey, test.method, test.path, test.body(1000)); got.status != http.StatusTooManyRequests {
				t.Errorf("after a reset that leaves it: %d", got.status)
			}
		})
	}
}

func TestLoginsGiveBackTheRoomThatTheirNoncesTook(t *testing.T) {
	srv := mock.Start(t, mock.WithMaxStateBytes(1000))
	client := newClient(t, srv, srv.SecretKey)
	for range 60 {
		mock.NewEthereumWallet(t).Login(t, client)
	}
}

func TestAProjectHasRoomWhateverOthersTake(t *testing.T) {
	srv := mock.Start(t, mock.WithMaxStateBytes(20_000))
	quiet := srv.AddProject()
	client := newClient(t, srv, srv.SecretKey)
	var full error
	for i := 0; full == nil && i < 100; i++ {
		_, full = client.Nonce(ctx, picket.NonceRequest{WalletAddress: fmt.Sprintf("0x%040x", i+1)}, picket.WithMaxRetries(0))
	}
	if full == nil {
		t.Fatal("there is no bound")
	}
	mock.NewEthereumWallet(t).Login(t, newClient(t, srv, quiet.SecretKey))
}

func TestDeadNoncesMakeRoomWhenItIsNeeded(t *testing.T) {
	srv := mock.Start(t, mock.WithMaxStateBytes(1000))
	client := newClient(t, srv, srv.SecretKey)
	ask := func(i int) error {
		_, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: fmt.Sprintf("0x%040x", i+1)}, picket.WithMaxRetries(0))
		return err
	}
	var full error
	for i := 0; full == nil && i < 100; i++ {
		full = ask(i)
	}
	if full == nil {
		t.Fatal("there is no bound")
	}
	srv.Advance(2 * time.Minute)
	if err := ask(1000); err != nil {
		t.Error(err)
	}
}

func TestNoMoreTestWalletsThanAPersonCanChooseFrom(t *testing.T) {
	srv := mock.Start(t)
	add := func() answer {
		return control(t, srv, "", "POST", "/wallets", `{"chain":"ethereum","privateKey":"0x`+strings.Repeat("01", 32)+`"}`, nil)
	}
	got := add()
	for range 100 {
		got = add()
	}
	if got.status != http.StatusTooManyRequests || len(srv.TestWallets()) != 100 {
		t.Errorf("got %d %s, and %d wallets", got.status, got.body, len(srv.TestWallets()))
	}
}

// TestLongJournalsAreShortened sends requests that take as much of the journal as they can.
func TestLongJournalsAreShortened(t *testing.T) {
	srv := mock.Start(t)
	query := "/chains?" + strings.Repeat("x", 5_000)
	for range mock.JournalSize + 50 {
		send(t, srv, srv.SecretKey, "GET", query+"/"+strings.Repeat("y", 3_000), `{"walletAddress":"`+strings.Repeat("z", 3_500)+`"}`)
	}
	bytes, exchanges := 0, srv.Journal()
	for _, e := range exchanges {
		bytes += len(e.Path) + len(e.RequestBody) + len(e.ResponseBody)
	}
	if bytes > 4<<20 {
		t.Errorf("the journal has %d exchanges of %d bytes", len(exchanges), bytes)
	}
	if last := exchanges[len(exchanges)-1].Number; last != mock.JournalSize+50 {
		t.Errorf("the last exchange is number %d", last)
	}
}

// serve starts a server that is not a test's, and returns where it listens.
func serve(t *testing.T, options ...mock.Option) string {
	t.Helper()
	srv, err := mock.New(options...)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving, stop := context.WithCancel(ctx)
	stopped := make(chan error, 1)
	go func() { stopped <- srv.Serve(serving, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

func TestTheConnectionThatWaitedLongestMakesRoom(t *testing.T) {
	address := serve(t, mock.WithMaxConnections(2))
	const request = "GET /_mock/health HTTP/1.1\r\nHost: mock\r\n\r\n"
	ask := func(c net.Conn) error {
		if _, err := io.WriteString(c, request); err != nil {
			return err
		}
		response, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, response.Body)
		return err
	}
	var open []net.Conn
	connect := func() {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_ = c.SetDeadline(time.Now().Add(20 * time.Second))
		open = append(open, c)
		if err := ask(c); err != nil {
			t.Fatal(err)
		}
	}
	connect()
	connect()
	for _, i := range []int{1, 0} { // a second time, so that the server is through with the first
		if err := ask(open[i]); err != nil {
			t.Fatal(err)
		}
	}
	connect() // makes the second one go
	if n, err := open[1].Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("the idle connection is still open: %d, %v", n, err)
	}
	for _, i := range []int{0, 2} {
		if err := ask(open[i]); err != nil {
			t.Errorf("connection %d is closed: %v", i, err)
		}
	}
}

// TestAClientThatIsServedIsNotCrowdedOut opens connections without a request, many more than there may be.
func TestAClientThatIsServedIsNotCrowdedOut(t *testing.T) {
	address := serve(t, mock.WithMaxConnections(4))
	dial := func() net.Conn {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_ = c.SetDeadline(time.Now().Add(20 * time.Second))
		return c
	}
	honest := dial()
	answers := bufio.NewReader(honest)
	ask := func() {
		_, _ = io.WriteString(honest, "GET /_mock/health HTTP/1.1\r\nHost: mock\r\n\r\n")
		response, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
	}
	ask()
	ask() // so that the server is through with the first
	for range 20 {
		first, last := dial(), []net.Conn{dial(), dial(), dial(), dial()}
		if n, err := first.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
			t.Fatalf("the oldest of %d is still open", len(last)+1)
		}
	}
	ask()
}

// TestLargeBodiesAreLetInAsFarAsThereIsRoom begins more large requests than there is room for. Small ones go on.
func TestLargeBodiesAreLetInAsFarAsThereIsRoom(t *testing.T) {
	const size, room = 32 << 20, 2
	srv := mock.Start(t, mock.WithMaxBodyBytes(size))
	address := strings.TrimSuffix(strings.TrimPrefix(srv.URL, "http://"), "/api/v1")
	head := fmt.Sprintf("POST /api/v1/auth/nonce HTTP/1.1\r\nHost: mock\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", size)
	refused := make(chan string)
	for range room + 1 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		if _, err := io.WriteString(c, head+strings.Repeat(" ", 17<<10)); err != nil {
			t.Fatal(err)
		}
		go func() {
			if response, err := http.ReadResponse(bufio.NewReader(c), nil); err == nil {
				refused <- response.Status
			}
		}()
	}
	if status := <-refused; status != "503 Service Unavailable" {
		t.Errorf("got %s", status)
	}
	if got := send(t, srv, srv.SecretKey, "POST", "/auth/nonce", `{"walletAddress":"`+someAddress+`"}`); got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

// TestWhatIsCheapToAskIsCheapToRefuse sends what would cost the mock far more than its sender, were it not refused at once.
func TestWhatIsCheapToAskIsCheapToRefuse(t *testing.T) {
	srv := mock.Start(t, mock.WithRedirectURI(redirectURI))
	query := authorizeQuery(srv.Project)
	for i := range 300 {
		query.Set(fmt.Sprintf("tokenIdz%d", i), "x")
	}
	if got := authorize(t, srv, query).redirected(t); !strings.Contains(got.Get("error_description"), "the query has more than 256 names") {
		t.Errorf("a query of many names that are compared: got %v", got)
	}
	page := authorize(t, srv, authorizeQuery(srv.Project))
	form := url.Values{"wallet": {srv.TestWallets()[0].Address}, "decision": {"approve"}, "x": {strings.Repeat("x", 20_000)}}
	if got := decide(t, srv, page, form); got.status != http.StatusBadRequest || !strings.Contains(got.body, "the form cannot be read") {
		t.Errorf("a large form: got %d %s", got.status, got.body)
	}
}

// BenchmarkAllowedWallets asks with a list of ten thousand.
func BenchmarkAllowedWallets(b *testing.B) {
	o := newOffline(b, mock.WithReusableNonces())
	list := make([]string, 10_000)
	for i := range list {
		list[i] = fmt.Sprintf("0x%040x", i+1)
	}
	token := o.wallet.Login(b, o.client).AccessToken
	for b.Loop() {
		_, err := o.client.Authz(ctx, picket.AuthzRequest{AccessToken: token, Requirements: picket.Requirements{AllowedWallets: list}})
		if !errors.Is(err, picket.CodePermissionDenied) {
			b.Fatal(err)
		}
	}
}
