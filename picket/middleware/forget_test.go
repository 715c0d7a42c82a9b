package middleware_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

// counted counts what a Validator is asked about: the token, or the token at a gate.
type counted struct {
	token, gate int
	answer      validator
}

func (v *counted) Validate(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
	if gate == nil {
		v.token++
	} else {
		v.gate++
	}
	return v.answer(ctx, token, gate)
}

func TestATokenThatIsForgottenIsCheckedAgain(t *testing.T) {
	const otherToken = token + "A"
	revoked := false
	v := &counted{answer: func(_ context.Context, asked picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
		switch {
		case revoked && asked == token:
			return nil, picket.CodeParameterInvalid
		case gate != nil:
			return nil, picket.CodePermissionDenied
		}
		return claims(), nil
	}}
	auth := newAuthenticator(t, v)
	required, gate := auth.Required(hello), newGate(t, auth, holders)(hello)
	ask := func(token string, wantRequired, wantGate answer) {
		t.Helper()
		for range 2 { // the second time from the cache
			if diff := cmp.Diff(wantRequired, answerOf(required, bearer(token))); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(wantGate, answerOf(gate, bearer(token))); diff != "" {
				t.Error(diff)
			}
		}
	}
	ask(token, let, denied)
	ask(otherToken, let, denied)
	if v.token != 2 || v.gate != 2 {
		t.Fatalf("asked %d times about tokens and %d times about gates", v.token, v.gate)
	}

	auth.Forget("another")
	auth.Forget("")
	ask(token, let, denied)
	if v.token != 2 || v.gate != 2 {
		t.Error("forgetting another token forgot this one")
	}

	auth.Forget(token)
	ask(token, let, denied)
	ask(otherToken, let, denied)
	if v.token != 3 || v.gate != 3 {
		t.Errorf("asked %d times about tokens and %d times about gates", v.token, v.gate)
	}

	revoked = true
	auth.Forget(token)
	ask(token, badToken, badToken)
	ask(otherToken, let, denied)
}

func TestACheckThatRunsWhileItsTokenIsForgottenLeavesNothingBehind(t *testing.T) {
	for name, atGate := range map[string]struct {
		gate *picket.Gate
		err  error
	}{
		"a success":           {},
		"a success at a gate": {gate: gateOf(t, holders)},
		"a denial at a gate":  {gate: gateOf(t, holders), err: picket.CodePermissionDenied},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				proceed := make(chan struct{})
				asked := 0
				cache := newCache(t, validator(func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) {
					asked++
					if asked > 1 {
						return nil, picket.CodeParameterInvalid // it was revoked
					}
					<-proceed
					return claims(), atGate.err
				}))
				before := make(chan error, 1)
				go func() {
					_, err := cache.Validate(t.Context(), token, atGate.gate)
					before <- err
				}()
				synctest.Wait() // the check runs
				cache.Forget(token)

				// Whoever comes now does not get the result of the check that began before.
				if _, err := cache.Validate(t.Context(), token, atGate.gate); asked != 2 || err == nil {
					t.Errorf("asked %d times, got %v", asked, err)
				}
				close(proceed)
				if err := <-before; err != atGate.err {
					t.Errorf("the first caller got %v", err)
				}
				synctest.Wait()
				if _, err := cache.Validate(t.Context(), token, atGate.gate); asked != 3 || err == nil {
					t.Errorf("asked %d times, got %v", asked, err)
				}
			})
		})
	}
}

func TestForgettingReachesCachesBehindTheCache(t *testing.T) {
	for name, around := range map[string]func(inner *middleware.Cache) middleware.Validator{
		"a cache": func(inner *middleware.Cache) middleware.Validator { return newCache(t, inner) },
		"Incremental, local": func(inner *middleware.Cache) middleware.Validator {
			return middleware.Incremental(inner, always(claims(), nil))
		},
		"Incremental, remote": func(inner *middleware.Cache) middleware.Validator {
			return middleware.Incremental(always(claims(), nil), inner)
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := &counted{answer: always(claims(), nil)}
			auth := newAuthenticator(t, around(newCache(t, v)))
			gate := newGate(t, auth, holders)(hello)
			asks := func() int {
				before := v.token + v.gate
				if diff := cmp.Diff(let, answerOf(gate, bearer(token))); diff != "" {
					t.Error(diff)
				}
				return v.token + v.gate - before
			}
			if first, second := asks(), asks(); first == 0 || second != 0 {
				t.Fatalf("asked %d times, and then %d times", first, second)
			}
			auth.Forget(token)
			if asks() == 0 {
				t.Error("the cache behind still knew the token")
			}
		})
	}
}
