package signing

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/explain"
	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
)

// siteError is why a login is not for an allowed site, or not for its chain.
type siteError struct {
	reason explain.Reason
	text   string
}

func (e *siteError) Error() string { return e.text }

// CheckSite checks that the context of a login is for one of the allowed domains and for the chain of the login. Without allowed
// domains any context will do.
func (l Login) CheckSite(allowed []string) error {
	if len(allowed) == 0 {
		return nil
	}
	signed, chain := l.Context, l.Wallet.Chain
	wrong := func(reason explain.Reason, format string, args ...any) error {
		return &siteError{reason, fmt.Sprintf(format, args...)}
	}
	domains := names.ShortenTo(strings.Join(allowed, " or "), 256)
	switch {
	case signed.Domain == "":
		return wrong(explain.WrongDomain, "it names no site, and the project takes only signatures of siwe messages for %s; send the context of the message", domains)
	case !slices.Contains(allowed, strings.ToLower(signed.Domain)):
		return wrong(explain.WrongDomain, `its message is for the domain "%s", and only %s is allowed (AllowDomain, WithAllowedDomain)`, names.Answered(signed.Domain), domains)
	case !isOf(signed.URI, signed.Domain):
		return wrong(explain.WrongDomain, "the uri of its message is not of the domain that it is for")
	case signed.ChainID != chain.ChainID:
		return wrong(explain.WrongChain, "its message is for the chain ID %d, and that of %s is %d", signed.ChainID, chain.ChainSlug, chain.ChainID)
	case cmp.Or(signed.ChainType, picket.ChainTypeEthereum) != chain.ChainType:
		return wrong(explain.WrongChain, "its message is not for the chain type of %s, %s", chain.ChainSlug, chain.ChainType)
	}
	return nil
}

func isOf(uri, domain string) bool {
	u, err := url.Parse(uri)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && strings.EqualFold(u.Host, domain)
}
