// Package serve answers HTTP requests until it is told to stop, and then stops well.
package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Until answers requests on a listener until ctx is done, and then finishes those that are under way, for at most five seconds.
// Clients that are slow to send, and connections without requests, are cut off.
func Until(ctx context.Context, listener net.Listener, handler http.Handler) error {
	silent := silentConns{conns: map[net.Conn]bool{}}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ConnState:         silent.track,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	silent.close()
	if err := server.Shutdown(grace); err != nil {
		return fmt.Errorf("requests were cut off: %w", errors.Join(err, server.Close()))
	}
	return nil
}

// silentConns are the connections that no request came on. Clients open them in advance; http.Server.Shutdown would wait
// five seconds for each.
type silentConns struct {
	mu     sync.Mutex
	closed bool
	conns  map[net.Conn]bool
}

func (s *silentConns) track(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(s.conns, c)
	case s.closed:
		_ = c.Close()
	default:
		s.conns[c] = true
	}
}

func (s *silentConns) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for c := range s.conns {
		_ = c.Close()
	}
}
