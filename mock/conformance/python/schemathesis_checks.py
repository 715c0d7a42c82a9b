"""Schemathesis against the mock: requests that it makes up from openapi.yaml, one at a time and in sequences along the links."""

import json
import os
import pathlib
import sys
import tempfile
import urllib.parse

import click.testing
import requests
from report import FAILED

FOLDER = pathlib.Path(__file__).parent
CONTRACT = FOLDER / "../../../openapi.yaml"
REDIRECT_URI = "http://localhost:3000/callback"


def control(method, path, **body):
    url = urllib.parse.urljoin(os.environ["PICKET_URL"], "/_mock" + path)
    response = requests.request(method, url, auth=(os.environ["PICKET_SECRET_KEY"], ""), json=body, timeout=10)
    response.raise_for_status()
    return response.json()


def prepare():
    """Adds a project that ignores unknown properties, which the contract allows, and in which no nonce or token expires."""
    project = control("POST", "/projects", redirectURIs=[REDIRECT_URI], unknownProperties=True)
    os.environ |= {
        "PICKET_SECRET_KEY": project["secretKey"],
        "PICKET_PUBLISHABLE_KEY": project["publishableKey"],
        "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
    }
    control("PUT", "/clock", now=control("GET", "/clock")["now"])


def run():
    """Returns the exit status of Schemathesis, what it printed and its report."""
    from schemathesis.cli import schemathesis

    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder, "report.json")
        arguments = ["--config-file", FOLDER / "schemathesis.toml", "run", CONTRACT, "--url", os.environ["PICKET_URL"]]
        arguments += ["--report", "json", "--report-json-path", report, "--no-color"]
        result = click.testing.CliRunner().invoke(schemathesis, [str(argument) for argument in arguments])
        if not report.exists():
            raise SystemExit(f"{result.output}\nSchemathesis wrote no report: {result.exception!r}")
        return result.exit_code, result.output, json.loads(report.read_text())


def checks(status, report):
    """Returns what was checked, with the reason if it failed."""
    from schemathesis_hooks import followed

    for phase, outcome in report["phases"].items():
        yield f"{phase}: every response is as openapi.yaml has it", outcome["status"] != "success" and outcome["status"]
    for failure in report["failures"] + report["errors"]:
        yield failure["title"], ", ".join(failure.get("operations", [])) or f"{failure['count']} times"
    untested = report["operations"]["total"] - report["operations"]["tested"]
    yield f"all {report['operations']['total']} operations were tested", untested and f"{untested} were not"
    for operation in ("validate", "authz"):
        count = followed.get((operation, 200), 0)
        title = f"stateful: links led from nonce to auth, where a wallet logged in, and on to {operation}, with success"
        yield title, not count and f"the answers were {followed}"
    yield "exit status 0", status and f"it is {status}"


def main():
    prepare()
    status, output, report = run()
    failed, took = False, f"({report['running_time']:.2f} s in all)"
    for title, reason in checks(status, report):
        failed = failed or bool(reason)
        print(f"FAIL schemathesis  {title}: {reason} {took}" if reason else f"ok   schemathesis  {title} {took}", flush=True)
    if failed:
        print(output, file=sys.stderr)
    return FAILED if failed else 0


if __name__ == "__main__":
    sys.exit(main())
