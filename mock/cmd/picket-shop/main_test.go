package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// start runs what make shop runs, until the test ends or stop is called, and returns the origin of the shop.
func start(t *testing.T) (origin string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	printed, stdout := io.Pipe()
	ended := make(chan error, 1)
	var logged bytes.Buffer
	go func() {
		err := run(ctx, stdout, &logged, 0, 0)
		_ = stdout.CloseWithError(fmt.Errorf("the shop ended: %w", err))
		ended <- err
	}()
	stop = func() error {
		cancel()
		return <-ended
	}
	text := make([]byte, 4096)
	n, err := printed.Read(text)
	found := regexp.MustCompile(`open (http://localhost:[0-9]+)\n`).FindSubmatch(text[:n])
	if err != nil || found == nil {
		t.Fatalf("the shop printed %s, %v; stopping: %v; the server logged %s", text[:n], err, stop(), &logged)
	}
	return string(found[1]), stop
}

func TestAPortThatIsTakenIsLeftAlone(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1"} {
		t.Run(host, func(t *testing.T) {
			taken, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
			if err != nil {
				t.Skip(err) // no IPv6
			}
			t.Cleanup(func() { _ = taken.Close() })
			number := taken.Addr().(*net.TCPAddr).Port
			listener, err := listen(number)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = listener.Close() })
			if got := listener.Addr().(*net.TCPAddr).Port; got <= number || got > number+100 {
				t.Errorf("got the port %d; want the next free one after %d", got, number)
			}
		})
	}
}

func TestStoppingWhileTheServerIsBuiltIsNoFailure(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx, io.Discard, io.Discard, 0, 0); err != nil {
		t.Error(err)
	}
}

func TestAServerThatCannotBeStartedIsAFailure(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // where no go command is
	if err := run(t.Context(), io.Discard, io.Discard, 0, 0); err == nil || !strings.Contains(err.Error(), "run make shop in a clone of this repository") {
		t.Errorf("got %v", err)
	}
}

func TestATestWalletLogsInAndEverythingStops(t *testing.T) {
	origin, stop := start(t)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	post := func(path string, in map[string]string) (out map[string]string) {
		t.Helper()
		body, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, origin+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Origin", origin)
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		if err := json.NewDecoder(response.Body).Decode(&out); err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("POST %s: got %s %v, %v", path, response.Status, out, err)
		}
		return out
	}
	const address = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
	message := post("/login/ethereum/message", map[string]string{"walletAddress": address})["message"]
	signature := post("/test-wallets/sign", map[string]string{"chain": "ethereum", "address": address, "message": message})["signature"]
	user := post("/login/ethereum/signature", map[string]string{"signature": signature})
	if diff := cmp.Diff(map[string]string{"chain": "ethereum", "walletAddress": address, "displayAddress": address}, user); diff != "" {
		t.Errorf("the user (-want +got):\n%s", diff)
	}

	if err := stop(); err != nil {
		t.Error(err)
	}
	if response, err := client.Get(origin); err == nil {
		_ = response.Body.Close()
		t.Error("the shop goes on after it was stopped")
	}
}
