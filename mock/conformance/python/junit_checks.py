"""The JUnit XML of picket-mock verify, read by junitparser, with which other programs read reports of CI.

The arguments are the XML and the text of one run, and the XML of a run with a key that the server does not know."""

import pathlib
import re
import sys

import junitparser

FAILED = 3  # an exit status that Python does not use for a crash, so that run can tell the two apart


def suite(file):
    (only,) = junitparser.JUnitXml.fromfile(file)
    return only


def same_as_text(xml, text):
    lines = pathlib.Path(text).read_text().splitlines()
    passed, failed, skipped = map(int, re.fullmatch(r"(\d+) passed, (\d+) failed, (\d+) skipped", lines[-1]).groups())
    run, cases = suite(xml), list(suite(xml))
    assert (run.tests, run.failures, run.errors, run.skipped) == (passed + failed + skipped, failed, 0, skipped), run
    assert (sum(c.is_passed for c in cases), sum(c.is_failure for c in cases), sum(c.is_skipped for c in cases)) == (passed, failed, skipped)
    assert run.time > 0 and all(c.time >= 0 for c in cases)
    names = [line[6:] for line in lines if line[:6] in ("pass  ", "FAIL  ", "skip  ")]
    assert all(name.startswith(c.name) for name, c in zip(names, cases, strict=True))
    assert all(c.classname.startswith("picket-mock verify") and (c.is_passed or c.result[0].message) for c in cases)


def says_why_it_stopped(xml):
    (case,) = suite(xml)
    assert case.is_error and "no project with this secret key" in case.result[0].message, case


failed = False
for title, check in {
    "the JUnit XML of verify has the checks of its text": lambda: same_as_text(*sys.argv[1:3]),
    "the JUnit XML of a verify that stopped early says why": lambda: says_why_it_stopped(sys.argv[3]),
}.items():
    try:
        check()
        print(f"ok   junitparser  {title}")
    except Exception as error:
        failed = True
        print(f"FAIL junitparser  {title}: {' '.join(repr(error).split())}")
sys.exit(FAILED if failed else 0)
