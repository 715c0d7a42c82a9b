package api

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
)

// checkSite checks that the context of a login is for one of the allowed domains and for the chain of the login. Without allowed
// domains any context will do.
func checkSite(allowed []string, chain picket.ChainInfo, signed picket.SigningMessageContext) error {
	if len(allowed) == 0 {
		return nil
	}
	domains := names.ShortenTo(strings.Join(allowed, " or "), 256)
	switch uri, err := url.Parse(signed.URI); {
	case signed.Domain == "":
		return fmt.Errorf("it names no site, and the project takes only signatures of siwe messages for %s; send the context of the message", domains)
	case !slices.Contains(allowed, strings.ToLower(signed.Domain)):
		return fmt.Errorf(`its message is for the domain "%s", and only %s is allowed (AllowDomain, WithAllowedDomain)`, names.Answered(signed.Domain), domains)
	case err != nil || (uri.Scheme != "https" && uri.Scheme != "http") || !strings.EqualFold(uri.Host, signed.Domain):
		return errors.New("the uri of its message is not of the domain that it is for")
	case signed.ChainID != chain.ChainID:
		return fmt.Errorf("its message is for the chain ID %d, and that of %s is %d", signed.ChainID, chain.ChainSlug, chain.ChainID)
	case cmp.Or(signed.ChainType, picket.ChainTypeEthereum) != chain.ChainType:
		return fmt.Errorf("its message is not for the chain type of %s, %s", chain.ChainSlug, chain.ChainType)
	}
	return nil
}
