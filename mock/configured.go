package mock

import (
	"github.com/seed-a13ee279/picket/mock/internal/api"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
)

// configured is what a configuration sets up, before it is that of the server.
type configured struct {
	server  *Server
	tenants *tenant.Projects
	wallets []api.TestWallet
	states  map[string][]byte // the scenarios, by name
}

// configure sets up projects as the settings say, and returns what else they set up.
func (s *Server) configure(tenants *tenant.Projects, set *serverSettings) (*configured, error) {
	into := &configured{server: s, tenants: tenants, states: map[string][]byte{}}
	for _, setUp := range set.setUp {
		if err := setUp(into); err != nil {
			return nil, err
		}
	}
	return into, nil
}
