package mock

import (
	"errors"
	"fmt"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/tenant"
)

// Project is one project of the mock, a tenant: it has its own keys, redirect URIs, nonces, codes, balances, names and clock,
// and access tokens of one project are not valid in another. Its methods are safe for concurrent use.
//
// The methods that seed a project are for tests, where a wrong argument is a mistake in the test: they stop the test that
// Start was given, and panic when there is no test.
type Project struct {
	// ID is the project's ID, a UUID: the audience of its access tokens.
	ID string
	// SecretKey is the API key for servers, sk_ and 32 hexadecimal digits.
	SecretKey string
	// PublishableKey is the API key for browsers, pk_ and 32 hexadecimal digits.
	PublishableKey string

	seat   *tenant.Seat
	server *Server
}

// project returns the Project of a tenant, which is always the same.
func (s *Server) project(p *tenant.Project) *Project {
	return p.Seat.Handle(func() any {
		return &Project{ID: p.ID, SecretKey: p.SecretKey, PublishableKey: p.PublishableKey, seat: p.Seat, server: s}
	}).(*Project)
}

// inside returns what the project consists of now.
func (p *Project) inside() *tenant.Project { return p.seat.Project() }

// AddProject adds a project with nothing in it. Its keys are random, it has no redirect URIs, and its other settings are those
// of the default project, unless options say otherwise. Allowed domains in the options take the place of the default project's.
// Only the options that are about a project are allowed here.
func (s *Server) AddProject(options ...Option) *Project {
	p, err := s.addProject(options)
	if err != nil {
		s.fail("mock: AddProject: %v", err)
		return nil
	}
	return p
}

func (s *Server) addProject(options []Option) (*Project, error) {
	p, err := s.tenants.Add(func(project *tenant.Settings) error {
		set := settings{project: project}
		return set.apply(options)
	})
	if err != nil {
		return nil, err
	}
	return s.project(p), nil
}

// RemoveProject removes a project with everything in it; its keys and tokens stop working. The default project cannot be removed.
func (s *Server) RemoveProject(p *Project) {
	err := errors.New("the project is nil")
	if p != nil {
		err = s.tenants.Remove(p.inside().ID)
	}
	s.must("RemoveProject", err)
}

// Projects returns the projects, the default one first.
func (s *Server) Projects() []*Project {
	var list []*Project
	for _, p := range s.tenants.All() {
		list = append(list, s.project(p))
	}
	return list
}

// Now returns what time it is in the project.
func (p *Project) Now() time.Time { return p.inside().Clock.Now() }

// Advance moves the project's clock forward, to the year 9999 at most: nonces live two minutes by it, authorization codes five, and
// access tokens twelve hours.
func (p *Project) Advance(d time.Duration) { p.must("Advance", p.inside().Clock.Advance(d)) }

// SetTime stops the project's clock at a time, from 1970 to 9999. Advance moves it from there, and RunClock lets it go on.
func (p *Project) SetTime(t time.Time) { p.must("SetTime", p.inside().Clock.Set(t)) }

// RunClock lets a clock that SetTime stopped go on from where it stands.
func (p *Project) RunClock() { p.inside().Clock.Run() }

// Part is a part of a project that Reset can reset by itself.
type Part string

// The parts of a project.
const (
	// PartState is what was seeded, and what happened: balances, names, Flow keys, contract wallets, nonces, codes and sessions.
	PartState Part = "state"
	// PartClock is what was done to the clock.
	PartClock Part = "clock"
	// PartFaults is the faults.
	PartFaults Part = "faults"
	// PartStubs is the stubs.
	PartStubs Part = "stubs"
	// PartJournal is the journal.
	PartJournal Part = "journal"
)

// Reset resets the given parts of the project, or all when none is given. Its keys, redirect URIs, allowed domains
// and settings stay.
func (p *Project) Reset(parts ...Part) {
	var inside []tenant.Part
	for _, part := range parts {
		inside = append(inside, tenant.Part(part))
	}
	p.must("Reset", p.inside().Reset(inside...))
}

// AllowRedirectURI lets /oauth2/authorize answer to a redirect URI: an absolute URI without fragment, such as
// http://localhost:3000/callback. It is compared exactly, so a trailing slash matters.
func (p *Project) AllowRedirectURI(uri string) {
	p.must("AllowRedirectURI", p.inside().AllowRedirectURI(uri))
}

// RedirectURIs returns the redirect URIs that are allowed, in order.
func (p *Project) RedirectURIs() []string { return p.inside().State.RedirectURIs.All() }

// AllowDomain lets only logins succeed whose message is for a domain that was allowed, as WithAllowedDomain does.
func (p *Project) AllowDomain(domain string) { p.must("AllowDomain", p.inside().AllowDomain(domain)) }

// AllowedDomains returns the domains that logins may be for, in lower case and in order. The list is empty when every domain is
// allowed.
func (p *Project) AllowedDomains() []string { return p.inside().State.Domains.All() }

// must stops the test when what it did with the mock failed.
func (p *Project) must(what string, err error) {
	if err != nil {
		p.server.fail("%s", fmt.Sprintf("mock: %s: %v", what, err))
	}
}

func panicf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
