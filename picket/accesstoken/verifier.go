package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

// Verifier tells the access tokens of a project from everything else. It does not change once made and is safe for
// concurrent use.
type Verifier struct {
	projectID string
	keys      Keys
	verifierSettings
}

// NewVerifier returns a verifier of the access tokens of the project with the given ID, a UUID in the form of RFC 9562
// section 4, in either case: every token that Picket makes is signed with the same key, and only aud says for whom. It must be
// the ID in lower case. NewVerifier fetches nothing yet.
//
// It fails when the project ID is anything else than a UUID, such as an API key or the name of a variable, when there are no
// keys, and when an option is nil or not valid.
func NewVerifier(projectID string, keys Keys, options ...VerifierOption) (*Verifier, error) {
	v := &Verifier{
		projectID: strings.ToLower(projectID),
		keys:      keys,
		verifierSettings: verifierSettings{
			issuers:     defaultIssuers(),
			leeway:      DefaultLeeway,
			maxLifetime: DefaultMaxLifetime,
			now:         time.Now,
		},
	}
	for _, option := range options {
		if option == nil {
			return nil, errors.New("accesstoken: an option is nil")
		}
		if err := option(&v.verifierSettings); err != nil {
			return nil, fmt.Errorf("accesstoken: %w", err)
		}
	}
	if keys == nil {
		return nil, errors.New("accesstoken: there are no keys to verify with; make some with DiscoverKeys")
	}
	if err := checkProjectID(projectID, v.skipAudience); err != nil {
		return nil, fmt.Errorf("accesstoken: %w", err)
	}
	return v, nil
}

// Verify returns the claims of an access token of the project; see the package's comment for what is checked.
//
// It waits for keys only when there are none yet, or when none of those that there are verifies the token. Then ctx
// bounds how long; the fetch itself goes on for other callers.
//
// Errors: ErrInvalid for a token that is malformed, forged or another project's, with ErrExpired for one that was good
// until it expired; ErrKeysUnavailable when the token could not be checked, because the keys, or newer ones that it may be
// signed with, could not be fetched.
func (v *Verifier) Verify(ctx context.Context, token picket.Secret) (*picket.AccessTokenPayload, error) {
	parsed, err := parseToken(token)
	if err != nil {
		return nil, err
	}
	// Nothing in the claims counts before the signature verifies, but claims that no key could make good need no keys.
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

// searchKey looks for the key of a token among keys that are newer than those which do not verify it.
func (v *Verifier) searchKey(ctx context.Context, token *signedToken, set *keySet, issuedAt date) error {
	age := v.now().Sub(time.Unix(int64(issuedAt)+1, 0)) - v.leeway // iat leaves off the fraction of a second
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

// Now returns the time of the verifier's clock, and Leeway how long after exp a token is accepted, so that whoever keeps the
// verifier's answers, as package middleware does, lets a token expire at the same moment.
func (v *Verifier) Now() time.Time { return v.now() }

// Leeway returns how far the clocks of Picket and of this machine may be apart; see WithLeeway.
func (v *Verifier) Leeway() time.Duration { return v.leeway }

// Validate is Client.Validate without a call to the API: it verifies the access token and, when there is a gate, that the
// user may pass it, as picket.Gate.EvaluateClaims decides from the balances in the token. With a nil gate only the token is checked.
//
// Errors: those of Verify, of which ErrInvalid is a picket.CodeParameterInvalid; picket.CodePermissionDenied when the
// token does not prove that the user may pass, with picket.ErrChainMismatch when the user is on another chain than the gate,
// and with ErrUndecided when the API might say more; picket.ErrInvalidArgument for a gate that picket.NewGate did not make.
// Every other error means that the token could not be checked, not that it is bad.
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
