package signing

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/explain"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
	"github.com/seed-a13ee279/picket/picket"
)

// maxCandidates is how many messages are tried: each takes the time of a signature's verification.
const maxCandidates = 400

// candidate is a message that may have been signed, and what is wrong with it then.
type candidate struct {
	message string
	reason  explain.Reason // empty if it differs from the expected message in no way that has a name
	summary string
}

// candidates returns the messages that may have been signed, the likeliest first.
func (r Refused) candidates(formerNonces []formerNonce) iter.Seq[candidate] {
	type from struct {
		nonce state.Nonce
		why   candidate
	}
	var nonces []from
	if r.Nonce.Value != "" {
		nonces = append(nonces, from{r.Nonce, candidate{}})
	}
	for _, former := range formerNonces {
		nonces = append(nonces, from{former.nonce, candidate{reason: former.reason, summary: former.summary}})
	}
	return func(yield func(candidate) bool) {
		left := maxCandidates
		try := func(message string, why candidate) bool {
			left--
			why.message = message
			return left >= 0 && yield(why)
		}
		for _, varied := range r.contexts() {
			for _, n := range nonces {
				why := n.why
				if why.reason == "" {
					why = varied.why
				}
				login := r.Login
				login.Context = varied.context
				for _, message := range login.Messages(n.nonce, false) {
					if !try(message, why) {
						return
					}
				}
			}
		}
		for _, n := range nonces {
			for _, message := range r.Messages(n.nonce, false) {
				for _, other := range []string{message + "\n", strings.ReplaceAll(message, "\n", "\r\n"), strings.ReplaceAll(message, r.Wallet.Address, strings.ToLower(r.Wallet.Address))} {
					if !try(other, n.why) {
						return
					}
				}
			}
			if !try(n.nonce.Value, n.why) {
				return
			}
		}
	}
}

// variedContext is a context that may have been signed in place of the one that was sent.
type variedContext struct {
	context picket.SigningMessageContext
	why     candidate
}

// contexts returns the context that was sent, and then those of other chains and sites.
func (r Refused) contexts() []variedContext {
	list := []variedContext{{context: r.Context}}
	var ids []picket.ChainID
	for _, chain := range wallets.Chains() {
		if chain.ChainID == r.Context.ChainID || slices.Contains(ids, chain.ChainID) {
			continue
		}
		ids = append(ids, chain.ChainID)
		other := r.Context
		other.ChainID, other.ChainType = chain.ChainID, chain.ChainType
		list = append(list, variedContext{other, candidate{
			reason:  explain.WrongChain,
			summary: fmt.Sprintf("the message that was signed is for the chain ID %d, and the context of the login says %d", chain.ChainID, r.Context.ChainID),
		}})
	}
	for _, domain := range r.Domains {
		if domain == r.Context.Domain {
			continue
		}
		for _, scheme := range []string{"https", "http"} {
			other := r.Context
			other.Domain, other.URI = domain, scheme+"://"+domain
			list = append(list, variedContext{other, candidate{
				reason:  explain.WrongDomain,
				summary: fmt.Sprintf(`the message that was signed is for the domain %q, and the context of the login says %q`, domain, r.Context.Domain),
			}})
		}
	}
	return list
}

// formerNonce is a nonce of the wallet that is no longer good.
type formerNonce struct {
	nonce   state.Nonce
	reason  explain.Reason
	summary string
}

// formerNonces returns the nonces that the wallet had before, the latest first.
func (r Refused) formerNonces(h explain.History) (former []formerNonce) {
	seen := map[string]bool{r.Nonce.Value: true}
	for _, n := range h.Nonces {
		if seen[n.Value] || !strings.EqualFold(n.Wallet, r.Address) {
			continue
		}
		seen[n.Value] = true
		one := formerNonce{state.Nonce{Value: n.Value, Statements: []string{n.Statement}}, explain.NonceSpent, ""}
		switch age := h.Time.Sub(n.Given); {
		case n.Spent:
			one.summary = fmt.Sprintf("the nonce %s was spent by a login before: ask for a new nonce for each login", n.Value)
		case age >= state.NonceLifetime:
			one.reason = explain.NonceExpired
			one.summary = fmt.Sprintf("the nonce %s was %s old, and nonces live %s", n.Value, age.Round(1e9), state.NonceLifetime)
		default:
			one.summary = fmt.Sprintf("the nonce %s is no longer there: a login spent it, or the project was reset", n.Value)
		}
		former = append(former, one)
	}
	return former
}
