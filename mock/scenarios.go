package mock

import (
	"context"
	"encoding/json"

	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
)

// SaveScenario saves what Export has, except the ID and the keys, under a name of letters, digits, dashes, underscores and points. It
// takes the place of what was saved under the name before. The scenarios are those of the server, so every project can load them.
func (p *Project) SaveScenario(name string) { p.must("SaveScenario", p.saveScenario(name)) }

func (p *Project) saveScenario(name string) error {
	doc, err := p.unload()
	if err != nil {
		return err
	}
	return p.server.keepScenario(name, doc)
}

// keepScenario saves a document, without what would make another project of the one that loads it.
func (s *Server) keepScenario(name string, doc controls.State) error {
	text, err := s.writeState(withoutIdentity(doc))
	if err != nil {
		return err
	}
	return s.scenarios.Save(name, text)
}

// LoadScenario puts what was saved under a name in the place of what the project consists of, as Import does. The project keeps its ID
// and its keys.
func (p *Project) LoadScenario(name string) { p.must("LoadScenario", p.loadScenario(name)) }

func (p *Project) loadScenario(name string) error {
	text, err := p.server.scenarios.Text(name)
	if err != nil {
		return err
	}
	var doc controls.State
	if err := json.Unmarshal(text, &doc); err != nil { // it was checked when it was saved
		return err
	}
	return p.load(doc)
}

// Scenarios returns the names of the scenarios, in order.
func (s *Server) Scenarios() []string { return s.scenarios.Names() }

// DeleteScenario deletes a scenario. Projects that loaded it stay as they are.
func (s *Server) DeleteScenario(name string) { s.must("DeleteScenario", s.scenarios.Remove(name)) }

func (c control) ListScenarios(context.Context, controls.ListScenariosRequestObject) (controls.ListScenariosResponseObject, error) {
	list := controls.ListScenarios200JSONResponse{}
	for _, name := range c.server.scenarios.Names() {
		list = append(list, controls.Scenario{Name: name})
	}
	return list, nil
}

func (c control) SaveScenario(ctx context.Context, request controls.SaveScenarioRequestObject) (controls.SaveScenarioResponseObject, error) {
	return controls.SaveScenario204Response{}, c.of(ctx).saveScenario(request.Name)
}

func (c control) LoadScenario(ctx context.Context, request controls.LoadScenarioRequestObject) (controls.LoadScenarioResponseObject, error) {
	return controls.LoadScenario204Response{}, refusal.Invalid(c.of(ctx).loadScenario(request.Name))
}

func (c control) DeleteScenario(_ context.Context, request controls.DeleteScenarioRequestObject) (controls.DeleteScenarioResponseObject, error) {
	return controls.DeleteScenario204Response{}, c.server.scenarios.Remove(request.Name)
}
