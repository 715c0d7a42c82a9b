package mock

import (
	"context"
	"fmt"

	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/observe"
)

// WithDrift has the server answer as an API does that was observed to differ from the contract, so that an application is tested
// against it before the contract is changed. The text is that of a file of observations, as contract.NewObserver, "picket-mock proxy
// -observe" and "picket-mock verify -observe" write it; the file's name is for messages. The option may be repeated: several files are
// read as one. By default the server answers as openapi.yaml says, and it also does with a file in which nothing differs.
//
// Where several forms were seen, each has its share of the answers, in turn. The turns are the same in every run, and each project has
// its own; Project.Reset goes back to the first. Values are made up where none can be made of the real ones; WithSeed varies them, and
// the turns.
//
// Drift changes the form of answers and not what they decide. A request that is refused stays refused, a boolean that is made up is false,
// and an access token that is made up is not valid anywhere. So an application that reads a renamed property finds it, and does not get
// in by it. Requests are checked as without drift, because an API that takes a name that the contract does not have may well ignore it;
// WithUnknownProperties has such names ignored. A status of the 4xx takes the place of others only where the operation itself refuses
// (not of 401, 405, 406, 408, 413, 415, 429 and 431), and a new one of the 5xx or of those eight is only there for who asks for it
// with a Prefer header. Server.Drift lists what is different.
func WithDrift(file string, text []byte) Option {
	return ofServer("WithDrift", func(s *serverSettings) error {
		seen, err := observe.Read(text)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		all := observe.New()
		if s.observed != nil {
			all.Merge(s.observed)
		}
		all.Merge(seen)
		s.observed = all
		return nil
	})
}

// Difference is one way in which the answers of a server differ from the contract.
type Difference struct {
	Says   string // what it is, such as "ChainInfo.chainName: may be null"
	SeenIn string // how often it was seen, in the answers of which operations, and when
	Place  string // what it changes in openapi.yaml, as a JSON pointer
}

// Drift returns how the answers of the server differ from the contract, in the order of the contract. It is empty unless WithDrift was
// given a file in which something differs.
func (s *Server) Drift() []Difference {
	var all []Difference
	for _, d := range s.drifting.Differences() {
		all = append(all, Difference{Says: d.Says, SeenIn: d.Evidence.String(), Place: d.Place})
	}
	return all
}

func (c control) ListDrift(context.Context, controls.ListDriftRequestObject) (controls.ListDriftResponseObject, error) {
	list := controls.ListDrift200JSONResponse{}
	for _, d := range c.server.Drift() {
		list = append(list, controls.Difference{Says: d.Says, SeenIn: d.SeenIn, Place: d.Place})
	}
	return list, nil
}
