package api

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/gating"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/tenant"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// walletChoice is a test wallet on the page that asks for a login.
type walletChoice struct {
	Address string
	Name    string    // empty when it has none
	Held    []holding // of the tokens that the gate names
	Refusal string    // why the gate stays closed; empty when it opens
}

type holding struct {
	gating.Token

	Balance picket.Decimal
}

// loginPage lets a person log in with one of the test wallets. It shows what decides whether the gate opens.
func (o Operations) loginPage(client authorizationClient, chain picket.ChainInfo, parameters url.Values, gate picket.Requirements) (browserAnswer, error) {
	offered, err := o.wallets.On(chain)
	if err != nil {
		return nil, err
	}
	var choices []walletChoice
	for _, w := range offered {
		choice, err := newChoice(client.project, w, chain, gate)
		if err != nil {
			return nil, err
		}
		choices = append(choices, choice)
	}
	return page{
		status:   http.StatusOK,
		name:     "login",
		referrer: "same-origin", // without a referrer, a form has no origin (Fetch standard, section 3.2), and is refused
		data: map[string]any{
			"Client":    client.redirectURI,
			"Statement": client.project.Settings.Statement(parameters.Get("locale")),
			"Chain":     chain.ChainName,
			"Gate":      gate,
			"Tokens":    gating.TokensOf(gate),
			"Wallets":   choices,
			// Relative to the page, which a proxy may have put below another path.
			"Action": strings.Repeat("../", strings.Count(authorizePath, "/")-1) + strings.TrimPrefix(DecisionPath, "/") + "?" + parameters.Encode(),
		},
	}.write, nil
}

// newChoice fails for a gate that makes no sense.
func newChoice(project *tenant.Project, offered TestWallet, chain picket.ChainInfo, gate picket.Requirements) (walletChoice, error) {
	w, err := wallets.Find(chain.ChainSlug, offered.Address)
	if err != nil {
		return walletChoice{}, err
	}
	choice := walletChoice{Address: offered.Address}
	if name := project.State.DisplayName(w.ID()); name != w.Address {
		choice.Name = name
	}
	var refused *refusal.Error
	switch _, err := gating.Authorize(project.State, w, gate, picket.TokenBalances{}); {
	case errors.As(err, &refused) && refused.Status == http.StatusForbidden:
		choice.Refusal = refused.Message
	case err != nil:
		return walletChoice{}, err
	}
	for _, token := range gating.TokensOf(gate) {
		canonical, _ := token.Canonical(chain.ChainType) // it has one, or the gate would make no sense
		choice.Held = append(choice.Held, holding{token, project.State.Balance(w.ID(), canonical)})
	}
	return choice, nil
}
