// Package tenant has the projects of a server, their API keys, and who is calling: by API key, by access token, or as an OAuth
// client. It says whose request it is; what the request may do is decided above.
package tenant

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/seed-a13ee279/picket/mock/internal/clock"
	"github.com/seed-a13ee279/picket/mock/internal/drift"
	"github.com/seed-a13ee279/picket/mock/internal/faults"
	"github.com/seed-a13ee279/picket/mock/internal/journal"
	"github.com/seed-a13ee279/picket/mock/internal/limits"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/stubs"
)

// Project is one project: its keys, and everything that happens in it. It is safe for concurrent use.
type Project struct {
	ID             string // a UUID
	SecretKey      string
	PublishableKey string
	Settings       Settings // do not change

	Clock   *clock.Clock
	State   *state.State
	Faults  *faults.Faults
	Stubs   *stubs.Stubs
	Journal *journal.Journal
	Seat    *Seat       // do not change
	Turns   drift.Turns // of what takes turns in its answers

	account *limits.Account

	configured bool // of the Projects' mu
}

func (ps *Projects) newProject(settings Settings) *Project {
	id := settings.ID
	if id == "" {
		id = uuid.NewString()
	}
	account := ps.shared.Limits.Account()
	p := &Project{
		ID:             id,
		SecretKey:      settings.SecretKey,
		PublishableKey: settings.PublishableKey,
		Settings:       settings,
		Clock:          clock.New(ps.shared.Clock),
		Faults:         faults.New(account, func(operation string) bool { return ps.shared.Contract.Operation(operation) != nil }),
		Stubs:          stubs.New(account, ps.shared.Contract),
		Journal:        ps.journals.New(),
		account:        account,
	}
	p.State = state.New(p.Clock, account, ps.shared.Limits, settings.RedirectURIs, settings.AllowedDomains)
	p.Seat = newSeat(p)
	return p
}

// Part is a part of a project that can be reset by itself.
type Part string

// The parts of a project: what was seeded and what happened, what was done to the clock, the faults, the stubs, and the journal.
const (
	PartState   Part = "state"
	PartClock   Part = "clock"
	PartFaults  Part = "faults"
	PartStubs   Part = "stubs"
	PartJournal Part = "journal"
)

// Reset resets the given parts, or all when none is given. Keys, redirect URIs, allowed domains and settings stay.
func (p *Project) Reset(parts ...Part) error {
	resets := map[Part]func(){
		PartState:   func() { p.State.Reset(); p.Turns.Reset() },
		PartClock:   p.Clock.Reset,
		PartFaults:  p.Faults.Clear,
		PartStubs:   p.Stubs.Clear,
		PartJournal: p.Journal.Clear,
	}
	for _, part := range parts {
		if resets[part] == nil {
			return fmt.Errorf(`a project has no part "%s"`, names.Shown(string(part)))
		}
	}
	for part, reset := range resets {
		if len(parts) == 0 || slices.Contains(parts, part) {
			reset()
		}
	}
	return nil
}

// close gives back everything that the project keeps. Requests that are under way in it keep nothing more.
func (p *Project) close() {
	p.State.Close()
	p.Journal.Close()
	p.account.Close()
}
