"""`ibid index`: what is read, what is kept, what is said."""

import fcntl
import gzip
import json
import os
import signal
import struct
import subprocess
import termios

import ibid_program
from ibid_program import IbidTestCase


def unread_bytes(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]


def is_asleep(process):
    with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as file:
        return file.read().rpartition(") ")[2].startswith("S")


class IndexTest(IbidTestCase):
    def keys(self, *arguments):
        out = self.ok("search", "-l", "-n", "1000", "--sort", "key", *arguments, "*")
        return out.splitlines()

    def test_says_what_was_added_replaced_and_left_alone(self):
        self.write("stories/a.txt", "one two")
        self.write("stories/b.txt", "three")
        self.assertEqual(
            self.ok("index", "stories"),
            "added 2, replaced 0, unchanged 0, skipped 0 (commit 1: 2 documents)\n",
        )
        self.write("stories/b.txt", "four")
        self.write("stories/c.txt", "five")
        self.assertEqual(
            self.ok("index", "stories"),
            "added 1, replaced 1, unchanged 1, skipped 0 (commit 2: 3 documents)\n",
        )
        self.assertEqual(self.ok("search", "-c", "four"), "1\n")
        self.expect(["search", "-c", "three"], 1, out="0\n")

    def test_json_summary_has_the_same_numbers(self):
        self.write("a.txt", "one")
        summary = json.loads(self.ok("index", "--json", "a.txt"))
        self.assertEqual(summary["type"], "summary")
        self.assertEqual(summary["added"], 1)
        self.assertEqual(summary["documents"], 1)
        self.assertEqual(summary["commit"], 1)

    def test_quiet_prints_nothing(self):
        self.write("d/a.txt", "one")
        self.write("d/bad.bin", b"\0\1\2")
        self.assertEqual(self.ok("index", "--quiet", "d"), "")

    def test_the_place_is_the_flag_then_the_variable_then_the_folder(self):
        self.write("a.txt", "one")
        place = {"IBID_INDEX": self.path("by-variable")}
        self.ok("index", "-i", "by-flag", "a.txt", env=place)
        self.assertTrue(os.path.exists(self.path("by-flag/MANIFEST")))
        self.ok("index", "a.txt", env=place)
        self.assertTrue(os.path.exists(self.path("by-variable/MANIFEST")))
        self.ok("index", "a.txt")
        self.assertTrue(os.path.exists(self.path(".ibid/MANIFEST")))

    def test_readers_look_for_the_nearest_index_above(self):
        self.write("a.txt", "one")
        self.ok("index", "a.txt")
        os.makedirs(self.path("deep/deeper"))
        self.assertEqual(self.ok("search", "-c", "one", cwd=self.path("deep/deeper")), "1\n")

    def test_standard_input_and_key_prefix(self):
        lines = '{"id":"x","text":"alpha"}\n{"id":"y","text":"beta"}\n'
        self.ok("index", "--format", "jsonl", "--key-prefix", "in/", "-", stdin=lines)
        self.assertEqual(self.keys(), ["in/x", "in/y"])

    def test_globs_choose_files(self):
        self.write("d/a.txt", "one")
        self.write("d/b.text", "two")
        self.write("d/c.log", "three")
        self.ok("index", "--glob", "*.txt", "--glob", "*.text", "d")
        self.assertEqual(self.keys(), ["a.txt", "b.text"])

    def test_files_from_a_list_and_from_standard_input(self):
        for name in ("a.txt", "b.txt", "c.txt"):
            self.write(name, "word " + name)
        self.write("list", "a.txt\nb.txt\n")
        self.ok("index", "--files-from", "list")
        self.ok("index", "--files-from", "-", stdin="c.txt\n")
        self.assertEqual(self.keys(), ["a.txt", "b.txt", "c.txt"])

    def test_files_from_a_list_whose_names_end_with_nuls(self):
        for name in ("a b.txt", "c\nd.txt"):
            self.write("d/" + name, "one")
        self.assertIn("added 2", self.ok("index", "--files-from", "-",
                                         stdin="d/a b.txt\0d/c\nd.txt\0"))
        self.expect(["index", "--files-from", "-"], 2, stdin="d/a b.txt\n-\n",
                    err='ibid index: error: -: "-" is no file; write ./- for one of that name\n')

    def test_dry_run_lists_files_and_makes_no_index(self):
        self.write("d/a.txt", "one")
        self.write("d/sub/b.txt", "two")
        out = self.ok("index", "--dry-run", "d")
        self.assertEqual(sorted(out.split()), ["d/a.txt", "d/sub/b.txt"])
        self.assertFalse(os.path.exists(self.path(".ibid")))

    def test_prune_removes_documents_whose_files_are_gone(self):
        for name in ("a.txt", "b.txt", "c.md"):
            self.write("d/" + name, "one")
        self.ok("index", "d")
        os.remove(self.path("d/a.txt"))
        # c.md is left out by the pattern, but it is not gone.
        out = self.ok("index", "--prune", "--glob", "*.txt", "d")
        self.assertIn("removed 1", out)
        self.assertEqual(self.keys(), ["b.txt", "c.md"])

    def test_prune_of_one_folder_leaves_the_documents_of_the_others(self):
        for name in ("x/a.txt", "x/b.txt", "y/c.txt", "y/d.txt", "y/deep/a.txt"):
            self.write(name, "one")
        self.ok("index", "x", "y")
        os.remove(self.path("x/a.txt"))
        os.remove(self.path("y/c.txt"))
        self.assertIn("removed 1 ", self.ok("index", "--prune", "x"))
        self.assertEqual(self.keys(), ["b.txt", "c.txt", "d.txt", "deep/a.txt"])
        # The same folder by another name, from elsewhere.
        self.assertIn("removed 1 ", self.ok("index", "-i", "../.ibid", "--prune", "../y/",
                                            cwd=self.path("x")))
        self.assertEqual(self.keys(), ["b.txt", "d.txt", "deep/a.txt"])
        os.remove(self.path("x/b.txt"))
        os.remove(self.path("y/d.txt"))
        self.assertIn("removed 2 ", self.ok("index", "--prune", "x", "y"))
        self.assertEqual(self.keys(), ["deep/a.txt"])

    def test_prune_survives_a_merge_and_a_move_of_everything(self):
        self.write("home/x/a.txt", "one")
        self.write("home/y/b.txt", "two")
        self.ok("index", "x", cwd=self.path("home"))
        self.ok("index", "y", cwd=self.path("home"))
        self.ok("merge", cwd=self.path("home"))
        os.rename(self.path("home"), self.path("moved"))
        os.remove(self.path("moved/x/a.txt"))
        self.write("moved/x/c.txt", "three")
        out = self.ok("index", "--prune", "x", cwd=self.path("moved"))
        self.assertIn("added 1, replaced 0, unchanged 0, skipped 0, removed 1", out)
        self.assertEqual(self.ok("search", "-l", "--sort", "key", "*", cwd=self.path("moved")),
                         "b.txt\nc.txt\n")

    def test_a_folder_under_a_new_name_takes_its_documents_along(self):
        self.write("x/a.txt", "one")
        self.write("x/b.txt", "two")
        self.ok("index", "x")
        os.rename(self.path("x"), self.path("z"))
        self.assertIn("replaced 2, unchanged 0", self.ok("index", "z"))
        self.assertIn("replaced 0, unchanged 2", self.ok("index", "z"))
        os.remove(self.path("z/a.txt"))
        self.assertIn("removed 1", self.ok("index", "--prune", "z"))
        self.assertEqual(self.keys(), ["b.txt"])

    def test_prune_leaves_what_came_from_standard_input(self):
        self.write("d/a.txt", "one")
        self.ok("index", "d")
        self.ok("index", "--format", "jsonl", "-", stdin='{"id":"in","text":"alpha"}\n')
        self.ok("index", "--format", "jsonl", "--prune", "-", stdin='{"id":"new","text":"beta"}\n')
        self.assertEqual(self.keys(), ["a.txt", "in", "new"])

    def test_prune_of_a_json_lines_file_removes_its_lines_alone(self):
        self.write("s.jsonl", '{"id":"x","text":"a"}\n{"id":"y","text":"b"}\n')
        self.write("t.jsonl", '{"id":"z","text":"c"}\n')
        self.ok("index", "s.jsonl", "t.jsonl")
        self.write("s.jsonl", '{"id":"y","text":"b"}\n')
        self.assertIn("removed 1", self.ok("index", "--prune", "s.jsonl"))
        self.assertEqual(self.keys(), ["y", "z"])

    def test_prune_of_a_file_leaves_other_documents(self):
        self.write("a.txt", "one")
        self.write("b.txt", "two")
        self.ok("index", "a.txt", "b.txt")
        self.ok("index", "--prune", "b.txt")
        self.assertEqual(self.keys(), ["a.txt", "b.txt"])

    def test_prune_under_a_key_prefix_removes_lines_that_are_gone(self):
        self.write("s.jsonl", '{"id":"x","text":"a"}\n{"id":"y","text":"b"}\n')
        self.write("o.txt", "other")
        self.ok("index", "o.txt")
        self.ok("index", "--key-prefix", "s/", "s.jsonl")
        self.write("s.jsonl", '{"id":"y","text":"b"}\n')
        self.assertIn("removed 1", self.ok("index", "--prune", "--key-prefix", "s/", "s.jsonl"))
        self.assertEqual(self.keys(), ["o.txt", "s/y"])

    def test_prune_removes_nothing_of_a_path_that_could_not_be_read_whole(self):
        lines = "".join('{"id":"k%d","text":"rain %s"}\n' % (i, "a" * i) for i in range(300))
        whole = gzip.compress(lines.encode())
        self.write("d/s.jsonl.gz", whole)
        self.write("d/a.txt", "one")
        self.write("e/b.txt", "two")
        self.ok("index", "d", "e")
        self.write("d/s.jsonl.gz", whole[:len(whole) // 2])
        os.remove(self.path("d/a.txt"))
        os.remove(self.path("e/b.txt"))
        outcome = self.run_ibid("index", "--prune", "d", "e")
        self.assertEqual(outcome.code, 0, outcome)
        self.assertIn("stopped: the gzip data ends early", outcome.err)
        self.assertIn("d: nothing of it is removed, since some of it could not be read",
                      outcome.err)
        self.assertIn("removed 1 ", outcome.out.replace("(", "").replace(",", " "))
        self.assertEqual(len(self.keys()), 301)
        self.assertNotIn("b.txt", self.keys())
        self.write("d/s.jsonl.gz", whole)
        self.ok("index", "--prune", "d", "e")
        self.assertEqual(len(self.keys()), 300)

    def test_prune_removes_nothing_where_a_key_could_not_be_read(self):
        lines = ['{"id":"k%d","text":"rain"}' % i for i in range(50)]
        packed = gzip.compress("\n".join(lines).encode())
        record = "<DOC>\n<DOCNO> %d </DOCNO>\n<TEXT>\nrain\n</TEXT>\n</DOC>\n"
        records = "".join(record % i for i in range(4))
        for name, whole, spoilt in (
                ("stories.gz", packed, packed[:18]),  # too little to tell what is in it
                ("t.trec", records.encode(), records.encode()[:100]),
                ("s.jsonl", "\n".join(lines).encode(), "\n".join(lines)[:-3].encode()),
                ("n.jsonl", "\n".join(lines).encode(), b"\0" * 500),
                ("z.trec", records.encode(), b"\0" * len(records)),
                ("l.trec", records.encode(), records.replace("<DOC>", "<D\0C>").encode()),
                ("u.jsonl", "\n".join(lines).encode(), "\n".join(lines).encode("utf-32"))):
            self.write("d/" + name, whole)
            self.ok("index", "--create", "-i", name + ".ibid", "d")
            before = self.keys("-i", name + ".ibid")
            self.assertGreaterEqual(len(before), 4)
            self.write("d/" + name, spoilt)
            outcome = self.run_ibid("index", "--prune", "-i", name + ".ibid", "d")
            self.assertEqual(outcome.code, 0, outcome)
            self.assertIn("d: nothing of it is removed", outcome.err)
            self.assertEqual(self.keys("-i", name + ".ibid"), before)
            self.write("d/" + name, '{"id":"k0","text":"rain"}\n' if "json" in name else record % 0)
            self.ok("index", "--prune", "-i", name + ".ibid", "d")
            self.assertEqual(len(self.keys("-i", name + ".ibid")), 1)
            os.remove(self.path("d/" + name))

    def test_prune_of_one_file_under_a_prefix_leaves_the_others(self):
        self.write("a.txt", "one")
        self.write("b.txt", "two")
        self.write("d/c.txt", "three")
        for path in ("a.txt", "b.txt"):
            self.ok("index", "--key-prefix", "p/", path)
        for path in ("b.txt", "d"):
            self.ok("index", "--prune", "--key-prefix", "p/", path)
        self.assertEqual(self.keys(), ["p/a.txt", "p/b.txt", "p/c.txt"])
        self.write("a.txt", "")
        self.assertIn("removed 1", self.run_ibid("index", "--prune", "--key-prefix", "p/",
                                                 "a.txt").out)
        self.assertEqual(self.keys(), ["p/b.txt", "p/c.txt"])

    def test_a_file_of_its_folders_name_goes_as_others_do(self):
        self.write("data/data", "one")
        self.write("data/b.txt", "two")
        self.ok("index", "--prune", "data")
        os.remove(self.path("data/data"))
        self.assertIn("removed 1", self.ok("index", "--prune", "data"))
        self.assertEqual(self.keys(), ["b.txt"])

    def test_prune_removes_documents_whose_ids_are_no_possible_names(self):
        self.write("d/2024/a.txt", "one")
        ids = ["x" * 300, "2024", ".", "..", "../d/s.jsonl", "a//b", "/s.jsonl", "with\\u0000s.jsonl"]
        self.write("d/s.jsonl", "".join('{"id":"%s","text":"two"}\n' % i for i in ids))
        self.assertIn("added %d" % (len(ids) + 1), self.ok("index", "d"))
        self.write("d/s.jsonl", '{"id":"new","text":"three"}\n')
        self.assertIn("removed %d" % len(ids), self.ok("index", "--prune", "d"))
        self.assertEqual(self.keys(), ["2024/a.txt", "new"])

    def test_prune_removes_what_a_file_no_longer_says(self):
        for name in ("empty.txt", "blank.txt", "link.txt", "stays.txt", "bad.txt", "sub/in.txt"):
            self.write("d/" + name, "old")
        self.write("d/b.json", '{"text":"old"}')
        self.write("d/none.json", '{"text":"old"}')
        self.ok("index", "d")
        self.write("d/empty.txt", "")
        self.write("d/blank.txt", " \n ")
        self.write("d/none.json", "[]")
        # A folder that is a link now is not followed either.
        os.rename(self.path("d/sub"), self.path("elsewhere"))
        os.symlink("../elsewhere", self.path("d/sub"))
        os.remove(self.path("d/link.txt"))
        os.symlink("stays.txt", self.path("d/link.txt"))
        self.write("d/bad.txt", b"not\0text")  # which cannot be read, and so keeps what it said
        self.write("d/b.json", '[{"text":"new"}]')
        self.assertIn("removed 6", self.run_ibid("index", "--prune", "d").out)
        self.assertEqual(self.keys(), ["b.json#1", "bad.txt", "stays.txt"])

    def test_a_key_that_comes_again_in_one_source_is_counted(self):
        self.write("s.jsonl", '{"id":"x","text":"first"}\n{"id":"x","text":"last"}\n')
        self.assertIn("keys given twice 1", self.ok("index", "s.jsonl"))
        self.assertEqual(self.ok("search", "-c", "last"), "1\n")

    def test_bad_documents_are_named_counted_and_skipped(self):
        self.write("d/a.txt", "one")
        self.write("d/x.bin", b"abc\0def")
        self.write("d/s.jsonl", '{"id":"x","text":"ok"}\nnot json\n')
        outcome = self.run_ibid("index", "d")
        self.assertEqual(outcome.code, 0, outcome)
        self.assertIn("skipped 2 ", outcome.out)
        lines = outcome.err.splitlines()
        self.assertEqual(len(lines), 2, outcome)
        for line in lines:
            self.assertRegex(line, r"^ibid index: warning: .*(x\.bin|s\.jsonl:2): skipped: ")

    def test_nothing_outside_the_folder_is_read(self):
        self.write("secret.txt", "password")
        self.write("d/a.txt", "one")
        os.symlink("../secret.txt", self.path("d/link.txt"))
        outcome = self.run_ibid("index", "d")
        self.assertEqual(outcome.err, "ibid index: warning: link.txt: skipped: symbolic link\n"
                         if "warning: link.txt" in outcome.err else
                         "ibid index: warning: d/link.txt: skipped: symbolic link\n")
        self.expect(["search", "-c", "password"], 1, out="0\n")

    def test_progress_can_be_forced_and_goes_to_standard_error(self):
        self.write("a.txt", "one")
        outcome = self.run_ibid("index", "--progress", "always", "a.txt")
        self.assertIn("documents", outcome.err)
        self.assertTrue(outcome.err.endswith("\r\x1b[K"), repr(outcome.err))
        self.assertNotIn("\x1b", outcome.out)

    def test_an_interrupt_keeps_the_last_commit(self):
        self.write("a.txt", "one")
        self.ok("index", "a.txt")
        process = self.start_reading_standard_input()
        line = b'{"id":"%d","text":"word"}\n'
        for i in range(100000):
            process.stdin.write(line % i)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        try:
            for i in range(100000, 400000):
                process.stdin.write(line % i)
        except BrokenPipeError:
            pass
        code, err = self.end(process)
        self.assertEqual(code, 130, err)
        self.assertRegex(
            err, r"^ibid index: stopped: commit 1 kept, [\d,]+ documents since then dropped\n$")
        self.assertEqual(self.keys(), ["a.txt"])

    def test_an_interrupt_is_noticed_while_standard_input_is_silent(self):
        process = self.start_reading_standard_input()
        process.stdin.write(b'{"id":"1","text":"word"}\n' * 100000)  # past its start for certain
        process.stdin.flush()
        while unread_bytes(process.stdin) > 0 or not is_asleep(process.pid):
            os.sched_yield()
        process.send_signal(signal.SIGINT)
        try:
            self.assertEqual(process.wait(timeout=ibid_program.TIME_LIMIT), 130)
        finally:  # standard input stayed open so far
            self.assertIn("stopped", self.end(process)[1])

    def test_a_mapped_file_that_is_cut_ends_the_program_with_a_message(self):
        process = self.start_reading_standard_input()
        process.stdin.write(b'{"id":"1","text":"word"}\n' * 100000)  # past its start for certain
        process.stdin.flush()
        process.send_signal(signal.SIGBUS)
        self.assertEqual(self.end(process), (
            5, "ibid: error: index: the file was cut or the disk failed while it was being read\n"))

    def start_reading_standard_input(self):
        return subprocess.Popen(
            [ibid_program.PROGRAM, "index", "--format", "jsonl", "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=self.home, env=self.environment)

    def end(self, process):
        """Exit code and standard error of a program whose input ends."""
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
        with process.stdout, process.stderr:
            err = process.stderr.read().decode()
        return process.wait(timeout=ibid_program.TIME_LIMIT), err

    def test_no_store_leaves_out_text(self):
        self.write("a.txt", "title: T\n\none two")
        self.ok("index", "--no-store", "a.txt")
        fields = self.ok("search", "one").rstrip("\n").split("\t")
        self.assertEqual(fields[0], "1")
        self.assertEqual(fields[2:], ["a.txt", "", ""])

    def test_options_of_the_index_are_kept(self):
        self.write("a.txt", "Häuser")
        self.ok("index", "--language", "german", "a.txt")
        self.assertEqual(json.loads(self.ok("info", "--json"))["language"], "german")
        self.ok("index", "--language", "german", "a.txt")


if __name__ == "__main__":
    ibid_program.main()
