package mock

import (
	"encoding/hex"
	"errors"

	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
)

func (p *Project) exportNonces() (list []controls.KeptNonce) {
	for _, n := range p.inside().State.Nonces() {
		list = append(list, controls.KeptNonce{WalletAddress: n.Key, Nonce: n.Value.Value, Statements: n.Value.Statements, Expires: n.Expires})
	}
	return list
}

func (p *Project) importNonce(n controls.KeptNonce) error {
	if !wallets.IsCanonical(n.WalletAddress) {
		return errors.New("walletAddress is not an address in the form of an export")
	}
	return p.inside().State.KeepNonce(state.KeptNonce{Key: n.WalletAddress, Value: state.Nonce{Value: n.Nonce, Statements: n.Statements}, Expires: n.Expires})
}

func (p *Project) exportCodes() (list []controls.KeptCode) {
	for _, c := range p.inside().State.Codes() {
		list = append(list, controls.KeptCode{
			Hash:          hex.EncodeToString(c.Key),
			Expires:       c.Expires,
			Chain:         c.Value.Wallet.Chain.ChainSlug,
			WalletAddress: c.Value.Wallet.Address,
			TokenBalances: c.Value.Proven,
			Scopes:        c.Value.Scopes,
			RedirectURI:   c.Value.RedirectURI,
			CodeChallenge: c.Value.Challenge,
			Nonce:         c.Value.Nonce,
			LoggedInAt:    c.Value.LoggedInAt,
		})
	}
	return list
}

func (p *Project) importCode(c controls.KeptCode) error {
	w, err := wallets.Find(c.Chain, c.WalletAddress)
	if err != nil {
		return err
	}
	hash, err := hex.DecodeString(c.Hash)
	if err != nil {
		return err
	}
	return p.inside().State.KeepCode(state.KeptCode{Key: hash, Expires: c.Expires, Value: state.Grant{
		Wallet:      w,
		Proven:      c.TokenBalances,
		Scopes:      c.Scopes,
		RedirectURI: c.RedirectURI,
		Challenge:   c.CodeChallenge,
		Nonce:       c.Nonce,
		LoggedInAt:  c.LoggedInAt,
	}})
}

func (p *Project) exportSessions() (list []controls.KeptSession) {
	for _, s := range p.inside().State.Sessions() {
		list = append(list, controls.KeptSession{
			Hash:          hex.EncodeToString(s.Key),
			Expires:       s.Expires,
			Chain:         s.Value.Wallet.Chain.ChainSlug,
			WalletAddress: s.Value.Wallet.Address,
			LoggedInAt:    s.Value.At,
		})
	}
	return list
}

func (p *Project) importSession(s controls.KeptSession) error {
	w, err := wallets.Find(s.Chain, s.WalletAddress)
	if err != nil {
		return err
	}
	hash, err := hex.DecodeString(s.Hash)
	if err != nil {
		return err
	}
	return p.inside().State.KeepSession(state.KeptSession{Key: hash, Expires: s.Expires, Value: state.Session{Wallet: w, At: s.LoggedInAt}})
}
