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
		{"good, and the gate stays closed", nil, picket.ErrPermissionDenied, let, denied},
		{"good, and the chain cannot have the gate", nil, picket.ErrParameterInvalid, let, denied},
		{"good, and the gate cannot be checked", nil, picket.ErrNoResponse, let, unavailable},
		{"good, and the gate's requirements are refused by the client", nil, picket.ErrInvalidArgument, let, unavailable},
		{"bad", picket.ErrParameterInvalid, nil, badToken, badToken},
		{"bad, in a wrapped error", fmt.Errorf("it: %w", &picket.Error{StatusCode: 400, Message: "invalid access token"}), nil, badToken, badToken},
		{"denied without requirements", picket.ErrPermissionDenied, nil, unavailable, unavailable},
		{"no response", picket.ErrNoResponse, nil, unavailable, unavailable},
		{"too late", context.DeadlineExceeded, nil, unavailable, unavailable},
		{"the API key is wrong", picket.ErrAPIKeyInvalid, nil, unavailable, unavailable},
		{"the API key is missing", picket.ErrAuthenticationRequired, nil, unavailable, unavailable},
		{"anything", errors.New("anything"), nil, unavailable, unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			auth := newAuthenticator(t, validator(func(_ context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
				err := c.token
				if request.Requirements != nil {
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

func TestAValidatorThatMisbehavesLetsNobodyIn(t *testing.T) {
	expired := claims()
	expired.ExpiresAt = 1
	var pointer *middleware.Cache
	for name, misbehaving := range map[string]validator{
		"no claims and no error": always(nil, nil),
		"expired claims":         always(expired, nil),
		"a panic":                func(context.Context, picket.ValidateRequest) (*picket.AccessTokenPayload, error) { panic(token) },
		"a nil pointer":          pointer.Validate,
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			for gate, v := range map[string]validator{
				"token": misbehaving,
				"gate": func(ctx context.Context, request picket.ValidateRequest) (*picket.AccessTokenPayload, error) {
					if request.Requirements == nil {
						return claims(), nil
					}
					return misbehaving(ctx, request)
				},
			} {
				auth := newAuthenticator(t, v, middleware.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
				got := answerOf(newGate(t, auth, holders)(hello), bearer(token))
				if diff := cmp.Diff(unavailable, got); diff != "" {
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
		"a bad option of the cache": func() (*middleware.Authenticator, error) { return middleware.New(v, middleware.WithCacheSize(-1)) },
		"an option for a cache that has its own": func() (*middleware.Authenticator, error) {
			return middleware.New(cache, middleware.WithCacheSize(1))
		},
	} {
		if auth, err := made(); auth != nil || err == nil {
			t.Errorf("%s: got %v, %v", name, auth, err)
		}
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
