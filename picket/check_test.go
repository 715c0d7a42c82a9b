package picket_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-a13ee279/picket/picket"
)

// refused checks that a call fails with ErrInvalidArgument, names what is wrong, and sends nothing.
func refused(t *testing.T, want string, call func(*picket.Client) error) {
	t.Helper()
	client, requests := serve(t, http.StatusOK, "application/json", `{}`)
	err := call(client)
	if !errors.Is(err, picket.ErrInvalidArgument) {
		t.Errorf("got %v", err)
	} else if !strings.Contains(err.Error(), want) {
		t.Errorf("got %q, which does not say %q", err, want)
	}
	if len(*requests) != 0 {
		t.Errorf("a request was sent: %+v", *requests)
	}
}

func TestRequirementsThatWouldOpenTheGateAreRefused(t *testing.T) {
	for name, test := range map[string]struct {
		requirements picket.Requirements
		want         string
	}{
		"nothing":                 {picket.Requirements{}, "names nothing"},
		"empty wallets":           {picket.Requirements{AllowedWallets: []string{}}, "AllowedWallets is empty"},
		"blank wallet":            {picket.Requirements{AllowedWallets: []string{address, ""}}, "AllowedWallets[1] is empty"},
		"wallet of spaces":        {picket.Requirements{AllowedWallets: []string{"  "}}, "AllowedWallets[0]"},
		"contract of spaces":      {picket.Requirements{ContractAddress: "  "}, "ContractAddress"},
		"contract with a tab":     {picket.Requirements{ContractAddress: "0xC0\t"}, "ContractAddress"},
		"creator of spaces":       {picket.Requirements{CreatorAddress: " "}, "CreatorAddress"},
		"empty tokens":            {picket.Requirements{TokenIDs: []string{}}, "TokenIDs is empty"},
		"blank token":             {picket.Requirements{TokenIDs: []string{""}}, "TokenIDs[0] is empty"},
		"empty collection":        {picket.Requirements{Collection: picket.StringList{}}, "Collection is empty"},
		"blank collection":        {picket.Requirements{Collection: picket.StringList{""}}, "Collection[0] is empty"},
		"minimum alone":           {picket.Requirements{MinTokenBalance: "3"}, "MinTokenBalance needs a token"},
		"minimum and wallets":     {picket.Requirements{MinTokenBalance: "3", AllowedWallets: []string{address}}, "MinTokenBalance needs a token"},
		"negative minimum":        {picket.Requirements{ContractAddress: "0xC0", MinTokenBalance: "-1"}, "MinTokenBalance"},
		"malformed minimum":       {picket.Requirements{ContractAddress: "0xC0", MinTokenBalance: "three"}, "MinTokenBalance"},
		"minimum of spaces":       {picket.Requirements{ContractAddress: "0xC0", MinTokenBalance: " "}, "MinTokenBalance"},
		"not a number":            {picket.Requirements{ContractAddress: "0xC0", MinTokenBalance: "NaN"}, "MinTokenBalance"},
		"infinite":                {picket.Requirements{ContractAddress: "0xC0", MinTokenBalance: "Inf"}, "MinTokenBalance"},
		"fraction":                {picket.Requirements{ContractAddress: "0xC0", MinTokenBalance: "1/3"}, "MinTokenBalance"},
		"hexadecimal":             {picket.Requirements{ContractAddress: "0xC0", MinTokenBalance: "0x10"}, "MinTokenBalance"},
		"huge":                    {picket.Requirements{ContractAddress: "0xC0", MinTokenBalance: "1e999"}, "MinTokenBalance"},
		"one good and one broken": {picket.Requirements{ContractAddress: "0xC0", TokenIDs: []string{}}, "TokenIDs is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			refused(t, test.want, func(c *picket.Client) error {
				_, err := c.Auth(ctx, picket.AuthRequest{WalletAddress: address, Signature: "0x51", Requirements: &test.requirements})
				return err
			})
			refused(t, test.want, func(c *picket.Client) error {
				_, err := c.Authz(ctx, picket.AuthzRequest{AccessToken: sample, Requirements: test.requirements})
				return err
			})
			refused(t, test.want, func(c *picket.Client) error {
				_, err := c.Validate(ctx, picket.ValidateRequest{AccessToken: sample, Requirements: &test.requirements})
				return err
			})
			if test.requirements.AllowedWallets == nil {
				refused(t, test.want, func(c *picket.Client) error {
					_, err := c.TokenOwnership(ctx, "ethereum", address, picket.TokenOwnershipRequest{
						ContractAddress: test.requirements.ContractAddress,
						CreatorAddress:  test.requirements.CreatorAddress,
						Collection:      test.requirements.Collection,
						TokenIDs:        test.requirements.TokenIDs,
						MinTokenBalance: test.requirements.MinTokenBalance,
					})
					return err
				})
			}
		})
	}
}

func TestAddressesAndChainsThatLeadElsewhereAreRefused(t *testing.T) {
	ctx := context.Background()
	ownership := picket.TokenOwnershipRequest{ContractAddress: "0xC0"}
	for _, name := range []string{"", ".", "..", "/", "a/b", "../chains", `a\b`, "a\nb", "a\x00", "a\x7f", "a b", "a\u0085", "a\xff", "a\u2028b"} {
		t.Run(name, func(t *testing.T) {
			for what, call := range map[string]func(*picket.Client) error{
				"ownership, wallet": func(c *picket.Client) error {
					_, err := c.TokenOwnership(ctx, "ethereum", name, ownership)
					return err
				},
				"ownership, chain": func(c *picket.Client) error {
					_, err := c.TokenOwnership(ctx, name, address, ownership)
					return err
				},
				"chain": func(c *picket.Client) error { _, err := c.Chain(ctx, name); return err },
				"nonce": func(c *picket.Client) error {
					_, err := c.Nonce(ctx, picket.NonceRequest{WalletAddress: name})
					return err
				},
				"auth": func(c *picket.Client) error {
					_, err := c.Auth(ctx, picket.AuthRequest{WalletAddress: name, Signature: "0x51"})
					return err
				},
				"token": func(c *picket.Client) error {
					_, err := c.ExchangeGrant(ctx, picket.OAuthTokenRequest{GrantType: picket.GrantPassword, Username: name, Password: "0x51"})
					return err
				},
			} {
				t.Run(what, func(t *testing.T) { refused(t, "", call) })
			}
			if name == "" {
				return // absent, where a chain may be
			}
			refused(t, "Chain", func(c *picket.Client) error {
				_, err := c.Nonce(ctx, picket.NonceRequest{WalletAddress: address, Chain: name})
				return err
			})
			refused(t, "Chain", func(c *picket.Client) error {
				_, err := c.Auth(ctx, picket.AuthRequest{WalletAddress: address, Signature: "0x51", Chain: name})
				return err
			})
		})
	}
}

func TestWhatIsRequiredIsRequired(t *testing.T) {
	ctx := context.Background()
	gate := picket.Requirements{ContractAddress: "0xC0"}
	token := func(request picket.OAuthTokenRequest) func(*picket.Client) error {
		return func(c *picket.Client) error { _, err := c.ExchangeGrant(ctx, request); return err }
	}
	for want, call := range map[string]func(*picket.Client) error{
		"Signature is empty": func(c *picket.Client) error {
			_, err := c.Auth(ctx, picket.AuthRequest{WalletAddress: address})
			return err
		},
		"AccessToken is empty": func(c *picket.Client) error {
			_, err := c.Validate(ctx, picket.ValidateRequest{})
			return err
		},
		"authz: AccessToken is empty": func(c *picket.Client) error {
			_, err := c.Authz(ctx, picket.AuthzRequest{Requirements: gate})
			return err
		},
		"Code is empty":         token(picket.OAuthTokenRequest{RedirectURI: "http://localhost/", CodeVerifier: "v"}),
		"RedirectURI is empty":  token(picket.OAuthTokenRequest{Code: "c", CodeVerifier: "v"}),
		"CodeVerifier is empty": token(picket.OAuthTokenRequest{Code: "c", RedirectURI: "http://localhost/"}),
		"Password is empty":     token(picket.OAuthTokenRequest{GrantType: picket.GrantPassword, Username: address}),
		`GrantType is "magic"`:  token(picket.OAuthTokenRequest{GrantType: "magic"}),
	} {
		t.Run(want, func(t *testing.T) { refused(t, want, call) })
	}
}
