package tenant

import "github.com/seed-a13ee279/picket/picket"

// Given is what a configuration file or the control API says about a project. What is empty is as it would be without it.
type Given struct {
	SecretKey, PublishableKey    string
	RedirectURIs, AllowedDomains []string
	Format                       string
	Statements                   map[string]string
	ReusableNonces               bool
	UnknownProperties            bool
}

// Set changes settings as it was given.
func (g Given) Set(s *Settings) error {
	if g.SecretKey != "" {
		if err := s.SetSecretKey(g.SecretKey); err != nil {
			return err
		}
	}
	if g.PublishableKey != "" {
		if err := s.SetPublishableKey(g.PublishableKey); err != nil {
			return err
		}
	}
	for _, uri := range g.RedirectURIs {
		if err := s.AddRedirectURI(uri); err != nil {
			return err
		}
	}
	for _, domain := range g.AllowedDomains {
		if err := s.AddAllowedDomain(domain); err != nil {
			return err
		}
	}
	if g.Format != "" {
		if err := s.SetFormat(picket.MessageFormat(g.Format)); err != nil {
			return err
		}
	}
	if g.Statements != nil {
		if err := s.SetStatements(g.Statements); err != nil {
			return err
		}
	}
	s.ReusableNonces = s.ReusableNonces || g.ReusableNonces
	s.AllowUnknown = s.AllowUnknown || g.UnknownProperties
	return nil
}
