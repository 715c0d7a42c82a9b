"""What Schemathesis cannot read from openapi.yaml: API keys, wallets that sign, and access tokens that were issued.

The requests that it makes up are well formed, but signatures and tokens cannot be made up. So before_call puts the address of a
wallet where a login begins, the wallet's signature where that login goes on, and an access token where one was made up. Requests
that are meant to be wrong stay as they are.

PICKET_URL, PICKET_SECRET_KEY and PICKET_PUBLISHABLE_KEY say which server and project are tested. To run it on its own, against
picket-mock -unknown-properties -redirect-uri http://localhost:3000/callback, in this folder and with the packages of requirements.txt:

    SCHEMATHESIS_HOOKS=schemathesis_hooks PYTHONPATH=. \\
      st --config-file schemathesis.toml run ../../../openapi.yaml --url "$PICKET_URL"
"""

import base64
import os

import requests
import schemathesis
from schemathesis.openapi.checks import RejectedPositiveData
from wallets import EthereumWallet, SolanaWallet, simple_message

BASE_URL = os.environ["PICKET_URL"]
SECRET_KEY = os.environ["PICKET_SECRET_KEY"]
PUBLISHABLE_KEY = os.environ["PICKET_PUBLISHABLE_KEY"]
REDIRECT_URI = "http://localhost:3000/callback"

VISITOR = EthereumWallet(bytes(31) + b"\1")  # gets access tokens, and spends no nonce of the other wallets
WALLETS = dict.fromkeys(("ethereum", "polygon", "optimism", "arbitrum", "avalanche"), EthereumWallet(bytes(31) + b"\2"))
WALLETS["solana"] = SolanaWallet(bytes(31) + b"\2")

# What the server may refuse although the schemas allow it: by operation, a phrase of the refusal and the reason.
REQUIREMENTS = {
    "is not a contract on": "the form of a contract's address depends on the chain",
    "needs a token to count": "a minimum needs a token, which schemas could say only with an anyOf that generators cannot read",
    "a decimal has at most 256 digits": "no keyword limits the digits of a number",
}
HINT = {"id_token_hint is not an ID token": "the ID token is made up"}
REPEATED = {"is given more than once": "schemas cannot forbid lists of parameters that they do not name (RFC 6749 section 3.2)"}
EXCUSES = {
    "auth": REQUIREMENTS
    | {
        "is not an address on": "the form of an address depends on the chain",
        "invalid signature": "the signature is made up",  # is_signed checks that
    },
    "authz": REQUIREMENTS,
    "validate": REQUIREMENTS,
    "tokenOwnership": REQUIREMENTS | {"no token is named": "as with a minimum, one of several properties is needed"},
    "token": {
        "invalid_grant": "the code or signature is made up",  # is_signed checks that
        "unsupported_grant_type": "the set of grants is open",
        "is required for the grant": "which properties are needed depends on the grant",
    }
    | REPEATED,
    "logout": HINT,
    "postLogout": HINT | REPEATED,
}

nonces = {}  # what the nonce operation answered last, by chain and address
signatures = set()  # those that wallets made, which are never excused
tokens = {}  # the access tokens that were issued, with the phase and operation that issued them, and the wallet
followed = {}  # how often sequences of calls took an access token from auth to another operation, by operation and status


def operation_id(case):
    return case.operation.definition.raw["operationId"]


def is_positive(case):
    return case.meta is None or case.meta.generation.mode.is_positive


def phase(case):
    return case.meta.phase.name.value if case.meta else ""


def scheme(context):
    """Returns the HTTP scheme with which an operation authenticates: basic, bearer or None."""
    contract = context.operation.schema.raw_schema
    for alternative in context.operation.definition.raw.get("security", contract["security"]):
        for name in alternative:
            return contract["components"]["securitySchemes"][name]["scheme"]
    return None


@schemathesis.auth().apply_to(lambda context: scheme(context) == "basic")
class BySecretKey:
    def get(self, case, context):
        return base64.b64encode(f"{SECRET_KEY}:".encode()).decode()

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Basic {data}"


@schemathesis.auth().apply_to(lambda context: scheme(context) == "bearer")
class ByAccessToken:
    def get(self, case, context):
        return log_in()

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


def post(path, **body):
    response = requests.post(BASE_URL + path, auth=(SECRET_KEY, ""), json=body, timeout=10)
    response.raise_for_status()
    return response.json()


def log_in():
    nonce = post("/auth/nonce", walletAddress=VISITOR.address)
    signature = VISITOR.sign(simple_message(nonce["statement"], VISITOR.address, nonce["nonce"]))
    return post("/auth", walletAddress=VISITOR.address, signature=signature)["accessToken"]


def sign(case, address, signature):
    """Lets a wallet log in, if it asked for a nonce before. While single calls are made, it asks here."""
    chain = case.body.get("chain") or "ethereum"
    if chain in WALLETS and phase(case) == "fuzzing":
        case.body[address] = WALLETS[chain].address
        nonces[chain, case.body[address]] = post("/auth/nonce", chain=chain, walletAddress=case.body[address])
    if nonce := nonces.get((chain, case.body.get(address))):
        case.body[signature] = WALLETS[chain].sign(simple_message(nonce["statement"], case.body[address], nonce["nonce"]))
        signatures.add(case.body[signature])


def open_gate(case, address):
    """Lets a wallet pass in sequences of calls, so that they go on. Single calls keep the requirements that were made up."""
    if phase(case) == "stateful" and "requirements" in case.body:
        case.body["requirements"] = {"allowedWallets": [address]}


def is_signed(case):
    body = case.body if isinstance(case.body, dict) else {}
    return body.get("signature") in signatures or body.get("password") in signatures


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Puts what links carry into a body where Schemathesis looks for it."""
    responses = [
        response
        for path in raw_schema["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
        for response in operation.get("responses", {}).values()
    ]
    for holder in [*responses, raw_schema["components"]]:
        for link in holder.get("links", {}).values():
            if "x-request-body" in link:
                link["requestBody"] = link["x-request-body"]


@schemathesis.hook
def before_call(context, case, kwargs):
    if not is_positive(case):
        return
    match operation_id(case):  # what is replaced as a whole is shared with other cases
        case "nonce":
            chain = case.body["chain"] = case.body.get("chain") or "ethereum"  # for links, which cannot say what absence means
            if wallet := WALLETS.get(chain):
                case.body["walletAddress"] = wallet.address
        case "auth":
            sign(case, "walletAddress", "signature")
            open_gate(case, case.body["walletAddress"])
        case "token":
            if case.body.get("grant_type") == "password":
                sign(case, "username", "password")
        case "authz" | "validate":
            if case.body["accessToken"] not in tokens:
                case.body["accessToken"] = next(iter(tokens), None) or log_in()
                tokens.setdefault(case.body["accessToken"], ("", "", VISITOR.address))
            open_gate(case, tokens[case.body["accessToken"]][2])
        case "tokenOwnership":
            if wallet := WALLETS.get(case.path_parameters["chain"]):
                case.path_parameters["walletAddress"] = wallet.address
        case "authorize":
            case.query = case.query | {"client_id": PUBLISHABLE_KEY, "redirect_uri": REDIRECT_URI}
        case "postAuthorize":
            case.body = case.body | {"client_id": PUBLISHABLE_KEY, "redirect_uri": REDIRECT_URI}
        case "logout":
            case.query = case.query | {"client_id": PUBLISHABLE_KEY, "post_logout_redirect_uri": REDIRECT_URI}
        case "postLogout" if isinstance(case.body, dict):
            case.body = case.body | {"client_id": PUBLISHABLE_KEY, "post_logout_redirect_uri": REDIRECT_URI}


@schemathesis.hook
def after_call(context, case, response):
    if not is_positive(case):
        return
    operation = operation_id(case)
    body = case.body if isinstance(case.body, dict) else {}
    if phase(case) == "stateful" and (issued := tokens.get(body.get("accessToken"))) and issued[:2] == ("stateful", "auth"):
        followed[operation, response.status_code] = followed.get((operation, response.status_code), 0) + 1
    if response.status_code != 200:
        return
    if operation == "nonce" and body["walletAddress"] in {wallet.address for wallet in WALLETS.values()}:
        nonces[body.get("chain") or "ethereum", body["walletAddress"]] = response.json()
    if operation in ("auth", "token"):
        nonces.pop((body.get("chain") or "ethereum", body.get("walletAddress") or body.get("username")), None)
    if operation in ("auth", "authz", "token"):
        answer = response.json()
        tokens[answer["accessToken"]] = (phase(case), operation, answer["user"]["walletAddress"])


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Says whether a failure counts."""
    if not isinstance(failure, RejectedPositiveData):
        return True
    excuses = [phrase for phrase in EXCUSES.get(operation_id(case), {}) if phrase in response.text]
    return not excuses or is_signed(case) and excuses[0] in ("invalid signature", "invalid_grant")
