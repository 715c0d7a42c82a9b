package picket

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// The grammar of RFC 3986 without userinfo. Browsers send none, and "shop.example@evil.example" looks as if it were
// shop.example.
const (
	regName   = `(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})`
	authority = `(\[[0-9A-Fa-f:.]+\]|` + regName + `+)(?::[0-9]{1,5})?`
	pchar     = `(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})`
	segments  = `(?:/|` + pchar + `)*`
	query     = `(?:[/?]|` + pchar + `)*`
)

var (
	domainForm = check.Form{Pattern: `^` + authority + `$`}
	uriForm    = check.Form{Pattern: `^[A-Za-z][A-Za-z0-9+.-]*:` +
		`(?://` + authority + `(?:/` + segments + `)?|/?` + pchar + segments + `|/?)` +
		`(?:\?` + query + `)?(?:#` + query + `)?$`}
	// What time.Parse is lenient about.
	timeForm  = check.Form{Pattern: `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`}
	nonceForm = check.Form{Pattern: `^[A-Za-z0-9]{8,}$`}

	ethereumAddress = check.Form{Pattern: `^0x[0-9A-Fa-f]{40}$`}
	solanaAddress   = check.Form{Pattern: `^[1-9A-HJ-NP-Za-km-z]{32,44}$`}
	flowAddress     = check.Form{Pattern: `^0x[0-9A-Fa-f]{16}$`}
)

// checkSIWE checks the fields of a message as EIP-4361 defines them, with two exceptions: a statement may be in any language, where
// EIP-4361 allows only ASCII, and neither Domain nor URI may name a user.
func checkSIWE(nonce *NonceResponse, walletAddress string, context SigningMessageContext) error {
	return cmp.Or(
		checkNonce(nonce.Nonce),
		checkAddress(walletAddress, context.ChainType),
		checkLine("the statement", nonce.Statement),
		checkDomain(context.Domain),
		checkURI(context.URI),
		checkChainID(context.ChainID),
		checkIssuedAt(context.IssuedAt),
	)
}

func checkNonce(nonce string) error {
	if !nonceForm.Match(nonce) {
		return errors.New("the nonce is not 8 or more letters and digits, which the siwe format needs")
	}
	return nil
}

func checkAddress(address string, family ChainType) error {
	form, expected := &ethereumAddress, "0x and 40 hexadecimal digits"
	switch family {
	case ChainTypeEthereum, "":
	case ChainTypeSolana:
		form, expected = &solanaAddress, "32 to 44 characters of base58"
	case ChainTypeFlow:
		form, expected = &flowAddress, "0x and 16 hexadecimal digits"
	default:
		return fmt.Errorf("ChainType is %q; it must be %s, %s or %s", family, ChainTypeEthereum, ChainTypeSolana, ChainTypeFlow)
	}
	if !form.Match(address) {
		return fmt.Errorf("the wallet address %q is not %s, as an address of ChainType %s is", address, expected, cmp.Or(family, ChainTypeEthereum))
	}
	return nil
}

func checkDomain(domain string) error {
	switch err := checkLine("Domain", domain); {
	case err != nil:
		return err
	case strings.Contains(domain, "@"):
		return errors.New("there is an @ in Domain, which must name no user")
	case !hasForm(&domainForm, domain):
		return fmt.Errorf("not a host with or without a port, such as example.com or localhost:3000: Domain is %q", domain)
	}
	return nil
}

func checkURI(uri string) error {
	switch err := checkLine("URI", uri); {
	case err != nil:
		return err
	case !hasForm(&uriForm, uri):
		return errors.New("URI is not an absolute URI without a user, such as https://example.com") // it may hold a password
	}
	return nil
}

func checkChainID(id ChainID) error {
	if id <= 0 {
		return errors.New("ChainID is not given, and the siwe format needs it")
	}
	return nil
}

func checkIssuedAt(issuedAt string) error {
	if err := checkLine("IssuedAt", issuedAt); err != nil {
		return err
	}
	upper := strings.ToUpper(issuedAt) // the letters T and Z may be in lower case, says RFC 3339 section 5.6
	if _, err := time.Parse(time.RFC3339, upper); err != nil || !timeForm.Match(upper) {
		return fmt.Errorf("IssuedAt %q is not a time as in RFC 3339, such as 2022-10-25T01:12:36Z", issuedAt)
	}
	return nil
}

// hasForm reports whether s matches a form whose first group is a host.
func hasForm(form *check.Form, s string) bool {
	match := form.Groups(s)
	if match == nil {
		return false
	}
	literal, ok := strings.CutPrefix(match[1], "[")
	if !ok {
		return true
	}
	ip, err := netip.ParseAddr(strings.TrimSuffix(literal, "]"))
	return err == nil && ip.Is6()
}
