"""Runs the tests of mock/TESTING.md in one framework, and prints a line for each. It runs them once more with a balance that is too low:
then a test has to fail and to show what the mock was asked. Both times the mock has to be stopped in the end.

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


def line(passed, title, seconds):
    global status
    status = status if passed else FAILED
    print(f"{'ok  ' if passed else 'FAIL'} {framework}  {title} ({seconds:.2f} s)", flush=True)


class Run:
    """A run of the tests in a folder, to which they are copied."""

    def __init__(self, folder, balance):
        self.processes = folder / "processes"  # the numbers of those of picket-mock
        environment = os.environ | {"PATH": f"{self._wrap(folder / 'bin')}:{os.environ['PATH']}", "PLAYWRIGHT_JUNIT_OUTPUT_NAME": "report.xml"}
        self._copy(folder, balance)
        command, report = COMMANDS[framework]
        start = time.monotonic()
        with (folder / "printed").open("w") as out:  # a pipe would be open for as long as a mock that was not stopped
            try:
                subprocess.run(command, cwd=folder / framework, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=TIMEOUT)
            except subprocess.TimeoutExpired:  # Maven waits for a mock that was not stopped
                line(False, f"the tests end within {TIMEOUT} seconds", TIMEOUT)
        self.seconds = time.monotonic() - start
        self.printed = (folder / "printed").read_text()
        self.stopped = self._stopped()
        try:
            self.cases = [Case(element) for element in ElementTree.parse(folder / framework / report).iter("testcase")]
        except (OSError, ElementTree.ParseError) as error:
            sys.exit(f"{self.printed}\n{error}")

    def _wrap(self, folder):
        """Makes a picket-mock that notes its process."""
        folder.mkdir()
        wrapper = folder / "picket-mock"
        wrapper.write_text(f'#!/bin/sh\necho $$ >>"{self.processes}"\nexec "{program}" "$@"\n')
        wrapper.chmod(0o755)
        return folder

    def _copy(self, folder, balance):
        """Copies the tests, with another balance, and the page that some of them open, beside the packages that are installed."""
        for name in {framework, "frontend"}:
            shutil.copytree(EXAMPLES / name, folder / name, ignore=shutil.ignore_patterns("node_modules", "target"))
        changed = 0
        for file in (folder / framework).rglob("*lub*"):
            text, times = re.subn(r'(\bbalance[":=, ]+)"3"', rf'\1"{balance}"', file.read_text())
            file.write_text(text)
            changed += times
        assert changed == 1, f"the tests set {changed} balances of 3"
        if (EXAMPLES / framework / "node_modules").exists():
            (folder / framework / "node_modules").symlink_to(EXAMPLES / framework / "node_modules")

    def _stopped(self):
        """Whether the tests started picket-mock, and every one is stopped within ten seconds."""
        waiting = [int(number) for number in self.processes.read_text().split()] if self.processes.exists() else []
        started = bool(waiting)
        deadline = time.monotonic() + 10
        while waiting and time.monotonic() < deadline:
            waiting = [process for process in waiting if is_running(process)]
            time.sleep(0.05)
        for process in waiting:
            os.kill(process, signal.SIGKILL)
        return started and not waiting


class Case:
    def __init__(self, element):
        self.title = sentence(element.get("name"))
        self.passed = {child.tag for child in element}.isdisjoint({"failure", "error", "skipped"})
        self.seconds = float(element.get("time"))


def sentence(name):
    """The words of a name such as test_a_holder_enters, aHolderEnters or "a holder enters"."""
    if " " in name:
        return name
    return re.sub(r"(?<=[a-z])([A-Z])", lambda match: " " + match[1].lower(), name.removeprefix("test_")).replace("_", " ")


def is_running(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


with tempfile.TemporaryDirectory() as folder:
    good = Run(Path(folder), balance="3")
for case in good.cases:
    line(case.passed, case.title, case.seconds)
if not all(case.passed for case in good.cases):
    print(good.printed, file=sys.stderr)
    sys.exit(FAILED)
line(JOURNAL not in good.printed, "tests that pass do not show what the mock was asked", good.seconds)

with tempfile.TemporaryDirectory() as folder:
    bad = Run(Path(folder), balance="2")
failed = [case.title for case in bad.cases if not case.passed]
line(len(failed) == 1, "a balance that is too low fails the test that needs it, and no other", bad.seconds)
shown = "the wallet holds 2 of the required tokens" in bad.printed.partition(JOURNAL)[2]
line(shown, "the test that fails shows what the mock was asked", bad.seconds)
line(not re.search(r"[sp]k_[0-9a-f]{32}|eyJ[A-Za-z0-9_-]+", bad.printed), "what is shown has no key and no token", bad.seconds)
line(good.stopped and bad.stopped, "the mock is stopped after the tests", good.seconds + bad.seconds)
sys.exit(status)
