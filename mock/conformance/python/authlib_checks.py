"""Authlib 1.9.10 against the mock: discovery, login, userinfo, refusal and key rotation, with Flask and without a framework."""

import os
import sys
import warnings

import flask
import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session

with warnings.catch_warnings(action="ignore"):  # it says that joserfc will take its place
    from authlib.jose import JsonWebKey, jwt
from browser import REDIRECT_URI, decide, test_wallet
from control import BASE_URL, CONTRACT, PUBLISHABLE_KEY, SECRET_KEY
from joserfc.errors import JoseError
from report import Suite, equal, refused
from rotation import answer_with, check_rotation

WALLET = test_wallet()
METADATA_URL = BASE_URL + "/.well-known/openid-configuration"

suite = Suite("Authlib")


class Site:
    """An application of Flask's that logs in with the mock, and its visitors."""

    def __init__(self):
        app = flask.Flask(__name__)
        app.secret_key = os.urandom(16)
        client = OAuth(app).register(
            "picket",
            server_metadata_url=METADATA_URL,
            client_id=PUBLISHABLE_KEY,
            client_secret=SECRET_KEY,
            client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
        )

        @app.get("/login")
        def begin():
            return client.authorize_redirect(REDIRECT_URI, **flask.request.args)

        @app.get("/callback")
        def end():
            return {**client.authorize_access_token(), "asked": client.userinfo()}

        app.testing = True  # what a view raises reaches the check
        self._app, self.client = app, client

    def login(self, decision="approve", **parameters):
        """Logs a visitor in, and returns what the site got to know."""
        visitor = self._app.test_client()
        url = visitor.get("/login", query_string=parameters).location
        return visitor.get(decide(url, decision, WALLET)).json


@suite.check("discovery: the URL of the metadata is enough")
def _():
    equal(Site().client.load_server_metadata()["issuer"], BASE_URL)


@suite.check("login: with Flask, PKCE, state and nonce")
def _():
    user = Site().login()["userinfo"]
    equal((user["iss"], user["sub"]), (BASE_URL, f"ethereum:{WALLET}"))


@suite.check("userinfo: with Flask")
def _():
    equal(Site().login()["asked"]["walletAddress"], WALLET)


for method in ("client_secret_basic", "client_secret_post", "none"):

    @suite.check(f"login and userinfo: OAuth2Session, {method}")
    def _(method=method):
        session = OAuth2Session(
            PUBLISHABLE_KEY,
            None if method == "none" else SECRET_KEY,
            token_endpoint_auth_method=method,
            redirect_uri=REDIRECT_URI,
            scope="openid email",
            code_challenge_method="S256",
        )
        metadata, verifier = session.get(METADATA_URL, withhold_token=True).json(), "v" * 43
        url, state = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
        callback = decide(url, "approve", WALLET)
        session.fetch_token(metadata["token_endpoint"], authorization_response=callback, state=state, code_verifier=verifier)
        equal(session.get(metadata["userinfo_endpoint"]).json()["sub"], f"ethereum:{WALLET}")


@suite.check("verification: an ID token and an access token, by authlib.jose")
def _():
    site = Site()
    tokens, metadata = site.login(), site.client.load_server_metadata()
    keys = JsonWebKey.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())
    for token in (tokens["id_token"], tokens["access_token"]):
        claims = jwt.decode(token, keys)
        claims.validate()
        equal(claims["sub"], f"ethereum:{WALLET}")


@suite.check("refusal: the user says no")
def _():
    refused(lambda: Site().login("deny"), OAuthError, "access_denied: the user denied the login")


@suite.check("refusal: the gate stays closed")
def _():
    gate = {"contractAddress": CONTRACT, "minTokenBalance": "1000000"}
    refused(lambda: Site().login(**gate), OAuthError, "access_denied: the wallet holds 0 of the required tokens")


# It fetches keys whenever it does not know one, and keeps those that it has until then.
site = Site()


def login():
    return site.login(nonce="n-rotation")


def accept(tokens):
    answer_with(tokens)
    login()


check_rotation(suite.check, login, accept, JoseError, "kid")


if __name__ == "__main__":
    sys.exit(suite.run())
