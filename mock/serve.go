package mock

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/seed-a13ee279/picket/mock/internal/serve"
)

// ErrCutOff means that clients were too slow, and requests were cut off when the server stopped.
var ErrCutOff = serve.ErrCutOff

// Serve answers requests on a listener until ctx is done, and then finishes those that are under way, for at most
// five seconds: what is still under way then is cut off, and the error is ErrCutOff. A header must come within ten seconds and have at most 64 KiB, or net/http answers with a plain 431; a
// request must come within 30 seconds, and its answer be taken within 60; a connection may be idle for two minutes. Beyond
// WithMaxConnections, connections are closed earlier.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	if ctx == nil || listener == nil {
		return errors.New("mock: Serve: the context or the listener is nil")
	}
	if err := serve.Until(ctx, listener, s.handler, s.maxConnections, s.errorLog); err != nil {
		return fmt.Errorf("mock: %w", err)
	}
	return nil
}
