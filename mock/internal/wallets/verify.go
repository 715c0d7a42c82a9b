package wallets

import "github.com/seed-a13ee279/picket/picket"

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
