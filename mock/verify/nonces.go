package verify

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-a13ee279/picket/picket"
)

func (r *run) chains(ctx context.Context) {
	var list []picket.ChainInfo
	r.check(ctx, "chains: the list is not empty", func(ctx context.Context) (err error) {
		list, err = r.client.Chains(ctx)
		if err == nil && len(list) == 0 {
			err = errors.New("the list is empty")
		}
		return err
	})
	r.check(ctx, "chains: each chain can be read by its slug", func(ctx context.Context) error {
		if len(list) == 0 {
			return errors.New("there is no chain to read")
		}
		for _, want := range list {
			got, err := r.client.Chain(ctx, want.ChainSlug)
			if err != nil {
				return err
			}
			if *got != want {
				return fmt.Errorf("GET /chains/%s differs from the chain's entry in GET /chains", want.ChainSlug)
			}
		}
		return nil
	})
	r.check(ctx, "chains: an unknown chain is not found", func(ctx context.Context) error {
		_, err := r.client.Chain(ctx, "no-such-chain")
		return refused(err, picket.CodeResourceNotFound)
	})
}

func (r *run) nonces(ctx context.Context) {
	for _, chain := range []string{"ethereum", "solana"} {
		r.check(ctx, "nonce: "+chain+": each wallet has a nonce of its own, and keeps it", func(ctx context.Context) error {
			return r.nonceOfItsOwn(ctx, chain)
		})
	}
	r.check(ctx, "nonce: the statement can be asked for in a language", func(ctx context.Context) error {
		wallet, err := newWallet("ethereum")
		if err != nil {
			return err
		}
		_, err = r.client.Nonce(ctx, picket.NonceRequest{WalletAddress: wallet.Address, Locale: "fr"})
		return err
	})
	r.checkWrong(ctx, "nonce: a malformed address is refused", func(ctx context.Context) error {
		_, err := r.client.Nonce(ctx, picket.NonceRequest{Chain: "ethereum", WalletAddress: "0x1"})
		return refused(err, picket.CodeParameterInvalid)
	})
	r.check(ctx, "nonce: an unknown chain is not found", func(ctx context.Context) error {
		_, err := r.client.Nonce(ctx, picket.NonceRequest{Chain: "no-such-chain", WalletAddress: someAddress})
		return refused(err, picket.CodeResourceNotFound)
	})
}

// someAddress is an address on Ethereum.
const someAddress = "0xA548ac9c6f41B19175023B5f09c6E70f99cFeec8"

// nonceOfItsOwn asks for two nonces for each of two wallets.
func (r *run) nonceOfItsOwn(ctx context.Context, chain string) error {
	var first, second [2]string
	for i := range first {
		wallet, err := newWallet(chain)
		if err != nil {
			return err
		}
		for _, asked := range []*string{&first[i], &second[i]} {
			nonce, err := r.client.Nonce(ctx, picket.NonceRequest{Chain: chain, WalletAddress: wallet.Address})
			if err != nil {
				return err
			}
			*asked = nonce.Nonce
		}
	}
	switch {
	case first != second:
		return errors.New("a second request returns a different nonce for the same wallet")
	case first[0] == first[1]:
		return errors.New("two wallets have the same nonce")
	}
	return nil
}
