package api

import (
	"context"

	"github.com/seed-a13ee279/picket/generated/server"
	"github.com/seed-a13ee279/picket/mock/internal/wallets"
)

func (Operations) Chains(context.Context, server.ChainsRequestObject) (server.ChainsResponseObject, error) {
	return server.Chains200JSONResponse{Data: wallets.Chains()}, nil
}

func (Operations) Chain(_ context.Context, request server.ChainRequestObject) (server.ChainResponseObject, error) {
	chain, err := wallets.FindChain(request.Chain)
	return server.Chain200JSONResponse(chain), err
}
