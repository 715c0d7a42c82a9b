package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/seed-a13ee279/picket/mock"
	"github.com/seed-a13ee279/picket/mock/internal/harness"
	"github.com/seed-a13ee279/picket/picket"
)

// honest are clients that log in again and again: one keeps its connection, and one makes a new one for each request.
type honest struct {
	clients []*picket.Client

	mu       sync.Mutex
	took     []time.Duration
	failures []error

	cancel context.CancelFunc
	ended  sync.WaitGroup
}

func newHonest(base, key string) (*honest, error) {
	h := &honest{}
	for _, fresh := range []bool{false, true} {
		client, err := picket.New(key, picket.WithBaseURL(base), picket.WithTimeout(10*time.Second),
			picket.WithHTTPClient(&http.Client{Transport: &http.Transport{DisableKeepAlives: fresh}}))
		if err != nil {
			return nil, err
		}
		h.clients = append(h.clients, client)
	}
	return h, nil
}

// begin lets the clients log in until end is called.
func (h *honest) begin() {
	h.took, h.failures = nil, nil
	ctx, cancel := context.WithCancel(context.Background())
	h.cancel = cancel
	h.ended.Go(func() {
		_, _ = harness.Drive(ctx, len(h.clients), harness.Unlimited, func(client, _ int) error {
			h.timeLogin(h.clients[client])
			select {
			case <-ctx.Done():
			case <-time.After(5 * time.Millisecond): // leaves the processor to the attacks
			}
			return nil
		})
	})
}

func (h *honest) timeLogin(client *picket.Client) {
	started := time.Now()
	err := login(client)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.took = append(h.took, time.Since(started))
	if err != nil {
		h.failures = append(h.failures, err)
	}
}

// login logs a new wallet in and validates its token.
func login(client *picket.Client) error {
	ctx := context.Background()
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails, by its documentation
	wallet, err := mock.ParseWallet("ethereum", picket.Secret("0x"+hex.EncodeToString(key[:])))
	if err != nil {
		return err
	}
	nonce, err := client.Nonce(ctx, picket.NonceRequest{WalletAddress: wallet.Address})
	if err != nil {
		return err
	}
	message, err := picket.SigningMessage(nonce, wallet.Address, picket.SigningMessageContext{})
	if err != nil {
		return err
	}
	auth, err := client.Auth(ctx, picket.AuthRequest{WalletAddress: wallet.Address, Signature: wallet.Sign(message)})
	if err != nil {
		return err
	}
	claims, err := client.Validate(ctx, picket.ValidateRequest{AccessToken: auth.AccessToken})
	if err == nil && claims.WalletAddress != wallet.Address {
		err = errors.New("somebody else was logged in")
	}
	return err
}

// A tally is of the logins during one attack.
type tally struct {
	logins, failed int
	median, p99    time.Duration
}

// end stops the clients and returns how they fared.
func (h *honest) end() tally {
	h.cancel()
	h.ended.Wait()
	for i, err := range h.failures {
		if i == 3 {
			_, _ = fmt.Fprintf(os.Stderr, "and %d more\n", len(h.failures)-i)
			break
		}
		_, _ = fmt.Fprintln(os.Stderr, "honest:", err)
	}
	return tally{len(h.took), len(h.failures), harness.Quantile(h.took, 0.5), harness.Quantile(h.took, 0.99)}
}
