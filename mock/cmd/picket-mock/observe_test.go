package main

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
)

// TestAKilledProxyLeavesAFileThatCanBeRead kills the proxy in the middle of traffic, again and again, each time once it has written.
func TestAKilledProxyLeavesAFileThatCanBeRead(t *testing.T) {
	srv := mock.Start(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "seen.json")
	var before int64
	for range 3 {
		cmd := exec.Command(os.Args[0], "proxy", "-addr", "127.0.0.1:0", "-target", srv.URL, "-observe", file)
		cmd.Env = append(os.Environ(), asProgram+"=1")
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(stdout)
		if !lines.Scan() {
			t.Fatal("the proxy printed nothing")
		}
		words := strings.Fields(lines.Text())
		url := words[len(words)-1] + "/chains"
		ctx, stop := context.WithCancel(t.Context())
		var clients sync.WaitGroup
		for range 4 {
			clients.Go(func() {
				for ctx.Err() == nil {
					request, _ := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
					request.SetBasicAuth(srv.SecretKey, "")
					if response, err := http.DefaultClient.Do(request); err == nil {
						_ = response.Body.Close()
					}
				}
			})
		}
		for count := before; count == before; {
			log, err := observe.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if seen := log.Operations["GET /chains"]; seen != nil {
				count = seen.Count
			}
		}
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		stop()
		clients.Wait()
		log, err := observe.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before = log.Operations["GET /chains"].Count
	}
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		t.Log("left behind: ", entry.Name())
	}
}

func TestAFileThatCannotBeObservedInIsAUsageError(t *testing.T) {
	folder := t.TempDir()
	for _, args := range [][]string{
		{"proxy", "-target", "http://127.0.0.1:1", "-observe", folder},
		{"verify", "-base-url", "http://127.0.0.1:1", "-secret-key", "sk_1", "-observe", folder},
	} {
		var stdout, stderr strings.Builder
		if status := run(t.Context(), args, &stdout, &stderr); status != exitUsage || !strings.Contains(stderr.String(), "-observe: contract: "+folder+": it is a directory") {
			t.Errorf("%s exits with %d: %s", args[0], status, stderr.String())
		}
	}
}
