"""The guard passes as things are, and notices each way of being slow on purpose.

Called with the paths of ibid-guard and ibid-guard-shifted and with what to test: work, instructions
or paired. Counters and instructions are exact. Times are compared in up to three processes, of both
programs: only what is too slow in all of them is."""

import os
import re
import subprocess
import sys
import tempfile
import unittest

GUARD, SHIFTED, WHAT = sys.argv[1:4]
SKIPPED = 77  # CTest then says that the test was skipped


def guard(*arguments, program=GUARD, kernels=""):
    environment = dict(os.environ, IBID_KERNELS=kernels)
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=900,
                          env=environment)


def slower_kernels(outcome):
    return set(re.findall(r"^(\w+ .*?) +[\d.]+  slower than its frozen copy$", outcome.stdout, re.M))


class GuardTest(unittest.TestCase):
    def expect_as_kept(self, outcome):
        self.assertEqual(outcome.returncode, 0, outcome.stdout + outcome.stderr)

    def expect_rise(self, outcome, pattern):
        self.assertEqual(outcome.returncode, 1, outcome.stdout + outcome.stderr)
        self.assertRegex(outcome.stdout, re.compile(pattern, re.M))


class WorkTest(GuardTest):
    def test_queries_take_the_work_that_is_kept_with_every_set_of_kernels(self):
        for kernels in ("scalar", "avx2"):
            with self.subTest(kernels):
                self.expect_as_kept(guard("work", kernels=kernels))

    def test_a_skipped_bound_check_is_noticed_in_the_work(self):
        outcome = guard("work", "--spoil", "bounds")
        self.expect_rise(outcome, r"^rise: alnum TOP_10 the castle: postings_scored \d+ -> \d+")

    def test_a_needless_decode_is_noticed_in_the_work(self):
        outcome = guard("work", "--spoil", "decode")
        self.expect_rise(outcome, r"^rise: alnum COUNT \+captain \+horse: freq_blocks 0 -> \d+")
        self.assertRegex(outcome.stdout, r"rise: alnum TOP_10 \"[^:]*: positions \d+ -> \d+")

    def test_a_fall_asks_for_the_baseline_to_be_lowered_and_one_command_does_it(self):
        with tempfile.TemporaryDirectory(prefix="ibid-guard-") as folder:
            path = os.path.join(folder, "work.json")
            self.expect_as_kept(guard("work", "--update", "--baselines", folder))
            with open(path, encoding="utf-8") as file:
                kept = file.read()
            with open(path, "w", encoding="utf-8") as file:
                file.write(re.sub(r'("alnum TOP_10 the castle": .*"doc_blocks": )', r"\g<1>9", kept))
            outcome = guard("work", "--baselines", folder)
            self.assertEqual(outcome.returncode, 1, outcome.stderr)
            self.assertRegex(outcome.stdout, r"^fall: alnum TOP_10 the castle: doc_blocks \d+ -> \d+")
            self.assertIn("ibid-guard work --update", outcome.stdout)
            self.assertIn("1 changed", guard("work", "--update", "--baselines", folder).stdout)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), kept)

    def test_an_unknown_spoil_is_refused(self):
        self.assertEqual(guard("work", "--spoil", "soup").returncode, 2)

    def test_a_spoilt_baseline_is_refused(self):
        self.assertEqual(guard("work", "--update", "--spoil", "loop").returncode, 2)


class InstructionsTest(GuardTest):
    def test_a_compiler_without_a_baseline_is_told_how_to_add_one(self):
        with tempfile.TemporaryDirectory(prefix="ibid-guard-") as folder:
            outcome = guard("instructions", "--baselines", folder)
        self.assertEqual(outcome.returncode, 3, outcome.stdout + outcome.stderr)
        self.assertRegex(outcome.stderr, r"instructions-(gcc|clang)-\d+-\S+\.json")
        self.assertIn("ibid-guard instructions --update", outcome.stderr)

    def test_kernels_and_queries_take_the_instructions_that_are_kept(self):
        outcome = guard("instructions")
        if outcome.returncode == 3:
            self.skipTest(outcome.stderr)
        self.expect_as_kept(outcome)

    def test_spoilt_loops_and_bounds_are_noticed_in_the_instructions(self):
        for spoil, rise in (("loop", "kernel unpack 7"), ("bounds", "TOP_10 union")):
            with self.subTest(spoil):
                outcome = guard("instructions", "--kernels", "portable", "--spoil", spoil)
                if outcome.returncode == 3:
                    self.skipTest(outcome.stderr)
                self.expect_rise(outcome, f"^rise: portable {rise}: instructions")
                self.assertNotIn("rise: portable kernel lower_bound", outcome.stdout)


class PairedTest(GuardTest):
    def test_no_kernel_is_slower_than_its_frozen_copy_by_a_tenth(self):
        outcomes = []
        slower = None
        for program in (GUARD, SHIFTED, GUARD):
            outcomes.append(guard("paired", program=program))
            self.assertIn(outcomes[-1].returncode, (0, 1), outcomes[-1].stderr)
            found = slower_kernels(outcomes[-1])
            self.assertEqual(outcomes[-1].returncode, 1 if found else 0, outcomes[-1].stdout)
            slower = found if slower is None else slower & found
            if not slower:
                return
        self.fail(f"slower in each process: {sorted(slower)}\n" +
                  "\n".join(outcome.stdout for outcome in outcomes))

    def test_kernels_that_do_everything_twice_are_noticed_in_the_times(self):
        for program in (GUARD, SHIFTED):
            outcome = guard("paired", "--kernels", "portable", "--spoil", "loop", program=program)
            self.assertEqual(outcome.returncode, 1, outcome.stderr)
            found = slower_kernels(outcome)
            self.assertLessEqual({"portable unpack 16", "portable score_postings"}, found)
            self.assertNotIn("portable intersect_sorted", found)


if __name__ == "__main__":
    tests = {"work": WorkTest, "instructions": InstructionsTest, "paired": PairedTest}[WHAT]
    result = unittest.TextTestRunner(verbosity=2).run(
        unittest.defaultTestLoader.loadTestsFromTestCase(tests))
    sys.exit(1 if not result.wasSuccessful() else SKIPPED if result.skipped else 0)
