package picket

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seed-a13ee279/picket/picket/internal/check"
	"github.com/seed-a13ee279/picket/picket/wire"
)

// checkName refuses a text that cannot be a wallet address or a chain, or that would lead to another endpoint as a part of a path.
func checkName(what, name string) error {
	switch {
	case name == "":
		return fmt.Errorf("%s is empty", what)
	case isPlain(name):
		return nil
	case name == "." || name == "..":
		return fmt.Errorf("%s is %q, which is a part of a path", what, name)
	case !utf8.ValidString(name):
		return fmt.Errorf("%s is not UTF-8", what)
	case strings.ContainsAny(name, `/\`):
		return fmt.Errorf("%s %q has a slash in it", what, name)
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }):
		return fmt.Errorf("%s %q has a space or a control character in it", what, name)
	}
	return nil
}

// isPlain reports whether a name has only letters and digits in it, as nearly every name has.
func isPlain(name string) bool {
	for i := range len(name) {
		if c := name[i]; (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}

// checkSlug refuses what cannot be the slug of a chain.
func checkSlug(what, chain string) error {
	return cmp.Or(checkName(what, chain), check.Slug(what, chain))
}

// checkChain is checkName for a chain that may be absent.
func checkChain(chain string) error {
	if chain == "" {
		return nil
	}
	return checkName("Chain", chain)
}

func checkSecret(what string, secret Secret) error {
	if secret == "" {
		return fmt.Errorf("%s is empty", what)
	}
	return nil
}

// checkRequirements refuses requirements that would let in others than their author meant. An empty list, a blank address or a
// malformed minimum must not silently become no requirement at all, which lets everyone in.
func checkRequirements(r Requirements) error {
	if r.AllowedWallets != nil {
		if err := checkNames("Requirements.AllowedWallets", r.AllowedWallets); err != nil {
			return err
		}
	}
	tokens, err := namesToken(r)
	switch {
	case err != nil:
		return err
	case !tokens && r.MinTokenBalance != "":
		return errors.New("Requirements.MinTokenBalance needs a token to count, such as ContractAddress")
	case !tokens && r.AllowedWallets == nil:
		return errors.New("Requirements is there but names nothing, which would let everyone in; is a value that it was made from empty?")
	}
	return nil
}

// namesToken checks the token requirements and reports whether there are any.
func namesToken(r Requirements) (bool, error) {
	named := false
	for _, address := range []struct{ what, value string }{
		{"ContractAddress", r.ContractAddress},
		{"CreatorAddress", r.CreatorAddress},
	} {
		if address.value == "" {
			continue
		}
		named = true
		if err := checkName("Requirements."+address.what, address.value); err != nil {
			return false, err
		}
	}
	for _, list := range []struct {
		what   string
		values []string
	}{
		{"TokenIDs", r.TokenIDs},
		{"Collection", r.Collection},
	} {
		if list.values == nil {
			continue
		}
		named = true
		if err := checkNames("Requirements."+list.what, list.values); err != nil {
			return false, err
		}
	}
	if r.MinTokenBalance != "" {
		if _, err := wire.ParseDecimal(string(r.MinTokenBalance)); err != nil {
			return false, fmt.Errorf("Requirements.MinTokenBalance: %w", err)
		}
	}
	return named, nil
}

func checkNames(what string, names []string) error {
	if len(names) == 0 {
		return fmt.Errorf("%s is empty, which lets nobody in; leave it nil to not require it", what)
	}
	for i, name := range names {
		if err := checkName(fmt.Sprintf("%s[%d]", what, i), name); err != nil {
			return err
		}
	}
	return nil
}
