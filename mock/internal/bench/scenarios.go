package main

import (
	"context"

	"github.com/seed-a13ee279/picket/mock/internal/wallets"
)

// A scenario is a call that the mock and package bare both answer, with the same status and after the same work, except that the mock
// also checks requests and answers against the contract and keeps a journal.
type scenario struct {
	what string
	goal float64 // how many times the yardstick's processor time the mock's may be; 0 for none

	// prepare brings a server that has just started where it has to be, and returns the call.
	prepare func(*connection) (call, error)
}

func scenarios() []scenario {
	always := func(r request) func(*connection) (call, error) {
		return func(*connection) (call, error) { return repeat(r), nil }
	}
	return []scenario{
		{"a nonce", 1.6, func(*connection) (call, error) { return nonces(base + "/auth/nonce"), nil }},
		{"a login: nonce, auth and validate", 1.7, prepareLogin},
		{"PUT /_mock/balances", 0, always(setBalance(numbered(0), tokenContract, "12.5"))},
		{"POST /_mock/clock/advance", 0, always(requestOf("POST", "/_mock/clock/advance", "200", `{"seconds":0.001}`))},
		{"GET /_mock/journal/count", 0, always(requestOf("GET", "/_mock/journal/count", "200", nil))},
		{"refused: a wrong signature", 0, prepareWrongSignature},
		{"refused: a closed gate", 0, prepareClosedGate},
		{"refused: an expired token", 0, prepareExpiredToken},
		{"refused: a body that breaks the contract", 0, always(requestOf("POST", base+"/auth/nonce", "400", `{"walletAddress":5}`))},
	}
}

// prepareLogin has each connection log in with a wallet of its own. The client signs, which costs the server nothing.
func prepareLogin(*connection) (call, error) {
	return func(c *connection, _ int) (err error) {
		if c.wallet.Address == "" {
			if c.wallet, err = wallets.NewEthereum(); err != nil {
				return err
			}
		}
		token, err := login(c, c.wallet)
		if err != nil {
			return err
		}
		_, err = c.ask(validate(token, "200"))
		return err
	}, nil
}

// prepareWrongSignature signs as another wallet than the one that wants to log in, so the server recovers the signer in vain.
func prepareWrongSignature(c *connection) (call, error) {
	wallet, err := wallets.NewEthereum()
	if err != nil {
		return nil, err
	}
	other, err := wallets.NewEthereum()
	if err != nil {
		return nil, err
	}
	other.Address = wallet.Address
	signed, err := signIn(c, other)
	if err != nil {
		return nil, err
	}
	return repeat(requestOf("POST", base+"/auth", "400", signed).saying("not by this wallet")), nil
}

// prepareClosedGate logs in a wallet that has less than a gate asks for.
func prepareClosedGate(c *connection) (call, error) {
	token, wallet, err := newcomer(c)
	if err != nil {
		return nil, err
	}
	_, err = c.ask(setBalance(wallet, tokenContract, "2.5"))
	return repeat(gate(token, "403", map[string]string{"contractAddress": tokenContract, "minTokenBalance": "3"})), err
}

// prepareExpiredToken logs in a wallet and advances the clock.
func prepareExpiredToken(c *connection) (call, error) {
	token, _, err := newcomer(c)
	if err != nil {
		return nil, err
	}
	_, err = c.ask(requestOf("POST", "/_mock/clock/advance", "200", `{"seconds":50000}`))
	return repeat(validate(token, "400").saying("expired")), err
}

// newcomer logs in a new wallet.
func newcomer(c *connection) (token, address string, err error) {
	wallet, err := wallets.NewEthereum()
	if err != nil {
		return "", "", err
	}
	token, err = login(c, wallet)
	return token, wallet.Address, err
}

// scenarioRows compares the processor time that the mock takes for a call with what package bare takes.
func scenarioRows(ctx context.Context, p plan, dir string) ([]row, error) {
	p.line.Show("building picket-mock", 0, 0)
	mock, err := buildMock(ctx, dir)
	if err != nil {
		return nil, err
	}
	bare, err := buildBare(ctx, dir)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, s := range scenarios() {
		ours, yardstick := &contender{program: mock}, &contender{program: bare}
		if err := s.measure(ctx, p, ours, yardstick); err != nil {
			return nil, err
		}
		relation := atMost
		if s.goal == 0 {
			relation = none
		}
		rows = append(rows, besideWithRates(comparison{s.what, microseconds, relation, s.goal}, ours, yardstick))
	}
	return rows, nil
}

// measure has the contenders take turns.
func (s scenario) measure(ctx context.Context, p plan, contenders ...*contender) error {
	for _, c := range contenders {
		defer c.end()
		if err := c.begin(ctx); err != nil {
			return err
		}
		if err := c.prepare(s.prepare); err != nil {
			return err
		}
	}
	return takeTurns(ctx, p, s.what, contenders...)
}
