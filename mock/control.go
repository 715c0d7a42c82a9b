package mock

import (
	"context"
	_ "embed"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock/internal/control"
	"github.com/seed-a13ee279/picket/mock/internal/guard"
	"github.com/seed-a13ee279/picket/mock/internal/spec"
	"github.com/seed-a13ee279/picket/picket"
)

// controlPath is where the mock is controlled over HTTP.
const controlPath = "/_mock"

//go:embed control.yaml
var controlContract []byte

// theControlContract reads control.yaml once in a program.
var theControlContract = sync.OnceValues(func() (*spec.Contract, error) { return spec.Read(controlContract, controlPath) })

// controlHandler answers the requests that control the mock. They are checked like those to the API, and leave no trace in
// the journal.
type controlHandler struct{ *handler }

func newControlHandler(s *Server) http.Handler {
	c, err := theControlContract()
	if err != nil {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { refusal(err).write(w) })
	}
	h := &handler{server: s, contract: c, mux: http.NewServeMux()}
	strict := control.NewStrictHandlerWithOptions(controls{s}, nil, control.StrictHTTPServerOptions{
		RequestErrorHandlerFunc:  h.refuseUnreadable,
		ResponseErrorHandlerFunc: h.refuse,
	})
	control.HandlerWithOptions(strict, control.StdHTTPServerOptions{
		BaseURL:          controlPath,
		BaseRouter:       h.mux,
		ErrorHandlerFunc: h.refuseUnreadable,
	})
	return &controlHandler{h}
}

func (h *controlHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := &recorder{header: http.Header{}, status: http.StatusOK}
	body, tooLarge, done := h.server.readBody(r)
	defer done()
	op, refused := h.route(answer, r)
	switch {
	case refused != nil:
		refused.write(answer)
	case tooLarge != nil:
		tooLarge.write(answer)
	default:
		limits := h.server.settings.limits
		list := r.Method == http.MethodGet && len(body) <= smallBody // a list may be long; with a large body it is counted already
		if list && limits.heavy.Acquire(r.Context(), 1) != nil {
			return // the client gave up
		}
		project, caller, keyError := h.server.keys.tenant(r, h.server.Project)
		h.serve(answer, &incoming{op: op, request: r, project: project, caller: caller, keyError: keyError, body: body})
		if list {
			limits.heavy.Release(1)
		}
	}
	h.server.send(w, answer)
}

// controls implements what control.yaml describes, by the methods of Project and Server.
type controls struct{ server *Server }

var _ control.StrictServerInterface = controls{}

// project returns the project of the request's key, or the default one.
func (c controls) project(ctx context.Context) *Project {
	if project := projectOf(ctx); project != nil {
		return project
	}
	return c.server.Project
}

func (controls) GetHealth(context.Context, control.GetHealthRequestObject) (control.GetHealthResponseObject, error) {
	return control.GetHealth200JSONResponse{Status: control.HealthStatusOk}, nil
}

func (c controls) Reset(ctx context.Context, request control.ResetRequestObject) (control.ResetResponseObject, error) {
	var parts []Part
	if request.Body != nil {
		for _, part := range request.Body.Parts {
			parts = append(parts, Part(part))
		}
	}
	c.project(ctx).Reset(parts...)
	return control.Reset204Response{}, nil
}

func (c controls) ListProjects(context.Context, control.ListProjectsRequestObject) (control.ListProjectsResponseObject, error) {
	list := control.ListProjects200JSONResponse{}
	for _, p := range c.server.Projects() {
		list = append(list, projectOnTheWire(p))
	}
	return list, nil
}

func (c controls) AddProject(_ context.Context, request control.AddProjectRequestObject) (control.AddProjectResponseObject, error) {
	var project projectConfig
	if body := request.Body; body != nil {
		project = projectConfig{
			SecretKey:         body.SecretKey,
			PublishableKey:    body.PublishableKey,
			RedirectURIs:      body.RedirectURIs,
			AllowedDomains:    body.AllowedDomains,
			Format:            body.Format,
			Statements:        body.Statements,
			ReusableNonces:    body.ReusableNonces,
			UnknownProperties: body.UnknownProperties,
		}
	}
	p, err := c.server.addProject(project.options())
	if refused := (*apiError)(nil); err != nil && !errors.As(err, &refused) {
		err = invalidParameter("%v", err)
	}
	if err != nil {
		return nil, err
	}
	return control.AddProject201JSONResponse(projectOnTheWire(p)), nil
}

func projectOnTheWire(p *Project) control.Project {
	return control.Project{
		ID: p.ID, SecretKey: p.SecretKey, PublishableKey: p.PublishableKey,
		RedirectURIs: append([]string{}, p.RedirectURIs()...), AllowedDomains: append([]string{}, p.AllowedDomains()...),
	}
}

func (c controls) AllowRedirectURI(ctx context.Context, request control.AllowRedirectURIRequestObject) (control.AllowRedirectURIResponseObject, error) {
	return control.AllowRedirectURI204Response{}, c.project(ctx).allowRedirectURI(request.Body.RedirectURI)
}

func (c controls) AllowDomain(ctx context.Context, request control.AllowDomainRequestObject) (control.AllowDomainResponseObject, error) {
	return control.AllowDomain204Response{}, c.project(ctx).allowDomain(request.Body.Domain)
}

func (c controls) ListBalances(ctx context.Context, _ control.ListBalancesRequestObject) (control.ListBalancesResponseObject, error) {
	list := control.ListBalances200JSONResponse{}
	for _, b := range c.project(ctx).Balances() {
		balance := control.Balance{Chain: b.Chain, WalletAddress: b.WalletAddress, Balance: b.Balance}
		switch b.Token.kind {
		case byContract:
			balance.ContractAddress = b.Token.id
		case byCollection:
			balance.Collection = b.Token.id
		case byMint:
			balance.TokenID = b.Token.id
		case byCreator:
			balance.CreatorAddress = b.Token.id
		}
		list = append(list, balance)
	}
	return list, nil
}

func (c controls) SetBalance(ctx context.Context, request control.SetBalanceRequestObject) (control.SetBalanceResponseObject, error) {
	body := request.Body
	token, err := oneToken(body.ContractAddress, body.Collection, body.TokenID, body.CreatorAddress)
	if err != nil {
		return nil, err
	}
	err = c.project(ctx).setBalance(Balance{body.Chain, body.WalletAddress, token, body.Balance})
	return control.SetBalance204Response{}, err
}

// oneToken returns the token that is named, of which there must be one.
func oneToken(contract, collection, mint, creator string) (Token, error) {
	var named []Token
	for _, token := range []Token{Contract(contract), Collection(collection), Mint(mint), Creator(creator)} {
		if token.id != "" {
			named = append(named, token)
		}
	}
	if len(named) != 1 {
		return Token{}, invalidParameter("exactly one of contractAddress, collection, tokenId and creatorAddress must be given")
	}
	return named[0], nil
}

func (c controls) ListDisplayNames(ctx context.Context, _ control.ListDisplayNamesRequestObject) (control.ListDisplayNamesResponseObject, error) {
	list := control.ListDisplayNames200JSONResponse{}
	for _, n := range c.project(ctx).DisplayNames() {
		list = append(list, control.DisplayName{Chain: n.Chain, WalletAddress: n.WalletAddress, Name: n.Name})
	}
	return list, nil
}

func (c controls) SetDisplayName(ctx context.Context, request control.SetDisplayNameRequestObject) (control.SetDisplayNameResponseObject, error) {
	body := request.Body
	return control.SetDisplayName204Response{}, c.project(ctx).setDisplayName(DisplayName{body.Chain, body.WalletAddress, body.Name})
}

func (c controls) ListFlowKeys(ctx context.Context, _ control.ListFlowKeysRequestObject) (control.ListFlowKeysResponseObject, error) {
	list := control.ListFlowKeys200JSONResponse{}
	for _, k := range c.project(ctx).FlowKeys() {
		list = append(list, control.FlowKey{
			Address: k.Address, PublicKey: k.PublicKey, Curve: control.FlowKeyCurve(k.Curve), Hash: control.FlowKeyHash(k.Hash),
		})
	}
	return list, nil
}

func (c controls) AddFlowKey(ctx context.Context, request control.AddFlowKeyRequestObject) (control.AddFlowKeyResponseObject, error) {
	body := request.Body
	return control.AddFlowKey204Response{}, c.project(ctx).addFlowKey(FlowKey{
		Address: body.Address, PublicKey: body.PublicKey, Curve: string(body.Curve), Hash: string(body.Hash),
	})
}

func (c controls) ListWallets(context.Context, control.ListWalletsRequestObject) (control.ListWalletsResponseObject, error) {
	list := control.ListWallets200JSONResponse{}
	for _, w := range c.server.TestWallets() {
		list = append(list, control.Wallet{Chain: w.Chain, Address: w.Address})
	}
	return list, nil
}

func (c controls) AddWallet(_ context.Context, request control.AddWalletRequestObject) (control.AddWalletResponseObject, error) {
	w, err := ParseWallet(request.Body.Chain, request.Body.PrivateKey)
	if err != nil {
		return nil, err
	}
	if err := c.server.addTestWallet(w); err != nil {
		return nil, err
	}
	return control.AddWallet201JSONResponse{Chain: w.Chain, Address: w.Address}, nil
}

func (c controls) SetNotToken(ctx context.Context, request control.SetNotTokenRequestObject) (control.SetNotTokenResponseObject, error) {
	return control.SetNotToken204Response{}, c.project(ctx).setNotToken(request.Body.Chain, request.Body.ContractAddress)
}

func (c controls) clock(ctx context.Context) control.ClockJSONResponse {
	p := c.project(ctx)
	return control.ClockJSONResponse{Now: p.Now().UTC(), Running: p.store.clock.runs()}
}

func (c controls) GetClock(ctx context.Context, _ control.GetClockRequestObject) (control.GetClockResponseObject, error) {
	return control.GetClock200JSONResponse{ClockJSONResponse: c.clock(ctx)}, nil
}

func (c controls) SetClock(ctx context.Context, request control.SetClockRequestObject) (control.SetClockResponseObject, error) {
	if err := c.project(ctx).setTime(request.Body.Now); err != nil {
		return nil, err
	}
	return control.SetClock200JSONResponse{ClockJSONResponse: c.clock(ctx)}, nil
}

func (c controls) AdvanceClock(ctx context.Context, request control.AdvanceClockRequestObject) (control.AdvanceClockResponseObject, error) {
	if err := c.project(ctx).advance(time.Duration(request.Body.Seconds * float64(time.Second))); err != nil {
		return nil, err
	}
	return control.AdvanceClock200JSONResponse{ClockJSONResponse: c.clock(ctx)}, nil
}

func (c controls) RunClock(ctx context.Context, _ control.RunClockRequestObject) (control.RunClockResponseObject, error) {
	c.project(ctx).RunClock()
	return control.RunClock200JSONResponse{ClockJSONResponse: c.clock(ctx)}, nil
}

func (c controls) ListFaults(ctx context.Context, _ control.ListFaultsRequestObject) (control.ListFaultsResponseObject, error) {
	list := control.ListFaults200JSONResponse{}
	for _, f := range c.project(ctx).Faults() {
		list = append(list, control.Fault{
			Operation: f.Operation, Count: f.Count, Probability: f.Probability, Kind: control.FaultKind(f.Kind), Performed: f.Performed,
			DelayMs: f.Delay.Milliseconds(), IntervalMs: f.Interval.Milliseconds(),
			Status: f.Status, Code: string(f.Code), RetryAfter: f.RetryAfter,
		})
	}
	return list, nil
}

func (c controls) InjectFault(ctx context.Context, request control.InjectFaultRequestObject) (control.InjectFaultResponseObject, error) {
	f := request.Body
	return control.InjectFault204Response{}, c.project(ctx).injectFault(Fault{
		Operation: f.Operation, Count: f.Count, Probability: f.Probability, Kind: FaultKind(f.Kind), Performed: f.Performed,
		Delay: time.Duration(f.DelayMs) * time.Millisecond, Interval: time.Duration(f.IntervalMs) * time.Millisecond,
		Status: f.Status, Code: picket.ErrorCode(f.Code), RetryAfter: f.RetryAfter,
	})
}

func (c controls) ClearFaults(ctx context.Context, _ control.ClearFaultsRequestObject) (control.ClearFaultsResponseObject, error) {
	c.project(ctx).ClearFaults()
	return control.ClearFaults204Response{}, nil
}

func (c controls) journal(ctx context.Context, operation *string) []Exchange {
	if operation == nil {
		return c.project(ctx).Journal()
	}
	return c.project(ctx).Journal(*operation)
}

func (c controls) GetJournal(ctx context.Context, request control.GetJournalRequestObject) (control.GetJournalResponseObject, error) {
	list := []control.Exchange{}
	for _, e := range c.journal(ctx, request.Params.Operation) {
		list = append(list, control.Exchange{
			Number: e.Number, Time: e.Time.UTC(), Operation: e.Operation, Method: e.Method, Path: e.Path, RequestBody: e.RequestBody,
			Status: e.Status, ResponseBody: e.ResponseBody, Fault: e.Fault, Violations: e.Violations,
		})
	}
	return control.GetJournal200JSONResponse{Exchanges: list}, nil
}

func (c controls) CountJournal(ctx context.Context, request control.CountJournalRequestObject) (control.CountJournalResponseObject, error) {
	return control.CountJournal200JSONResponse{Count: len(c.journal(ctx, request.Params.Operation))}, nil
}

// root sends requests to the API or to what controls it, to which it lets no web page but those of the mock.
type root struct {
	api          http.Handler
	control      func() http.Handler // made when it is first needed: to read its contract takes time
	controlHosts []string
}

func (h root) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != controlPath && !strings.HasPrefix(r.URL.Path, controlPath+"/") {
		h.api.ServeHTTP(w, r)
		return
	}
	if err := guard.Check(r, h.controlHosts); err != nil {
		permissionDenied("%s is not for web pages: %v", controlPath+"/", err).write(w)
		return
	}
	if r.URL.Path == decisionPath {
		h.api.ServeHTTP(w, r)
		return
	}
	h.control().ServeHTTP(w, r)
}
