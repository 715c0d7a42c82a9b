package verify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"time"
)

// Config says which server to check, and how.
type Config struct {
	// BaseURL is the base URL of the API, such as https://picketapi.com/api/v1. It must be https, or on the loopback interface.
	BaseURL string
	// SecretKey is the secret API key of a project. All checks use it except those of OAuth 2.0.
	SecretKey string
	// PublishableKey is the publishable API key of the same project, for OAuth 2.0. Without it, picket-mock is asked for a new
	// project, and on any other server the checks that need the key are skipped.
	PublishableKey string
	// RedirectURI is a redirect URI that the project allows. Without it, picket-mock is asked to allow one, and on any other server
	// the checks that need one are skipped.
	RedirectURI string
	// ControlURL is the URL of picket-mock's control API, such as http://127.0.0.1:4010/_mock. The default is /_mock on the host of
	// the base URL, if picket-mock answers there.
	ControlURL string
	// Skip skips the checks whose name it matches. By default no check is skipped.
	Skip *regexp.Regexp
	// Transport sends the requests. The default is http.DefaultTransport.
	Transport http.RoundTripper
	// Timeout limits how long each check may take. The default is a minute.
	Timeout time.Duration
}

// ErrUnreachable means that no server answers at the base URL.
var ErrUnreachable = errors.New("the server cannot be reached")

// Run checks a server. It returns an error if the configuration is invalid, and ErrUnreachable if no server answers. Everything
// else that goes wrong is in the report. Run removes the projects that it made on picket-mock, also when the context is canceled,
// and takes up to ten seconds for that.
func Run(ctx context.Context, config Config) (*Report, error) {
	if ctx == nil {
		return nil, errors.New("verify: the context is nil")
	}
	r, err := newRun(config)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	if err := r.reach(ctx); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	defer r.removeProjects(ctx)
	r.chains(ctx)
	r.nonces(ctx)
	for _, chain := range []string{"ethereum", "polygon", "solana"} {
		r.logins(ctx, chain)
		if chain != "polygon" { // whose gates are those of every EVM chain
			r.gates(ctx, chain)
			r.ownership(ctx, chain)
		}
	}
	r.formats(ctx)
	r.expiry(ctx)
	r.oauth(ctx)
	r.operations(ctx)
	return r.report, nil
}
