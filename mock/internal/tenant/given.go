package tenant

import (
	"fmt"

	"github.com/seed-a13ee279/picket/picket"
)

// Given is what a configuration file or the control API says about a project. What is empty is as it would be without it.
type Given struct {
	ID                           string
	SecretKey, PublishableKey    string
	RedirectURIs, AllowedDomains []string
	Format                       string
	Statements                   map[string]string
	ReusableNonces               *bool
	UnknownProperties            *bool
	IDTokenClaims                map[string]any
}

// FieldError says which field of what was given is wrong.
type FieldError struct {
	Field string // its name in a configuration file, such as "redirectURIs.0"
	Err   error
}

func (e *FieldError) Error() string { return e.Err.Error() }

// Named returns the error with the name of the field.
func (e *FieldError) Named() error { return fmt.Errorf("%s: %w", e.Field, e.Err) }

// Unwrap returns what is wrong with it.
func (e *FieldError) Unwrap() error { return e.Err }

// Set changes settings as it was given. Its errors are *FieldError.
func (g Given) Set(s *Settings) error {
	var failed error
	set := func(field string, given bool, set func() error) {
		if failed != nil || !given {
			return
		}
		if err := set(); err != nil {
			failed = &FieldError{field, err}
		}
	}
	set("id", g.ID != "", func() error { return s.SetID(g.ID) })
	set("secretKey", g.SecretKey != "", func() error { return s.SetSecretKey(g.SecretKey) })
	set("publishableKey", g.PublishableKey != "", func() error { return s.SetPublishableKey(g.PublishableKey) })
	for i, uri := range g.RedirectURIs {
		set(fmt.Sprintf("redirectURIs.%d", i), true, func() error { return s.AddRedirectURI(uri) })
	}
	for i, domain := range g.AllowedDomains {
		set(fmt.Sprintf("allowedDomains.%d", i), true, func() error { return s.AddAllowedDomain(domain) })
	}
	set("format", g.Format != "", func() error { return s.SetFormat(picket.MessageFormat(g.Format)) })
	set("statements", g.Statements != nil, func() error { return s.SetStatements(g.Statements) })
	set("idTokenClaims", g.IDTokenClaims != nil, func() error { return s.SetIDTokenClaims(g.IDTokenClaims) })
	if g.ReusableNonces != nil {
		s.ReusableNonces = *g.ReusableNonces
	}
	if g.UnknownProperties != nil {
		s.AllowUnknown = *g.UnknownProperties
	}
	return failed
}
