package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

// Verifier verifies the access tokens of a project, or of several. NewVerifier and NewVerifierForProjects make one. It does not
// change afterwards and is safe for concurrent use. The zero value accepts no token: every one is an ErrKeysUnavailable.
type Verifier struct {
	projectIDs []string
	keys       Keys
	verifierSettings
}

// Format writes only the name of the type, whatever the verb, because the HTTP client of the keys may contain secrets.
func (v Verifier) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "accesstoken.Verifier") }

// NewVerifier returns a verifier of the access tokens of one project. Every token that Picket makes is signed with the same key,
// and only its aud says which project it is for. The project ID is a UUID in the form of RFC 9562 section 4, in upper or lower
// case; in tokens it must be in lower case. NewVerifier fetches nothing; call Load of the keys to see whether they can be had.
//
// NewVerifier fails when the project ID is anything other than a UUID, such as an API key or the name of a variable, when the
// keys are nil, and when an option is nil or not valid.
func NewVerifier(projectID string, keys Keys, options ...VerifierOption) (*Verifier, error) {
	return newVerifier([]string{projectID}, keys, options)
}

// NewVerifierForProjects is NewVerifier for a server of several projects. A token of any of them is accepted, and the Audience of
// its claims is the ID of its project, in lower case: compare it wherever not every project's users may pass.
//
// It fails when there is no project ID, when one of them is empty, not a UUID or there twice, and whenever NewVerifier would.
func NewVerifierForProjects(projectIDs []string, keys Keys, options ...VerifierOption) (*Verifier, error) {
	return newVerifier(projectIDs, keys, options)
}

func newVerifier(projectIDs []string, keys Keys, options []VerifierOption) (*Verifier, error) {
	settings, err := newVerifierSettings(options)
	if err != nil {
		return nil, err
	}
	if keys == nil {
		return nil, errors.New("accesstoken: there are no keys to verify with; make some with DiscoverKeys")
	}
	projects, err := checkProjects(projectIDs, settings.skipAudience)
	if err != nil {
		return nil, fmt.Errorf("accesstoken: %w", err)
	}
	return &Verifier{projects, keys, settings}, nil
}

// Verify returns the claims of an access token of the project. The package comment says what is checked.
//
// It waits for keys only if there are none yet, or if none of them verifies the token. It waits no longer than ctx allows; the
// fetch itself goes on for other callers.
//
// Errors: ErrInvalid for a token that is malformed, forged or another project's, and also ErrExpired for one that was good until
// it expired; ErrKeysUnavailable when the token could not be checked, because the keys, or newer ones that it may be signed with,
// could not be fetched.
func (v *Verifier) Verify(ctx context.Context, token picket.Secret) (*picket.AccessTokenPayload, error) {
	if v == nil || v.keys == nil {
		return nil, unavailable(errors.New("the verifier was not made by NewVerifier"))
	}
	parsed, err := parseToken(token)
	if err != nil {
		return nil, err
	}
	// Claims count only once the signature verifies. But no keys need to be fetched for claims that are bad under any key.
	claims, bad := decodeClaims(parsed.claims)
	if bad == nil {
		bad = v.checkClaims(claims)
	}
	set, err := v.keys.current(ctx)
	switch {
	case err == nil && parsed.verifies(set):
	case bad != nil:
		return nil, forged()
	case err != nil:
		return nil, err
	default:
		if err := v.searchKey(ctx, parsed, set, claims.IssuedAt); err != nil {
			return nil, err
		}
	}
	if bad != nil {
		return nil, bad
	}
	return claims.payload(), nil
}

// searchKey looks for the key of a token among newer keys than those that do not verify it.
func (v *Verifier) searchKey(ctx context.Context, token *signedToken, set *keySet, issuedAt date) error {
	age := v.now().Sub(time.Unix(int64(issuedAt)+1, 0)) - v.leeway // iat has no fraction of a second
	for {
		newer, final, err := v.keys.newer(ctx, set, age)
		switch {
		case err != nil:
			return err
		case newer != nil && token.verifies(newer):
			return nil
		case final:
			return forged()
		}
		set = newer
	}
}

// Now returns the time according to the verifier's clock. Together with Leeway it lets a cache of the verifier's results, such as
// that of package middleware, expire a token at the same moment as the verifier.
func (v *Verifier) Now() time.Time {
	if v.now == nil { // in the zero value
		return time.Now()
	}
	return v.now()
}

// Leeway returns how far apart the clocks of Picket and of this machine may be; see WithLeeway.
func (v *Verifier) Leeway() time.Duration { return v.leeway }

// Validate is Client.Validate without a call of the API: it verifies the access token and, if there is a gate, that the user may
// pass it, as picket.Gate.EvaluateClaims decides from the balances in the token. With a nil gate only the token is checked.
//
// Errors: those of Verify (ErrInvalid is also a picket.CodeParameterInvalid); picket.CodePermissionDenied when the token
// does not prove that the user may pass, which is also picket.ErrChainMismatch when the user is on another chain than the gate,
// and ErrUndecided when the API might know more; picket.ErrInvalidArgument for a gate that picket.NewGate did not make. Every
// other error means that the token could not be checked, not that it is bad.
func (v *Verifier) Validate(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
	claims, err := v.Verify(ctx, token)
	if err != nil {
		return nil, err
	}
	if gate != nil {
		if err := checkGate(claims, gate); err != nil {
			return nil, err
		}
	}
	return claims, nil
}

func checkGate(claims *picket.AccessTokenPayload, gate *picket.Gate) error {
	if gate.Key() == "" {
		return &failure{"the gate is not one that picket.NewGate made", []error{picket.ErrInvalidArgument}}
	}
	outcome, err := gate.EvaluateClaims(claims)
	switch {
	case err != nil: // the sum of the balances has too many digits
		return &failure{"the balances in the access token cannot be added up", []error{picket.CodePermissionDenied}}
	case outcome == picket.OutcomeMet:
		return nil
	case outcome == picket.OutcomeOtherChain:
		return &failure{"the user logged in on another chain than the gate is for", []error{picket.ErrChainMismatch, picket.CodePermissionDenied}}
	case outcome == picket.OutcomeUnknown:
		return &failure{
			"the balances in the access token do not prove that the requirements are met; ask the API with Authz",
			[]error{ErrUndecided, picket.CodePermissionDenied},
		}
	}
	return &failure{"the requirements are not met", []error{picket.CodePermissionDenied}}
}
