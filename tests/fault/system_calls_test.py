"""Each system call of `ibid index` on its index failing, injected by strace into the real program; and
a limit on the size of files, which gives short writes. Every outcome is success or an error that names
file and cause; the index shows the last commit or the new one, and the next run goes on from there.

Some calls at even distances; with IBID_EVERY_CALL set, all of them.
"""

import collections
import errno
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "cli"))
import ibid_program  # noqa: E402

CALLS = ["openat", "newfstatat", "mmap", "getdents64", "flock", "ftruncate", "fcntl", "write",
         "fdatasync", "fsync", "close", "rename", "unlink"]
CAUSES = ["EIO", "ENOSPC", "EINTR", "EAGAIN"]
FILE = re.compile(r"MANIFEST|LOCK|seg_|live_|/index\b")
SAMPLE = 7  # each one of so many, without IBID_EVERY_CALL


class SystemCallsTest(ibid_program.IbidTestCase):
    def setUp(self):
        super().setUp()
        self.index = self.path("index")
        self.write("a.txt", "rain of yesterday")
        self.write("b.txt", "rain of yesterday, too")
        self.write("c.txt", "rain of yesterday, three")
        self.ok("index", "-i", self.index, "a.txt", "b.txt")
        self.ok("index", "-i", self.index, "c.txt")
        os.rename(self.index, self.path("before"))
        # A replacement in an older segment, and two new ones.
        for name in ("b.txt", "d.txt", "e.txt"):
            self.write(name, f"sun of today {name}")
        self.arguments = ["index", "-i", self.index, "--threads", "1", "b.txt", "d.txt", "e.txt"]

    def fresh(self):
        shutil.rmtree(self.index, ignore_errors=True)
        shutil.copytree(self.path("before"), self.index)

    def documents(self):
        """How many of yesterday, how many of today."""
        return tuple(int(self.run_ibid("search", "-i", self.index, "-c", word).out or 0)
                     for word in ("yesterday", "today"))

    def expect_whole(self, outcome, when):
        """Behind whatever happened: one of the two commits, sound, and the next run succeeds."""
        self.assertEqual(self.run_ibid("check", "-i", self.index).code, 0, when)
        found = self.documents()
        self.assertIn(found, [(2, 3)] if outcome.code == 0 else [(2, 3), (3, 0)], when)
        again = self.run_ibid(*self.arguments)
        self.assertEqual(again.code, 0, f"{when}\n{again}")
        self.assertEqual(self.documents(), (2, 3), when)
        checked = self.run_ibid("check", "-i", self.index)
        self.assertNotIn("warning", checked.out + checked.err, when)

    def files(self):
        """Every file that the run may touch: what strace looks at."""
        names = ["", "/LOCK", "/MANIFEST", "/MANIFEST.tmp"]
        names += [f"/seg_{number:010}.ibid" for number in range(1, 6)]
        names += [f"/live_{number:010}_3.ibid" for number in range(1, 3)]
        return [argument for name in names for argument in ("-P", self.index + name)]

    def trace(self, *options, paths=True):
        log = self.path("trace")
        outcome = ibid_program.Outcome(subprocess.run(
            ["strace", "-f", "-qq", "-o", log, *(self.files() if paths else []), *options,
             ibid_program.PROGRAM, *self.arguments], cwd=self.home, env=self.environment, capture_output=True,
            timeout=ibid_program.TIME_LIMIT, check=False))
        with open(log, encoding="utf-8", errors="replace") as file:
            return outcome, file.read()

    def strace_can_inject(self):
        if shutil.which("strace") is None:
            return False
        outcome, log = self.trace("-e", "inject=fdatasync:error=EIO:when=1")
        return outcome.code == 5 and "INJECTED" in log

    def each_failure(self):
        """(call, cause, which of the calls, for ever)"""
        self.fresh()
        outcome, log = self.trace("-e", "trace=" + ",".join(CALLS))
        self.assertEqual(outcome.code, 0, outcome)
        counts = collections.Counter(re.findall(r"^\d+ +(\w+)\(", log, re.M))
        self.assertGreater(counts["fdatasync"], 2, log)
        for call in CALLS:
            for number in range(1, counts[call] + 1):
                for cause in CAUSES:
                    yield call, cause, number, False
                    # A call that is interrupted for ever is repeated for ever.
                    if cause != "EINTR":
                        yield call, cause, number, True

    def test_each_call_that_fails_is_named_and_leaves_a_whole_commit(self):
        self.fresh()
        if not self.strace_can_inject():
            self.skipTest("no strace that can inject failures here")
        stride = 1 if "IBID_EVERY_CALL" in os.environ else SAMPLE
        failures = list(self.each_failure())[::stride]
        refused = injected = 0
        for call, cause, number, for_ever in failures:
            when = f"{call} {number}{' and all on' if for_ever else ''}: {cause}"
            self.fresh()
            outcome, log = self.trace(
                "-e", f"inject={call}:error={cause}:when={number}{'+' if for_ever else ''}")
            injected += "INJECTED" in log
            self.assertIn(outcome.code, (0, 5, 6), f"{when}\n{outcome}")
            if outcome.code == 5:
                text = os.strerror(getattr(errno, cause))
                self.assertIn(text, outcome.err, when)
                self.assertRegex(outcome.err, FILE, when)
            if outcome.code == 6:  # a lock that would block is another writer's
                self.assertEqual((call, cause), ("flock", "EAGAIN"), outcome)
            refused += outcome.code != 0
            self.expect_whole(outcome, f"{when}\n{outcome}")
        self.expect_an_unreadable_lock_is_no_other_writer()
        self.assertGreater(injected, len(failures) * 9 // 10)
        self.assertGreater(refused, len(failures) // 3)
        print(f"figures: system calls failed {injected}, refused {refused}, wrong 0")

    def expect_an_unreadable_lock_is_no_other_writer(self):
        """Whether LOCK is still the file that was locked cannot be seen, at any look."""
        seen = set()
        for number in range(1, 5):
            self.fresh()
            outcome, _ = self.trace("-P", self.index + "/LOCK",
                                    "-e", f"inject=newfstatat:error=EIO:when={number}+", paths=False)
            self.assertIn(outcome.code, (0, 5), outcome)
            seen.add(outcome.code)
            if outcome.code == 5:
                self.assertIn(f"{self.index}/LOCK: Input/output error", outcome.err)
        self.assertIn(5, seen)

    def test_writes_that_stop_at_any_size_are_named_and_leave_a_whole_commit(self):
        self.fresh()
        self.ok(*self.arguments)
        largest = max(os.path.getsize(os.path.join(self.index, name))
                      for name in os.listdir(self.index))
        points = 60 if "IBID_EVERY_CALL" in os.environ else 10
        refused = 0
        for size in range(0, largest + 2, max(1, largest // points)):
            def limit(size=size):
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            self.fresh()
            outcome = self.run_ibid(*self.arguments, preexec_fn=limit)
            if outcome.code != 0:
                refused += 1
                self.assertEqual(outcome.code, 5, outcome)
                self.assertIn("File too large", outcome.err)
                self.assertRegex(outcome.err, FILE)
            self.expect_whole(outcome, f"files of {size} bytes\n{outcome}")
        self.assertGreater(refused, points // 2)
        print(f"figures: limits on files' sizes, refused {refused}, wrong 0")


if __name__ == "__main__":
    ibid_program.main()
