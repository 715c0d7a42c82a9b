"""Logs in with requests-oauthlib."""

import os

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # the mock speaks http, and the library only https without this

import functools

import requests
from browser import REDIRECT_URI, decide, test_wallet
from control import BASE_URL, PUBLISHABLE_KEY, SECRET_KEY
from requests_oauthlib import OAuth2Session

WALLET = test_wallet()


@functools.cache
def metadata():
    """Returns the metadata of the mock, which requests-oauthlib does not discover."""
    response = requests.get(BASE_URL + "/.well-known/openid-configuration", timeout=10)
    response.raise_for_status()
    return response.json()


def login(decision="approve", parameters=None, **exchange):
    """Logs in, and returns the session and the tokens. What the exchange is given is for fetch_token."""
    session = OAuth2Session(PUBLISHABLE_KEY, redirect_uri=REDIRECT_URI, scope=["openid", "email"], pkce="S256")
    url, _ = session.authorization_url(metadata()["authorization_endpoint"], **(parameters or {}))
    callback = decide(url, decision, WALLET)
    exchange = exchange or {"client_secret": SECRET_KEY}
    return session, session.fetch_token(metadata()["token_endpoint"], authorization_response=callback, **exchange)
