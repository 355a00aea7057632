"""bench/cold_pages.py counts what the first query of a new process leaves in the page cache. Called
with the folder of the programs and the source tree."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAMS, SOURCE = sys.argv[1], sys.argv[2]
CANNOT_LOOK = 3


class ColdPagesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Beside the programs, for /tmp may lie in memory, where nothing can be evicted.
        home = tempfile.TemporaryDirectory(prefix="cold-pages-", dir=PROGRAMS)
        cls.addClassCleanup(home.cleanup)
        cls.work = os.path.join(home.name, "work")
        subprocess.run([os.path.join(PROGRAMS, "ibid-bench"), "--engines", "ibid,xapian",
                        "--sample", "1", "--classes", "term", "--passes", "1", "--commands",
                        "COUNT", cls.work, os.path.join(SOURCE, "corpus", "wire.jsonl")],
                       check=True, capture_output=True)

    def run_tool(self, *arguments):
        return subprocess.run([sys.executable, os.path.join(SOURCE, "bench", "cold_pages.py"),
                               *arguments, PROGRAMS, self.work], capture_output=True, text=True)

    def measure(self, *queries):
        asked, told = os.path.join(self.work, "asked"), os.path.join(self.work, "told.json")
        with open(asked, "w", encoding="utf-8") as file:
            file.write("\n".join(queries) + "\n")
        outcome = self.run_tool("--queries", asked, "--json", told, "--runs", "1")
        if outcome.returncode == CANNOT_LOOK:
            self.skipTest(f"SKIPPED: {outcome.stderr}")
        self.assertEqual(outcome.returncode, 0, outcome.stderr)
        with open(told, encoding="utf-8") as file:
            return outcome.stdout, json.load(file)

    def test_pages_of_each_query_and_engine_are_counted(self):
        queries = ["bridge", "+bridge +river", '"bridge collapse"', "bridge NEAR/5 river"]
        table, run = self.measure(*queries)
        self.assertEqual([line["query"] for line in run["queries"]], queries)
        for line in run["queries"]:
            self.assertRegex(table, rf"(?m)^{re.escape(line['query'])} +\d+ +\d")
            for name in ("ibid", "xapian"):
                found = line[name]
                # Opening alone reads something; nothing can be read that is not there.
                self.assertGreater(found["pages"], 0)
                self.assertLessEqual(found["pages"], run["engines"][name] // 4096 + 8)
                self.assertEqual(sum(found["files"].values()), found["pages"])

    def test_a_word_that_is_nowhere_needs_no_more_than_one_that_is_found(self):
        _, run = self.measure("nowheretobefound", '"bridge collapse"')
        none, phrase = (line["ibid"]["pages"] for line in run["queries"])
        self.assertLessEqual(none, phrase)

    def test_a_program_that_fails_is_named(self):
        outcome = self.run_tool("--engines", "none")
        self.assertNotEqual(outcome.returncode, 0)
        self.assertIn("none", outcome.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
