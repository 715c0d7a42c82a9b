"""PyJWT 2.15.1 against the mock: it checks ID tokens and access tokens, and keeps up with the rotation of keys.

It does nothing else, so requests-oauthlib logs in.
"""

import sys

import jwt
from control import BASE_URL, PUBLISHABLE_KEY
from oauthlib_login import WALLET, login, metadata
from report import Suite, equal, refused
from rotation import check_rotation

suite = Suite("PyJWT")

# What the two tokens are checked for. Access tokens are for the project, whose ID is that of every picket-mock.
OF_ID_TOKEN = {"issuer": BASE_URL, "audience": PUBLISHABLE_KEY, "algorithms": ["ES256"]}
OF_ACCESS_TOKEN = {"issuer": "picketapi.com", "audience": "00000000-0000-4000-8000-000000000000", "algorithms": ["ES256"]}


def decode_id_token(keys, token):
    return jwt.decode(token, keys.get_signing_key_from_jwt(token), **OF_ID_TOKEN)


def decode_access_token(keys, token):
    """Tries every key, because access tokens name none."""
    for key in keys.get_signing_keys():
        try:
            return jwt.decode(token, key, **OF_ACCESS_TOKEN)
        except jwt.InvalidSignatureError:
            continue
    raise jwt.InvalidSignatureError("no key is that of the token")


def new_keys(**options):
    return jwt.PyJWKClient(metadata()["jwks_uri"], **options)


@suite.check("verification: an ID token")
def _():
    _, tokens = login()
    equal(decode_id_token(new_keys(), tokens["id_token"])["sub"], f"ethereum:{WALLET}")


@suite.check("verification: an access token, which names no key")
def _():
    _, tokens = login()
    refused(lambda: new_keys().get_signing_key_from_jwt(tokens["access_token"]), jwt.PyJWKClientError, 'matches: "None"')
    equal(decode_access_token(new_keys(), tokens["access_token"])["sub"], f"ethereum:{WALLET}")


@suite.check("refusal: the token of another issuer, for another audience, or altered")
def _():
    _, tokens = login()
    token, key = tokens["id_token"], new_keys().get_signing_key_from_jwt(tokens["id_token"])
    for change, exception in [({"issuer": "picketapi.com"}, jwt.InvalidIssuerError), ({"audience": "another"}, jwt.InvalidAudienceError)]:
        refused(lambda: jwt.decode(token, key, **OF_ID_TOKEN | change), exception, "")  # noqa: B023, it is called at once
    altered = token.rsplit(".", 1)[0] + "." + tokens["access_token"].rsplit(".", 1)[1]
    refused(lambda: jwt.decode(altered, key, **OF_ID_TOKEN), jwt.InvalidSignatureError, "")


# For 30 s after it fetched keys, it fetches no others, unless cooldown_duration says otherwise.
rotating = new_keys(cooldown_duration=0)
check_rotation(
    suite.check,
    login=lambda: login()[1],
    accept=lambda tokens: decode_id_token(rotating, tokens["id_token"]),
    exception=jwt.PyJWKClientError,
    phrase="Unable to find a signing key",
    name=": ID tokens, with cooldown_duration=0",
)

# Nothing tells it that the key of an access token is another one, so it keeps the keys that it has for five minutes.
fetching = new_keys(cache_jwk_set=False)
check_rotation(
    suite.check,
    login=lambda: login()[1],
    accept=lambda tokens: decode_access_token(fetching, tokens["access_token"]),
    exception=jwt.InvalidSignatureError,
    phrase="no key is that of the token",
    name=": access tokens, with cache_jwk_set=False",
)


if __name__ == "__main__":
    sys.exit(suite.run())
