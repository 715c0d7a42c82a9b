package main

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/journal"
)

// maxGrowth is how many times as much processor time a call may take where nothing has to grow: caches of the processor hold less of
// a larger state, and measures are noisy.
const maxGrowth = 1.25

// A growth is a call to the mock whose cost is measured while something grows.
type growth struct {
	what  string // what grows, and the call
	sizes []int
	// must is what makes the cost grow, for good reason. Empty where it must not.
	must string

	// prepare brings a mock that has just started to a size, and returns the call.
	prepare func(c *connection, size int) (call, error)
	// each is made before every few calls, if it is given: it keeps the size what it is.
	each func(size int) *request
	// connections tells how many there are, if not the usual number.
	connections func(size int) int
}

func growths() []growth {
	nonce := requestOf("POST", base+"/auth/nonce", "200", `{"walletAddress":"`+numbered(0)+`"}`)
	count := requestOf("GET", "/_mock/journal/count", "200", nil)
	emptied := func(size int) *request {
		if size > 0 {
			return nil
		}
		reset := requestOf("POST", "/_mock/reset", "204", nil)
		return &reset
	}
	return []growth{
		{what: "projects: a nonce, of each in turn", sizes: []int{1, 100, 10_000}, prepare: prepareProjects},
		{what: "balances: tokenOwnership", sizes: []int{10, 100_000}, prepare: prepareBalances(ownership)},
		{what: "balances: PUT /_mock/balances", sizes: []int{10, 100_000}, prepare: prepareBalances(func(wallet string) request { return setBalance(wallet, tokenContract, "7") })},
		{what: "exchanges in the journal: a nonce", sizes: []int{0, journal.Size}, prepare: prepareJournal(nonce), each: emptied},
		{what: "exchanges in the journal: GET /_mock/journal/count", sizes: []int{0, journal.Size}, prepare: prepareJournal(count), each: emptied},
		{what: "balances in a token: validate", sizes: []int{1, 300}, prepare: prepareToken, must: "the token, and the answer with its claims"},
		{what: "wallets of a gate: authz", sizes: []int{1, 10_000}, prepare: prepareWallets, must: "the request, which lists them"},
		{what: "connections: a nonce", sizes: []int{1, 16}, connections: func(size int) int { return size },
			prepare: func(*connection, int) (call, error) { return nonces(base + "/auth/nonce"), nil }},
	}
}

func prepareProjects(c *connection, size int) (call, error) {
	keys := []string{mock.DefaultSecretKey}
	for len(keys) < size {
		answer, err := c.ask(requestOf("POST", "/_mock/projects", "201", `{}`))
		if err != nil {
			return nil, err
		}
		var project struct{ SecretKey string }
		if err := json.Unmarshal(answer, &project); err != nil {
			return nil, err
		}
		keys = append(keys, project.SecretKey)
	}
	var asked []request
	for _, key := range keys {
		asked = append(asked, requestWith(key, "POST", base+"/auth/nonce", "200", `{"walletAddress":"`+numbered(0)+`"}`))
	}
	return inTurn(asked), nil
}

// prepareBalances has so many wallets hold something. The call is for one after another.
func prepareBalances(of func(wallet string) request) func(*connection, int) (call, error) {
	return func(c *connection, size int) (call, error) {
		var asked []request
		for i := range size {
			if _, err := c.ask(setBalance(numbered(i), tokenContract, "5")); err != nil {
				return nil, err
			}
			asked = append(asked, of(numbered(i)))
		}
		return inTurn(asked), nil
	}
}

func ownership(wallet string) request {
	return requestOf("POST", base+"/chains/ethereum/wallets/"+wallet+"/tokenOwnership", "200",
		map[string]string{"contractAddress": tokenContract}).saying(`"allowed":true`)
}

// prepareJournal fills the journal with nonces.
func prepareJournal(r request) func(*connection, int) (call, error) {
	fill := nonces(base + "/auth/nonce")
	return func(c *connection, size int) (call, error) {
		for i := range size {
			if err := fill(c, i); err != nil {
				return nil, err
			}
		}
		return repeat(r), nil
	}
}

// prepareToken gets a token that proves so many balances.
func prepareToken(c *connection, size int) (call, error) {
	token, wallet, err := newcomer(c)
	for i := 0; i < size && err == nil; i++ {
		if _, err = c.ask(setBalance(wallet, numbered(i), "5")); err == nil {
			token, err = tokenOf(c, gate(token, "200", map[string]string{"contractAddress": numbered(i)}))
		}
	}
	return repeat(validate(token, "200")), err
}

// prepareWallets has a gate list so many wallets, the one that asks last.
func prepareWallets(c *connection, size int) (call, error) {
	token, wallet, err := newcomer(c)
	var listed []string
	for i := range size - 1 {
		listed = append(listed, numbered(i))
	}
	return repeat(gate(token, "200", map[string][]string{"allowedWallets": append(listed, wallet)})), err
}

// growthRows tells what each call costs at each size.
func growthRows(ctx context.Context, p plan, dir string) ([][]string, error) {
	program, err := buildMock(ctx, dir, "-max-state-mib", "1024")
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for _, g := range growths() {
		p.line.Show("preparing: "+g.what, 0, 0)
		r, err := g.measure(ctx, p, program)
		if err != nil {
			return rows, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// measure has mocks of all sizes take turns.
func (g growth) measure(ctx context.Context, p plan, program program) ([]string, error) {
	var contenders []*contender
	for _, size := range g.sizes {
		c := &contender{program: program}
		defer c.end()
		if err := c.begin(ctx); err != nil {
			return nil, err
		}
		if g.connections != nil {
			c.clients = g.connections(size)
		}
		if err := c.prepare(func(c *connection) (call, error) { return g.prepare(c, size) }); err != nil {
			return nil, err
		}
		if g.each != nil {
			c.each = g.each(size)
		}
		contenders = append(contenders, c)
	}
	if err := takeTurns(ctx, p, g.what, contenders...); err != nil {
		return nil, err
	}
	return g.row(contenders), nil
}

// row compares the largest with the smallest.
func (g growth) row(contenders []*contender) []string {
	var costs []string
	for i, c := range contenders {
		if len(c.cpu) == 0 {
			return []string{g.what, onlyLinux, "", "", "not measured"}
		}
		costs = append(costs, strconv.Itoa(g.sizes[i])+": "+microseconds(median(c.cpu)))
	}
	r := comparison{g.what, microseconds, atMost, maxGrowth}.row(contenders[len(contenders)-1].cpu, contenders[0].cpu)
	if g.must != "" {
		r.goal, r.verdict = "none: "+g.must+" must grow", ""
	}
	return []string{g.what, strings.Join(costs, ", "), r.result, r.goal, r.verdict}
}
