"""Runs the ibid program in a folder of its own. The tests of this folder build on it.

    class SearchTest(IbidTestCase):
        def test_counts(self):
            self.write("a.txt", "one two")
            self.ok("index", "a.txt")
            self.assertEqual(self.ok("search", "-c", "two"), "1\n")

Each test script is called with the program's path and the source tree's.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

PROGRAM = sys.argv[1] if len(sys.argv) > 1 else ""
SOURCE = sys.argv[2] if len(sys.argv) > 2 else ""
TIME_LIMIT = 120  # seconds; only a hang comes near


class Outcome:
    """What one run of the program printed, and its exit code."""

    def __init__(self, process):
        self.code = process.returncode
        self.out = process.stdout.decode("utf-8", "surrogateescape")
        self.err = process.stderr.decode("utf-8", "surrogateescape")

    def __repr__(self):
        return f"exit {self.code}\n--- out\n{self.out}--- err\n{self.err}"


class IbidTestCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="ibid-cli-")
        self.addCleanup(self.remove_home)
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("IBID_INDEX", "NO_COLOR", "TERM")
        }
        self.environment["TERM"] = "xterm"

    def remove_home(self):
        for folder, _, _ in os.walk(self.home):
            os.chmod(folder, 0o755)
        shutil.rmtree(self.home)

    def path(self, name):
        return os.path.join(self.home, name)

    def write(self, name, text):
        """Writes a file below the test's folder; str is written as UTF-8."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text)
        return path

    def run_ibid(self, *arguments, stdin=b"", env=None, cwd=None, **how):
        environment = dict(self.environment, **(env or {}))
        if isinstance(stdin, str):
            stdin = stdin.encode()
        how.setdefault("stdout", subprocess.PIPE)
        process = subprocess.run(
            [PROGRAM, *arguments],
            input=stdin,
            stderr=subprocess.PIPE,
            cwd=cwd or self.home,
            env=environment,
            timeout=TIME_LIMIT,
            **how,
        )
        process.stdout = process.stdout or b""
        return Outcome(process)

    def start_ibid(self, *arguments, **how):
        """Starts the program, which is killed at the test's end if it is still at work then."""
        process = subprocess.Popen(
            [PROGRAM, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.home,
            env=self.environment,
            encoding="utf-8",
            **how,
        )
        watchdog = threading.Timer(TIME_LIMIT, process.kill)
        watchdog.start()
        self.addCleanup(process.__exit__, None, None, None)
        self.addCleanup(process.kill)
        self.addCleanup(watchdog.cancel)
        return process

    def ok(self, *arguments, **how):
        """Runs the program, which must end well and say nothing on standard error."""
        outcome = self.run_ibid(*arguments, **how)
        self.assertEqual((outcome.code, outcome.err), (0, ""), outcome)
        return outcome.out

    def expect(self, arguments, code, err=None, out="", **how):
        """Runs the program and compares all that it says."""
        outcome = self.run_ibid(*arguments, **how)
        self.assertEqual(outcome.code, code, outcome)
        if err is not None:
            self.assertEqual(outcome.err, err, outcome)
        if out is not None:
            self.assertEqual(outcome.out, out, outcome)
        return outcome


def main():
    if not PROGRAM:
        sys.exit("usage: test.py PROGRAM SOURCE_TREE")
    unittest.main(argv=sys.argv[:1])
