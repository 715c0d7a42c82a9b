"""Runs the tests of mock/TESTING.md in one framework, and prints a line for each. It runs them once more with a balance that is too low: then
a test has to fail and to show what the mock was asked. Both times the mock has to be stopped in the end.

usage: check.py FRAMEWORK PICKET_MOCK, a folder of mock/examples and the program
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
JOURNAL = "what picket-mock was asked"  # is printed above it
TIMEOUT = 240  # seconds for one run; Maven downloads what it needs in the first
FAILED = 3  # an exit status that Python does not use for a crash

# How to run the tests, and where that leaves its report in the form of JUnit.
COMMANDS = {
    "vitest": (["node_modules/.bin/vitest", "run", "--reporter=default", "--reporter=junit", "--outputFile.junit=report.xml"], "report.xml"),
    "playwright": (["node_modules/.bin/playwright", "test", "--reporter=list,junit"], "report.xml"),
    "pytest": ([str(Path(__file__).with_name("venv") / "bin/pytest"), "--junitxml=report.xml"], "report.xml"),
    "junit": (["mvn", "--batch-mode", "--quiet", "test"], "target/surefire-reports/TEST-ClubTest.xml"),
}

framework, program = sys.argv[1], os.path.abspath(sys.argv[2])
status = 0


def line(passed, title):
    global status
    status = status if passed else FAILED
    print(f"{'ok  ' if passed else 'FAIL'} {framework}  {title}", flush=True)


def run(folder):
    """Runs the tests in a folder, and returns what they print, the outcomes by title, and the processes of picket-mock."""
    command, report = COMMANDS[framework]
    processes = folder / "processes"
    wrapper = folder / "bin/picket-mock"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\necho $$ >>"{processes}"\nexec "{program}" "$@"\n')
    wrapper.chmod(0o755)
    environment = os.environ | {"PATH": f"{wrapper.parent}:{os.environ['PATH']}", "PLAYWRIGHT_JUNIT_OUTPUT_NAME": report}
    with (folder / "printed").open("w") as out:  # a pipe would be open for as long as a mock that was not stopped
        try:
            subprocess.run(command, cwd=folder / framework, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:  # Maven waits for a mock that was not stopped
            line(False, f"the tests end within {TIMEOUT} seconds")
    printed = (folder / "printed").read_text()
    try:
        cases = list(ElementTree.parse(folder / framework / report).iter("testcase"))
        started = [int(number) for number in processes.read_text().split()]
    except (OSError, ElementTree.ParseError) as error:
        sys.exit(f"{printed}\n{error}")
    outcomes = {sentence(case.get("name")): {child.tag for child in case}.isdisjoint({"failure", "error", "skipped"}) for case in cases}
    return printed, outcomes, started


def sentence(name):
    """The words of a name such as test_a_holder_enters, aHolderEnters or "a holder enters"."""
    name = re.sub(r"(?<=[a-z])([A-Z])", lambda match: " " + match[1].lower(), name) if " " not in name else name
    return name.removeprefix("test_").replace("_", " ")


def stops(process):
    """Whether a process ends within ten seconds."""
    for _ in range(200):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    os.kill(process, signal.SIGKILL)
    return False


def copy(folder):
    """Copies the tests, and the page that some of them open, with the packages that are installed beside them."""
    for name in {framework, "frontend"}:
        shutil.copytree(EXAMPLES / name, folder / name, ignore=shutil.ignore_patterns("node_modules", "target"))
    if (EXAMPLES / framework / "node_modules").exists():
        (folder / framework / "node_modules").symlink_to(EXAMPLES / framework / "node_modules")


with tempfile.TemporaryDirectory() as good, tempfile.TemporaryDirectory() as bad:
    copy(Path(good))
    printed, outcomes, started = run(Path(good))
    for title, passed in outcomes.items():
        line(passed, title)
    line(JOURNAL not in printed, "tests that pass do not show what the mock was asked")
    if not all(outcomes.values()):
        print(printed, file=sys.stderr)

    copy(Path(bad))
    changed = 0
    for file in (path for path in Path(bad, framework).rglob("*lub*") if path.is_file() and "node_modules" not in path.parts):
        text, times = re.subn(r'(\bbalance[":=, ]+)"3"', r'\1"2"', file.read_text())
        file.write_text(text)
        changed += times
    assert changed == 1, f"{changed} balances were changed"
    printed, outcomes, more = run(Path(bad))
    line(list(outcomes.values()).count(False) == 1, "a balance that is too low fails the test that needs it, and no other")
    line("the wallet holds 2 of the required tokens" in printed.partition(JOURNAL)[2], "the test that fails shows what the mock was asked")
    line(re.search(r"[sp]k_[0-9a-f]{32}|eyJ[A-Za-z0-9_-]+", printed) is None, "what is shown has no key and no token")
    line(started != [] and all([stops(process) for process in started + more]), "the mock is stopped after the tests")
sys.exit(status)
