"""What mutate.py makes of lines, and which mutations it takes; not what the tests say of them."""
import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import mutate  # noqa: E402


def listed(*arguments):
    out = subprocess.run([sys.executable, os.path.join(HERE, "mutate.py"), "--list", *arguments],
                         check=True, capture_output=True, text=True).stdout.splitlines()
    return out[:-1], out[-1]


class MutationsTest(unittest.TestCase):
    def test_changes_of_a_line(self):
        self.assertEqual(set(mutate.changes_of("  if (a < 3) return;")),
                         {"  if (a <= 3) return;", "  if (a < 4) return;", "  if (a < 2) return;",
                          "  if (!(a < 3)) return;"})
        self.assertEqual(list(mutate.changes_of("  docs.clear();")), ["  ;"])

    def test_numbers_with_a_point_or_an_exponent_stay(self):
        for line in ("constexpr double kLow = 6.9e-01;", "constexpr double kHigh = 1.5;",
                     "constexpr double kSmall = 2E+10;", "// 7 of them", "#include \"v2.h\""):
            self.assertEqual(list(mutate.changes_of(line)), [], line)

    def test_parts_are_all_of_them_once(self):
        everything, summary = listed("--count", "30")
        self.assertRegex(summary, r"^\d+ of \d{4,}$")
        parts = [line for i in "123" for line in listed("--count", "30", "--part", i + "/3")[0]]
        self.assertGreaterEqual(len(everything), 20)
        self.assertEqual(sorted(parts), sorted(everything))


if __name__ == "__main__":
    unittest.main()
