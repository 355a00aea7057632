"""What no file of the tree may hold: places of one machine, hosts of package registries, notes to
self. And what the documents point to is there."""

import os
import re
import tree

# Pieces, so that this file does not hold them itself.
PLACES = re.compile("|".join(re.escape("".join(pieces)) for pieces in [
    ("/wo", "rk/"), ("/ro", "ot/"), ("/tm", "p/"), ("/ho", "me/"), ("/Use", "rs/")]))
REGISTRIES = re.compile("|".join(re.escape("".join(pieces)) for pieces in [
    ("py", "pi.org"), ("python", "hosted."), ("npm", "js."), ("crates", ".io"),
    ("proxy.", "golang"), ("ruby", "gems.org"), ("maven", ".org"), ("conda", ".io"),
    ("deb.", "debian.org"), ("security.", "debian.org"), ("ghcr", ".io"), ("docker", ".io")]))
NOTES = re.compile(r"\b(" + "TO" + "DO|FIX" + "ME|X" + r"XX)\b")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
MENTION = re.compile(r"`((?:common|indexer|searcher|cli|interop|bench|tests|corpus|docs|cmake"
                     r"|examples)/[\w./-]*[\w/])`")
TEST_NAME = re.compile(r"`(?:([A-Z]\w+)\.([A-Z]\w+)|(test_\w+))`")
DEFINITION = re.compile(r"^(?:TYPED_)?TEST(?:_[FP])?\((\w+),\s*(\w+)\)|^ *def (test_\w+)", re.M)


class ContentTest(tree.HouseTest):
    def find(self, pattern, *endings):
        findings = []
        for path in tree.files(*endings):
            with open(os.path.join(tree.SOURCE, path), "rb") as file:
                text = file.read().decode("utf-8", "replace")
            for match in pattern.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                findings.append(f"{path}:{line}: {match.group()}")
        return findings

    def test_no_places_of_one_machine(self):
        self.expect_none(self.find(PLACES), "a path of one machine:")

    def test_no_package_registries(self):
        self.expect_none(self.find(REGISTRIES), "a package registry's host:")

    def test_no_notes_to_self(self):
        self.expect_none(self.find(NOTES, ".h", ".cc", ".py", ".md", ".sh", ".cmake", ".txt"),
                         "write it down in docs/KNOWN_GAPS.md instead:")

    def test_links_of_documents_lead_somewhere(self):
        findings = []
        for path in tree.files(".md"):
            for match in LINK.finditer(tree.read(path)):
                target = os.path.join(tree.SOURCE, os.path.dirname(path), match.group(1))
                if not os.path.exists(target):
                    findings.append(f"{path}: {match.group(1)}")
        self.expect_none(findings, "a link to nothing:")

    def test_files_that_documents_name_are_there(self):
        """`folder/name` in a document; a name without ending may be a .h, .cc, .py or .sh file, a
        test program or a folder."""
        findings = []
        for path in tree.files(".md"):
            for match in MENTION.finditer(tree.read(path)):
                name = os.path.join(tree.SOURCE, match.group(1))
                if not any(os.path.exists(name + ending)
                           for ending in ("", ".h", ".cc", ".py", ".sh")):
                    findings.append(f"{path}: {match.group(1)}")
        self.expect_none(findings, "named, but not in the tree:")

    def test_tests_that_documents_name_exist(self):
        defined = {match.groups() for path in tree.files(".cc", ".py") if path.startswith("tests/")
                   for match in DEFINITION.finditer(tree.read(path))}
        named = [(path, match) for path in tree.files(".md")
                 for match in TEST_NAME.finditer(tree.read(path))]
        self.assertGreater(len(named), 20)
        self.expect_none([f"{path}: {match.group()}" for path, match in named
                          if match.groups() not in defined], "no such test:")


if __name__ == "__main__":
    tree.main()
