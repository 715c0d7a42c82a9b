package api

import (
	"github.com/seed-a13ee279/picket/mock/internal/gating"
	"github.com/seed-a13ee279/picket/picket"
	"github.com/seed-a13ee279/picket/picket/types"
)

// requirementsOf returns the requirements of a login, from both places where they can be.
func requirementsOf(body types.AuthRequest) (picket.Requirements, error) {
	nested := picket.Requirements{}
	if body.Requirements != nil {
		nested = *body.Requirements
	}
	return gating.Join(picket.Requirements{
		//lint:ignore SA1019 older SDKs send it
		ContractAddress: body.ContractAddress,
		//lint:ignore SA1019 older SDKs send it
		MinTokenBalance: body.MinTokenBalance,
		//lint:ignore SA1019 older SDKs send it
		CreatorAddress: body.CreatorAddress,
		//lint:ignore SA1019 older SDKs send it
		TokenIDs: body.TokenIDs,
		//lint:ignore SA1019 older SDKs send it
		Collection: body.Collection,
		//lint:ignore SA1019 older SDKs send it
		AllowedWallets: body.AllowedWallets,
	}, nested)
}

func ownershipRequirements(body types.TokenOwnershipRequest) (picket.Requirements, error) {
	top := picket.Requirements{
		ContractAddress: body.ContractAddress,
		MinTokenBalance: body.MinTokenBalance,
		CreatorAddress:  body.CreatorAddress,
		TokenIDs:        body.TokenIDs,
		Collection:      body.Collection,
	}
	nested := picket.Requirements{}
	if n := body.Requirements; n != nil {
		nested = picket.Requirements{
			ContractAddress: n.ContractAddress,
			MinTokenBalance: n.MinTokenBalance,
			CreatorAddress:  n.CreatorAddress,
			TokenIDs:        n.TokenIDs,
			Collection:      n.Collection,
		}
	}
	return gating.Join(top, nested)
}
