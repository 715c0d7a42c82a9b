package verify

import (
	"context"
	"errors"
	"fmt"
)

// Run checks the server at a base URL, such as https://picketapi.com/api/v1, which must be https or on the loopback interface. The
// secret API key is that of a project; all checks use it except those of OAuth 2.0. Run returns an error if an argument is invalid
// or if the server does not know a key, and ErrUnreachable if no server answers. Everything else that goes wrong is in the report. Run removes the projects that it made on
// picket-mock, also when the context is canceled, and takes up to ten seconds for that.
func Run(ctx context.Context, baseURL, secretKey string, options ...Option) (*Report, error) {
	if ctx == nil {
		return nil, errors.New("verify: the context is nil")
	}
	r, err := newRun(baseURL, secretKey, options)
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	if err := r.reach(ctx); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	r.total = r.count(ctx)
	defer r.removeProjects(ctx)
	r.all(ctx)
	return r.report, nil
}

// count returns how many checks there are. It makes no request.
func (r *run) count(ctx context.Context) int {
	counted := &run{project: r.project, base: r.base, set: r.set, api: r.api, counting: true}
	counted.all(ctx)
	return counted.total
}

// all runs all checks.
func (r *run) all(ctx context.Context) {
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
}
