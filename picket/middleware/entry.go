package middleware

import (
	"time"

	"github.com/seed-a13ee279/picket/picket"
)

// entry is what is known of a token. Nobody changes the claims.
type entry struct {
	token  string
	claims *picket.AccessTokenPayload // nil when the token is not known to be good
	until  time.Time                  // when the claims are no longer trusted
	gates  map[string]verdict         // by the gate's key
	bytes  int64
}

// verdict is what is known of a token at a gate.
type verdict struct {
	err       error // nil when its user may pass
	textBytes int   // how long the error's text is
	until     time.Time
}

func (v verdict) holds(now time.Time) bool { return now.Before(v.until) }

func (e *entry) remember(gate string, v verdict) {
	if e.gates == nil {
		e.gates = map[string]verdict{}
	}
	e.gates[gate] = v
}

// drop removes what is no longer trusted, and reports whether anything is left.
func (e *entry) drop(now time.Time) bool {
	if !now.Before(e.until) {
		e.claims = nil
	}
	for key, v := range e.gates {
		if !v.holds(now) {
			delete(e.gates, key)
		}
	}
	return e.claims != nil || len(e.gates) > 0
}

// How many bytes the parts of an entry take in addition to their strings, on a 64-bit machine; rather too many than too few.
const (
	entryBytes   = 1024 // with the claims, and its places in the map and the list
	gateBytes    = 256
	balanceBytes = 128
)

// size estimates how much memory an entry takes, in bytes.
func (e *entry) size() int64 {
	n := entryBytes + len(e.token) + len(e.token)/8 // the runtime rounds long strings up
	for key, v := range e.gates {
		n += gateBytes + len(key) + 2*v.textBytes // an error often has its text twice, with its cause
	}
	if c := e.claims; c != nil {
		for _, text := range []string{
			c.Audience, c.Chain, c.DisplayAddress, c.Email, c.Issuer, c.Subject, c.AccessTokenID, c.WalletAddress,
			//lint:ignore SA1019 it takes memory, whoever reads it
			c.ContractAddress, string(c.TokenBalance),
		} {
			n += len(text)
		}
		//lint:ignore SA1019 it takes memory, whoever reads it
		for _, id := range c.TokenIDs {
			n += balanceBytes + len(id)
		}
		b := c.TokenBalances
		for _, balances := range []map[string]picket.Decimal{b.Collection, b.ContractAddress, b.CreatorAddress, b.TokenIDs} {
			for id, balance := range balances {
				n += balanceBytes + len(id) + len(balance)
			}
		}
	}
	return int64(n)
}
