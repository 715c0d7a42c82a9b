package wallets

import (
	"errors"

	"github.com/seed-a13ee279/picket/picket"
)

// Verify checks that the wallet with a canonical address signed one of the messages. The keys are those that are known of a Flow
// account. Its errors say what is wrong, and never show the signature.
func Verify(family picket.ChainType, address string, signature picket.Secret, messages []string, keys []FlowKey) error {
	switch family {
	case picket.ChainTypeEthereum:
		return verifyEthereum(address, string(signature), messages)
	case picket.ChainTypeSolana:
		return verifySolana(address, string(signature), messages)
	}
	return verifyFlow(keys, string(signature), messages)
}

// mismatch is the error of a signature in the right form that the wallet did not make of any of the messages.
type mismatch string

func (m mismatch) Error() string { return string(m) }

// IsMismatch reports whether an error of Verify, or of ContractWallet.Verify, says that a signature is in the right form, and is not the
// wallet's of one of the messages.
func IsMismatch(err error) bool {
	var m mismatch
	return errors.As(err, &m)
}
