"""Every test of the tree is run: registered with CTest, and not skipped behind anybody's back.

Called with the source tree and the build directory.
"""

import json
import os
import re
import subprocess
import sys
import tree

BUILD = os.path.abspath(sys.argv[2])
SKIP = re.compile(r"\bDISABLED_\w+|\bGTEST_SKIP\b|\bskipTest\b|\bskipIf\b|\bskipUnless\b"
                  r"|unittest\.skip\b")
HERE = "tests/house/tests_run_test.py"


class TestsRunTest(tree.HouseTest):
    def test_each_test_file_is_registered(self):
        with open(os.path.join(BUILD, "compile_commands.json"), encoding="utf-8") as file:
            built = {os.path.relpath(entry["file"], tree.SOURCE) for entry in json.load(file)}
        shown = subprocess.run(["ctest", "--show-only=json-v1"], cwd=BUILD, check=True,
                               capture_output=True, text=True).stdout
        run = {os.path.relpath(word, tree.SOURCE) for test in json.loads(shown)["tests"]
               for word in test.get("command", []) if word.endswith(".py")}
        self.assertGreater(len(run), 5)
        with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as file:
            has_bench = re.search(r"^IBID_BUILD_BENCH:\w+=(ON|TRUE|1)$", file.read(), re.M)
        findings = [path for path in tree.files("_test.cc", "_test.py")
                    if path.startswith("tests/") and path not in built | run
                    and (has_bench or not path.startswith("tests/bench/"))]
        self.expect_none(findings, "in no CMakeLists.txt:")

    def test_each_skip_is_admitted(self):
        """A test that may skip itself is named in docs/KNOWN_GAPS.md: `Suite.Name` or `file.py`'s
        `test_name`."""
        admitted = tree.read("docs/KNOWN_GAPS.md")
        findings = []
        for path in tree.files(".cc", ".h", ".py"):
            if not path.startswith("tests/") or path == HERE:
                continue
            text = tree.read(path)
            for match in SKIP.finditer(text):
                before = text[:match.end()]
                names = (re.findall(r"^ *def (test_\w+)", before, re.M) if path.endswith(".py") else
                         [".".join(pair) for pair in
                          re.findall(r"^(?:TYPED_)?TEST(?:_[FP])?\((\w+),\s*(\w+)", before, re.M)])
                name = names[-1] if names else path
                if f"`{name}`" not in admitted:
                    findings.append(f"{path}:{before.count(chr(10)) + 1}: {name}")
        self.expect_none(findings, "may be skipped without a line in docs/KNOWN_GAPS.md:")


if __name__ == "__main__":
    tree.main()
