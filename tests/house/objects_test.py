"""What the compiled files hold: one definition of each name, and vector registers of AVX only in
common/codec (a program for any x86-64 may not run them unasked).

Called with the source tree and the build directory. Reads the objects that are built; needs nm and
objdump, which come with the compiler.
"""

import collections
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tree

BUILD = os.path.abspath(sys.argv[2])
LEFT_OUT = ("tests/", "bench/", "examples/")  # each program there has names of its own
OURS = re.compile(r"_ZNK?4ibid")  # mangled: a constructor has two names for one demangled
WIDE = re.compile(r"%[yz]mm\d+")


def objects():
    """{source path: object path} of the libraries' and programs' files that are built."""
    with open(os.path.join(BUILD, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    found = {}
    for entry in entries:
        source = os.path.relpath(entry["file"], tree.SOURCE)
        output = re.search(r" -o (\S+\.o)\b", entry["command"]).group(1)
        output = os.path.join(entry["directory"], output)
        if not source.startswith(("..",) + LEFT_OUT) and os.path.exists(output):
            found[source] = output
    return found


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class ObjectsTest(tree.HouseTest):
    @classmethod
    def setUpClass(cls):
        cls.objects = objects()

    def each(self, work):
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return dict(zip(self.objects, pool.map(work, self.objects.values())))

    def test_objects_were_found(self):
        self.assertGreater(len(self.objects), 100, f"build {BUILD} first")

    def test_each_name_is_defined_once(self):
        places = collections.defaultdict(list)
        for source, listing in self.each(lambda path: run("nm", "--defined-only", path)).items():
            for line in listing.splitlines():
                _, kind, name = line.split(" ", 2)
                if kind in "TDBRC" and OURS.match(name):
                    places[name].append(source)
        self.assertGreater(len(places), 500)
        self.expect_none([f"{name}: {', '.join(sources)}" for name, sources in places.items()
                          if len(sources) > 1], "defined more than once:")

    def test_wide_registers_are_used_in_codec_only(self):
        def count(path):
            return len(WIDE.findall(run("objdump", "-d", "--no-show-raw-insn", path)))

        counts = self.each(count)
        for source, number in counts.items():
            if source.endswith("_avx2.cc"):
                self.assertGreater(number, 0, f"{source}: the pattern sees nothing")
        self.expect_none([f"{source}: {number} uses" for source, number in counts.items()
                          if number and not source.startswith("common/codec/")],
                         "AVX outside common/codec:")


if __name__ == "__main__":
    tree.main()
