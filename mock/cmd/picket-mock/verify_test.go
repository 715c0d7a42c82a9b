package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/contract"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

func TestVerifyPrintsATableAndExitsWithItsResult(t *testing.T) {
	srv := mock.Start(t)
	drifted := driftedMock(t, srv)
	for name, test := range map[string]struct {
		args   []string
		status int
		want   []string
	}{
		"the mock": {[]string{"-base-url", srv.URL, "-secret-key", srv.SecretKey}, 0,
			[]string{"pass  ethereum: a signature logs in once\n", " passed, 0 failed, 0 skipped\n"}},
		"one that drifted": {[]string{"-base-url", drifted, "-secret-key", srv.SecretKey, "-publishable-key", srv.PublishableKey}, 1,
			[]string{"FAIL  chains: the list is not empty", "      response chains /data/0/rpc: ", "(openapi.yaml#/components/schemas/ChainInfo/properties)\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			if status := run(t.Context(), append([]string{"verify"}, test.args...), &stdout, &stderr); status != test.status || stderr.String() != "" {
				t.Errorf("exited with %d: %s", status, stderr.String())
			}
			for _, want := range test.want {
				if !strings.Contains(stdout.String(), want) {
					t.Errorf("%q is missing in\n%s", want, stdout.String())
				}
			}
			if strings.Contains(stdout.String(), srv.SecretKey) {
				t.Error("the secret key is printed")
			}
		})
	}
}

// driftedMock starts a server that calls the publicRPC of chains something else.
func driftedMock(t *testing.T, srv *mock.Server) string {
	t.Helper()
	drifted := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/chains") {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"data": [{"chainSlug": "ethereum", "chainId": 1, "chainType": "ethereum", "chainName": "Ethereum", "rpc": "https://a.example", "authorizationSupported": true}]}`)
			return
		}
		srv.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(drifted.Close)
	return drifted.URL + spec.BasePath
}

func TestVerifyTakesKeysFromTheEnvironment(t *testing.T) {
	srv := mock.Start(t)
	t.Setenv("PICKET_BASE_URL", srv.URL)
	t.Setenv("PICKET_API_KEY", "sk_ffffffffffffffffffffffffffffffff")
	t.Setenv("PICKET_PUBLISHABLE_KEY", srv.PublishableKey)
	var stdout, stderr strings.Builder
	if status := run(t.Context(), []string{"verify"}, &stdout, &stderr); status != exitUsage || !strings.Contains(stderr.String(), "no project with this secret key") {
		t.Errorf("an unknown key: exited with %d: %s", status, stderr.String())
	}
	stderr.Reset()
	if status := run(t.Context(), []string{"verify", "-secret-key", srv.SecretKey}, &stdout, &stderr); status != exitStopped {
		t.Errorf("with the flag: exited with %d: %s%s", status, stdout.String(), stderr.String())
	}
	if strings.Contains(stdout.String()+stderr.String(), "sk_") {
		t.Error("a key is printed")
	}
}

func TestMistakesInTheArgumentsOfCommands(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	for name, test := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"verify, help":           {[]string{"verify", "-help"}, 0, "usage: picket-mock verify"},
		"verify, no base URL":    {[]string{"verify", "-secret-key", "sk_hunter2"}, 2, "-base-url or PICKET_BASE_URL is required"},
		"verify, no key":         {[]string{"verify", "-base-url", closed.URL}, 2, "-secret-key or PICKET_API_KEY is required"},
		"verify, a wrong key":    {[]string{"verify", "-base-url", closed.URL, "-secret-key", "pk_hunter2"}, 2, "the secret key must begin with sk_"},
		"verify, an argument":    {[]string{"verify", closed.URL}, 2, "is not a flag"},
		"verify, unknown flag":   {[]string{"verify", "-key", "a"}, 2, "-key"},
		"verify, no server":      {[]string{"verify", "-base-url", closed.URL, "-secret-key", "sk_hunter2"}, 1, "the server cannot be reached"},
		"proxy, help":            {[]string{"proxy", "-help"}, 0, "usage: picket-mock proxy"},
		"proxy, no target":       {[]string{"proxy"}, 2, "-target is required"},
		"proxy, a bad target":    {[]string{"proxy", "-target", "http://picketapi.com"}, 2, "the target is http"},
		"proxy, an argument":     {[]string{"proxy", "https://picketapi.com"}, 2, "is not a flag"},
		"proxy, a control host":  {[]string{"proxy", "-target", closed.URL, "-control-host", "a b"}, 2, "is not the name of a host"},
		"proxy, a bad address":   {[]string{"proxy", "-target", closed.URL, "-addr", "4010"}, 2, "missing port"},
		"another command":        {[]string{"prove"}, 2, "the commands, which come first, are health, learn, proxy and verify"},
		"proxy, a key as target": {[]string{"proxy", "-target", "https://sk_hunter2@picketapi.com"}, 2, "has a user or a key in it"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr strings.Builder
			status := run(t.Context(), test.args, &stdout, &stderr)
			if status != test.status || !strings.Contains(stderr.String(), test.want) {
				t.Errorf("exited with %d: %s", status, stderr.String())
			}
			if stdout.String() != "" || strings.Contains(stderr.String(), "hunter2") {
				t.Errorf("printed %q and %q", stdout.String(), stderr.String())
			}
		})
	}
}

func TestTheProxyReportsWhatBreaksTheContract(t *testing.T) {
	srv := mock.Start(t)
	for name, test := range map[string]struct {
		target string
		status int
		want   []string // of the lines after the first; the time is cut off
	}{
		"nothing": {srv.URL, exitStopped, []string{"requests: 1, violations: 0, bodies not checked: 0"}},
		"an unknown": {driftedMock(t, srv), exitViolations, []string{
			`response chains /data/0/rpc: "rpc" is not a property of data (openapi.yaml#/components/schemas/ChainInfo/properties)`,
			"requests: 1, violations: 1, bodies not checked: 0"}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			reader, writer := io.Pipe()
			exited := make(chan int, 1)
			var stderr strings.Builder
			go func() {
				exited <- run(ctx, []string{"proxy", "-target", test.target, "-addr", "127.0.0.1:0"}, writer, &stderr)
				_ = writer.Close()
			}()
			lines := bufio.NewScanner(reader)
			if !lines.Scan() || !strings.HasPrefix(lines.Text(), "picket-mock forwards requests to "+test.target+", and listens at http://127.0.0.1:") {
				t.Fatalf("the first line is %q", lines.Text())
			}
			words := strings.Fields(lines.Text())
			base := words[len(words)-1]
			var printed []string
			done := make(chan struct{})
			go func() {
				defer close(done)
				for lines.Scan() {
					_, text, _ := strings.Cut(lines.Text(), "Z ")
					if text == "" {
						text = lines.Text()
					}
					printed = append(printed, text)
				}
			}()
			client, err := picket.New(srv.SecretKey, picket.WithBaseURL(base))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.Chains(t.Context()); err != nil {
				t.Error(err)
			}
			response, err := http.Get(strings.TrimSuffix(base, spec.BasePath) + "/_mock/violations")
			if err != nil {
				t.Fatal(err)
			}
			var found contract.Findings
			if err := json.NewDecoder(response.Body).Decode(&found); err != nil || found.Exchanges != 1 || found.ViolationCount != len(test.want)-1 {
				t.Errorf("found %+v, %v", found, err)
			}
			_ = response.Body.Close()
			foreign, err := http.NewRequest(http.MethodGet, strings.TrimSuffix(base, spec.BasePath)+"/_mock/violations", nil)
			if err != nil {
				t.Fatal(err)
			}
			foreign.Host = "evil.example"
			if response, err = http.DefaultClient.Do(foreign); err != nil || response.StatusCode != http.StatusForbidden {
				t.Errorf("a page whose name was rebound: %v, %v", response, err)
			}
			_ = response.Body.Close()
			stop()
			if status := <-exited; status != test.status || stderr.String() != "" {
				t.Errorf("exited with %d: %s", status, stderr.String())
			}
			<-done
			if strings.Join(printed, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("printed %q", printed)
			}
		})
	}
}
