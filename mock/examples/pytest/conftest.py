"""Starts picket-mock for a run of tests, gives each test a project of its own, and shows the journal of a test that fails."""

import json
import subprocess
from urllib.parse import urljoin

import pytest
import requests
from eth_account import Account
from eth_account.messages import encode_defunct


@pytest.fixture(scope="session")
def mock_url():
    with subprocess.Popen(["picket-mock", "-addr", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True) as mock:
        try:
            url = mock.stdout.readline().split()[-1]  # the first line ends with the base URL
            requests.get(urljoin(url, "/_mock/health"), timeout=10).raise_for_status()
            yield url
        finally:
            mock.terminate()


@pytest.fixture
def picket(mock_url):
    answer = requests.post(urljoin(mock_url, "/_mock/projects"), json={}, timeout=10)
    answer.raise_for_status()
    return Picket(mock_url, answer.json()["secretKey"])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    if report.failed and "picket" in getattr(item, "funcargs", {}):
        journal = item.funcargs["picket"].control("GET", "journal").json()
        report.sections.append(("what picket-mock was asked", json.dumps(journal, indent=2)))
    return report


class Picket:
    """A project of the mock. Give its URL and secret key to the application under test."""

    def __init__(self, url, secret_key):
        self.url, self.secret_key = url, secret_key

    def call(self, operation, **body):
        """Calls the API, as the application does."""
        return requests.post(f"{self.url}/{operation}", json=body, auth=(self.secret_key, ""), timeout=10)

    def control(self, method, operation, **body):
        """Controls the project."""
        url = urljoin(self.url, f"/_mock/{operation}")
        answer = requests.request(method, url, json=body or None, auth=(self.secret_key, ""), timeout=10)
        assert answer.ok, answer.text
        return answer

    def log_in(self, wallet):
        """Logs a wallet in, and returns its access token."""
        nonce = self.call("auth/nonce", walletAddress=wallet.address).json()
        message = f"{nonce['statement']}\n\nAddress: {wallet.address}\nNonce: {nonce['nonce']}"
        signature = wallet.sign_message(encode_defunct(text=message)).signature.to_0x_hex()
        answer = self.call("auth", walletAddress=wallet.address, signature=signature)
        assert answer.ok, answer.text
        return answer.json()["accessToken"]


@pytest.fixture
def wallet():
    return Account.create()
