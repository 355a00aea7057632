"""Who may include whom (ARCHITECTURE.md, "Who may include whom"): layers without cycles."""

import os
import re
import tree

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)

# What files of a folder may include beside the folder itself and the public headers of MAY_SEE.
# The longest folder that matches counts.
MAY_INCLUDE = {
    "common/include": [],
    "common/base": [],
    "common/env": ["common/base"],
    "common/codec": ["common/base"],
    "common/format": ["common/base", "common/env", "common/codec"],
    "common/text": ["common/base", "common/codec"],
    "indexer/include": [],
    "indexer": ["common"],
    "indexer/source": ["common/base", "common/env", "common/text"],
    "searcher/include": [],
    "searcher": ["common", "searcher"],
    "searcher/query": ["common/base"],
    "searcher/rank": ["common/base", "common/format"],
    "searcher/match": ["common", "searcher/query", "searcher/rank"],
    "searcher/topk": ["common", "searcher/match", "searcher/rank"],
    "searcher/result": ["common/base"],
    "cli": ["common", "indexer", "searcher", "interop"],
    "interop": ["common"],
    "corpus": ["common/base"],
    "examples": [],
    "bench": ["common", "indexer", "searcher", "interop", "tests/support", "corpus", "bench"],
    "tests": ["common", "indexer", "searcher", "cli", "interop", "corpus", "bench", "tests"],
}
# Whose public headers (<room>/include/ibid) a folder may include.
MAY_SEE = {
    "common": ["common"],
    "corpus": ["common"],
    "indexer": ["common", "indexer"],
    "searcher": ["common", "searcher"],
}
ALL_ROOMS = ["common", "indexer", "searcher"]

SYSTEM = re.compile(r"(sys|linux|netinet|arpa|asm)/.*\.h|(unistd|fcntl|dirent|poll|pthread|signal"
                    r"|termios|dlfcn|sched|pwd|netdb)\.h")
MAY_CALL_THE_SYSTEM = ("common/env/", "cli/terminal.", "tests/", "bench/")
INTRINSICS = re.compile(r"[a-z]?[a-z]mmintrin\.h|immintrin\.h|x86intrin\.h|arm_neon\.h|arm_acle\.h"
                        r"|cpuid\.h")
# Libraries that one room hides from all others.
LIBRARIES = {
    re.compile(r"unicode/.*|libstemmer\.h"): ("common/text/", "tests/common/text/"),
    re.compile(r"simdjson\.h|rapidjson/.*|libxml/.*|zlib\.h|iconv\.h"): ("indexer/source/", "tests/",
                                                                      "bench/"),
    re.compile(r"zstd\.h"): ("common/format/", "indexer/source/", "tests/"),
    re.compile(r"CLI/.*"): ("cli/",),
    re.compile(r"xapian\.h|sqlite3\.h"): ("interop/", "bench/", "tests/"),
    # A table of Abseil's is unusable after an allocation that failed (common/base/number_set.h).
    re.compile(r"absl/container/.*"): ("cli/", "corpus/", "bench/", "tests/"),
}
STANDARD = re.compile(r"[a-z_]+")
PUBLIC = re.compile(r"absl/(status|types|strings)/[a-z_]+\.h|ibid/[a-z_]+\.h")


def longest_match(path, rules):
    while path and path not in rules:
        path = os.path.dirname(path)
    return rules.get(path)


class IncludeRulesTest(tree.HouseTest):
    @classmethod
    def setUpClass(cls):
        cls.includes = []  # (path, line, is_system, included)
        for path in tree.files(".h", ".cc"):
            text = tree.read(path)
            for match in INCLUDE.finditer(text):
                line = text.count("\n", 0, match.start(2)) + 1
                cls.includes.append((path, line, match.group(1) == "<", match.group(2)))
        cls.public = {}  # "ibid/x.h" -> room
        for room in ALL_ROOMS:
            for path in tree.files(".h"):
                if path.startswith(room + "/include/"):
                    cls.public[path[len(room + "/include/"):]] = room

    def test_the_tree_was_found(self):
        self.assertGreater(len(self.includes), 1000)

    def test_private_headers_follow_the_layers(self):
        findings = []
        for path, line, is_system, included in self.includes:
            if is_system or not os.path.exists(os.path.join(tree.SOURCE, included)):
                continue
            folder, target = os.path.dirname(path), os.path.dirname(included)
            allowed = longest_match(folder, MAY_INCLUDE)
            self.assertIsNotNone(allowed, f"{path}: no rule for its folder")
            if target != folder and not any(target == a or target.startswith(a + "/")
                                            for a in allowed):
                findings.append(f"{path}:{line}: includes {included}")
        self.expect_none(findings, "an include against the layers:")

    def test_quoted_includes_exist(self):
        findings = [f"{path}:{line}: {included}" for path, line, is_system, included in self.includes
                    if not is_system and included not in self.public
                    and not included.startswith(("absl/", "gtest/", "gmock/", "benchmark/"))
                    and not os.path.exists(os.path.join(tree.SOURCE, included))]
        self.expect_none(findings, "a header that is not in the tree:")

    def test_rooms_see_the_public_headers_below_them_only(self):
        findings = []
        for path, line, _, included in self.includes:
            if included.startswith("ibid/"):
                self.assertIn(included, self.public, f"{path}:{line}")
                allowed = MAY_SEE.get(path.split("/")[0], ALL_ROOMS)
                if self.public[included] not in allowed:
                    findings.append(f"{path}:{line}: includes {included}")
        self.expect_none(findings, "a public header of a room above, or beside:")

    def test_public_headers_need_nothing_but_the_standard_library_and_abseil(self):
        findings = [f"{path}:{line}: includes {included}"
                    for path, line, is_system, included in self.includes if "/include/ibid/" in path
                    and not (STANDARD if is_system else PUBLIC).fullmatch(included)]
        self.expect_none(findings, "not for a public header:")

    def test_only_env_and_the_terminal_call_the_operating_system(self):
        findings = [f"{path}:{line}: includes <{included}>"
                    for path, line, _, included in self.includes
                    if SYSTEM.fullmatch(included) and not path.startswith(MAY_CALL_THE_SYSTEM)]
        self.expect_none(findings, "an operating system's header outside common/env, cli/terminal:")

    def test_only_codec_knows_instruction_sets(self):
        findings = [f"{path}:{line}: includes <{included}>"
                    for path, line, _, included in self.includes
                    if INTRINSICS.fullmatch(included)
                    and not path.startswith(("common/codec/", "bench/guard/frozen_"))]
        self.expect_none(findings, "intrinsics outside common/codec:")

    def test_libraries_stay_in_their_rooms(self):
        findings = []
        for path, line, _, included in self.includes:
            for pattern, rooms in LIBRARIES.items():
                if pattern.fullmatch(included) and not path.startswith(rooms):
                    findings.append(f"{path}:{line}: includes {included}")
        self.expect_none(findings, "a library outside the room that hides it:")

    def test_folders_have_no_cycles(self):
        """A folder of public headers counts as the room's own."""
        edges = {}
        for path, _, is_system, included in self.includes:
            if path.startswith("tests/") or is_system:
                continue
            source = os.path.dirname(path).replace("/include/ibid", "/include")
            if included in self.public:
                target = self.public[included] + "/include"
            elif os.path.exists(os.path.join(tree.SOURCE, included)):
                target = os.path.dirname(included)
            else:
                continue
            if source != target:
                edges.setdefault(source, {}).setdefault(target, f"{path} includes {included}")
        done, findings = set(), []
        for start in sorted(edges):
            trail = [(start, iter(sorted(edges.get(start, {}))))]
            while trail:
                folder, targets = trail[-1]
                target = next(targets, None)
                if target is None:
                    done.add(trail.pop()[0])
                elif target in [name for name, _ in trail]:
                    names = [name for name, _ in trail]
                    cycle = names[names.index(target):] + [target]
                    findings.append(" -> ".join(cycle) + ": " + "; ".join(
                        edges[a][b] for a, b in zip(cycle, cycle[1:])))
                elif target not in done:
                    trail.append((target, iter(sorted(edges.get(target, {})))))
        self.expect_none(findings, "folders that include one another in a circle:")


if __name__ == "__main__":
    tree.main()
