"""What the suites know of the mock, and what they ask of it beyond the API."""

import os
import urllib.parse

import requests

BASE_URL = os.environ["PICKET_URL"]
SECRET_KEY = os.environ["PICKET_SECRET_KEY"]
PUBLISHABLE_KEY = os.environ["PICKET_PUBLISHABLE_KEY"]
CONTRACT = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"  # nothing but the balances that a check gives is known of it


def control(method, path, **body):
    """Sends a request to the control API, for the project of the secret key, and returns what it answers."""
    url = urllib.parse.urljoin(BASE_URL, "/_mock" + path)
    response = requests.request(method, url, auth=(SECRET_KEY, ""), json=body or None, timeout=10)
    if not response.ok:
        raise AssertionError(f"cannot control the mock: {method} /_mock{path} answered {response.status_code} {response.text}")
    return response.json() if response.content else None
