package tenant

import (
	"crypto/sha256"
	"crypto/subtle"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/journal"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
)

// Projects are those of a server. They are found by their keys and IDs; keys are compared by their hashes and in constant time. It
// is safe for concurrent use.
type Projects struct {
	shared   Shared
	journals *journal.Shared

	mu       sync.RWMutex
	callers  map[[sha256.Size]byte]Caller
	byID     map[string]*Project
	ordered  []*Project // the default project is the first
	settings Settings   // what a further project is set to
}

// Shared is what the projects of a server have in common.
type Shared struct {
	Max      int // how many projects there may be
	Limits   *limits.Limits
	Clock    func() time.Time // what the projects' clocks run with
	Contract *spec.Contract   // of the API
}

// Caller is whom a request is from.
type Caller struct {
	Project *Project
	Secret  bool // whether the API key is a secret one
}

// NewProjects returns the projects of a server: the default project, as it is set.
func NewProjects(shared Shared, settings Settings) (*Projects, error) {
	return newProjects(shared, &journal.Shared{}, settings)
}

func newProjects(shared Shared, journals *journal.Shared, settings Settings) (*Projects, error) {
	ps := &Projects{shared: shared, journals: journals, callers: map[[sha256.Size]byte]Caller{}, byID: map[string]*Project{}, settings: settings}
	ps.settings.ID, ps.settings.SecretKey, ps.settings.PublishableKey = "", "", ""
	ps.settings.RedirectURIs, ps.settings.AllowedDomains = nil, nil
	return ps, ps.add(ps.newProject(settings))
}

// Add adds a project. Unless set changes that, its ID and keys are random, it has no redirect URIs, it allows the domains that the default
// project allows, and is set as the default project was for the rest.
func (ps *Projects) Add(set func(*Settings) error) (*Project, error) {
	ps.mu.RLock()
	settings := ps.settings
	ps.mu.RUnlock()
	if err := set(&settings); err != nil {
		return nil, err
	}
	if settings.AllowedDomains == nil {
		settings.AllowedDomains = ps.Default().State.Domains.All()
	}
	if settings.SecretKey == "" {
		settings.SecretKey = randomKey("sk_")
	}
	if settings.PublishableKey == "" {
		settings.PublishableKey = randomKey("pk_")
	}
	p, err := ps.make(settings)
	if err != nil {
		return nil, err
	}
	if err := ps.add(p); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// make returns a project with the given settings, which has taken room for them and is not among the projects yet.
func (ps *Projects) make(settings Settings) (*Project, error) {
	ps.mu.RLock()
	common := ps.settings
	ps.mu.RUnlock()
	ownStatements := !maps.Equal(settings.Statements, common.Statements)
	if !ownStatements {
		settings.Statements = common.Statements // which all projects share
	}
	p := ps.newProject(settings)
	entries := append(settings.entries(ownStatements), []string{p.ID})
	if err := p.account.MakingRoom(func() error { return p.account.TakeForGood(entries...) }); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (ps *Projects) add(p *Project) error {
	secret, publishable := sha256.Sum256([]byte(p.SecretKey)), sha256.Sum256([]byte(p.PublishableKey))
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if len(ps.ordered) >= ps.shared.Max {
		return tooMany(ps.shared.Max)
	}
	if ps.callers[secret].Project != nil || ps.callers[publishable].Project != nil {
		return refusal.InvalidParameter("another project has one of these keys")
	}
	if ps.byID[p.ID] != nil {
		return refusal.InvalidParameter("another project has this ID")
	}
	ps.know(p)
	ps.ordered = append(ps.ordered, p)
	return nil
}

func tooMany(limit int) error {
	return refusal.TooMany("there are %d projects, and no more are allowed; remove some, or raise the limit (-max-projects, WithMaxProjects)", limit)
}

// Remove removes a project, which is not the default project, and everything in it.
func (ps *Projects) Remove(id string) error {
	p, err := ps.remove(id)
	if err == nil {
		p.close()
	}
	return err
}

func (ps *Projects) remove(id string) (*Project, error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p, ok := ps.byID[id]
	switch {
	case !ok:
		return nil, refusal.NotFound("no project has this ID")
	case p == ps.ordered[0]:
		return nil, refusal.New(http.StatusConflict, "the default project cannot be removed; reset it instead")
	}
	ps.forget(p)
	ps.ordered = slices.DeleteFunc(ps.ordered, func(other *Project) bool { return other == p })
	return p, nil
}

// All returns the projects, the default one first and the others in the order in which they were added.
func (ps *Projects) All() []*Project {
	ps.mu.RLock()
	defer ps.mu.RUnlock()
	return slices.Clone(ps.ordered)
}

// Default returns the default project.
func (ps *Projects) Default() *Project {
	ps.mu.RLock()
	defer ps.mu.RUnlock()
	return ps.ordered[0]
}

// ByID returns the project with an ID.
func (ps *Projects) ByID(id string) (*Project, bool) {
	ps.mu.RLock()
	defer ps.mu.RUnlock()
	p, ok := ps.byID[id]
	return p, ok
}

// ByKey returns whose an API key is.
func (ps *Projects) ByKey(key string) (Caller, bool) {
	ps.mu.RLock()
	c, ok := ps.callers[sha256.Sum256([]byte(key))]
	ps.mu.RUnlock()
	if !ok {
		return Caller{}, false
	}
	known := c.Project.PublishableKey
	if c.Secret {
		known = c.Project.SecretKey
	}
	return c, subtle.ConstantTimeCompare([]byte(known), []byte(key)) == 1
}
