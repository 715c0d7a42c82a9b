package middleware

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/seed-a13ee279/picket/picket"
)

// User is the user who sent a request: the claims of the access token, and the token itself for further calls of the API, such
// as Client.Authz. It is a copy, so a handler may change it.
//
// Package fmt and encoders, such as those of YAML, show the token as "[redacted]"; encoding/json leaves it out; and log/slog
// shows only the chain, the wallet address and the token's ID.
type User struct {
	picket.AccessTokenPayload

	// AccessToken is the token that the request was sent with.
	AccessToken picket.Secret `json:"-"`
}

// Format writes the fields without the token. Without this method, package fmt would show it for a pointer to a User inside another
// value and a verb that does not fit a pointer, such as %s.
func (u User) Format(f fmt.State, verb rune) {
	type plain User
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), plain(u))
}

// LogValue returns the chain, the wallet address and the token's ID.
func (u User) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("chain", u.Chain),
		slog.String("walletAddress", u.WalletAddress),
		slog.String("tid", u.AccessTokenID),
	)
}

type userKey struct{}

// UserFromContext returns the user of a request, from the request's context. It returns false if there is no user: behind
// Optional when the request has no token, and where there is no middleware.
func UserFromContext(ctx context.Context) (*User, bool) {
	user, _ := ctx.Value(userKey{}).(*User)
	return user, user != nil
}

// ContextWithUser returns a context with the user, for tests that call a handler without the middleware. The middleware itself
// never trusts a user that it finds in a context: it checks the token of each request.
func ContextWithUser(ctx context.Context, user *User) context.Context {
	return context.WithValue(ctx, userKey{}, user)
}

// cloneClaims returns a deep copy.
func cloneClaims(claims picket.AccessTokenPayload) picket.AccessTokenPayload {
	b := &claims.TokenBalances
	b.Collection = maps.Clone(b.Collection)
	b.ContractAddress = maps.Clone(b.ContractAddress)
	b.CreatorAddress = maps.Clone(b.CreatorAddress)
	b.TokenIDs = maps.Clone(b.TokenIDs)
	//lint:ignore SA1019 it is copied, whoever reads it
	claims.TokenIDs = slices.Clone(claims.TokenIDs)
	return claims
}
