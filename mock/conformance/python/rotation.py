"""What a client does when the issuer signs with another key."""

import base64
import json

from control import control
from report import equal, refused


def check_rotation(check, login, accept, exception, phrase, name=""):
    """Checks that a client gets to know a new key, keeps to the old one while it is served, and forgets it afterwards.

    login() returns tokens. accept(tokens) raises the exception, with the phrase, if the client refuses them. The name, if there is
    one, is what the titles end with.
    """
    tokens = {}

    @check(f"key rotation: a new key is fetched{name}")
    def _():
        tokens["first"] = login()
        accept(tokens["first"])
        _rotate(60)
        tokens["second"] = login()
        accept(tokens["second"])
        equal(_key_id(tokens["first"]) == _key_id(tokens["second"]), False)

    @check(f"key rotation: an old token is valid while its key is served{name}")
    def _():
        accept(tokens["first"])

    @check(f"key rotation: a token is refused when its key is no longer served{name}")
    def _():
        _rotate(0)
        accept(login())  # and so the client has fetched the keys again
        refused(lambda: accept(tokens["second"]), exception, phrase)


def answer_with(tokens):
    """Has the token endpoint answer the next request with tokens that it gave before."""
    body = {"access_token": tokens["access_token"], "id_token": tokens["id_token"], "token_type": "Bearer", "expires_in": 3600}
    control("POST", "/stubs", operation="token", status=200, body=body, count=1, breaksContract=True)


def _rotate(keep_seconds):
    """Has the mock sign with another key, and serve the one before it for some seconds."""
    control("POST", "/signingKeys/rotate", keepSeconds=keep_seconds)


def _key_id(tokens):
    header = tokens["id_token"].split(".")[0]
    return json.loads(base64.urlsafe_b64decode(header + "=="))["kid"]
