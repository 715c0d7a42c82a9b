package picket

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/seed-a13ee279/picket/picket/internal/check"
)

// checkForms refuses requirements that no user of the chain could meet: an address in another form than the chain's, or a
// kind of token that the chain does not have.
func checkForms(chain string, r Requirements) error {
	if chain == AnyChain {
		return checkAnyChain(r)
	}
	known, ok := chains[chain]
	if !ok {
		return checkUnknownChain(r)
	}
	family := known.family
	for i, wallet := range r.AllowedWallets {
		if err := checkForm(fmt.Sprintf("Requirements.AllowedWallets[%d]", i), family, wallet); err != nil {
			return fmt.Errorf("%w, as a wallet on %s is", err, chain)
		}
	}
	if family == ChainTypeSolana {
		if r.ContractAddress != "" {
			return fmt.Errorf("Requirements.ContractAddress names no token on %s; use TokenIDs, Collection or CreatorAddress", chain)
		}
		return checkTokenForms(chain, r)
	}
	if r.TokenIDs != nil || r.Collection != nil || r.CreatorAddress != "" {
		return fmt.Errorf("Requirements.TokenIDs, Collection and CreatorAddress name no tokens on %s; use ContractAddress", chain)
	}
	// A contract on Flow has an address or a name, such as A.1654653399040a61.FlowToken.
	if r.ContractAddress != "" && (family == ChainTypeEthereum || !flowContract.Match(r.ContractAddress)) {
		if err := checkForm("Requirements.ContractAddress", family, r.ContractAddress); err != nil {
			return fmt.Errorf("%w, as a contract on %s is", err, chain)
		}
	}
	return nil
}

var flowContract = check.Form{Pattern: `^A\.[0-9A-Fa-f]{16}\.[A-Za-z_][A-Za-z0-9_]*$`}

func checkTokenForms(chain string, r Requirements) error {
	for _, named := range []struct {
		what   string
		values []string
	}{
		{"TokenIDs", r.TokenIDs},
		{"Collection", r.Collection},
		{"CreatorAddress", []string{r.CreatorAddress}},
	} {
		for _, value := range named.values {
			if value == "" {
				continue // of CreatorAddress; the elements of lists were checked
			}
			if err := checkForm("Requirements."+named.what, ChainTypeSolana, value); err != nil {
				return fmt.Errorf("%w, as an address on %s is", err, chain)
			}
		}
	}
	return nil
}

func checkAnyChain(r Requirements) error {
	if r.ContractAddress != "" || r.CreatorAddress != "" || r.TokenIDs != nil || r.Collection != nil {
		return errors.New("AnyChain is for AllowedWallets only, because the address of a token means another token on each chain; name the chain")
	}
	for i, wallet := range r.AllowedWallets {
		if !hasAddressForm(ChainTypeEthereum, wallet) && !hasAddressForm(ChainTypeSolana, wallet) && !hasAddressForm(ChainTypeFlow, wallet) {
			return fmt.Errorf("Requirements.AllowedWallets[%d] is %q, which is not the address of a wallet on any chain: not %s, %s or %s", i, wallet,
				addressForms[ChainTypeEthereum], addressForms[ChainTypeSolana], addressForms[ChainTypeFlow])
		}
	}
	return nil
}

// checkUnknownChain refuses names that are not addresses on any chain: names for people, and those that name a chain as well.
func checkUnknownChain(r Requirements) error {
	for _, named := range [][]string{r.AllowedWallets, r.TokenIDs, r.Collection, {r.ContractAddress, r.CreatorAddress}} {
		for _, value := range named {
			lower := strings.ToLower(value)
			if strings.ContainsAny(value, ":@,;") || strings.HasSuffix(lower, ".eth") || strings.HasSuffix(lower, ".sol") {
				return fmt.Errorf("Requirements has %q, which is not an address", value)
			}
		}
	}
	return nil
}

func checkForm(what string, family ChainType, address string) error {
	if !hasAddressForm(family, address) {
		return fmt.Errorf("%s is %q, which is not %s", what, address, addressForms[family])
	}
	return nil
}

// addressForms says what an address of each family is, for messages.
var addressForms = map[ChainType]string{
	ChainTypeEthereum: "0x and 40 hexadecimal digits",
	ChainTypeSolana:   "the base58 form of 32 bytes",
	ChainTypeFlow:     "0x and 16 hexadecimal digits",
}

func hasAddressForm(family ChainType, address string) bool {
	switch family {
	case ChainTypeEthereum:
		return ethereumAddress.Match(address)
	case ChainTypeSolana:
		return solanaAddress.Match(address) && base58Length(address) == 32
	case ChainTypeFlow:
		return flowAddress.Match(address)
	}
	return false
}

const base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58Length returns the number of bytes that a base58 text encodes. The text must have only letters of the alphabet.
func base58Length(text string) int {
	number, base := new(big.Int), big.NewInt(58)
	for i := range len(text) {
		number.Mul(number, base).Add(number, big.NewInt(int64(strings.IndexByte(base58Alphabet, text[i]))))
	}
	zeros := len(text) - len(strings.TrimLeft(text, "1"))
	return zeros + len(number.Bytes())
}

// canonical returns one spelling for all spellings of an address. Case makes no difference in hexadecimal and does in base58, and
// no address is both.
func canonical(address string) string {
	if isHexadecimal(address) {
		return strings.ToLower(address)
	}
	return address
}

func isHexadecimal(address string) bool {
	return len(address) > 2 && address[0] == '0' && address[1]|0x20 == 'x' && strings.Trim(address[2:], "0123456789abcdefABCDEF") == ""
}
