#!/usr/bin/env python3
"""The parts of the corpus makers that need neither apt nor manual pages."""

import gzip
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CORPUS = pathlib.Path(__file__).resolve().parents[2] / "corpus"
sys.path.insert(0, str(CORPUS))
sys.dont_write_bytecode = True
import make_debian_packages  # noqa: E402
import make_man_pages  # noqa: E402
from jsonl import write_jsonl  # noqa: E402

PAGE = rb""".\" a comment
.TH GREET 1
.SH NAME
greet \- say \fBhello\fR
.SH DESCRIPTION
.PP
Says it
.B twice
a day.
.PP
Never \(lqthrice\(rq.
"""


class DebianPackagesTest(unittest.TestCase):

    def test_unfolds_a_long_description_into_paragraphs(self):
        description = "synopsis\n first line\n second line\n .\n list:\n  * one\n  * two\n after"
        self.assertEqual(make_debian_packages.unfold(description),
                         "first line second line\n\nlist:\n * one\n * two\nafter")

    def test_has_no_text_where_there_is_only_a_synopsis(self):
        self.assertEqual(make_debian_packages.unfold("synopsis"), "")

    def test_sorts_versions_as_dpkg_does(self):
        ordered = ["0.9", "1.0~rc1", "1.0", "1.0-1", "1.0-1+b1", "1.0-2", "1.0a", "1.2", "1.10",
                   "1:0.1"]
        self.assertEqual(sorted(reversed(ordered), key=make_debian_packages.version_key), ordered)

    def test_joins_a_package_with_its_translation(self):
        fields = {"Package": "x", "Version": "1", "Description": "short", "Description-md5": "ab",
                  "Installed-Size": "12", "Source": "y (1.0)", "Section": "text"}
        document = make_debian_packages.as_document("x", fields, {("x", "ab"): "short\n long text"})
        self.assertEqual(document["title"], "short")
        self.assertEqual(document["text"], "long text")
        self.assertEqual(document["source"], "y")
        self.assertEqual(document["installed_size"], 12)


class ManPagesTest(unittest.TestCase):

    def test_strips_markup_simply(self):
        self.assertEqual(make_man_pages.strip_markup(PAGE),
                         "NAME\n\ngreet - say hello\n\nDESCRIPTION\n\nSays it twice a day.\n\n"
                         "Never “thrice”.")

    def test_takes_the_title_from_the_name_section(self):
        self.assertEqual(make_man_pages.synopsis("NAME\n       ls - list things\n\nSYNOPSIS"),
                         "list things")

    def test_reads_name_and_section_from_the_path(self):
        self.assertEqual(make_man_pages.page_name("/m/man3/std::map.3cxx.gz"), ("std::map", "3cxx"))
        self.assertEqual(make_man_pages.page_name("/m/man1/ls.1"), ("ls", "1"))
        self.assertIsNone(make_man_pages.page_name("/m/man1/README"))

    def test_makes_a_document_of_each_page_and_skips_references(self):
        with tempfile.TemporaryDirectory() as folder:
            man1 = pathlib.Path(folder, "man1")
            man1.mkdir()
            (man1 / "greet.1.gz").write_bytes(gzip.compress(PAGE))
            (man1 / "hello.1").write_bytes(b".so man1/greet.1\n")
            (man1 / "torn.1.gz").write_bytes(gzip.compress(PAGE)[:40])
            output = pathlib.Path(folder, "out.jsonl")
            script = CORPUS / "make_man_pages.py"
            done = subprocess.run(
                [sys.executable, script, "--no-groff", "--man-dir", folder, output],
                capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("torn.1.gz: left out", done.stderr)
            documents = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
        self.assertEqual([d["id"] for d in documents], ["greet(1)"])
        self.assertEqual(documents[0]["title"], "say hello")

    def test_says_where_it_found_no_pages(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, CORPUS / "make_man_pages.py", "--man-dir", folder, "out"],
                capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"no manual pages in {folder}", done.stderr)


class WriteJsonlTest(unittest.TestCase):

    def test_leaves_nothing_behind_when_the_documents_fail(self):
        def failing():
            yield {"id": "a"}
            raise ValueError("no more")
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaises(ValueError):
                write_jsonl(pathlib.Path(folder, "out"), failing())
            self.assertEqual(list(pathlib.Path(folder).iterdir()), [])


if __name__ == "__main__":
    unittest.main()
