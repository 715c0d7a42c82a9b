package mock

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/api"
	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
)

// asState returns the document that a text is, if it is one.
func asState(text []byte) (doc map[string]any, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if !json.Valid(text) || decoder.Decode(&doc) != nil {
		return nil, false
	}
	_, ok = doc["stateVersion"]
	return doc, ok
}

// documentIn reads the document of a state that is in a configuration file.
func documentIn(doc map[string]any) (controls.State, error) {
	text, err := json.Marshal(doc)
	if err != nil {
		return controls.State{}, err
	}
	return readState(text)
}

// setState changes the settings of a project as its state says. They are set first, and what is in the project later, so that options
// that follow the configuration win over it.
func (p projectConfig) setState(s *tenant.Settings) error {
	if p.State == nil {
		return nil
	}
	doc, err := documentIn(p.State)
	if err == nil {
		err = setAsIn(doc, s)
	}
	if err != nil {
		return &tenant.FieldError{Field: "state", Err: err}
	}
	return nil
}

// loadState puts the document of a state, if there is one, in the place of a project.
func (c *configured) loadState(inside *tenant.Project, state map[string]any) error {
	if state == nil {
		return nil
	}
	doc, err := documentIn(state)
	if err != nil {
		return err
	}
	return c.server.load(c.tenants, inside, withoutSettings(doc), func(kept []api.TestWallet) error {
		own, err := c.server.wallets.Own()
		c.wallets = append(c.wallets, api.Missing(kept, slices.Concat(own, c.wallets))...)
		return err
	})
}

// withoutSettings returns a document that leaves the ID, the keys, the redirect URIs, the allowed domains and the settings as they are.
func withoutSettings(doc controls.State) controls.State {
	doc = withoutIdentity(doc)
	doc.RedirectURIs, doc.AllowedDomains, doc.Format, doc.Statements = nil, nil, "", nil
	doc.ReusableNonces, doc.UnknownProperties, doc.IDTokenClaims = nil, nil, nil
	return doc
}

// scenariosConfig is the scenarios in a configuration file, by name.
type scenariosConfig map[string]map[string]any

// keep adds the scenarios to what is configured, if every one of them can be loaded.
func (c scenariosConfig) keep(into *configured) error {
	for _, name := range slices.Sorted(maps.Keys(c)) {
		doc, err := documentIn(c[name])
		if err == nil {
			err = into.tryState(doc)
		}
		if err == nil {
			into.states[name], err = into.server.writeState(withoutIdentity(doc))
		}
		if err != nil {
			return fmt.Errorf("scenarios.%s: %w", name, err)
		}
	}
	return nil
}

// errTried ends an import that is only tried.
var errTried = errors.New("tried")

// tryState returns why a document could not be loaded, if it could not.
func (c *configured) tryState(doc controls.State) error {
	err := c.server.load(c.tenants, c.tenants.Default(), withoutIdentity(doc), func([]api.TestWallet) error { return errTried })
	if errors.Is(err, errTried) {
		return nil
	}
	return err
}
