// Package serve answers HTTP requests until it is to stop, and then lets those under way finish. It bounds time and connections,
// and does not look into requests.
package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Until answers requests on a listener until ctx is done, and then finishes those that are under way, for at most five seconds.
// Clients that are slow to send, and connections without requests, are cut off; beyond maxConnections, the one on which
// nothing began for the longest time is.
func Until(ctx context.Context, listener net.Listener, handler http.Handler, maxConnections int) error {
	open := connections{max: maxConnections, known: map[net.Conn]*connection{}}
	server := &http.Server{
		Handler:           handler,
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
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	open.closeSilent()
	if err := server.Shutdown(grace); err != nil {
		return fmt.Errorf("requests were cut off: %w", errors.Join(err, server.Close()))
	}
	return nil
}
