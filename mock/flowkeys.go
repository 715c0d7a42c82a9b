package mock

import (
	"context"
	"errors"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/controls"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/state"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
)

// The curves and hashes of Flow account keys.
const (
	CurveP256      = "P-256"
	CurveSecp256k1 = "secp256k1"
	HashSHA3       = "SHA3-256"
	HashSHA2       = "SHA2-256"
)

// FlowKey is a public key of a Flow account. The keys of accounts live on the chain, so the mock knows only those that it
// was given.
type FlowKey struct {
	// Address is the account: 0x and 16 hexadecimal digits.
	Address string
	// PublicKey is the key: the 128 hexadecimal digits of its coordinates.
	PublicKey string
	// Curve is CurveP256, which is the default, or CurveSecp256k1.
	Curve string
	// Hash is HashSHA3, which is the default, or HashSHA2.
	Hash string
	// Weight is what the key counts for its account, from 1 to 1000, which is the default. Only a key with the weight of the whole account,
	// 1000, can log in.
	Weight int
}

// AddFlowKey adds a key of a Flow account, with which the account's wallet can log in if it has the weight of the whole account. To add a
// key again changes its weight.
func (p *Project) AddFlowKey(key FlowKey) { p.must("AddFlowKey", p.seedFlowKey(key)) }

func (p *Project) seedFlowKey(key FlowKey) error {
	canonical, err := wallets.FlowKey(key).Canonical()
	if err != nil {
		return refusal.Invalid(err)
	}
	return state.FlowKeys.Change(p.inside().State, canonical.Address, func(keys []wallets.FlowKey) []wallets.FlowKey {
		keys = slices.Clone(keys)
		for i, key := range keys {
			if key.Weight = canonical.Weight; key == canonical {
				keys[i] = canonical
				return keys
			}
		}
		return append(keys, canonical)
	})
}

// FlowKeys returns the keys that were added, account by account.
func (p *Project) FlowKeys() []FlowKey {
	var list []FlowKey
	for _, account := range state.FlowKeys.All(p.inside().State) {
		for _, key := range account.Value {
			list = append(list, FlowKey(key))
		}
	}
	return list
}

func (c control) AddFlowKey(ctx context.Context, request controls.AddFlowKeyRequestObject) (controls.AddFlowKeyResponseObject, error) {
	return controls.AddFlowKey204Response{}, c.of(ctx).importFlowKey(*request.Body)
}

func (p *Project) importFlowKey(k controls.FlowKey) error {
	return p.seedFlowKey(FlowKey{Address: k.Address, PublicKey: k.PublicKey, Curve: string(k.Curve), Hash: string(k.Hash), Weight: k.Weight})
}

func (c control) ListFlowKeys(ctx context.Context, _ controls.ListFlowKeysRequestObject) (controls.ListFlowKeysResponseObject, error) {
	return append(controls.ListFlowKeys200JSONResponse{}, c.of(ctx).exportFlowKeys()...), nil
}

func (p *Project) exportFlowKeys() (list []controls.FlowKey) {
	for _, k := range p.FlowKeys() {
		list = append(list, controls.FlowKey{
			Address: k.Address, PublicKey: k.PublicKey, Curve: controls.FlowKeyCurve(k.Curve), Hash: controls.FlowKeyHash(k.Hash),
			Weight: k.Weight,
		})
	}
	return list
}

// flowKeyConfig is a key in a configuration file.
type flowKeyConfig struct {
	Address   string `yaml:"address"`
	PublicKey string `yaml:"publicKey"`
	Curve     string `yaml:"curve"`
	Hash      string `yaml:"hash"`
	Weight    *int   `yaml:"weight"`
}

func (k flowKeyConfig) seed(p *Project) error {
	key := FlowKey{Address: k.Address, PublicKey: k.PublicKey, Curve: k.Curve, Hash: k.Hash}
	if k.Weight != nil {
		if key.Weight = *k.Weight; key.Weight == 0 { // which would stand for the default
			return errors.New("the weight 0 is not from 1 to 1000")
		}
	}
	return p.seedFlowKey(key)
}
