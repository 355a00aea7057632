"""Runs each benchmark program once on a small corpus: it ends well, and what it writes can be read.
Times are not looked at. Called with the folder of the programs and the source tree."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom

PROGRAMS, SOURCE = sys.argv[1], sys.argv[2]
CORPUS = os.path.join(SOURCE, "corpus", "wire.jsonl")


class ProgramsTest(unittest.TestCase):
    def setUp(self):
        home = tempfile.TemporaryDirectory(prefix="ibid-bench-")
        self.addCleanup(home.cleanup)
        self.home = home.name

    def path(self, name):
        return os.path.join(self.home, name)

    def run_program(self, name, *arguments, code=0):
        outcome = subprocess.run([os.path.join(PROGRAMS, name), *arguments], capture_output=True,
                                 text=True, timeout=200)
        self.assertEqual(outcome.returncode, code, outcome.stdout + outcome.stderr)
        return outcome.stdout

    def read_json(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            text = file.read()
        self.assertNotIn(self.home, text)  # kept runs hold no places of one machine
        return json.loads(text)

    def read_svg(self, name):
        return xml.dom.minidom.parse(self.path(name))

    def test_engines_are_compared(self):
        with open(self.path("queries"), "w", encoding="utf-8") as file:
            file.write('{"query": "+bridge +river"}\n"bridge collapse"\n')
        table = self.run_program(
            "ibid-bench", "--engines", "ibid,xapian,fts5", "--sample", "3", "--passes", "2",
            "--commands", "COUNT,TOP_10", "--queries", self.path("queries"), "--json",
            self.path("run.json"), "--svg", self.path("run.svg"), self.path("work"), CORPUS)
        self.assertIn(", 0 disagree", table)
        run = self.read_json("run.json")
        self.assertEqual(run["corpus"]["documents"], 124)
        self.assertEqual([engine["name"] for engine in run["engines"]], ["ibid", "xapian", "fts5"])
        self.assertEqual(len(run["queries"]), 32)
        # 10 classes drawn and 2 of the file, each under both commands in all engines.
        self.assertEqual(len(run["summary"]), 12 * 2 * 3)
        for line in run["summary"]:
            self.assertLessEqual(line["p50_us"], line["p99_us"])
        panels = [text for text in self.read_svg("run.svg").getElementsByTagName("g")]
        self.assertEqual(len(panels), 12 * 2)

    def test_an_unknown_engine_is_refused(self):
        self.run_program("ibid-bench", "--engines", "none", self.path("work"), CORPUS, code=2)

    def test_indexing_is_priced(self):
        table = self.run_program("ibid-index-cost", "--engines", "ibid,xapian,fts5", "--json",
                                 self.path("cost.json"), self.path("work"), CORPUS)
        self.assertIn("bits/pos.", table)
        cost = self.read_json("cost.json")
        self.assertEqual(cost["documents"], 124)
        for engine in cost["engines"]:
            self.assertGreater(engine["peak_bytes"], 0)
            self.assertLessEqual(sum(engine["structures"].values()), engine["index_bytes"])

    def test_commits_are_priced(self):
        table = self.run_program("ibid-commit-cost", self.path("work"), "300", "20", "3")
        for name in ("ibid, merges in the commit", "ibid, merges in the background", "Xapian"):
            for kind in ("new", "replaced"):
                self.assertRegex(table, rf"(?m)^{name}.* {kind} +\d+\.\d")

    def test_growth_is_drawn(self):
        self.run_program("ibid-scale", "--from", "30", "--to", "300", "--sample", "2", "--passes",
                         "1", "--json", self.path("scale.json"), "--svg", self.path("scale.svg"),
                         self.path("work"))
        steps = self.read_json("scale.json")["steps"]
        self.assertEqual([step["documents"] for step in steps], [30, 95, 300])
        self.assertEqual(len(self.read_svg("scale.svg").getElementsByTagName("g")), 8)

    def test_micro_benchmarks_run(self):
        out = self.run_program("ibid-micro", "--benchmark_filter=unpack/portable/8$",
                               "--benchmark_min_time=0.001", "--benchmark_format=json")
        benches = json.loads(out)["benchmarks"]
        self.assertEqual([bench["name"] for bench in benches], ["unpack/portable/8"])
        self.assertGreater(benches[0]["of_unpack"], 0)

    def test_micro_benchmarks_cover_every_kernel_set_alike(self):
        names = self.run_program("ibid-micro", "--benchmark_list_tests").split()
        by_set = {}
        for name in names:
            match = re.match(r"(unpack|pack|prefix_sum|crc32c|\w+_scan)/(\w+)(.*)", name)
            if match:
                by_set.setdefault(match.group(2), set()).add(match.group(1) + match.group(3))
        self.assertIn("scalar", by_set)
        self.assertEqual(len({frozenset(kinds) for kinds in by_set.values()}), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
