package mock

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/seed-a13ee279/picket/mock/internal/api"
	"github.com/seed-a13ee279/picket/mock/internal/clock"
	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// stateVersion is the version of the form that documents have.
const stateVersion = 1

// Export returns everything that the project consists of, except its journal, as one JSON document: its ID, keys and settings, what was
// seeded, nonces, authorization codes, sessions of browsers, the clock, faults and stubs, and the server's test wallets. The same state is
// the same text. It is for Import, WithConfig and PUT /_mock/state, here or in another mock; control.yaml describes it, as the schema State.
//
// The document has the keys of the project, and the private keys of test wallets. They are made up, unless the test gave others: then
// the document is as secret as those. It has codes and sessions only as hashes, and no access tokens, because the mock keeps none; they stay valid
// wherever the server signs with the same key, see WithSigningKey.
//
// A clock that runs goes on running, so that what is alive in a document dies as time passes. To keep a moment, stop the clock first:
// p.SetTime(p.Now()). The document can be as large as the body of a request, see WithMaxBodyBytes.
func (p *Project) Export() []byte {
	text, err := p.export()
	p.must("Export", err)
	return text
}

// Import puts what a document of Export has in the place of what the project consists of. Requests see either the one or the other. What
// the document leaves out of the ID, the keys, the redirect URIs, the allowed domains and the settings stays as it is; everything else
// that it leaves out is as after a Reset. The journal is empty then. Test wallets that the server lacks are added.
//
// Import sets the fields of p, and must not be called while others read them. An import over HTTP leaves them as they were.
func (p *Project) Import(document []byte) {
	p.must("Import", p.importText(document))
	inside := p.inside()
	p.ID, p.SecretKey, p.PublishableKey = inside.ID, inside.SecretKey, inside.PublishableKey
}

func (p *Project) importText(document []byte) error {
	if refused := p.server.house.CheckSize("the document", document); refused != nil {
		return refused
	}
	doc, err := readState(document)
	if err != nil {
		return err
	}
	return p.load(doc)
}

func (c control) ExportState(ctx context.Context, _ controls.ExportStateRequestObject) (controls.ExportStateResponseObject, error) {
	text, err := c.of(ctx).export()
	return exported(text), err
}

// exported is a document as an answer. The generated answer would redact the keys of wallets.
type exported []byte

func (e exported) VisitExportStateResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/json")
	_, err := w.Write(e)
	return err
}

func (c control) ImportState(ctx context.Context, request controls.ImportStateRequestObject) (controls.ImportStateResponseObject, error) {
	return controls.ImportState204Response{}, refusal.Invalid(c.of(ctx).load(*request.Body))
}

// export returns the document of the project.
func (p *Project) export() ([]byte, error) {
	doc, err := p.unload()
	if err != nil {
		return nil, err
	}
	return p.server.writeState(doc)
}

// writeState returns the text of a document, which readState can read again.
func (s *Server) writeState(doc controls.State) ([]byte, error) {
	plain, err := wire.Marshal(doc)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := json.Indent(&text, plain, "", "  "); err != nil {
		return nil, err
	}
	text.WriteByte('\n')
	if refused := s.house.CheckSize("the document of the state", text.Bytes()); refused != nil {
		return nil, refused
	}
	return text.Bytes(), nil
}

// readState reads a document. It refuses what the control API refuses.
func readState(text []byte) (doc controls.State, err error) {
	contract, err := controls.ReadContract()
	if err != nil {
		return doc, err
	}
	op := contract.Operation("importState")
	header := http.Header{"Content-Type": {"application/json"}}
	if violations := op.CheckRequest(&http.Request{Method: op.Method, URL: &url.URL{Path: op.Path}, Header: header}, text); len(violations) > 0 {
		return doc, errors.New(violations[0].Message)
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return doc, errors.New("the document has a number that is too large to be read")
	}
	return doc, nil
}

// unload returns what the project consists of.
func (p *Project) unload() (controls.State, error) {
	inside := p.inside()
	uris, domains := append([]string{}, inside.State.RedirectURIs.All()...), append([]string{}, inside.State.Domains.All()...)
	set := inside.Clock.Setting()
	doc := controls.State{
		StateVersion:      stateVersion,
		ID:                inside.ID,
		SecretKey:         inside.SecretKey,
		PublishableKey:    inside.PublishableKey,
		RedirectURIs:      &uris,
		AllowedDomains:    &domains,
		Format:            string(inside.Settings.Format),
		Statements:        inside.Settings.Statements,
		ReusableNonces:    &inside.Settings.ReusableNonces,
		UnknownProperties: &inside.Settings.AllowUnknown,
		IDTokenClaims:     json.RawMessage("{}"),
		Clock:             controls.ClockSetting{StoppedAt: set.StoppedAt, MovedAt: set.MovedAt, MovedTo: set.MovedTo},
		Balances:          p.exportBalances(),
		DisplayNames:      p.exportDisplayNames(),
		NotTokens:         p.exportNotTokens(),
		FlowKeys:          p.exportFlowKeys(),
		ContractWallets:   p.exportContractWallets(),
		Nonces:            p.exportNonces(),
		Codes:             p.exportCodes(),
		Sessions:          p.exportSessions(),
		Turns:             inside.Turns.Made(),
		Stubs:             p.exportStubs(),
	}
	if claims := inside.Settings.IDTokenClaims; claims != "" {
		doc.IDTokenClaims = json.RawMessage(claims)
	}
	for _, f := range inside.Faults.All() {
		doc.Faults = append(doc.Faults, controls.FaultOnTheWire(f))
	}
	var err error
	if doc.FaultChance, err = inside.Faults.Chance(); err != nil {
		return doc, err
	}
	doc.Wallets, err = p.server.exportWallets()
	return doc, err
}

// load puts what a document has in the place of what the project consists of.
func (p *Project) load(doc controls.State) error {
	return p.server.load(p.server.tenants, p.inside(), doc, p.server.wallets.AddMissing)
}

// load puts what a document has in the place of a project, which is one of tenants. At last it adds the test wallets, which may fail.
func (s *Server) load(tenants *tenant.Projects, into *tenant.Project, doc controls.State, add func([]api.TestWallet) error) error {
	kept, err := importWallets(doc.Wallets)
	if err != nil {
		return err
	}
	_, err = tenants.Replace(into, tenant.Replacement{
		Set:    func(settings *tenant.Settings) error { return setAsIn(doc, settings) },
		Fill:   func(inside *tenant.Project) error { return (&Project{seat: inside.Seat, server: s}).fill(doc) },
		Commit: func() error { return add(kept) },
	})
	return err
}

// withoutIdentity returns a document that leaves the ID and the keys of a project as they are.
func withoutIdentity(doc controls.State) controls.State {
	doc.ID, doc.SecretKey, doc.PublishableKey = "", "", ""
	return doc
}

// setAsIn changes settings as a document says.
func setAsIn(doc controls.State, s *tenant.Settings) error {
	given := tenant.Given{
		ID: doc.ID, SecretKey: doc.SecretKey, PublishableKey: doc.PublishableKey, Format: doc.Format, Statements: doc.Statements,
		ReusableNonces: doc.ReusableNonces, UnknownProperties: doc.UnknownProperties,
	}
	if doc.RedirectURIs != nil {
		s.RedirectURIs, given.RedirectURIs = nil, *doc.RedirectURIs
	}
	if doc.AllowedDomains != nil {
		s.AllowedDomains, given.AllowedDomains = nil, *doc.AllowedDomains
	}
	if len(doc.IDTokenClaims) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(doc.IDTokenClaims))
		decoder.UseNumber()
		if err := decoder.Decode(&given.IDTokenClaims); err != nil {
			return fmt.Errorf("idTokenClaims: %w", err)
		}
	}
	err := given.Set(s)
	var wrong *tenant.FieldError
	if errors.As(err, &wrong) {
		return wrong.Named()
	}
	return err
}

// fill puts into an empty project what a document has, except settings.
func (p *Project) fill(doc controls.State) error {
	inside := p.inside()
	addFault := func(f controls.Fault) error { return inside.Faults.Add(f.OffTheWire()) }
	set := clock.Setting{StoppedAt: doc.Clock.StoppedAt, MovedAt: doc.Clock.MovedAt, MovedTo: doc.Clock.MovedTo}
	return cmp.Or(
		within("clock", inside.Clock.Use(set)),
		each("balances", doc.Balances, p.importBalance),
		each("displayNames", doc.DisplayNames, p.importDisplayName),
		each("notTokens", doc.NotTokens, p.importNotToken),
		each("flowKeys", doc.FlowKeys, p.importFlowKey),
		each("contractWallets", doc.ContractWallets, p.importContractWallet),
		each("nonces", doc.Nonces, p.importNonce),
		each("codes", doc.Codes, p.importCode),
		each("sessions", doc.Sessions, p.importSession),
		each("faults", doc.Faults, addFault),
		within("faultChance", inside.Faults.SetChance(doc.FaultChance)),
		within("turns", inside.Turns.GoOn(doc.Turns)),
		each("stubs", doc.Stubs, p.importStub),
	)
}

// each puts in the elements of a list of a document.
func each[T any](list string, elements []T, put func(T) error) error {
	for i, element := range elements {
		if err := put(element); err != nil {
			return within(fmt.Sprintf("%s.%d", list, i), err)
		}
	}
	return nil
}

// within says where in a document a mistake is. That there is no room is no mistake.
func within(place string, err error) error {
	var refused *refusal.Error
	if err == nil || errors.As(err, &refused) && refused.Status == http.StatusTooManyRequests {
		return err
	}
	return refusal.InvalidParameter("%s: %v", place, err)
}

func (s *Server) exportWallets() ([]controls.KeptWallet, error) {
	offered, err := s.wallets.All()
	if err != nil {
		return nil, err
	}
	var list []controls.KeptWallet
	for _, w := range offered {
		private, curve := w.Private()
		list = append(list, controls.KeptWallet{Chain: w.Chain, Address: w.Address, PrivateKey: private, Curve: curve, Domain: w.Domain})
	}
	return list, nil
}

func importWallets(list []controls.KeptWallet) ([]api.TestWallet, error) {
	var kept []api.TestWallet
	err := each("wallets", list, func(w controls.KeptWallet) error {
		key, err := wallets.Restore(w.Chain, w.Address, w.Curve, w.PrivateKey)
		kept = append(kept, api.TestWallet{Key: key, Domain: w.Domain})
		return err
	})
	return kept, err
}
