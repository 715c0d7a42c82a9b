package middleware_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/middleware"
)

func TestWhatTheValidatorSaysDecides(t *testing.T) {
	// As the client has them: what is not the API's own refusal is wrapped.
	for _, c := range []struct {
		name           string
		token, atGate  error
		required, gate answer
	}{
		{"good, and the gate is open", nil, nil, let, let},
		{"good, and the gate stays closed", nil, picket.CodePermissionDenied, let, denied},
		{"good, and the user is on another chain", nil, picket.ErrChainMismatch, let, otherChain},
		{"good, and the chain cannot have the gate", nil, api400("ethereum does not support token gating"), let, gateRefused},
		{"good, and the gate cannot be checked", nil, picket.ErrNoResponse, let, unavailable},
		{"good, and the gate's requirements are refused by the client", nil, picket.ErrInvalidArgument, let, unavailable},
		{"bad", picket.CodeParameterInvalid, picket.CodeParameterInvalid, badToken, badToken},
		{"bad, says the API", api400("Invalid access token: it expired"), api400("Invalid access token: it expired"), badToken, badToken},
		{"bad, in other words of the API", api400("no such token"), nil, badToken, let},
		{"denied without a gate", picket.CodePermissionDenied, nil, unavailable, let},
		{"no response", picket.ErrNoResponse, picket.ErrNoResponse, unavailable, unavailable},
		{"too late", context.DeadlineExceeded, context.DeadlineExceeded, unavailable, unavailable},
		{"the API key is wrong", picket.CodeAPIKeyInvalid, picket.CodeAPIKeyInvalid, unavailable, unavailable},
		{"the API key is missing", picket.CodeAuthenticationRequired, picket.CodeAuthenticationRequired, unavailable, unavailable},
		{"the chain is not known", picket.CodeResourceNotFound, picket.CodeResourceNotFound, unavailable, unavailable},
		{"anything", errors.New("anything"), errors.New("anything"), unavailable, unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			auth := newAuthenticator(t, validator(func(_ context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
				err := c.token
				if gate != nil {
					err = c.atGate
				}
				if err != nil {
					return nil, err
				}
				return claims(), nil
			}), silent())
			for name, got := range map[string]struct{ want, got answer }{
				"required": {c.required, answerOf(auth.Required(hello), bearer(token))},
				"optional": {c.required, answerOf(auth.Optional(hello), bearer(token))},
				"gate":     {c.gate, answerOf(newGate(t, auth, holders)(hello), bearer(token))},
			} {
				if diff := cmp.Diff(got.want, got.got); diff != "" {
					t.Error(name, diff)
				}
			}
		})
	}
}

// api400 is an answer of the API, as a Validator may wrap it.
func api400(message string) error {
	return fmt.Errorf("it: %w", &picket.Error{Operation: "validate", StatusCode: 400, Code: picket.CodeParameterInvalid, Message: message})
}

func TestAValidatorThatMisbehavesLetsNobodyIn(t *testing.T) {
	expired := claims()
	expired.ExpiresAt = 1
	var pointer *middleware.Cache
	for name, c := range map[string]struct {
		misbehaving validator
		want        answer
	}{
		"no claims and no error": {always(nil, nil), unavailable},
		"expired claims":         {always(expired, nil), badToken},
		"a panic":                {func(context.Context, picket.Secret, *picket.Gate) (*picket.AccessTokenPayload, error) { panic(token) }, unavailable},
		"a nil pointer":          {pointer.Validate, unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			for gate, v := range map[string]validator{
				"token": c.misbehaving,
				"gate": func(ctx context.Context, token picket.Secret, gate *picket.Gate) (*picket.AccessTokenPayload, error) {
					if gate == nil {
						return claims(), nil
					}
					return c.misbehaving(ctx, token, gate)
				},
			} {
				auth := newAuthenticator(t, v, middleware.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
				got := answerOf(newGate(t, auth, holders)(hello), bearer(token))
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Error(gate, diff)
				}
			}
			if strings.Contains(log.String(), token) {
				t.Errorf("the log has the token: %s", log.String())
			}
		})
	}
}

func TestACacheThatIsSharedIsUsedAsItIs(t *testing.T) {
	v, asked := counting(always(claims(), nil))
	cache := newCache(t, v)
	first, second := newAuthenticator(t, cache), newAuthenticator(t, cache, middleware.WithRealm("other"))
	validate(t, cache, token)
	for _, auth := range []*middleware.Authenticator{first, second} {
		if diff := cmp.Diff(let, answerOf(auth.Required(hello), bearer(token))); diff != "" {
			t.Error(diff)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("it was asked %d times, not once", asked.Load())
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	v := always(claims(), nil)
	cache := newCache(t, v)
	for name, made := range map[string]func() (*middleware.Authenticator, error){
		"no validator":              func() (*middleware.Authenticator, error) { return middleware.New(nil) },
		"a nil cache":               func() (*middleware.Authenticator, error) { return middleware.New((*middleware.Cache)(nil)) },
		"Remote(nil)":               func() (*middleware.Authenticator, error) { return middleware.New(middleware.Remote(nil)) },
		"a nil option":              func() (*middleware.Authenticator, error) { return middleware.New(v, nil) },
		"a cookie without a name":   func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithCookie("")) },
		"a cookie with a bad name":  func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithCookie("a b")) },
		"an empty realm":            func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithRealm("")) },
		"a realm with a quote":      func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithRealm(`a"b`)) },
		"a realm with a line break": func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithRealm("a\r\nb: c")) },
		"no logger":                 func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithLogger(nil)) },
		"no error handler":          func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithErrorHandler(nil)) },
		"no session":                func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithSession(nil)) },
		"a session of nil": func() (*middleware.Authenticator, error) {
			return middleware.New(v, middleware.WithSession((*sessions)(nil)))
		},
		"a cookie and a session": func() (*middleware.Authenticator, error) {
			return middleware.New(v, middleware.WithCookie("session"), middleware.WithSession(&sessions{}))
		},
		"no interval": func() (*middleware.Authenticator, error) {
			return middleware.New(v, middleware.WithRevalidateInterval(0))
		},
		"a bad option of the cache": func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithCacheBytes(-1)) },
		"an option for a cache that has its own": func() (*middleware.Authenticator, error) {
			return middleware.New(cache, middleware.WithCacheBytes(1))
		},
	} {
		if auth, err := made(); auth != nil || err == nil {
			t.Errorf("%s: got %v, %v", name, auth, err)
		}
	}
}

func TestAnAuthenticatorThatNewDidNotMakeFailsWhenTheProgramStarts(t *testing.T) {
	client := newClient(t, mock.Start(t))
	for name, auth := range map[string]*middleware.Authenticator{"nil": nil, "zero": {}} {
		for method, wrap := range map[string]func(http.Handler) http.Handler{"Required": auth.Required, "Optional": auth.Optional} {
			func() {
				defer func() {
					if text, _ := recover().(string); !strings.Contains(text, "was not made by New") {
						t.Errorf("%s, %s: got the panic %q", name, method, text)
					}
				}()
				wrap(hello)
			}()
		}
		if gate, err := auth.Gate("ethereum", holders); gate != nil || err == nil || !strings.Contains(err.Error(), "was not made by New") {
			t.Errorf("%s, Gate: got %v", name, err)
		}
		if handler, err := auth.Revalidate(client, "ethereum", holders); handler != nil || err == nil || !strings.Contains(err.Error(), "was not made by New") {
			t.Errorf("%s, Revalidate: got %v", name, err)
		}
		auth.Forget(token)
	}
}

func TestACacheThatNewCacheDidNotMakeLetsNobodyIn(t *testing.T) {
	for name, cache := range map[string]*middleware.Cache{"nil": nil, "zero": {}} {
		claims, err := cache.Validate(t.Context(), token, nil)
		if claims != nil || err == nil || errors.Is(err, picket.CodeParameterInvalid) || !strings.Contains(err.Error(), "was not made by NewCache") {
			t.Errorf("%s: got %v, %v", name, claims, err)
		}
		cache.Forget(token)
	}
}

func TestANilHandlerPanicsAsInNetHTTP(t *testing.T) {
	auth := newAuthenticator(t, always(claims(), nil))
	for name, wrap := range map[string]func(http.Handler) http.Handler{
		"required": auth.Required, "optional": auth.Optional, "gate": newGate(t, auth, holders),
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s does not panic", name)
				}
			}()
			wrap(nil)
		}()
	}
}
