"""Calls the API with the client that OpenAPI Generator's python makes."""

import openapi_client
from checks import SECRET_KEY, TOKEN, URL, EthereumWallet, SolanaWallet, check, equal, import_all, run, set_balance, simple_message
from openapi_client import (
    AuthRequest,
    AuthzRequest,
    NonceRequest,
    Requirements,
    TokenOwnershipRequest,
    ValidateRequest,
)
from openapi_client.exceptions import ForbiddenException

client = openapi_client.ApiClient(openapi_client.Configuration(host=URL, username=SECRET_KEY, password=""))
authentication = openapi_client.AuthenticationApi(client)
wallets = openapi_client.WalletsApi(client)
oauth = openapi_client.OAuth20Api(client)


def sign(wallet):
    nonce = authentication.nonce(NonceRequest(chain=wallet.chain, wallet_address=wallet.address))
    return wallet.sign(simple_message(nonce, wallet))


def log_in(wallet, requirements=None):
    return authentication.auth(
        AuthRequest(chain=wallet.chain, wallet_address=wallet.address, signature=sign(wallet), requirements=requirements)
    )


def refused(call):
    try:
        call()
    except ForbiddenException as exception:
        equal(exception.data.code, "permission_denied")
    else:
        raise AssertionError("the gate let the wallet in")


@check("generates and compiles")
def _():
    import_all(openapi_client)


@check("logs in with a wallet")
def _():
    wallet = EthereumWallet()
    log_in(wallet, Requirements())  # nobody would get in if an absent list were sent as an empty one
    auth = log_in(wallet)
    equal(auth.user.wallet_address, wallet.address)
    claims = authentication.validate(ValidateRequest(access_token=auth.access_token))
    equal(claims.sub, f"ethereum:{wallet.address}")
    equal(claims.exp - claims.iat, 12 * 60 * 60)


@check("passes a gate")
def _():
    wallet = EthereumWallet()
    set_balance(wallet, "2.5", contractAddress=TOKEN)
    auth = log_in(wallet, Requirements(contract_address=TOKEN, min_token_balance="2.5"))
    equal(auth.user.token_balances.contract_address, {TOKEN: "2.5"})


@check("is refused at a gate")
def _():
    wallet = EthereumWallet()
    set_balance(wallet, "2.4", contractAddress=TOKEN)
    refused(lambda: log_in(wallet, Requirements(contract_address=TOKEN, min_token_balance="2.5")))


@check("asks for one collection and for several")
def _():
    wallet = SolanaWallet()
    set_balance(wallet, "1", collection="CATS")
    log_in(wallet, Requirements(collection=["CATS"]))
    refused(lambda: log_in(wallet, Requirements(collection=["DOGS"])))
    both = Requirements(collection=["CATS", "DOGS"], min_token_balance="2")
    refused(lambda: log_in(wallet, both))
    set_balance(wallet, "1", collection="DOGS")
    log_in(wallet, both)


@check("opens a gate later")
def _():
    wallet = EthereumWallet()
    before = log_in(wallet)
    gate = AuthzRequest(access_token=before.access_token, requirements=Requirements(contract_address=TOKEN), revalidate=True)
    refused(lambda: authentication.authz(gate))
    set_balance(wallet, "1", contractAddress=TOKEN)
    after = authentication.authz(gate)
    equal(after.access_token == before.access_token, False)
    equal(after.user.token_balances.contract_address, {TOKEN: "1"})


@check("checks ownership")
def _():
    wallet = EthereumWallet()
    tokens = TokenOwnershipRequest(contract_address=TOKEN, min_token_balance="2.5")
    equal(wallets.token_ownership(wallet.chain, wallet.address, tokens).allowed, False)
    set_balance(wallet, "2.5", contractAddress=TOKEN)
    ownership = wallets.token_ownership(wallet.chain, wallet.address, tokens)
    equal((ownership.allowed, ownership.token_balance), (True, "2.5"))


@check("exchanges a grant")
def _():
    wallet = EthereumWallet()
    token = oauth.token("password", username=wallet.address, password=sign(wallet))
    claims = authentication.validate(ValidateRequest(access_token=token.access_token))
    equal((claims.wallet_address, token.token_type), (wallet.address, "Bearer"))


run("python")
