// Package serve runs an HTTP server until its context ends, and then lets the requests under way finish. It limits how long clients
// may take and how many connections they may have, and never looks into requests.
package serve

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"
)

// ErrCutOff means that requests were still under way when their time was over.
var ErrCutOff = errors.New("requests were cut off")

type stoppingKey struct{}

// Stopping returns a channel that is closed when the server of a request stops, with the context of the request: answers without an end
// end then. It is nil if the server is not one of Until.
func Stopping(request context.Context) <-chan struct{} {
	stopping, _ := request.Value(stoppingKey{}).(<-chan struct{})
	return stopping
}

// Until answers requests on a listener until ctx is done, and then gives those under way five seconds to finish. It cuts off clients
// that send slowly and connections that stay idle. When there are more than maxConnections, it closes the one that has been waiting
// for the longest time. The error log is where net/http reports on connections, nil for its own.
func Until(ctx context.Context, listener net.Listener, handler http.Handler, maxConnections int, errorLog *log.Logger) error {
	open := connections{max: maxConnections, known: map[net.Conn]*connection{}}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ConnState:         open.track,
		ErrorLog:          errorLog,
		BaseContext: func(net.Listener) context.Context {
			return context.WithValue(context.Background(), stoppingKey{}, ctx.Done())
		},
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
		return fmt.Errorf("%w: %w", ErrCutOff, errors.Join(err, server.Close()))
	}
	return nil
}
