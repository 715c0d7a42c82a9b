"""siwe for Python reads every kind of message that a wallet signs, and has to find the fields that the message was made of.

PICKET_MESSAGES is the file that the test of conformance/messages writes.
"""

import json
import os
import sys
from functools import partial
from importlib.metadata import version

from report import Suite, equal
from siwe import SiweMessage

REFUSED = ("an address in lower case", "a statement beyond ASCII", "the simple format")


def read(messages):
    for message in messages:
        found = SiweMessage.from_message(message["text"])
        fields = {name: getattr(found, name) for name in ("domain", "address", "statement", "version", "nonce")}
        fields |= {"uri": str(found.uri), "chainId": found.chain_id, "issuedAt": str(found.issued_at)}
        equal(fields, message["fields"])
        equal([found.expiration_time, found.not_before, found.request_id, found.resources or []], [None, None, None, []])
        equal(found.prepare_message(), message["text"])


def refuse(messages):
    for message in messages:
        try:
            SiweMessage.from_message(message["text"])
        except ValueError:
            continue
        raise AssertionError(f"{message['text']!r} is read")


with open(os.environ["PICKET_MESSAGES"], encoding="utf-8") as file:
    written = json.load(file)
parser, suite = f"siwe for Python {version('siwe')}", Suite("siwe")
for kind in dict.fromkeys(message["kind"] for message in written):
    of_kind = [message for message in written if message["kind"] == kind]
    if kind in REFUSED:
        suite.check(f"{parser} refuses {kind}")(partial(refuse, of_kind))
    else:
        suite.check(f"{parser} reads {kind}: {len(of_kind)} of {len(of_kind)}")(partial(read, of_kind))

if __name__ == "__main__":
    sys.exit(suite.run())
