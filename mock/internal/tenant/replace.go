package tenant

import (
	"crypto/sha256"
	"net/http"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// Replacement is what another project gets that takes the place of one.
type Replacement struct {
	Set    func(*Settings) error // changes the settings, which are those of the project that goes
	Fill   func(*Project) error  // puts in what was in the project that goes, or something else
	Commit func() error          // what has to happen at the same time outside the project, and may fail
}

// Replace puts another project into the seat of one. Requests see either the one or the other. If it fails, everything is as before.
func (ps *Projects) Replace(old *Project, with Replacement) (*Project, error) {
	settings := old.Settings
	settings.ID, settings.SecretKey, settings.PublishableKey = old.ID, old.SecretKey, old.PublishableKey
	settings.RedirectURIs, settings.AllowedDomains = old.State.RedirectURIs.All(), old.State.Domains.All()
	if err := with.Set(&settings); err != nil {
		return nil, err
	}
	p, err := ps.make(settings)
	if err != nil {
		return nil, err
	}
	if err = with.Fill(p); err == nil {
		err = ps.seat(p, old, with.Commit)
	}
	if err != nil {
		p.close()
		return nil, err
	}
	old.close()
	return p, nil
}

// seat puts a project in the place of another one.
func (ps *Projects) seat(p, old *Project, commit func() error) error {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	at := slices.Index(ps.ordered, old)
	if at < 0 {
		return refusal.New(http.StatusConflict, "the project was removed or replaced at the same time; try again")
	}
	taken := func(other *Project) bool { return other != nil && other != old }
	switch secret, publishable := sha256.Sum256([]byte(p.SecretKey)), sha256.Sum256([]byte(p.PublishableKey)); {
	case taken(ps.callers[secret].Project), taken(ps.callers[publishable].Project):
		return refusal.InvalidParameter("another project has one of these keys")
	case taken(ps.byID[p.ID]):
		return refusal.InvalidParameter("another project has this ID")
	}
	if err := commit(); err != nil {
		return err
	}
	ps.forget(old)
	ps.know(p)
	ps.ordered[at] = p
	p.Seat, p.configured = old.Seat, old.configured
	p.Seat.project.Store(p)
	return nil
}

// know makes a project found by its keys and its ID.
func (ps *Projects) know(p *Project) {
	ps.callers[sha256.Sum256([]byte(p.SecretKey))] = Caller{p, true}
	ps.callers[sha256.Sum256([]byte(p.PublishableKey))] = Caller{p, false}
	ps.byID[p.ID] = p
}

// forget is the opposite of know.
func (ps *Projects) forget(p *Project) {
	delete(ps.callers, sha256.Sum256([]byte(p.SecretKey)))
	delete(ps.callers, sha256.Sum256([]byte(p.PublishableKey)))
	delete(ps.byID, p.ID)
}
