package controls

import (
	"context"

	"github.com/seed-a13ee279/picket/mock/internal/api"
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
