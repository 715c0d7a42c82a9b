package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
)

// heap returns how much is in use, in bytes.
func heap() uint64 {
	runtime.GC()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	return now.HeapAlloc
}

// TestNothingOfARequestIsKeptThatIsNotShown sends what the journal shows little of, each time as much as net/http lets through.
func TestNothingOfARequestIsKeptThatIsNotShown(t *testing.T) {
	long := strings.Repeat("x", 60_000)
	for name, request := range map[string]func() *http.Request{
		"a content type": func() *http.Request {
			r := httptest.NewRequest(http.MethodPost, "/api/v1/auth/nonce", strings.NewReader("{}"))
			r.Header.Set("Content-Type", strings.Clone(long))
			return r
		},
		"a parameter of a content type": func() *http.Request {
			r := httptest.NewRequest(http.MethodPost, "/api/v1/auth/nonce", strings.NewReader("{}"))
			r.Header.Set("Content-Type", "application/json; x="+long)
			return r
		},
		"a query": func() *http.Request { return httptest.NewRequest(http.MethodGet, "/api/v1/chains?"+long, nil) },
		"a host":  func() *http.Request { return httptest.NewRequest(http.MethodGet, "http://"+long+"/api/v1/chains", nil) },
		"the query of a login": func() *http.Request {
			return httptest.NewRequest(http.MethodGet, "/api/v1/oauth2/authorize?client_id="+mock.DefaultPublishableKey+"&response_type=code&redirect_uri=http://a/cb&code_challenge_method=S256&code_challenge="+
				strings.Repeat("a", 43)+"&chain=ethereum&walletAddress="+someAddress+"&signature=0x"+strings.Repeat("1", 130)+"&other="+long, nil)
		},
		"the form of a login": func() *http.Request {
			form := "grant_type=password&username=" + someAddress + "&password=0x" + strings.Repeat("1", 130) + "&other=" + long
			r := httptest.NewRequest(http.MethodPost, "/api/v1/oauth2/token", strings.NewReader(form))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.SetBasicAuth(mock.DefaultSecretKey, "")
			return r
		},
	} {
		t.Run(name, func(t *testing.T) {
			server, err := mock.New(mock.WithRedirectURI("http://a/cb"))
			if err != nil {
				t.Fatal(err)
			}
			before := heap()
			for range 300 {
				server.Handler().ServeHTTP(httptest.NewRecorder(), request())
			}
			if grown := int64(heap() - before); grown > 5<<20 {
				t.Errorf("%d bytes are kept of %d exchanges", grown, len(server.Journal()))
			}
			runtime.KeepAlive(server)
		})
	}
}

// TestSettingsOfProjectsAreBounded adds projects with settings that are large in ways of their own.
func TestSettingsOfProjectsAreBounded(t *testing.T) {
	many := func(form string) string {
		var b strings.Builder
		for i := range 5_000 {
			fmt.Fprintf(&b, form, i)
		}
		return b.String()
	}
	for name, body := range map[string]string{
		"a long language": `{"statements":{"":"x","` + strings.Repeat("a", 300_000) + `":"x"}}`,
		"many languages":  `{"statements":{"":"x"` + many(`,"%d":"x"`) + `}}`,
		"many URIs":       `{"redirectURIs":["http://a/"` + many(`,"http://a/%d"`) + `]}`,
		"many domains":    `{"allowedDomains":["a"` + many(`,"a%d"`) + `]}`,
	} {
		t.Run(name, func(t *testing.T) {
			srv := mock.Start(t, mock.WithMaxStateBytes(1<<20))
			for range 4 {
				got := control(t, srv, "", "POST", "/projects", body, nil)
				if got.status == http.StatusTooManyRequests {
					return
				}
				if got.status != http.StatusCreated {
					t.Fatalf("got %d %.200s", got.status, got.body)
				}
			}
			t.Errorf("a server that keeps 1 MiB has %d such projects", len(srv.Projects())-1)
		})
	}
}

// TestSettingsTakeNothingOfTheShareOfAProject adds a project with large settings to a server that others fill.
func TestSettingsTakeNothingOfTheShareOfAProject(t *testing.T) {
	srv := mock.Start(t, mock.WithMaxStateBytes(60_000))
	quiet := srv.AddProject(mock.WithStatement(strings.Repeat("x", 16<<10)))
	for i := range 300 {
		if send(t, srv, srv.SecretKey, "POST", "/auth/nonce", fmt.Sprintf(`{"walletAddress":"0x%040x"}`, i+1)).status != http.StatusOK {
			break
		}
	}
	name := `{"chain":"ethereum","walletAddress":"` + someAddress + `","name":"alice.eth"}`
	if got := control(t, srv, quiet.SecretKey, "PUT", "/displayNames", name, nil); got.status != http.StatusNoContent {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

// TestCodesKeepNothingOfTheQuery asks for codes with a long state, which a code is not bound to.
func TestCodesKeepNothingOfTheQuery(t *testing.T) {
	server, err := mock.New(mock.WithRedirectURI("http://a/cb"), mock.WithReusableNonces())
	if err != nil {
		t.Fatal(err)
	}
	query := "?client_id=" + server.PublishableKey + "&response_type=code&redirect_uri=http://a/cb&nonce=n&code_challenge=" + strings.Repeat("a", 43) +
		"&code_challenge_method=S256&scope=openid&chain=ethereum&state=" + strings.Repeat("s", 3_000)
	form := "decision=approve&wallet=" + server.TestWallets()[0].Address
	before := heap()
	for range 300 {
		r := httptest.NewRequest(http.MethodPost, "http://localhost/_mock/authorize"+query, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer := httptest.NewRecorder()
		if server.Handler().ServeHTTP(answer, r); !strings.Contains(answer.Header().Get("Location"), "code=") {
			t.Fatalf("got %d %s", answer.Code, answer.Header())
		}
	}
	server.Reset(mock.PartJournal)
	if grown := int64(heap() - before); grown > 300*1_500 {
		t.Errorf("%d bytes are kept of 300 codes", grown)
	}
	runtime.KeepAlive(server)
}
