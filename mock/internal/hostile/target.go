package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// key is that of the project that is attacked.
const key = mock.DefaultSecretKey

// target is the picket-mock that is attacked.
type target struct {
	*harness.Process
	base string       // the base URL of the API
	peak atomic.Int64 // the largest resident memory since it was last set, in bytes

	stopWatch context.CancelFunc
	watch     sync.WaitGroup
}

// start builds picket-mock in a folder and runs it.
func start(ctx context.Context, dir string) (*target, error) {
	binary := filepath.Join(dir, "picket-mock")
	if err := harness.Build(ctx, ".", "./mock/cmd/picket-mock", binary); err != nil {
		return nil, fmt.Errorf("%w; run this in the root of the repository", err)
	}
	command := exec.CommandContext(ctx, binary, "-addr", "127.0.0.1:0", "-format", "simple")
	command.Stderr = os.Stderr
	process, err := harness.Start(command)
	if err != nil {
		return nil, err
	}
	base, err := process.BaseURL()
	if err != nil {
		return nil, err
	}
	watching, stop := context.WithCancel(ctx)
	t := &target{Process: process, base: base, stopWatch: stop}
	t.watch.Go(func() { t.watchMemory(watching) })
	return t, nil
}

// address is where the target listens.
func (t *target) address() string {
	return strings.TrimSuffix(strings.TrimPrefix(t.base, "http://"), "/api/v1")
}

// watchMemory keeps the largest resident memory.
func (t *target) watchMemory(ctx context.Context) {
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			t.peak.Store(max(t.peak.Load(), t.usage().Resident))
		}
	}
}

// usage returns what the target costs, which is nothing on systems that do not say.
func (t *target) usage() harness.Usage {
	usage, _ := t.Usage()
	return usage
}

// end stops the target, which has to end well.
func (t *target) end() error {
	t.stopWatch()
	t.watch.Wait()
	return t.Stop()
}

// addProject adds a project with the given settings and returns its secret key.
func (t *target) addProject(settings string) (string, error) {
	response, err := http.Post(strings.TrimSuffix(t.base, "/api/v1")+"/_mock/projects", "application/json", strings.NewReader(settings))
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	var project struct{ SecretKey, Msg string }
	if err := json.NewDecoder(response.Body).Decode(&project); err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusCreated {
		return "", fmt.Errorf("a project cannot be added: %s: %s", response.Status, project.Msg)
	}
	return project.SecretKey, nil
}
