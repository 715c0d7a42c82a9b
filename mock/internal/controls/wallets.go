package controls

import (
	"context"
	"slices"

	"github.com/seed-a13ee279/picket/mock/internal/api"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/mock/internal/refusal"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
)

func (o Operations) ListWallets(context.Context, ListWalletsRequestObject) (ListWalletsResponseObject, error) {
	list := ListWallets200JSONResponse{}
	offered, err := o.wallets.All()
	if err != nil {
		return nil, err
	}
	for _, w := range offered {
		list = append(list, Wallet{Chain: w.Chain, Address: w.Address})
	}
	return list, nil
}

func (o Operations) SignMessage(_ context.Context, request SignMessageRequestObject) (SignMessageResponseObject, error) {
	chain, err := wallets.FindChain(request.Body.Chain)
	if err != nil {
		return nil, err
	}
	offered, err := o.wallets.On(chain)
	if err != nil {
		return nil, err
	}
	address, ok := wallets.CanonicalAddress(chain.ChainType, request.Body.Address)
	i := slices.IndexFunc(offered, func(w api.TestWallet) bool { return ok && w.Address == address })
	if i < 0 {
		return nil, refusal.NotFound("no test wallet on %s has the address %s; GET /_mock/wallets lists them", chain.ChainSlug, names.Shown(request.Body.Address))
	}
	signature, err := offered[i].Sign(request.Body.Message)
	return SignMessage200JSONResponse{Signature: string(signature)}, err
}

func (o Operations) AddWallet(_ context.Context, request AddWalletRequestObject) (AddWalletResponseObject, error) {
	key, err := wallets.Parse(request.Body.Chain, request.Body.PrivateKey)
	if err != nil {
		return nil, refusal.Invalid(err)
	}
	if err := o.wallets.Add(api.TestWallet{Key: key}); err != nil {
		return nil, err
	}
	return AddWallet201JSONResponse{Chain: key.Chain, Address: key.Address}, nil
}
