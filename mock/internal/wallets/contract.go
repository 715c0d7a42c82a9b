package wallets

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/seed-a13ee279/picket/mock/internal/names"
	"github.com/seed-a13ee279/picket/picket"
)

// ContractWallet is a wallet that is a contract (EIP-1271). Which signatures are good only its code knows, on the chain, so the mock is
// told what they are.
type ContractWallet struct {
	Owners       []string // the addresses of keys, in canonical form, each of whose signatures is good
	AnySignature bool     // every signature is good
}

// Canonical returns the wallet with its owners in canonical form, or what is wrong with it.
func (w ContractWallet) Canonical() (ContractWallet, error) {
	if len(w.Owners) == 0 && !w.AnySignature {
		return w, errors.New("a contract wallet needs owners, whose signatures it accepts, or has to accept any signature")
	}
	canonical := ContractWallet{AnySignature: w.AnySignature}
	for _, owner := range w.Owners {
		address, ok := CanonicalAddress(picket.ChainTypeEthereum, owner)
		if !ok {
			return w, fmt.Errorf(`the owner "%s" is not an address: it must be %s`, names.Shown(owner), AddressForm(picket.ChainTypeEthereum))
		}
		canonical.Owners = append(canonical.Owners, address)
	}
	return canonical, nil
}

// Verify checks that the wallet accepts a signature of one of the messages. The signature may be wrapped as EIP-6492 describes it, for
// wallets that are not deployed yet.
func (w ContractWallet) Verify(signature picket.Secret, messages []string) error {
	octets, err := hex.DecodeString(strings.TrimPrefix(string(signature), "0x"))
	if err != nil || !strings.HasPrefix(string(signature), "0x") || len(octets) == 0 {
		return errors.New("it is not 0x and an even number of hexadecimal digits")
	}
	if bytes.HasSuffix(octets, wrapped) {
		if octets, err = unwrap(octets); err != nil {
			return err
		}
	}
	if w.AnySignature {
		return nil
	}
	inner := "0x" + hex.EncodeToString(octets)
	if slices.ContainsFunc(w.Owners, func(owner string) bool { return verifyEthereum(owner, inner, messages) == nil }) {
		return nil
	}
	return mismatch("it is not by an owner of this contract wallet over the message with its current nonce")
}

// wrapped is how a signature ends that is wrapped by EIP-6492.
var wrapped = bytes.Repeat([]byte{0x64, 0x92}, 16)

var errUnwrappable = errors.New("it ends as one that is wrapped by EIP-6492, and is not the ABI encoding of an address and two byte strings before that")

// unwrap returns the signature within one that is wrapped: the last of the address of a factory, its call and the signature, in the
// encoding of Ethereum's ABI.
func unwrap(octets []byte) ([]byte, error) {
	const word = 32
	body := octets[:len(octets)-len(wrapped)]
	number := func(at int) (int, bool) {
		if at < 0 || at+word > len(body) {
			return 0, false
		}
		n := new(big.Int).SetBytes(body[at : at+word])
		return int(n.Int64()), n.IsInt64() && n.Int64() <= int64(len(body))
	}
	for _, head := range []int{word, 2 * word} { // the call, and then the signature
		at, ok := number(head)
		if !ok {
			return nil, errUnwrappable
		}
		length, ok := number(at)
		if !ok || at+word+length > len(body) {
			return nil, errUnwrappable
		}
		octets = body[at+word : at+word+length]
	}
	if len(octets) == 0 {
		return nil, errUnwrappable
	}
	return octets, nil
}
