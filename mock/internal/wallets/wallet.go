// Package wallets knows chains, the forms of addresses, and signatures: who signed what. Its functions are pure; it holds no state,
// and knows neither projects nor requests.
package wallets

import (
	"github.com/seed-a13ee279/picket/mock/internal/explain"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/picket"
)

// Wallet is a wallet on a chain, with its address in canonical form.
type Wallet struct {
	Chain   picket.ChainInfo
	Address string
}

// ID names a wallet on a chain: a key for maps.
type ID struct{ Chain, Address string }

// ID returns what names the wallet.
func (w Wallet) ID() ID { return ID{w.Chain.ChainSlug, w.Address} }

// Find returns the wallet with an address on the chain with a slug.
func Find(chain, address string) (Wallet, error) {
	info, err := FindChain(chain)
	if err != nil {
		return Wallet{}, err
	}
	canonical, ok := CanonicalAddress(info.ChainType, address)
	if !ok {
		refused := refusal.InvalidParameter("walletAddress is not an address on %s: it must be %s", info.ChainSlug, AddressForm(info.ChainType))
		if isOfAnother(info.ChainType, address) {
			refused = refused.Because(explain.Known(explain.Explanation{Reason: explain.WrongChain, Summary: refused.Message + "; it is an address on another kind of chain"}))
		}
		return Wallet{}, refused
	}
	return Wallet{info, canonical}, nil
}

// FindKeyed returns the wallet with an address if it can log in.
func FindKeyed(chain, address string) (Wallet, error) {
	w, err := Find(chain, address)
	if err != nil {
		return Wallet{}, err
	}
	if err := checkKey(w.Chain.ChainType, w.Address); err != nil {
		return Wallet{}, refusal.InvalidParameter("walletAddress is not that of a wallet that can log in on %s: %v", w.Chain.ChainSlug, err)
	}
	return w, nil
}
