package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"weak"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// TestARemovedProjectIsGone removes a project in Go and over HTTP.
func TestARemovedProjectIsGone(t *testing.T) {
	for name, remove := range map[string]func(*testing.T, *mock.Server, *mock.Project){
		"in Go": func(_ *testing.T, srv *mock.Server, p *mock.Project) { srv.RemoveProject(p) },
		"over HTTP": func(t *testing.T, srv *mock.Server, p *mock.Project) {
			if got := control(t, srv, "", "DELETE", "/projects/"+p.ID, "", nil); got.status != http.StatusNoContent {
				t.Fatalf("got %d %s", got.status, got.body)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t)
			p, stays := srv.AddProject(), srv.AddProject()
			client := newClient(t, srv, p.SecretKey)
			token := mock.NewEthereumWallet(t).Login(t, client).AccessToken
			remove(t, srv, p)
			if got := srv.Projects(); !slices.Equal(got, []*mock.Project{srv.Project, stays}) {
				t.Errorf("the projects are %v", got)
			}
			for _, key := range []string{p.SecretKey, p.PublishableKey} {
				got := send(t, srv, key, "GET", "/chains", "")
				if got.status != http.StatusUnauthorized {
					t.Errorf("with its key: got %d %s", got.status, got.body)
				}
			}
			if got := statusOfUserInfo(t, srv, string(token)); got != http.StatusUnauthorized {
				t.Errorf("with its token: got %d", got)
			}
			again := srv.AddProject(mock.WithSecretKey(p.SecretKey), mock.WithPublishableKey(p.PublishableKey))
			if again.ID == p.ID || len(again.Journal()) > 0 {
				t.Errorf("its keys name %s with %d exchanges", again.ID, len(again.Journal()))
			}
		})
	}
}

func statusOfUserInfo(t *testing.T, srv *mock.Server, token string) int {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, srv.URL+"/oauth2/userinfo", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

func TestAProjectThatCannotBeRemoved(t *testing.T) {
	srv := mock.Start(t)
	removed := srv.AddProject()
	srv.RemoveProject(removed)
	for name, test := range map[string]struct {
		project *mock.Project
		id      string
		status  int
		want    string
	}{
		"the default one": {srv.Project, srv.ID, http.StatusConflict, "the default project cannot be removed"},
		"a removed one":   {removed, removed.ID, http.StatusNotFound, "no project has this ID"},
		"none":            {nil, "nobody", http.StatusNotFound, "no project has this ID"},
	} {
		if got := control(t, srv, "", "DELETE", "/projects/"+test.id, "", nil); got.status != test.status || !strings.Contains(got.body, test.want) {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
		if test.project == nil {
			test.want = "the project is nil"
		}
		server, err := mock.New()
		if err != nil {
			t.Fatal(err)
		}
		if name == "the default one" {
			test.project = server.Project
		}
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "mock: RemoveProject: ") || !strings.Contains(got, test.want) {
					t.Errorf("%s: got %q", name, got)
				}
			}()
			server.RemoveProject(test.project)
		}()
	}
}

// TestProjectsComeAndGo adds and removes many more projects than there may be, each of which keeps all that a project can keep.
func TestProjectsComeAndGo(t *testing.T) {
	srv := mock.Start(t, mock.WithMaxProjects(2), mock.WithMaxStateBytes(20_000))
	statement := strings.Repeat("x", 5_000)
	for i := range 50 {
		p := srv.AddProject(mock.WithStatement(statement), mock.WithRedirectURI(redirectURI), mock.WithAllowedDomain("shop.example"))
		p.AllowRedirectURI(redirectURI + "/2")
		p.SetDisplayName("ethereum", someAddress, strings.Repeat("y", 1_000))
		p.InjectFault(mock.Fault{Kind: mock.FaultReset, Operation: "auth"})
		if _, err := newClient(t, srv, p.SecretKey).Nonce(ctx, picket.NonceRequest{WalletAddress: someAddress}); err != nil {
			t.Fatalf("project %d: %v", i, err)
		}
		srv.RemoveProject(p)
	}
}

// TestAnOptionOfTheServerIsNoneOfAProject gives AddProject what it would have to ignore.
func TestAnOptionOfTheServerIsNoneOfAProject(t *testing.T) {
	srv, err := mock.New()
	if err != nil {
		t.Fatal(err)
	}
	for name, option := range map[string]mock.Option{
		"WithSeed":           mock.WithSeed(1),
		"WithClock":          mock.WithClock(time.Now),
		"WithMaxProjects":    mock.WithMaxProjects(1),
		"WithMaxStateBytes":  mock.WithMaxStateBytes(1),
		"WithMaxBodyBytes":   mock.WithMaxBodyBytes(1),
		"WithMaxConnections": mock.WithMaxConnections(1),
		"WithControlHost":    mock.WithControlHost("mock"),
		"WithDrift":          mock.WithDrift("seen.json", nil),
		"WithConfig":         mock.WithConfig("picket.yaml", nil),
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, name+": the option is for Start and New") {
					t.Errorf("got %q", got)
				}
			}()
			srv.AddProject(option)
		}()
	}
}

// TestEveryWriteMakesRoom fills a server with nonces until no more fit. When they have died, each kind of write finds room.
func TestEveryWriteMakesRoom(t *testing.T) {
	for name, write := range map[string]func(*mock.Server, *mock.Project){
		"a balance": func(_ *mock.Server, p *mock.Project) {
			p.SetBalance("ethereum", someAddress, mock.Contract(someAddress), "1")
		},
		"a name":          func(_ *mock.Server, p *mock.Project) { p.SetDisplayName("ethereum", someAddress, "alice.eth") },
		"not a token":     func(_ *mock.Server, p *mock.Project) { p.SetNotToken("ethereum", someAddress) },
		"a Flow key":      func(_ *mock.Server, p *mock.Project) { mock.NewFlowWallet(t, p, mock.CurveP256) },
		"a fault":         func(_ *mock.Server, p *mock.Project) { p.InjectFault(mock.Fault{Kind: mock.FaultReset}) },
		"a redirect URI":  func(_ *mock.Server, p *mock.Project) { p.AllowRedirectURI(redirectURI) },
		"a domain":        func(_ *mock.Server, p *mock.Project) { p.AllowDomain("shop.example") },
		"another project": func(s *mock.Server, _ *mock.Project) { s.AddProject() },
		"a login":         func(s *mock.Server, p *mock.Project) { mock.NewSolanaWallet(t).Login(t, newClient(t, s, p.SecretKey)) },
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t, mock.WithMaxStateBytes(30_000))
			client := newClient(t, srv, srv.SecretKey)
			var full error
			for i := 0; full == nil; i++ {
				_, full = client.Nonce(ctx, picket.NonceRequest{WalletAddress: fmt.Sprintf("0x%040x", i+1)}, picket.WithMaxRetries(0))
			}
			srv.Advance(2 * time.Minute)
			write(srv, srv.Project)
		})
	}
}

func TestNothingIsKeptOfARemovedProject(t *testing.T) {
	srv := mock.Start(t)
	inGo, overHTTP := weak.Make(srv.AddProject()), weak.Make(srv.AddProject())
	srv.RemoveProject(inGo.Value())
	if got := control(t, srv, "", "DELETE", "/projects/"+overHTTP.Value().ID, "", nil); got.status != http.StatusNoContent {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	runtime.GC()
	if inGo.Value() != nil || overHTTP.Value() != nil {
		t.Error("the server still has a removed project")
	}
}

// TestAProjectIsRemovedWhileItWorks removes projects while requests and seeds for them are under way. What they took is free afterwards.
func TestAProjectIsRemovedWhileItWorks(t *testing.T) {
	const room = 200_000
	server, err := mock.New(mock.WithMaxStateBytes(room))
	if err != nil {
		t.Fatal(err)
	}
	fits := func() int {
		server.Reset(mock.PartState)
		for i := 0; ; i++ {
			r := httptest.NewRequest(http.MethodPost, "/api/v1/auth/nonce", strings.NewReader(fmt.Sprintf(`{"walletAddress":"0x%040x"}`, i+1)))
			r.Header.Set("Content-Type", "application/json")
			r.SetBasicAuth(server.SecretKey, "")
			answer := httptest.NewRecorder()
			if server.Handler().ServeHTTP(answer, r); answer.Code != http.StatusOK {
				server.Reset(mock.PartState)
				return i
			}
		}
	}
	before := fits()
	for range 50 {
		p := server.AddProject()
		var working sync.WaitGroup
		for i := range 4 {
			working.Go(func() {
				defer func() { _ = recover() }() // seeding a project that was removed panics where there is no test
				for j := range 20 {
					r := httptest.NewRequest(http.MethodPost, "/api/v1/auth/nonce", strings.NewReader(fmt.Sprintf(`{"walletAddress":"0x%040x"}`, 100*i+j+1)))
					r.Header.Set("Content-Type", "application/json")
					r.SetBasicAuth(p.SecretKey, "")
					server.Handler().ServeHTTP(httptest.NewRecorder(), r)
					p.SetDisplayName("ethereum", someAddress, strings.Repeat("x", j+1))
					p.InjectFault(mock.Fault{Operation: "auth", Kind: mock.FaultReset, Count: 1})
					p.ClearFaults()
					p.Reset()
				}
			})
		}
		server.RemoveProject(p)
		working.Wait()
	}
	if after := fits(); after != before {
		t.Errorf("%d nonces fit at first, and %d when the projects are removed", before, after)
	}
}
