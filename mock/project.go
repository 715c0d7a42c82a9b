package mock

import (
	"crypto/rand"
	"encoding/hex"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/seed-a13ee279/picket/picket"
)

// Project is one project of the mock, a tenant: it has its own keys, redirect URIs, nonces, codes, balances, names and clock,
// and access tokens of one project are not valid in another. Its methods are safe for concurrent use.
//
// The methods that seed a project are for tests, where a wrong argument is a mistake in the test: they stop the test that
// Start was given, and panic where there is none.
type Project struct {
	// ID is the project's ID, a UUID: the audience of its access tokens.
	ID string
	// SecretKey is the API key for servers, sk_ and 32 hexadecimal digits.
	SecretKey string
	// PublishableKey is the API key for browsers, pk_ and 32 hexadecimal digits.
	PublishableKey string

	store   *store
	faults  faults
	journal journal
	known   func(operation string) bool // whether openapi.yaml has an operation
	fail    func(format string, args ...any)
}

// projectSettings is what a project is set to do.
type projectSettings struct {
	statements     map[string]string // by BCP 47 tag in lower case; "" is for every other language
	format         picket.MessageFormat
	reusableNonces bool
	allowUnknown   bool
	redirectURIs   []string
	allowedDomains []string // none for any
}

// texts returns the texts of the settings.
func (s projectSettings) texts() []string {
	return slices.Concat(s.redirectURIs, s.allowedDomains, slices.Collect(maps.Values(s.statements)))
}

func newProject(s settings) *Project {
	return &Project{
		ID:             uuid.NewString(),
		SecretKey:      s.secretKey,
		PublishableKey: s.publishableKey,
		store:          newStore(s.realTime, s.limits, s.project),
		faults:         faults{quota: &s.limits.state},
		journal:        journal{shared: &s.limits.journals},
		known:          s.known,
		fail:           s.fail,
	}
}

// randomKey returns a key that is unique and still looks made up, by the zeros that it begins with.
func randomKey(prefix string) string {
	digits := make([]byte, 10)
	_, _ = rand.Read(digits) // never fails, by its documentation
	return prefix + "000000000000" + hex.EncodeToString(digits)
}

// Now returns what time it is in the project.
func (p *Project) Now() time.Time { return p.store.clock.now() }

// Advance moves the project's clock forward, to the year 9999 at most: nonces live two minutes, authorization codes five and access tokens twelve
// hours by it.
func (p *Project) Advance(d time.Duration) {
	p.must("Advance", p.advance(d))
}

func (p *Project) advance(d time.Duration) error {
	if d < 0 {
		return invalidParameter("%v is negative; SetTime goes back", d)
	}
	if err := p.store.clock.advance(d); err != nil {
		return invalidParameter("%v", err)
	}
	return nil
}

// SetTime stops the project's clock at a time, from 1970 to 9999. Advance moves it from there, and RunClock lets it go on.
func (p *Project) SetTime(t time.Time) {
	p.must("SetTime", p.setTime(t))
}

func (p *Project) setTime(t time.Time) error {
	if err := checkTime(t); err != nil {
		return invalidParameter("%v", err)
	}
	p.store.clock.set(t)
	return nil
}

// RunClock lets a clock that SetTime stopped go on from where it stands.
func (p *Project) RunClock() { p.store.clock.run() }

// InjectFault makes something go wrong: with the next requests, or with some of them. Of several faults the first that hits
// a request counts.
func (p *Project) InjectFault(fault Fault) {
	p.must("InjectFault", p.injectFault(fault))
}

func (p *Project) injectFault(fault Fault) error {
	if err := fault.check(p.known); err != nil {
		return invalidParameter("%v", err)
	}
	return p.faults.add(fault)
}

// Faults returns the faults that can still hit a request. The Count of one that had a Count is what is left of it.
func (p *Project) Faults() []Fault { return p.faults.all() }

// ClearFaults removes all faults.
func (p *Project) ClearFaults() { p.faults.clear() }

// Journal returns the last exchanges of the project, JournalSize at most, the oldest first. With the names of operations
// it returns those of these operations alone; "" is for requests that match none.
//
// An exchange belongs to the project of the request's API key, and to the default project when it has no valid one.
func (p *Project) Journal(operations ...string) []Exchange {
	exchanges := p.journal.all()
	if len(operations) == 0 {
		return exchanges
	}
	return slices.DeleteFunc(exchanges, func(e Exchange) bool { return !slices.Contains(operations, e.Operation) })
}

// Part is a part of a project that Reset can reset by itself.
type Part string

// The parts of a project.
const (
	// PartState is what was seeded, and what happened: balances, names, Flow keys, nonces and codes.
	PartState Part = "state"
	// PartClock is what was done to the clock.
	PartClock Part = "clock"
	// PartFaults is the faults.
	PartFaults Part = "faults"
	// PartJournal is the journal.
	PartJournal Part = "journal"
)

// Reset resets the given parts of the project, or all when none is given. Its keys, redirect URIs, allowed domains
// and settings stay.
func (p *Project) Reset(parts ...Part) {
	for _, part := range []struct {
		name  Part
		reset func()
	}{
		{PartState, p.store.reset},
		{PartClock, p.store.clock.reset},
		{PartFaults, p.faults.clear},
		{PartJournal, p.journal.clear},
	} {
		if len(parts) == 0 || slices.Contains(parts, part.name) {
			part.reset()
		}
	}
}

// AllowRedirectURI lets /oauth2/authorize answer to a redirect URI: an absolute URI without fragment, such as
// http://localhost:3000/callback. It is compared to the letter, so that a trailing slash matters.
func (p *Project) AllowRedirectURI(uri string) {
	p.must("AllowRedirectURI", p.allowRedirectURI(uri))
}

func (p *Project) allowRedirectURI(uri string) error {
	if err := checkRedirectURI(uri); err != nil {
		return invalidParameter("%v", err)
	}
	return p.store.allowRedirectURI(uri)
}

// RedirectURIs returns the redirect URIs that are allowed, in order.
func (p *Project) RedirectURIs() []string { return p.store.allRedirectURIs() }

// AllowDomain lets only logins succeed whose message is for a domain that was allowed, as WithAllowedDomain does.
func (p *Project) AllowDomain(domain string) {
	p.must("AllowDomain", p.allowDomain(domain))
}

func (p *Project) allowDomain(domain string) error {
	if err := checkAllowedDomain(domain); err != nil {
		return invalidParameter("%v", err)
	}
	return p.store.allowDomain(domain)
}

// AllowedDomains returns the domains that logins may be for, in lower case and in order. There are none when any will do.
func (p *Project) AllowedDomains() []string { return p.store.allAllowedDomains() }

// findWallet returns the wallet with the given address on the chain with the given slug.
func findWallet(chain, address string) (wallet, error) {
	info, err := findChain(chain)
	if err != nil {
		return wallet{}, err
	}
	canonical, ok := canonicalAddress(info.ChainType, address)
	if !ok {
		return wallet{}, invalidParameter("walletAddress is not an address on %s: it must be %s", info.ChainSlug, addressForm(info.ChainType))
	}
	return wallet{info, canonical}, nil
}

// findKeyedWallet returns the wallet with the given address, if it can log in.
func findKeyedWallet(chain, address string) (wallet, error) {
	w, err := findWallet(chain, address)
	if err != nil {
		return wallet{}, err
	}
	if err := checkKey(w.chain.ChainType, w.address); err != nil {
		return wallet{}, invalidParameter("walletAddress is not that of a wallet that can log in on %s: %v", w.chain.ChainSlug, err)
	}
	return w, nil
}
