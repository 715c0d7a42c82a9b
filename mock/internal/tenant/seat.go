package tenant

import (
	"sync"
	"sync/atomic"
)

// Seat is the place of a project on a server. An import puts another project into it.
type Seat struct {
	project atomic.Pointer[Project]

	once   sync.Once
	handle any
}

func newSeat(p *Project) *Seat {
	s := &Seat{}
	s.project.Store(p)
	return s
}

// Project returns the project that has the seat now.
func (s *Seat) Project() *Project { return s.project.Load() }

// Handle returns what users have in their hands for the project. It is made once, and lives as long as the seat.
func (s *Seat) Handle(make func() any) any {
	s.once.Do(func() { s.handle = make() })
	return s.handle
}
