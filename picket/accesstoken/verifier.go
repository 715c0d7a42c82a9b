package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/seed-a13ee279/picket/picket"
)

// Verifier tells the access tokens of a project from everything else. It does not change once made and is safe for
// concurrent use.
type Verifier struct {
	projectID string
	keys      Keys
	verifierSettings
}

// NewVerifier returns a verifier of the access tokens of the project with the given ID, a UUID: every token that Picket
// makes is signed with the same key, and aud alone says for whom. It fetches nothing yet.
//
// It fails when the project ID is empty or is an API key, when there are no keys, and when an option is not valid.
func NewVerifier(projectID string, keys Keys, options ...VerifierOption) (*Verifier, error) {
	v := &Verifier{
		projectID: projectID,
		keys:      keys,
		verifierSettings: verifierSettings{
			issuers:     defaultIssuers(),
			leeway:      DefaultLeeway,
			maxLifetime: DefaultMaxLifetime,
			now:         time.Now,
		},
	}
	for _, option := range options {
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

func checkProjectID(id string, skipAudience bool) error {
	switch {
	case skipAudience && id != "":
		return errors.New("there is a project ID, and InsecureSkipAudience, which would ignore it; leave one out")
	case skipAudience:
		return nil
	case id == "":
		return errors.New("the project ID is empty, so the tokens of every project would be let in; is a value that it was read from empty?")
	case strings.HasPrefix(id, "sk_") || strings.HasPrefix(id, "pk_"):
		return errors.New("the project ID is an API key; the ID is the UUID that the project's access tokens have as aud")
	case strings.ContainsFunc(id, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return errors.New("the project ID has a space or a control character in it; is it read from a file without being trimmed?")
	}
	return nil
}

// Verify returns the claims of an access token of the project; see the package's comment for what is checked.
//
// It waits for keys only when there are none yet, or when none of those that there are verifies the token. Then ctx
// bounds how long; the fetch itself goes on for other callers.
//
// Errors: ErrInvalid for a token that is malformed, forged or another project's, with ErrExpired for one that was good
// until it expired; ErrKeysUnavailable when the token could not be checked.
func (v *Verifier) Verify(ctx context.Context, token picket.Secret) (*picket.AccessTokenPayload, error) {
	parsed, err := parseToken(token)
	if err != nil {
		return nil, err
	}
	if err := v.checkSignature(ctx, parsed); err != nil {
		return nil, err
	}
	claims, err := decodeClaims(parsed.claims)
	if err != nil {
		return nil, err
	}
	if err := v.checkClaims(claims); err != nil {
		return nil, err
	}
	return claims.payload(), nil
}

func (v *Verifier) checkSignature(ctx context.Context, token *signedToken) error {
	set, err := v.keys.current(ctx)
	if err != nil {
		return err
	}
	if token.verifies(set) {
		return nil
	}
	set, err = v.keys.newer(ctx, set)
	if err != nil {
		return err
	}
	if set == nil || !token.verifies(set) {
		return invalid("its signature does not verify: it was altered, or made with another key")
	}
	return nil
}

// Validate is Client.Validate without a call to the API: it verifies the access token and, when there is a gate, that the
// user may pass it, as picket.Gate.EvaluateClaims decides from the balances in the token. A nil gate checks the token alone.
//
// Errors: those of Verify, of which ErrInvalid is a picket.ErrParameterInvalid; picket.ErrPermissionDenied when the
// token does not prove that the user may pass, with picket.ErrChainMismatch when the user is on another chain than the gate,
// and with ErrUndecided when the API might say more. Every other error means that the token could not be checked, not that
// it is bad.
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
	outcome, err := gate.EvaluateClaims(claims)
	switch {
	case err != nil: // the sum of the balances has too many digits
		return &failure{"the balances in the access token cannot be added up", []error{picket.ErrPermissionDenied}}
	case outcome == picket.OutcomeMet:
		return nil
	case outcome == picket.OutcomeOtherChain:
		return &failure{"the user logged in on another chain than the gate is for", []error{picket.ErrChainMismatch, picket.ErrPermissionDenied}}
	case outcome == picket.OutcomeUnknown:
		return &failure{
			"the balances in the access token do not prove that the requirements are met; ask the API with Authz",
			[]error{ErrUndecided, picket.ErrPermissionDenied},
		}
	}
	return &failure{"the requirements are not met", []error{picket.ErrPermissionDenied}}
}
