package verify

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"time"

	"github.com/mr-tron/base58"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/picket"
)

// newWallet makes a wallet on a chain.
func newWallet(chain string) (*mock.Wallet, error) {
	seed := make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(seed) // never fails
	key := "0x" + hex.EncodeToString(seed)
	if chain == "solana" {
		key = base58.Encode(ed25519.NewKeyFromSeed(seed))
	}
	return mock.ParseWallet(chain, picket.Secret(key))
}

// signed makes a wallet, and a login of it that is ready to send. An empty format stands for the one that the nonce asks for, or for
// siwe if the project lets nobody in without it.
func (r *run) signed(ctx context.Context, p project, chain string, format picket.MessageFormat) (picket.AuthRequest, error) {
	wallet, err := newWallet(chain)
	if err != nil {
		return picket.AuthRequest{}, err
	}
	login := picket.AuthRequest{Chain: wallet.Chain, WalletAddress: wallet.Address}
	nonce, err := p.client.Nonce(ctx, picket.NonceRequest{Chain: wallet.Chain, WalletAddress: wallet.Address})
	if err != nil {
		return login, err
	}
	asked := *nonce
	switch {
	case format != "":
		asked.Format = format
	case p.needsSite():
		asked.Format = picket.MessageFormatSIWE
	}
	if asked.Format == picket.MessageFormatSIWE {
		if login.Context, err = r.signingContext(ctx, p, chain); err != nil {
			return login, err
		}
	}
	message, err := picket.SigningMessage(&asked, wallet.Address, login.Context)
	if err != nil {
		return login, err
	}
	login.Signature = wallet.Sign(message)
	return login, nil
}

// signingContext returns the context of a message of the format siwe.
func (r *run) signingContext(ctx context.Context, p project, chain string) (picket.SigningMessageContext, error) {
	info, err := p.client.Chain(ctx, chain)
	if err != nil {
		return picket.SigningMessageContext{}, err
	}
	domain, uri := p.site()
	return picket.SigningMessageContext{
		Domain:    domain,
		URI:       uri,
		ChainID:   info.ChainID,
		ChainType: info.ChainType,
		IssuedAt:  time.Now().UTC().Format("2006-01-02T15:04:05.000Z"),
	}, nil
}

// loggedIn logs a new wallet in.
func (r *run) loggedIn(ctx context.Context, p project, chain string, format picket.MessageFormat) (picket.AuthRequest, *picket.AuthResponse, error) {
	login, err := r.signed(ctx, p, chain, format)
	if err != nil {
		return login, nil, err
	}
	auth, err := p.client.Auth(ctx, login)
	if err == nil && (auth.User.WalletAddress != login.WalletAddress || auth.User.Chain != chain) {
		err = errors.New("the user is a different wallet than the one that signed")
	}
	return login, auth, err
}
