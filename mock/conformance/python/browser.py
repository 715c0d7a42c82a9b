"""What a person with a browser does at the login page of the mock."""

import html
import os
import re
import urllib.parse

import requests
from control import control

REDIRECT_URI = f"http://localhost:{os.environ['PICKET_PAGE_PORT']}/callback"  # the mock allows it, and nothing listens there


def test_wallet():
    """Returns the address of a wallet on Ethereum that the login page offers."""
    return next(wallet["address"] for wallet in control("GET", "/wallets") if wallet["chain"] == "ethereum")


def decide(url, decision, wallet):
    """Opens the login page at a URL, approves with a wallet or denies, and returns where that leads."""
    browser = requests.Session()
    page = browser.get(url, timeout=10)
    page.raise_for_status()
    action = html.unescape(re.search('<form method="post" action="([^"]*)">', page.text)[1])
    form = {"decision": decision, "wallet": wallet}
    response = browser.post(urllib.parse.urljoin(url, action), data=form, allow_redirects=False, timeout=10)
    if response.status_code != 302:
        raise AssertionError(f"the login page answered {response.status_code} {response.text}")
    return response.headers["Location"]
