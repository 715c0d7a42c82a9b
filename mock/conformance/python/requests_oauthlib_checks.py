"""requests-oauthlib 2.0.0 against the mock: login, userinfo and refusal.

It has no discovery, and does not look into the ID token, so the rotation of keys does not concern it.
"""

import sys

from control import CONTRACT, SECRET_KEY
from oauthlib.oauth2 import AccessDeniedError, InvalidClientError
from oauthlib_login import WALLET, login, metadata
from report import Suite, equal, refused

suite = Suite("requests-oauthlib")

METHODS = {
    "client_secret_basic": {"client_secret": SECRET_KEY},
    "client_secret_post": {"client_secret": SECRET_KEY, "include_client_id": True},
    "a public client": {"include_client_id": True},
    "a public client, which it sends as Basic without a secret": {"include_client_id": None},
}

for name, exchange in METHODS.items():

    @suite.check(f"login and userinfo: {name}")
    def _(exchange=exchange):
        session, tokens = login(**exchange)
        equal(set(tokens["scope"]), {"openid", "email"})
        user = session.get(metadata()["userinfo_endpoint"], timeout=10)
        equal(user.json()["sub"], f"ethereum:{WALLET}")


@suite.check("refusal: the user says no")
def _():
    refused(lambda: login("deny"), AccessDeniedError, "the user denied the login")


@suite.check("refusal: the gate stays closed")
def _():
    gate = {"contractAddress": CONTRACT, "minTokenBalance": "1000000"}
    refused(lambda: login(parameters=gate), AccessDeniedError, "the wallet holds 0 of the required tokens")


@suite.check("refusal: a secret that is wrong")
def _():
    refused(lambda: login(client_secret="sk_wrong"), InvalidClientError, "")


if __name__ == "__main__":
    sys.exit(suite.run())
