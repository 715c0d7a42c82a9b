package tenant

import (
	"crypto/sha256"

	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// Settle makes the projects that there are those of the configuration, which Adopt replaces. Others come from clients.
func (ps *Projects) Settle() {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	for _, p := range ps.ordered {
		p.configured = true
	}
}

// Fresh returns projects that are not those of the server yet, and share its limits: the default project, as it is set. Adopt makes
// them those of the server, and Discard forgets them.
func (ps *Projects) Fresh(settings Settings) (*Projects, error) {
	return newProjects(ps.shared, ps.journals, settings)
}

// Discard forgets all projects.
func (ps *Projects) Discard() {
	for _, p := range ps.All() {
		p.close()
	}
}

// Adopt replaces the projects of the configuration by fresh ones, which nobody else uses, and keeps the others. If it fails, nothing
// has changed.
func (ps *Projects) Adopt(fresh *Projects) error {
	fresh.Settle()
	replaced, err := ps.adopt(fresh)
	for _, p := range replaced {
		p.close()
	}
	return err
}

func (ps *Projects) adopt(fresh *Projects) (replaced []*Project, err error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ordered := fresh.ordered
	for _, p := range ps.ordered {
		if p.configured {
			replaced = append(replaced, p)
			continue
		}
		secret, publishable := sha256.Sum256([]byte(p.SecretKey)), sha256.Sum256([]byte(p.PublishableKey))
		if fresh.byID[p.ID] != nil || fresh.callers[secret].Project != nil || fresh.callers[publishable].Project != nil {
			return nil, refusal.InvalidParameter("a project that was added later has a key or the ID of one that is configured; remove it first")
		}
		ordered = append(ordered, p)
		fresh.byID[p.ID] = p
		fresh.callers[secret], fresh.callers[publishable] = Caller{p, true}, Caller{p, false}
	}
	if len(ordered) > ps.shared.Max {
		return nil, tooMany(ps.shared.Max)
	}
	ps.callers, ps.byID, ps.ordered, ps.settings = fresh.callers, fresh.byID, ordered, fresh.settings
	return replaced, nil
}
