"""The JUnit XML of picket-mock verify, read by junitparser, with which other programs read reports of CI.

The arguments are the XML and the text of one run, and the XML of a run with a key that the server does not know."""

import pathlib
import re
import sys

import junitparser
from report import Suite, equal

suite = Suite("junitparser")
XML, TEXT, STOPPED = sys.argv[1:]


def read(file):
    (only,) = junitparser.JUnitXml.fromfile(file)
    return only


@suite.check("the JUnit XML of verify has the checks of its text")
def _():
    lines = pathlib.Path(TEXT).read_text().splitlines()
    passed, failed, skipped = map(int, re.fullmatch(r"(\d+) passed, (\d+) failed, (\d+) skipped", lines[-1]).groups())
    run, cases = read(XML), list(read(XML))
    equal((run.tests, run.failures, run.errors, run.skipped), (passed + failed + skipped, failed, 0, skipped))
    equal((sum(c.is_passed for c in cases), sum(c.is_failure for c in cases), sum(c.is_skipped for c in cases)), (passed, failed, skipped))
    equal(run.time > 0 and all(c.time >= 0 for c in cases), True)
    checks = [line[6:] for line in lines if line[:6] in ("pass  ", "FAIL  ", "skip  ")]
    equal([c.name for c in cases], [check[: len(c.name)] for check, c in zip(checks, cases, strict=True)])
    equal([c.name for c in cases if not c.is_passed and not c.result[0].message], [])


@suite.check("the JUnit XML of a verify that stopped early says why")
def _():
    (case,) = read(STOPPED)
    equal((case.is_error, "no project with this secret key" in case.result[0].message), (True, True))


sys.exit(suite.run())
