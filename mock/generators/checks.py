"""What the Python programs share: wallets, balances in the mock, and a line for each check."""

import base64
import importlib
import json
import os
import pkgutil
import sys
import urllib.request

from eth_account import Account
from eth_account.messages import encode_defunct
from solders.keypair import Keypair

URL = os.environ["PICKET_URL"]
CONTROL_URL = os.environ["PICKET_CONTROL_URL"]
SECRET_KEY = os.environ["PICKET_SECRET_KEY"]
TOKEN = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
FAILED = 3  # an exit status that Python does not use for a crash


class EthereumWallet:
    chain = "ethereum"

    def __init__(self):
        self._account = Account.create()
        self.address = self._account.address

    def sign(self, message):
        return "0x" + bytes(self._account.sign_message(encode_defunct(text=message)).signature).hex()


class SolanaWallet:
    chain = "solana"

    def __init__(self):
        self._key = Keypair()
        self.address = str(self._key.pubkey())

    def sign(self, message):
        return str(self._key.sign_message(message.encode()))  # base58


def simple_message(nonce, wallet):
    return f"{nonce.statement}\n\nAddress: {wallet.address}\nNonce: {nonce.nonce}"


def set_balance(wallet, balance, **token):
    """Sets how much of a token the mock says that the wallet holds."""
    holding = {"chain": wallet.chain, "walletAddress": wallet.address, "balance": balance, **token}
    key = base64.b64encode(f"{SECRET_KEY}:".encode()).decode()
    headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{CONTROL_URL}/balances", json.dumps(holding).encode(), headers, method="PUT")
    urllib.request.urlopen(request, timeout=10).close()


def equal(got, want):
    if got != want:
        raise AssertionError(f"got {got!r}, want {want!r}")


def import_all(package):
    """Imports every module of a package, so that none has a mistake that only its use would show."""
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)


CHECKS = []


def check(title):
    def add(function):
        CHECKS.append((title, function))

    return add


def run(name):
    """Runs the checks in their order, and ends the program."""
    failed = 0
    for title, function in CHECKS:
        try:
            function()
            print(f"ok   {name}  {title}", flush=True)
        except Exception as exception:  # a check that fails does not end the others
            failed += 1
            reason = " ".join(f"{type(exception).__name__}: {exception}".split())[:400]
            print(f"FAIL {name}  {title}: {reason}", flush=True)
    sys.exit(FAILED if failed else 0)
