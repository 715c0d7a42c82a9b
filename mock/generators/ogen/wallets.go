package main

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"
	"github.com/mr-tron/base58"
	"golang.org/x/crypto/sha3"
)

type wallet struct {
	chain, address string
	sign           func(message string) string
}

func newEthereumWallet() wallet {
	key, err := secp256k1.GeneratePrivateKey()
	if err != nil {
		panic(err)
	}
	address := keccak(key.PubKey().SerializeUncompressed()[1:])[12:]
	return wallet{"ethereum", "0x" + hex.EncodeToString(address), func(message string) string {
		digest := keccak(fmt.Appendf(nil, "\x19Ethereum Signed Message:\n%d%s", len(message), message)) // EIP-191
		compact := ecdsa.SignCompact(key, digest, false)                                                // v, r and s
		return "0x" + hex.EncodeToString(append(compact[1:], compact[0]))
	}}
}

func newSolanaWallet() wallet {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		panic(err)
	}
	return wallet{"solana", base58.Encode(public), func(message string) string {
		return base58.Encode(ed25519.Sign(private, []byte(message)))
	}}
}

func keccak(data []byte) []byte {
	hash := sha3.NewLegacyKeccak256()
	hash.Write(data)
	return hash.Sum(nil)
}
