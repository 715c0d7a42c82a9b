package main

import (
	"bufio"
	"context"
	"encoding/json"
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

	"github.com/seed-a13ee279/picket/mock"
)

// attack is a kind of hostile clients. It returns what came of it, and an error when an answer was not what it has to be.
type attack struct {
	name string
	lay  func(*siege) (outcome string, err error)
}

// siege is an attack under way.
type siege struct {
	ctx     context.Context
	target  *process
	clients sync.WaitGroup

	mu     sync.Mutex
	counts map[string]int
}

func newSiege(target *process, each time.Duration) *siege {
	ctx, cancel := context.WithTimeout(context.Background(), each)
	context.AfterFunc(ctx, cancel)
	return &siege{ctx: ctx, target: target, counts: map[string]int{}}
}

// lay lets the attack go on until the time is up.
func (s *siege) lay(a attack) (string, error) {
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

// each lets n clients act until the time is up, each with a number.
func (s *siege) each(n int, act func(i int)) {
	for i := range n {
		s.clients.Go(func() {
			for s.ctx.Err() == nil {
				act(i)
			}
		})
	}
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
func (s *siege) exchange(text string) string {
	c, ok := s.dial()
	if !ok {
		return "refused"
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(15 * time.Second))
	_, _ = io.WriteString(c, text) // the server may close first
	status := statusOf(bufio.NewReader(c))
	s.count(status)
	return status
}

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

// addProject adds a project and returns its secret key.
func addProject(base, body string) (string, error) {
	response, err := http.Post(strings.TrimSuffix(base, "/api/v1")+"/_mock/projects", "application/json", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	var project struct{ SecretKey, Msg string }
	if err := json.NewDecoder(response.Body).Decode(&project); err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusCreated {
		return "", &refusal{response.StatusCode, project.Msg}
	}
	return project.SecretKey, nil
}

type refusal struct {
	status  int
	message string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s", r.status, r.message) }

// request returns the text of a request with a body.
func request(method, path, key, headers, body string) string {
	r, _ := http.NewRequest(method, "http://mock"+path, nil)
	r.SetBasicAuth(key, "")
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: %s\r\n%sContent-Length: %d\r\n\r\n%s",
		method, path, r.Header.Get("Authorization"), headers, len(body), body)
}

const key = mock.DefaultSecretKey
