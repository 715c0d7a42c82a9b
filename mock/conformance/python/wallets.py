"""Wallets that sign messages of the API with the libraries that applications use."""

import base58
import nacl.signing
from eth_account import Account
from eth_account.messages import encode_defunct


class EthereumWallet:
    chain, chain_id = "ethereum", 1

    def __init__(self, key=None):
        self._account = Account.from_key(key) if key else Account.create()
        self.address = self._account.address

    def sign(self, message):
        return "0x" + self._account.sign_message(encode_defunct(text=message)).signature.hex().removeprefix("0x")


class SolanaWallet:
    chain, chain_id = "solana", 101

    def __init__(self, seed=None):
        self._key = nacl.signing.SigningKey(seed) if seed else nacl.signing.SigningKey.generate()
        self.address = base58.b58encode(bytes(self._key.verify_key)).decode()

    def sign(self, message):
        return base58.b58encode(self._key.sign(message.encode()).signature).decode()


def simple_message(statement, address, nonce):
    return f"{statement}\n\nAddress: {address}\nNonce: {nonce}"
