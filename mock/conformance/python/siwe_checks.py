"""siwe for Python reads every kind of message that a wallet signs, and has to find the fields that the message was made of.

PICKET_MESSAGES is the file that the test of conformance/messages writes.
"""

import json
import os
import sys
from importlib.metadata import version

from siwe import SiweMessage

FAILED = 3  # an exit status that Python does not use for a crash, so that run can tell the two apart
REFUSED = ("an address in lower case", "a statement beyond ASCII", "the simple format")
NAMES = {name: name for name in ("domain", "address", "statement", "version", "nonce")} | {"chainId": "chain_id", "uri": "uri", "issuedAt": "issued_at"}


def read(message):
    found = SiweMessage.from_message(message["text"])
    fields = {name: getattr(found, attribute) for name, attribute in NAMES.items()}
    fields["uri"], fields["issuedAt"] = str(found.uri), str(found.issued_at)
    if fields != message["fields"]:
        raise AssertionError(f"got {fields!r}, want {message['fields']!r}")
    further = (found.expiration_time, found.not_before, found.request_id, found.resources or None)
    if any(further):
        raise AssertionError(f"{message['text']!r} has none of {further!r}")
    if found.prepare_message() != message["text"]:
        raise AssertionError(f"{message['text']!r} becomes {found.prepare_message()!r}")


def refuse(message):
    try:
        SiweMessage.from_message(message["text"])
    except ValueError:
        return
    raise AssertionError(f"{message['text']!r} is read")


def main():
    parser = f"siwe for Python {version('siwe')}"
    with open(os.environ["PICKET_MESSAGES"], encoding="utf-8") as file:
        messages = json.load(file)
    failed = 0
    for kind in dict.fromkeys(message["kind"] for message in messages):
        of_kind = [message for message in messages if message["kind"] == kind]
        title = f"{parser} refuses {kind}" if kind in REFUSED else f"{parser} reads {kind}: {len(of_kind)} of {len(of_kind)}"
        try:
            for message in of_kind:
                (refuse if kind in REFUSED else read)(message)
            print(f"ok   siwe  {title}", flush=True)
        except Exception as exception:  # a check that fails does not end the others
            failed += 1
            reason = " ".join(f"{exception or type(exception).__name__}".split())[:400]
            print(f"FAIL siwe  {title}: {reason}", flush=True)
    return FAILED if failed else 0


if __name__ == "__main__":
    sys.exit(main())
