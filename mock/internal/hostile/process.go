package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// process is picket-mock, running.
type process struct {
	cmd  *exec.Cmd
	base string // the base URL of the API
	peak atomic.Int64

	stop  chan struct{}
	ended sync.WaitGroup
}

// start builds picket-mock in a folder and runs it.
func start(dir string) (*process, error) {
	binary := filepath.Join(dir, "picket-mock")
	build := exec.Command("go", "build", "-o", binary, "./mock/cmd/picket-mock")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("picket-mock cannot be built; run this in the root of the repository: %w", err)
	}
	cmd := exec.Command(binary, "-addr", "127.0.0.1:0", "-format", "simple")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		return nil, errors.Join(errors.New("picket-mock printed nothing"), cmd.Wait())
	}
	words := strings.Fields(lines.Text())
	p := &process{cmd: cmd, base: words[len(words)-1], stop: make(chan struct{})}
	p.ended.Go(p.watch)
	return p, nil
}

func (p *process) address() string {
	return strings.TrimSuffix(strings.TrimPrefix(p.base, "http://"), "/api/v1")
}

// watch keeps the largest resident memory.
func (p *process) watch() {
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-ticker.C:
			p.peak.Store(max(p.peak.Load(), p.memory()))
		}
	}
}

// memory returns the resident memory in KiB, or 0 where the system does not tell.
func (p *process) memory() int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if words := strings.Fields(line); len(words) == 3 && words[0] == "VmRSS:" {
			kib, _ := strconv.ParseInt(words[1], 10, 64)
			return kib
		}
	}
	return 0
}

// end stops the process, which has to end well.
func (p *process) end() error {
	close(p.stop)
	p.ended.Wait()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("picket-mock is gone: %w", errors.Join(err, p.cmd.Wait()))
	}
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("picket-mock: %w", err)
	}
	return nil
}
