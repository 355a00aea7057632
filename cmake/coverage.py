#!/usr/bin/env python3
"""Line and branch coverage by room, from clang's source-based counters (preset coverage).

  cmake/coverage.py [--build build/coverage] [--missed FOLDER] [--test REGEX]

Runs the fast tests of a build of the preset `coverage`, merges the counters that each process left,
and prints a table. A branch is one outcome of one condition of the source, in each place where a
macro is expanded; outcomes of templates and inline functions are summed over their copies. The
counters come from the front end, so that nothing needs to be excluded for exceptions, destructors
or other jumps the compiler makes: only conditions that it can fold, which have no second outcome
(`if constexpr`, `while (true)`), are left out. Processes that are killed leave no counters.
"""

import argparse
import collections
import json
import os
import subprocess
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOMS = ["common/base", "common/codec", "common/env", "common/format", "common/text", "indexer",
         "searcher", "cli", "interop"]
# What holds the commit: goals on its branches, beside those of two rooms.
COMMIT = ["indexer/commit.cc", "indexer/commit.h", "indexer/writer_commit.cc"]
BRANCH_GOAL, LINE_GOAL = 95.0, 90.0
CODE, EXPANSION = 0, 1  # kinds of regions in the export

Branch = collections.namedtuple("Branch", "site inner outcome")


def run_tests(build, regex):
    """The fast tests, whose processes write counters into one folder."""
    profiles = os.path.join(build, "profiles")
    os.makedirs(profiles, exist_ok=True)
    for name in os.listdir(profiles):
        os.remove(os.path.join(profiles, name))
    environment = dict(os.environ, LLVM_PROFILE_FILE=os.path.join(profiles, "%8m.profraw"))
    command = ["ctest", "--test-dir", build, "-L", "fast", "--output-on-failure",
               "-j", str(os.cpu_count())]
    if regex:
        command += ["-R", regex]
    return subprocess.run(command, env=environment, check=False).returncode


def is_program(path):
    return (os.access(path, os.X_OK) and "CMakeFiles" not in path and
            (path.endswith("_test") or os.path.basename(path) in ("ibid", "ibid-corpus")))


def export(build):
    profiles = os.path.join(build, "profiles")
    merged = os.path.join(build, "coverage.profdata")
    raw = [os.path.join(profiles, name) for name in sorted(os.listdir(profiles))]
    subprocess.run(["llvm-profdata-14", "merge", "-sparse", "-o", merged] + raw, check=True)
    # Programs, since llvm-cov reads no archives; what no program of the tests uses is not counted.
    objects = [os.path.join(folder, name) for folder, _, names in os.walk(build)
               for name in sorted(names) if is_program(os.path.join(folder, name))]
    command = ["llvm-cov-14", "export", "-instr-profile", merged, objects[0]]
    for path in objects[1:]:
        command += ["-object", path]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return json.loads(out)["data"][0]


def within(region, line, column):
    return tuple(region[0:2]) <= (line, column) < tuple(region[2:4])


def is_folded(branch, regions):
    """Neither outcome was seen though the code around the condition ran."""
    if branch[4] + branch[5] > 0:
        return False
    around = [region for region in regions
              if region[5] == branch[6] and region[7] == CODE and within(region, *branch[0:2])]
    inmost = max(around, key=lambda region: (region[0:2], [-end for end in region[2:4]]),
                 default=None)
    return inmost is not None and inmost[4] > 0


def expansion_sites(regions):
    """File id of an expansion -> (file id, line, column) where the macro stands."""
    return {region[6]: (region[5], region[0], region[1])
            for region in regions if region[7] == EXPANSION}


def branches_of(functions):
    """(path -> {Branch: times taken}) over all functions."""
    counts = collections.defaultdict(lambda: collections.defaultdict(int))
    for function in functions:
        sites = expansion_sites(function["regions"])
        for branch in function["branches"]:
            if is_folded(branch, function["regions"]):
                continue
            inner = tuple(branch[0:2])
            file_id, line, column = branch[6], branch[0], branch[1]
            while file_id in sites and sites[file_id][0] != file_id:
                file_id, line, column = sites[file_id]
            path = os.path.relpath(function["filenames"][file_id], SOURCE)
            for outcome, count in (("true", branch[4]), ("false", branch[5])):
                counts[path][Branch((line, column), inner, outcome)] += count
    return counts


def share(covered, count):
    return 100.0 * covered / count if count else 100.0


class Table:
    def __init__(self, data):
        self.branches = branches_of(data["functions"])
        self.lines = {os.path.relpath(file["filename"], SOURCE): file["summary"]["lines"]
                      for file in data["files"]}

    def row(self, name, belongs):
        lines = [summary for path, summary in self.lines.items() if belongs(path)]
        counts = [count for path, of_file in self.branches.items() if belongs(path)
                  for count in of_file.values()]
        if not lines:
            print(f"{name:<16} nothing was built")
            return 0.0, 0.0
        num_lines = sum(summary["count"] for summary in lines)
        line_share = share(sum(summary["covered"] for summary in lines), num_lines)
        branch_share = share(sum(count > 0 for count in counts), len(counts))
        print(f"figures: {name:<16} lines {line_share:6.2f} % of {num_lines:6}   "
              f"branches {branch_share:6.2f} % of {len(counts):6}")
        return line_share, branch_share

    def print_missed(self, folder):
        for path in sorted(self.branches):
            if not path.startswith(folder):
                continue
            for branch, count in sorted(self.branches[path].items()):
                if count == 0:
                    line, column = branch.site
                    print(f"{path}:{line}:{column}: never {branch.outcome}")


def in_rooms(path):
    return any(path.startswith(room + "/") for room in ROOMS)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", default=os.path.join(SOURCE, "build", "coverage"))
    parser.add_argument("--missed", metavar="FOLDER", help="lists the branches never taken there")
    parser.add_argument("--test", metavar="REGEX", help="only these of the fast tests")
    parser.add_argument("--keep", action="store_true", help="takes the counters of the last run")
    args = parser.parse_args()
    failed = 0 if args.keep else run_tests(args.build, args.test)
    table = Table(export(args.build))
    held = []
    for room in ROOMS:
        _, branch_share = table.row(room, lambda path, room=room: path.startswith(room + "/"))
        if room in ("common/base", "common/format"):
            held.append(branch_share >= BRANCH_GOAL)
    held.append(table.row("the commit", lambda path: path in COMMIT)[1] >= BRANCH_GOAL)
    held.append(table.row("all rooms", in_rooms)[0] >= LINE_GOAL)
    if args.missed:
        table.print_missed(args.missed)
    print(f"figures: goals: branches of two rooms and the commit {BRANCH_GOAL:.0f} %, "
          f"lines {LINE_GOAL:.0f} %: {'reached' if all(held) else 'not reached'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
