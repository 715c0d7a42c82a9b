package front

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/tokens"
	"github.com/seed-a13ee279/picket/picket"
)

// guard authenticates requests as the contract demands it.
type guard struct {
	projects *tenant.Projects
	tokens   *tokens.Signer
}

// identity is who a request is from, or why that is not known.
type identity struct {
	caller    tenant.Caller
	claims    *picket.AccessTokenPayload
	challenge string // for WWW-Authenticate
	err       error
}

// identify returns who a request for an operation is from, given whom HTTP Basic authenticates. It lets nobody in where the contract
// names a scheme that the mock cannot check.
func (g guard) identify(r *http.Request, op *spec.Operation, basic identity) identity {
	alternatives, optional := op.Security()
	for _, scheme := range op.Schemes() {
		if err := checkable(op, scheme); err != nil {
			return identity{err: err}
		}
	}
	isShown := func(scheme spec.Scheme) bool {
		_, given := scheme.Given(r)
		return given
	}
	isMissing := func(scheme spec.Scheme) bool { return !isShown(scheme) }
	var candidates [][]spec.Scheme
	anything := r.Header.Get("Authorization") != ""
	for _, together := range alternatives {
		if !slices.ContainsFunc(together, isMissing) {
			candidates = append(candidates, together)
		}
		anything = anything || slices.ContainsFunc(together, isShown)
	}
	switch {
	case len(alternatives) == 0, optional && !anything:
		return identity{caller: basic.caller}
	case len(candidates) == 0:
		candidates = alternatives[:1] // what it demands is said to be missing
	}
	var refused identity
	for _, together := range candidates {
		who := g.by(together, r, basic)
		if who.err == nil {
			return who
		}
		if refused.err == nil {
			refused = who
		}
	}
	return refused
}

// checkable returns an error for what the mock cannot check.
func checkable(op *spec.Operation, scheme spec.Scheme) error {
	switch {
	case !scheme.IsBasic() && !scheme.IsKey() && !scheme.IsBearer():
		return fmt.Errorf("the mock cannot check the security scheme %s, so it lets nobody in; it can check API keys (http basic, apiKey) "+
			"and access tokens (http bearer, oauth2, openIdConnect), and needs code in mock/internal/front for others", scheme.Name)
	case len(scheme.Scopes) > 0:
		return fmt.Errorf("the mock cannot check the scopes that %s demands of the security scheme %s, so it lets nobody in; "+
			"its access tokens have no scopes, so leave them out in openapi.yaml", op.ID, scheme.Name)
	}
	return nil
}

// by authenticates a request by schemes that it needs together.
func (g guard) by(together []spec.Scheme, r *http.Request, basic identity) (who identity) {
	keyed := false
	for _, scheme := range together {
		if scheme.IsBearer() {
			if who.claims, who.challenge, who.err = g.projects.Bearer(r.Header, g.tokens); who.err != nil {
				return who
			}
			continue
		}
		key := basic
		if scheme.IsKey() {
			key = g.byKey(scheme, r)
		}
		switch {
		case key.err != nil:
			return key
		case keyed && key.caller.Project != who.caller.Project:
			return identity{err: refusal.InvalidKey("the request has keys of two projects")}
		}
		keyed, who.caller = true, key.caller
	}
	switch {
	case !keyed:
		who.caller = basic.caller
	case who.claims != nil && who.claims.Audience != who.caller.Project.ID:
		return identity{err: refusal.InvalidToken("it is for another project than the API key")}
	}
	return who
}

// byKey authenticates a request by the API key that it shows for a scheme.
func (g guard) byKey(scheme spec.Scheme, r *http.Request) (who identity) {
	key, given := scheme.Given(r)
	if !given {
		return identity{err: refusal.NotAuthenticated(fmt.Sprintf("authentication required: send the API key in the %s %s", scheme.In, scheme.SecurityScheme.Name))}
	}
	who.caller, who.err = g.projects.Keyed(key)
	return who
}
