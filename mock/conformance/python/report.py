"""One line for each check, with the time that it took, so that a run reads as a list of what was found out about a library."""

import time

FAILED = 3  # an exit status that Python does not use for a crash, so that run can tell the two apart


class Suite:
    """Checks, which are printed under the name of the library that they run."""

    def __init__(self, name):
        self._name, self._checks = name, []

    def check(self, title):
        """Adds the function that it decorates. A check that raises has failed."""

        def add(function):
            self._checks.append((title, function))

        return add

    def run(self):
        """Runs the checks, and returns the exit status that they earned."""
        failed = 0
        for title, function in self._checks:
            start, verdict, reason = time.monotonic(), "ok  ", ""
            try:
                function()
            except Exception as exception:  # a check that fails does not end the others
                failed += 1
                verdict, reason = "FAIL", ": " + " ".join(f"{exception or type(exception).__name__}".split())[:400]
            print(f"{verdict} {self._name}  {title}{reason} ({time.monotonic() - start:.2f} s)", flush=True)
        return FAILED if failed else 0


def equal(got, want):
    if got != want:
        raise AssertionError(f"got {got!r}, want {want!r}")


def refused(call, exception, phrase):
    """Asserts that a call raises an exception that says a phrase."""
    try:
        call()
    except exception as refusal:
        if phrase not in str(refusal):
            raise AssertionError(f"{str(refusal)!r} does not say {phrase!r}") from refusal
    else:
        raise AssertionError("it was not refused")
