"""picketapi 0.1.1 against the mock: every method that it has, and the refusals that its users meet."""

import datetime
import sys

from control import BASE_URL, CONTRACT, SECRET_KEY, control
from picketapi import Picket
from picketapi.exceptions import PicketAPIException
from report import Suite, equal
from wallets import EthereumWallet, SolanaWallet, simple_message

MINT = "4k3Dyjzvzp8eMZWUXbBCjEvwSkkk59S5iCNLY3QrkX6R"

picket = Picket(SECRET_KEY, base_url=BASE_URL)
suite = Suite("picketapi")
check = suite.check


def new_context(wallet):
    issued_at = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    return {
        "domain": "shop.example",
        "uri": "https://shop.example",
        "chain_id": wallet.chain_id,  # the SDK sends chainId
        "chain_type": wallet.chain,
        "issued_at": issued_at,
        "locale": "en",
    }


def siwe_message(nonce, wallet, context):
    message = (
        f"{context['domain']} wants you to sign in with your Ethereum account:\n{wallet.address}\n\n"
        f"{nonce.statement}\n\nURI: {context['uri']}\nVersion: 1\nChain ID: {context['chain_id']}\n"
        f"Nonce: {nonce.nonce}\nIssued At: {context['issued_at']}"
    )
    return message.replace("Ethereum", "Solana") if wallet.chain == "solana" else message


def login(wallet, **extra):
    nonce = picket.nonce(wallet.chain, wallet.address)
    return picket.auth(wallet.chain, wallet.address, wallet.sign(simple_message(nonce.statement, wallet.address, nonce.nonce)), **extra)


def login_siwe(wallet):
    nonce, context = picket.nonce(wallet.chain, wallet.address), new_context(wallet)
    signature = wallet.sign(siwe_message(nonce, wallet, context))
    return picket.auth(wallet.chain, wallet.address, signature, context=context)


def seed_balance(wallet, balance, **token):
    control("PUT", "/balances", chain=wallet.chain, walletAddress=wallet.address, balance=balance, **token)


def refused(call, code, phrase):
    """Asserts that the API refuses, with a code and a phrase; the SDK keeps no status."""
    try:
        call()
    except PicketAPIException as exception:
        equal(exception.code, code)
        if phrase not in exception.msg:
            raise AssertionError(f"{exception.msg!r} does not say {phrase!r}")
        equal(str(exception), exception.msg)
    else:
        raise AssertionError("the mock did not refuse")


def is_user(user, wallet, token_balances=None):
    equal(
        vars(user),
        {
            "chain": wallet.chain,
            "wallet_address": wallet.address,
            "display_address": wallet.address,
            "token_balances": token_balances or {},
        },
    )


@check("nonce: a nonce, a statement and a format, for the locale en-US")
def _():
    wallet = EthereumWallet()
    nonce = picket.nonce("ethereum", wallet.address)
    assert nonce.nonce.isalnum() and nonce.statement and nonce.format in ("simple", "siwe"), nonce
    equal(picket.nonce("ethereum", wallet.address), nonce)


@check("auth: simple message, signed by eth-account; empty requirements and context are absent ones")
def _():
    wallet = EthereumWallet()
    is_user(login(wallet).user, wallet)


@check("auth: SIWE message with its context, signed by eth-account")
def _():
    wallet = EthereumWallet()
    is_user(login_siwe(wallet).user, wallet)


@check("auth: simple message, signed by PyNaCl for Solana")
def _():
    wallet = SolanaWallet()
    is_user(login(wallet).user, wallet)


@check("auth: SIWE message with its context, signed by PyNaCl for Solana")
def _():
    wallet = SolanaWallet()
    is_user(login_siwe(wallet).user, wallet)


@check("auth: a holder of enough tokens gets in, with the balance that was proven")
def _():
    wallet = EthereumWallet()
    seed_balance(wallet, "3", contractAddress=CONTRACT)
    auth = login(wallet, requirements={"contract_address": CONTRACT, "min_token_balance": 3})
    is_user(auth.user, wallet, {"contractAddress": {CONTRACT: "3"}})


@check("authz: a new token for a wallet among allowed_wallets")
def _():
    wallet = EthereumWallet()
    before = login(wallet)
    after = picket.authz(before.access_token, {"allowed_wallets": [wallet.address]})
    is_user(after.user, wallet)
    assert after.access_token != before.access_token


@check("auth: defect: the default arguments are shared between calls; what one call requires, the next does not")
def _():
    wallet = EthereumWallet()
    login(wallet, requirements={"allowed_wallets": [wallet.address]}, context={"locale": "en"})
    login(EthereumWallet())
    equal(Picket.auth.__defaults__, ({}, {}))


@check("validate: the user of a token")
def _():
    wallet = EthereumWallet()
    is_user(picket.validate(login(wallet).access_token), wallet)
    is_user(picket.validate(login(wallet).access_token, {"allowed_wallets": [wallet.address]}), wallet)


@check("token_ownesrhip: defect: its name is misspelt, and there is no other")
def _():
    assert not hasattr(picket, "token_ownership"), "the SDK has been mended: call token_ownership"


@check("token_ownesrhip: a wallet that holds nothing")
def _():
    wallet = EthereumWallet()
    ownership = picket.token_ownesrhip("ethereum", wallet.address, contract_address=CONTRACT)
    equal(vars(ownership), {"allowed": False, "token_balances": {"contractAddress": {CONTRACT: "0"}}})


@check("token_ownesrhip: fields at top level, and nested as requirements")
def _():
    wallet = EthereumWallet()
    seed_balance(wallet, "3", contractAddress=CONTRACT)
    want = {"allowed": True, "token_balances": {"contractAddress": {CONTRACT: "3"}}}
    requirements = {"contract_address": CONTRACT, "min_token_balance": "3"}
    equal(vars(picket.token_ownesrhip("ethereum", wallet.address, **requirements)), want)
    equal(vars(picket.token_ownesrhip("ethereum", wallet.address, requirements=requirements)), want)


@check("token_ownesrhip: token_ids on Solana")
def _():
    wallet = SolanaWallet()
    seed_balance(wallet, "0.1337", tokenId=MINT)
    ownership = picket.token_ownesrhip("solana", wallet.address, token_ids=[MINT])
    equal(vars(ownership), {"allowed": True, "token_balances": {"tokenIds": {MINT: "0.1337"}}})


@check("refusal: a bad signature")
def _():
    wallet = EthereumWallet()
    picket.nonce("ethereum", wallet.address)
    signature = wallet.sign("another message")
    refused(lambda: picket.auth("ethereum", wallet.address, signature), "parameter_invalid", "invalid signature")


@check("refusal: a spent nonce")
def _():
    wallet = EthereumWallet()
    nonce = picket.nonce("ethereum", wallet.address)
    signature = wallet.sign(simple_message(nonce.statement, wallet.address, nonce.nonce))
    picket.auth("ethereum", wallet.address, signature)
    refused(lambda: picket.auth("ethereum", wallet.address, signature), "parameter_invalid", "invalid signature")


@check("refusal: an unknown key")
def _():
    stranger = Picket("sk_" + "f" * 32, base_url=BASE_URL)
    refused(lambda: stranger.nonce("ethereum", EthereumWallet().address), "api_key_invalid", "invalid project key")


@check("refusal: a wallet that is not among allowed_wallets")
def _():
    requirements = {"allowed_wallets": [EthereumWallet().address]}
    refused(lambda: login(EthereumWallet(), requirements=requirements), "permission_denied", "allowed wallet addresses")


@check("refusal: too few tokens")
def _():
    token = login(EthereumWallet()).access_token
    refused(lambda: picket.authz(token, {"contract_address": CONTRACT}), "permission_denied", "tokens")
    refused(lambda: picket.validate(token, {"contract_address": CONTRACT}), "permission_denied", "tokens")


@check("refusal: a forged access token")
def _():
    refused(lambda: picket.validate("nonsense"), "parameter_invalid", "invalid access token")


@check("refusal: a misspelt requirement is answered with the name that was meant")
def _():
    requirements = {"contract_addres": CONTRACT}
    refused(lambda: login(EthereumWallet(), requirements=requirements), "parameter_invalid", 'did you mean "contractAddress"')


@check("refusal: an unknown endpoint; defect: an error that is not JSON would lose its status")
def _():
    refused(lambda: picket.post_request("auth/nowhere"), "resource_not_found", "auth/nowhere")


if __name__ == "__main__":
    sys.exit(suite.run())
