package mock

import (
	"context"
	"fmt"
	"net"

	"github.com/seed-a13ee279/picket/mock/internal/serve"
)

// Serve answers requests on a listener until ctx is done, and then finishes those that are under way, for at most
// five seconds. Clients that are slow to send, and connections without requests, are cut off.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	if err := serve.Until(ctx, listener, s.handler); err != nil {
		return fmt.Errorf("mock: %w", err)
	}
	return nil
}

// BaseURL returns the base URL of the API for a server that is served on a listener.
func BaseURL(listener net.Listener) string {
	return "http://" + listener.Addr().String() + basePath
}
