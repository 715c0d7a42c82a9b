package mock

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Serve answers requests on a listener until ctx is done, and then finishes those that are under way, for at most
// five seconds. A header must come within ten seconds and have at most 64 KiB, or net/http answers with a plain 431; a
// request must come within 30 seconds, and its answer be taken within 60; a connection may be idle for two minutes. Beyond
// WithMaxConnections, connections are closed earlier.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	open := connections{max: s.settings.maxConnections, known: map[net.Conn]*connection{}}
	server := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ConnState:         open.track,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("mock: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	open.closeSilent()
	if err := server.Shutdown(grace); err != nil {
		return fmt.Errorf("mock: requests were cut off: %w", errors.Join(err, server.Close()))
	}
	return nil
}

// BaseURL returns the base URL of the API for a server that is served on a listener.
func BaseURL(listener net.Listener) string {
	return "http://" + listener.Addr().String() + basePath
}

// connections are those that a server has. They are safe for concurrent use.
type connections struct {
	max int

	mu     sync.Mutex
	closed bool
	known  map[net.Conn]*connection
	fresh  list.List // of *connection: those that no request was answered on; what began on them last is at the back
	used   list.List // the others, likewise
}

type connection struct {
	conn   net.Conn
	silent bool          // whether no request came on it yet
	in     *list.List    // fresh or used
	at     *list.Element // of that list
}

// track follows a connection. When there are too many, it closes the one on which nothing began for the longest time: an idle
// one, or one whose request is slow to come. Those that were answered and those that were not have half of the room each, so
// that neither can crowd the other out.
func (c *connections) track(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.known[conn]
	switch {
	case state == http.StateClosed || state == http.StateHijacked:
		if known != nil {
			c.forget(known)
		}
	case known != nil && state == http.StateIdle && known.in == &c.used: // an end, and no beginning
	case known != nil:
		known.silent = false
		known.in.Remove(known.at)
		if state == http.StateIdle {
			known.in = &c.used
		}
		known.at = known.in.PushBack(known)
	case state != http.StateNew: // it was closed here
	case c.closed:
		_ = conn.Close()
	default:
		added := &connection{conn: conn, silent: true, in: &c.fresh}
		added.at = c.fresh.PushBack(added)
		c.known[conn] = added
		if len(c.known) > c.max {
			crowd := &c.used
			if c.fresh.Len() > (c.max+1)/2 || c.used.Len() == 0 {
				crowd = &c.fresh
			}
			oldest := crowd.Front().Value.(*connection)
			c.forget(oldest)
			_ = oldest.conn.Close()
		}
	}
}

func (c *connections) forget(one *connection) {
	one.in.Remove(one.at)
	delete(c.known, one.conn)
}

// closeSilent closes the connections that no request came on. Clients open them in advance; http.Server.Shutdown would wait
// five seconds for each.
func (c *connections) closeSilent() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, one := range c.known {
		if one.silent {
			_ = one.conn.Close()
		}
	}
}
