package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/harness"
)

// attack is one way to attack. It returns what came of it, and an error when it got an answer that it must not get.
type attack struct {
	name string
	lay  func(*siege) (outcome string, err error)
}

// siege is an attack under way.
type siege struct {
	ctx     context.Context // ends when the time is up
	cancel  context.CancelFunc
	target  *target
	clients sync.WaitGroup

	mu     sync.Mutex
	counts map[string]int
}

func newSiege(ctx context.Context, target *target, each time.Duration) *siege {
	ctx, cancel := context.WithTimeout(ctx, each)
	return &siege{ctx: ctx, cancel: cancel, target: target, counts: map[string]int{}}
}

// lay lets the attack go on until the time is up.
func (s *siege) lay(a attack) (string, error) {
	defer s.cancel()
	outcome, err := a.lay(s)
	<-s.ctx.Done()
	s.clients.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	var parts []string
	if outcome != "" {
		parts = append(parts, outcome)
	}
	for _, name := range slices.Sorted(maps.Keys(s.counts)) {
		parts = append(parts, fmt.Sprintf("%d %s", s.counts[name], name))
	}
	return strings.Join(parts, ", "), err
}

func (s *siege) count(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[what]++
}

// each lets n clients act until the time is up, each with a number. It does not wait for them.
func (s *siege) each(n int, act func(i int)) {
	s.clients.Go(func() {
		_, _ = harness.Drive(s.ctx, n, harness.Unlimited, func(client, _ int) error { act(client); return nil })
	})
}

// wait waits and reports whether time is left.
func (s *siege) wait(d time.Duration) bool {
	select {
	case <-s.ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// dial opens a connection, which is closed when the time is up.
func (s *siege) dial() (net.Conn, bool) {
	c, err := net.DialTimeout("tcp", s.target.address(), time.Second)
	if err != nil {
		s.count("connections refused")
		s.wait(10 * time.Millisecond)
		return nil, false
	}
	context.AfterFunc(s.ctx, func() { _ = c.Close() })
	return c, true
}

// exchange sends text on a new connection and counts the status of the answer.
func (s *siege) exchange(text string) {
	c, ok := s.dial()
	if !ok {
		return
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(15 * time.Second))
	_, _ = io.WriteString(c, text) // the server may close first
	s.count(statusOf(bufio.NewReader(c)))
}

// statusOf reads an answer and returns its status, or what happened instead of an answer.
func statusOf(r *bufio.Reader) string {
	response, err := http.ReadResponse(r, nil)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "no answer"
	case err != nil:
		return "closed"
	}
	_, _ = io.Copy(io.Discard, response.Body)
	return fmt.Sprint(response.StatusCode)
}
