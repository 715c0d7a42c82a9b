// The program calls the API with the client that ogen makes.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/mock/generators/ogen/api"
)

const (
	token  = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
	failed = 3 // an exit status that Go does not use for a crash
)

// keys authorizes requests with the project's secret key.
type keys struct{}

func (keys) ApiKey(context.Context, api.OperationName) (api.ApiKey, error) {
	return api.ApiKey{Username: os.Getenv("PICKET_SECRET_KEY")}, nil
}

func (keys) BearerToken(context.Context, api.OperationName) (api.BearerToken, error) {
	return api.BearerToken{}, errors.New("no operation with an access token is called")
}

type program struct{ *api.Client }

func main() {
	client, err := api.NewClient(os.Getenv("PICKET_URL"), keys{})
	if err != nil {
		panic(err)
	}
	p := program{client}
	status := 0
	for _, check := range []struct {
		title string
		run   func(context.Context) error
	}{
		{"logs in with a wallet", p.logsIn},
		{"passes a gate", p.passesGate},
		{"is refused at a gate", p.isRefused},
		{"asks for one collection and for several", p.collections},
		{"opens a gate later", p.opensGateLater},
		{"checks ownership", p.ownership},
		{"exchanges a grant", p.exchangesGrant},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		if err := check.run(ctx); err != nil {
			fmt.Printf("FAIL ogen  %s: %s\n", check.title, strings.Join(strings.Fields(err.Error()), " "))
			status = failed
		} else {
			fmt.Printf("ok   ogen  %s\n", check.title)
		}
		cancel()
	}
	os.Exit(status)
}

func (p program) logsIn(ctx context.Context) error {
	w := newEthereumWallet()
	// Nobody would get in if an absent list were sent as an empty one.
	if _, err := p.logInThrough(ctx, w, api.Requirements{}); err != nil {
		return err
	}
	login, err := as[*api.AuthResponse](p.auth(ctx, w, api.OptRequirements{}))
	if err != nil {
		return err
	}
	claims, err := p.claims(ctx, login.AccessToken)
	if err != nil {
		return err
	}
	return errors.Join(
		equal(strings.ToLower(claims.Sub), "ethereum:"+w.address),
		equal(claims.Exp-claims.Iat, 12*60*60),
	)
}

func (p program) passesGate(ctx context.Context) error {
	w := newEthereumWallet()
	if err := setBalance(w, "contractAddress", token, "2.5"); err != nil {
		return err
	}
	login, err := p.logInThrough(ctx, w, gate("2.5"))
	if err != nil {
		return err
	}
	return equal(login.User.TokenBalances.Value.ContractAddress.Value[token], "2.5")
}

func (p program) isRefused(ctx context.Context) error {
	w := newEthereumWallet()
	if err := setBalance(w, "contractAddress", token, "2.4"); err != nil {
		return err
	}
	return p.refused(ctx, w, gate("2.5"))
}

func (p program) collections(ctx context.Context) error {
	w := newSolanaWallet()
	if err := setBalance(w, "collection", "CATS", "1"); err != nil {
		return err
	}
	both := api.Requirements{Collection: api.StringList{"CATS", "DOGS"}, MinTokenBalance: api.NewOptDecimal("2")}
	_, errOne := p.logInThrough(ctx, w, api.Requirements{Collection: api.StringList{"CATS"}})
	errOther := p.refused(ctx, w, api.Requirements{Collection: api.StringList{"DOGS"}})
	errBoth := p.refused(ctx, w, both)
	if err := errors.Join(errOne, errOther, errBoth, setBalance(w, "collection", "DOGS", "1")); err != nil {
		return err
	}
	_, err := p.logInThrough(ctx, w, both)
	return err
}

func (p program) opensGateLater(ctx context.Context) error {
	w := newEthereumWallet()
	before, err := as[*api.AuthResponse](p.auth(ctx, w, api.OptRequirements{}))
	if err != nil {
		return err
	}
	request := &api.AuthzRequest{
		AccessToken:  before.AccessToken,
		Requirements: api.Requirements{ContractAddress: api.NewOptString(token)},
		Revalidate:   api.NewOptBool(true),
	}
	denied, err := as[*api.AuthzForbidden](p.Authz(ctx, request))
	if err != nil {
		return err
	}
	if err := errors.Join(equal(denied.Code.Value, "permission_denied"), setBalance(w, "contractAddress", token, "1")); err != nil {
		return err
	}
	after, err := as[*api.AuthResponse](p.Authz(ctx, request))
	if err != nil {
		return err
	}
	return equal(after.AccessToken != before.AccessToken, true)
}

func (p program) ownership(ctx context.Context) error {
	w := newEthereumWallet()
	for _, want := range []struct {
		allowed bool
		balance api.Decimal
	}{{false, "0"}, {true, "2.5"}} {
		if err := setBalance(w, "contractAddress", token, string(want.balance)); err != nil {
			return err
		}
		ownership, err := as[*api.TokenOwnershipResponse](p.TokenOwnership(ctx,
			&api.TokenOwnershipRequest{ContractAddress: api.NewOptString(token), MinTokenBalance: api.NewOptDecimal("2.5")},
			api.TokenOwnershipParams{Chain: w.chain, WalletAddress: api.WalletAddress(w.address)}))
		if err != nil {
			return err
		}
		if err := errors.Join(equal(ownership.Allowed, want.allowed), equal(ownership.TokenBalance.Value, want.balance)); err != nil {
			return err
		}
	}
	return nil
}

func (p program) exchangesGrant(ctx context.Context) error {
	w := newEthereumWallet()
	signature, err := p.sign(ctx, w)
	if err != nil {
		return err
	}
	grant, err := as[*api.OAuthTokenResponse](p.Token(ctx, &api.OAuthTokenRequest{
		GrantType: "password",
		Username:  api.NewOptString(w.address),
		Password:  api.NewOptString(signature),
	}))
	if err != nil {
		return err
	}
	claims, err := p.claims(ctx, grant.AccessToken)
	if err != nil {
		return err
	}
	return errors.Join(equal(strings.ToLower(string(claims.WalletAddress)), w.address), equal(grant.TokenType, "Bearer"))
}

// gate requires a balance of the token.
func gate(minimum api.Decimal) api.Requirements {
	return api.Requirements{ContractAddress: api.NewOptString(token), MinTokenBalance: api.NewOptDecimal(minimum)}
}

// sign returns the wallet's signature of the simple message with a nonce.
func (p program) sign(ctx context.Context, w wallet) (string, error) {
	nonce, err := as[*api.NonceResponse](p.Nonce(ctx, &api.NonceRequest{
		Chain:         api.NewOptString(w.chain),
		WalletAddress: api.WalletAddress(w.address),
	}))
	if err != nil {
		return "", err
	}
	return w.sign(fmt.Sprintf("%s\n\nAddress: %s\nNonce: %s", nonce.Statement, w.address, nonce.Nonce)), nil
}

func (p program) auth(ctx context.Context, w wallet, requirements api.OptRequirements) (api.AuthRes, error) {
	signature, err := p.sign(ctx, w)
	if err != nil {
		return nil, err
	}
	return p.Auth(ctx, &api.AuthRequest{
		Chain:         api.NewOptString(w.chain),
		WalletAddress: api.WalletAddress(w.address),
		Signature:     api.Signature(signature),
		Requirements:  requirements,
	})
}

func (p program) logInThrough(ctx context.Context, w wallet, requirements api.Requirements) (*api.AuthResponse, error) {
	return as[*api.AuthResponse](p.auth(ctx, w, api.NewOptRequirements(requirements)))
}

// refused returns an error unless the requirements do not let the wallet in.
func (p program) refused(ctx context.Context, w wallet, requirements api.Requirements) error {
	denied, err := as[*api.AuthForbidden](p.auth(ctx, w, api.NewOptRequirements(requirements)))
	if err != nil {
		return err
	}
	return equal(denied.Code.Value, "permission_denied")
}

func (p program) claims(ctx context.Context, accessToken api.AccessToken) (*api.AccessTokenPayload, error) {
	return as[*api.AccessTokenPayload](p.Validate(ctx, &api.ValidateRequest{AccessToken: accessToken}))
}

// as returns an answer as one of the types that an operation can answer with: one for each status.
func as[T any](answer any, err error) (T, error) {
	got, ok := answer.(T)
	if err == nil && !ok {
		err = fmt.Errorf("got a %T, want a %T", answer, got)
	}
	return got, err
}

// setBalance sets how much of a token the mock says that the wallet holds.
func setBalance(w wallet, kind, name, balance string) error {
	body, err := json.Marshal(map[string]string{"chain": w.chain, "walletAddress": w.address, kind: name, "balance": balance})
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodPut, os.Getenv("PICKET_CONTROL_URL")+"/balances", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.SetBasicAuth(os.Getenv("PICKET_SECRET_KEY"), "")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return equal(response.StatusCode, http.StatusNoContent)
}

func equal[T comparable](got, want T) error {
	if got != want {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	return nil
}
