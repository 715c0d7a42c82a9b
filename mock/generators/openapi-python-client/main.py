"""Calls the API with the client that openapi-python-client makes. It returns errors of the API instead of raising them."""

import picket_api_client
from checks import SECRET_KEY, TOKEN, URL, EthereumWallet, SolanaWallet, check, equal, import_all, run, set_balance, simple_message
from httpx import BasicAuth
from picket_api_client.api.authentication import auth, authz, nonce, validate
from picket_api_client.api.o_auth_2_0 import token
from picket_api_client.api.wallets import token_ownership
from picket_api_client.models import (
    AccessTokenPayload,
    AuthRequest,
    AuthResponse,
    AuthzRequest,
    ErrorResponse,
    NonceRequest,
    NonceResponse,
    OAuthTokenRequest,
    OAuthTokenResponse,
    Requirements,
    TokenOwnershipRequest,
    TokenOwnershipResponse,
    ValidateRequest,
)
from picket_api_client.types import UNSET

# The generator knows only tokens as authorization; httpx, which it uses, knows HTTP Basic.
client = picket_api_client.Client(base_url=URL, httpx_args={"auth": BasicAuth(SECRET_KEY, "")})


def succeeded(answer, kind):
    if not isinstance(answer, kind):
        raise AssertionError(f"got {answer}")
    return answer


def refused(answer):
    equal(succeeded(answer, ErrorResponse).code, "permission_denied")


def sign(wallet):
    body = NonceRequest(chain=wallet.chain, wallet_address=wallet.address)
    return wallet.sign(simple_message(succeeded(nonce.sync(client=client, body=body), NonceResponse), wallet))


def try_login(wallet, requirements=UNSET):
    body = AuthRequest(chain=wallet.chain, wallet_address=wallet.address, signature=sign(wallet), requirements=requirements)
    return auth.sync(client=client, body=body)


def log_in(wallet, requirements=UNSET):
    return succeeded(try_login(wallet, requirements), AuthResponse)


def claims_of(access_token):
    return succeeded(validate.sync(client=client, body=ValidateRequest(access_token=access_token)), AccessTokenPayload)


@check("generates and compiles")
def _():
    import_all(picket_api_client)


@check("logs in with a wallet")
def _():
    wallet = EthereumWallet()
    log_in(wallet, Requirements())  # nobody would get in if an absent list were sent as an empty one
    login = log_in(wallet)
    equal(login.user.wallet_address, wallet.address)
    claims = claims_of(login.access_token)
    equal(claims.sub, f"ethereum:{wallet.address}")
    equal(claims.exp - claims.iat, 12 * 60 * 60)


@check("passes a gate")
def _():
    wallet = EthereumWallet()
    set_balance(wallet, "2.5", contractAddress=TOKEN)
    login = log_in(wallet, Requirements(contract_address=TOKEN, min_token_balance="2.5"))
    equal(login.user.token_balances.contract_address.to_dict(), {TOKEN: "2.5"})


@check("is refused at a gate")
def _():
    wallet = EthereumWallet()
    set_balance(wallet, "2.4", contractAddress=TOKEN)
    gate = Requirements(contract_address=TOKEN, min_token_balance="2.5")
    body = AuthRequest(chain=wallet.chain, wallet_address=wallet.address, signature=sign(wallet), requirements=gate)
    response = auth.sync_detailed(client=client, body=body)
    equal(response.status_code, 403)
    refused(response.parsed)


@check("asks for one collection and for several")
def _():
    wallet = SolanaWallet()
    set_balance(wallet, "1", collection="CATS")
    log_in(wallet, Requirements(collection=["CATS"]))
    refused(try_login(wallet, Requirements(collection=["DOGS"])))
    both = Requirements(collection=["CATS", "DOGS"], min_token_balance="2")
    refused(try_login(wallet, both))
    set_balance(wallet, "1", collection="DOGS")
    log_in(wallet, both)


@check("opens a gate later")
def _():
    wallet = EthereumWallet()
    before = log_in(wallet)
    gate = AuthzRequest(access_token=before.access_token, requirements=Requirements(contract_address=TOKEN), revalidate=True)
    refused(authz.sync(client=client, body=gate))
    set_balance(wallet, "1", contractAddress=TOKEN)
    after = succeeded(authz.sync(client=client, body=gate), AuthResponse)
    equal(after.access_token == before.access_token, False)
    equal(after.user.token_balances.contract_address.to_dict(), {TOKEN: "1"})


@check("checks ownership")
def _():
    wallet = EthereumWallet()

    def ownership():
        body = TokenOwnershipRequest(contract_address=TOKEN, min_token_balance="2.5")
        return succeeded(token_ownership.sync(wallet.chain, wallet.address, client=client, body=body), TokenOwnershipResponse)

    equal(ownership().allowed, False)
    set_balance(wallet, "2.5", contractAddress=TOKEN)
    equal((ownership().allowed, ownership().token_balance), (True, "2.5"))


@check("exchanges a grant")
def _():
    wallet = EthereumWallet()
    grant = OAuthTokenRequest(grant_type="password", username=wallet.address, password=sign(wallet))
    answer = succeeded(token.sync(client=client, body=grant), OAuthTokenResponse)
    equal((claims_of(answer.access_token).wallet_address, answer.token_type), (wallet.address, "Bearer"))


run("openapi-python-client")
