"""Every error a user can meet: its exact text and exit code (docs/CLI.md, "Errors")."""

import fcntl
import json
import os
import subprocess

import ibid_program
from ibid_program import IbidTestCase

# Wrong usage: arguments, message. The exit code is 2 and the second line names the help.
USAGE = [
    (["search"], "missing QUERY"),
    (["index"], "missing PATH"),
    (["get"], "missing KEY"),
    (["delete"], "missing KEY"),
    (["postings"], "missing TERM"),
    (["analyze"], "missing TEXT"),
    (["get", "a", "b"], "unexpected argument b"),
    (["merge", "now"], "unexpected argument now"),
    (["search", "-foo"], "no such option: -foo (what stands behind -- is no option)"),
    (["search", "--nope", "x"], "no such option: --nope (what stands behind -- is no option)"),
    (["search", "ferry", "-aground"],
     "no such option: -aground (what stands behind -- is no option)"),
    (["search", "x", "-n"], "--limit: a value is missing"),
    (["search", "-n", "-1", "x"],
     "--limit: -1 is not a whole number from 0 to 1,000,000,000,000"),
    (["search", "--format", "xml", "x"], "--format: xml is not one of text|tsv|json|trec"),
    (["search", "--sort", "size", "x"], "--sort: size is not one of score|date|-date|key"),
    (["search", "--color", "red", "x"], "--color: red is not one of auto|always|never"),
    (["search", "--b", "2", "x"], "--b: 2 is not a number from 0 to 1"),
    (["search", "--limit", "-1", "x"],
     "--limit: -1 is not a whole number from 0 to 1,000,000,000,000"),
    (["terms", "-n", "abc", "x"],
     "--limit: abc is not a whole number from 0 to 1,000,000,000,000"),
    (["index", "--threads", "4294967297", "x"],
     "--threads: 4294967297 is not a whole number from 0 to 1,024"),
    (["search", "--max-nesting", "1000000", "x"],
     "--max-nesting: 1000000 is not a whole number from 1 to 1,000"),
    (["search", "--timeout", "soon", "x"], "--timeout: soon is not a number 0 or more"),
    (["index", "--buffer", "lots", "x"],
     "--buffer: lots is not a size from 1.0 MB to 1.1 TB, as in 256M"),
    (["index", "--format", "pdf", "x"],
     "--format: pdf is not one of auto|text|jsonl|trec|reuters|html"),
]


def crc32c(data):
    """CRC-32C (Castagnoli), bit by bit."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class ErrorsTest(IbidTestCase):
    def index_two(self):
        self.write("d/a.txt", "one two")
        self.write("d/b.txt", "two three")
        self.ok("index", "d")

    def segment(self):
        return next(name for name in sorted(os.listdir(self.path(".ibid")))
                    if name.startswith("seg_"))

    def test_wrong_usage(self):
        for arguments, message in USAGE:
            with self.subTest(arguments=arguments):
                verb = arguments[0]
                self.expect(arguments, 2, err=f"ibid {verb}: error: {message}\n"
                                              f"  do: ibid {verb} --help\n")
        self.expect([], 2, err="ibid: error: missing VERB\n  do: ibid --help\n")
        self.expect(["find", "x"], 2, err="ibid: error: no such verb: find\n  do: ibid --help\n")
        self.expect(["serach", "x"], 2,
                    err="ibid: error: no such verb: serach (did you mean search?)\n"
                        "  do: ibid --help\n")

    def test_help_is_also_a_verb(self):
        self.assertEqual(self.ok("help"), self.ok("--help"))
        self.assertEqual(self.ok("help", "get"), self.ok("get", "--help"))
        self.expect(["help", "gett"], 2,
                    err="ibid: error: no such verb: gett (did you mean get?)\n"
                        "  do: ibid --help\n")
        self.write("help", "help me")
        self.ok("index", "help")
        self.assertEqual(self.ok("search", "-l", "help"), "help\n")

    def test_a_folder_of_documents_is_not_made_an_index(self):
        self.write("own/sub/a.txt", "one")
        for path, why in (("own", "is the place of the index itself"),
                          ("./own/../own/", "is the place of the index itself"),
                          ("own/sub", "lies inside the index"),
                          ("own/sub/a.txt", "lies inside the index")):
            with self.subTest(path=path):
                self.expect(["index", "-i", "own", path], 2,
                            err=f"ibid index: error: {path} {why} (-i own), where no document is "
                                "read; nothing was changed\n  do: name another place for the "
                                f"index, as in ibid index -i own.ibid {path}\n")
        os.symlink("own", self.path("other"))
        self.assertEqual(self.run_ibid("index", "-i", "other", "own").code, 2)
        self.assertEqual(self.run_ibid("index", "-i", "new", "--prune", "new").code, 2)
        self.assertEqual(self.run_ibid("index", "-i", "own", "--watch", "own").code, 2)
        self.assertEqual(sorted(os.listdir(self.home)), ["other", "own"])
        self.assertEqual(os.listdir(self.path("own")), ["sub"])

    def test_an_index_is_no_path_of_its_own(self):
        self.index_two()
        self.expect(["index", "--prune", ".ibid"], 2,
                    err="ibid index: error: .ibid is the place of the index itself (-i .ibid), "
                        "where no document is read; nothing was changed\n"
                        "  do: name a PATH that holds documents\n")
        self.write(".ibid/notes/c.txt", "two")
        self.ok("index", ".ibid/notes")
        self.assertEqual(self.ok("search", "-c", "two"), "3\n")
        self.ok("index", ".")

    def test_usage_errors_are_json_where_json_was_asked_for(self):
        outcome = self.run_ibid("search", "--json", "--sort", "size", "x")
        error = json.loads(outcome.err)["error"]
        self.assertEqual((outcome.code, error["code"]), (2, "INVALID_ARGUMENT"))

    def test_no_index(self):
        for arguments in (["search", "x"], ["get", "k"], ["delete", "k"], ["merge"], ["info"],
                          ["terms"], ["postings", "t"], ["check"]):
            with self.subTest(arguments=arguments):
                verb = arguments[0]
                self.expect(arguments, 3,
                            err=f"ibid {verb}: error: .ibid: no index here or in a directory above\n"
                                f"  do: ibid index FILES...\n")
                os.makedirs(self.path("idx"), exist_ok=True)
                self.expect([verb, "-i", "idx", *arguments[1:]], 3,
                            err=f"ibid {verb}: error: idx: no index here (no MANIFEST)\n"
                                f"  do: ibid index -i idx FILES...\n")

    def test_no_index_as_json(self):
        outcome = self.run_ibid("search", "--json", "-i", "idx", "x")
        self.assertEqual(outcome.code, 3)
        self.assertEqual(json.loads(outcome.err), {"error": {
            "code": "NOT_FOUND", "message": "idx: no index here (no MANIFEST)", "path": "idx",
            "do": "ibid index -i idx FILES..."}})

    def test_a_lost_manifest_is_not_taken_for_no_index(self):
        self.index_two()
        self.write("d/c.txt", "four")
        os.remove(self.path(".ibid/MANIFEST"))
        before = sorted(os.listdir(self.path(".ibid")))
        lost = (f".ibid: MANIFEST is missing, but {self.segment()} is here: an index that lost its "
                "MANIFEST; nothing was changed")
        do = ("put MANIFEST back from a copy, ibid salvage .ibid NEW to keep what is whole, or "
              "move the directory away and index anew")
        for verb in (["index", "d"], ["index", "--create", "d"], ["index", "--no-store", "d"],
                     ["search", "two"], ["get", "k"], ["delete", "k"], ["merge"], ["info"],
                     ["terms"], ["postings", "t"]):
            with self.subTest(verb=verb):
                self.expect(verb, 4, err=f"ibid {verb[0]}: error: {lost}\n  do: {do}\n")
        self.expect(["check"], 4, out=f"problem: {lost}\n"
                                      f"damaged: 0 of 0 segments are whole\n  do: {do}\n")
        self.assertEqual(sorted(os.listdir(self.path(".ibid"))), before)

    def test_an_index_that_was_begun_and_never_committed_is_none(self):
        self.write("a.txt", "one")
        reading = subprocess.Popen(
            [ibid_program.PROGRAM, "index", "--progress", "always", "--buffer", "1M", "--format",
             "jsonl", "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.home,
            env=self.environment)
        with reading.stdin, reading.stderr:
            reading.stdin.write(b'{"id":"1","text":"word"}\n' * 100000)  # past its start for certain
            reading.stdin.flush()
            reading.kill()
            reading.wait(timeout=ibid_program.TIME_LIMIT)
        self.assertIn("MANIFEST", os.listdir(self.path(".ibid")))
        self.expect(["search", "one"], 3,
                    err="ibid search: error: .ibid: no index here yet (nothing was committed)\n"
                        "  do: ibid index FILES...\n")
        self.ok("index", "--create", "--language", "german", "a.txt")
        self.assertEqual(self.ok("search", "-c", "one"), "1\n")

    def test_newer_format(self):
        self.index_two()
        path = self.path(".ibid/MANIFEST")
        with open(path, "rb") as file:
            data = bytearray(file.read())
        self.assertEqual(data[8:12], b"\4\0\0\0")  # the version, behind eight bytes of magic
        data[8] = 9
        data[-4:] = crc32c(data[:-4]).to_bytes(4, "little")
        self.write(".ibid/MANIFEST", bytes(data))
        for verb in (["search", "two"], ["info"], ["check"], ["index", "d"], ["merge"]):
            self.expect(verb, 3, err=f"ibid {verb[0]}: error: .ibid: format 9; this program reads 1-4\n")

    def test_strict_query(self):
        self.index_two()
        outcome = self.run_ibid("search", "--strict", 'two "three')
        self.assertEqual(outcome.code, 2, outcome)
        lines = outcome.err.splitlines()
        self.assertRegex(lines[0], r"^ibid search: error: query: column \d+: \S.*$")
        self.assertEqual(lines[1].strip(), 'two "three')
        self.assertIn("^", lines[2])
        error = json.loads(
            self.run_ibid("search", "--json", "--strict", 'two "three').err)["error"]
        self.assertEqual((error["code"], error["offset"]), ("INVALID_ARGUMENT", 4))

    def test_a_bad_query_of_delete_is_shown_with_a_caret(self):
        self.index_two()
        for more in ([], ["--dry-run"]):
            self.expect(["delete", *more, "--query", "(two"], 2,
                        err="ibid delete: error: query: column 1: missing closing parenthesis\n"
                            "      (two\n"
                            "      ^\n")
        self.assertEqual(self.ok("search", "-c", "two"), "2\n")

    def test_a_damaged_manifest_is_reported_with_what_helps(self):
        self.index_two()
        self.write(".ibid/MANIFEST", "x" * 100)
        self.expect(["check"], 4, out="problem: .ibid: MANIFEST: not a manifest\n"
                                      "damaged: 0 of 0 segments are whole\n"
                                      "  do: ibid salvage .ibid NEW to keep the rest\n")

    def test_query_past_a_limit(self):
        self.index_two()
        words = " ".join(f"w{i}" for i in range(1100))
        self.expect(["search", words], 2,
                    err="ibid search: error: query: 1,100 clauses, limit 1,024 (--max-clauses)\n")
        self.expect(["search", "--max-clauses", "2", "a", "b", "c"], 2,
                    err="ibid search: error: query: 3 clauses, limit 2 (--max-clauses)\n")

    def test_an_answer_cut_by_a_limit_is_flagged(self):
        self.write("many.txt", " ".join(f"word{i}" for i in range(50)))
        self.ok("index", "many.txt")
        outcome = self.run_ibid("search", "-c", "--max-expansions", "10", "word*")
        self.assertEqual((outcome.code, outcome.out), (7, "1\n"), outcome)
        self.assertIn('warning: "word*" matches 50 terms; used the 10 most frequent', outcome.err)
        outcome = self.run_ibid("search", "-c", "--allow-partial", "--max-expansions", "10", "word*")
        self.assertEqual(outcome.code, 0, outcome)
        summary = json.loads(self.run_ibid(
            "search", "--json", "-c", "--max-expansions", "10", "word*").out)
        self.assertTrue(summary["partial"])

    def test_many_wildcards_share_their_terms(self):
        self.write("many.txt", " ".join(f"word{i}" for i in range(50)))
        self.ok("index", "many.txt")
        outcome = self.run_ibid("search", "-c", "--max-query-expansions", "10", "word* word1*")
        self.assertEqual((outcome.code, outcome.out), (7, "1\n"), outcome)
        self.assertIn('warning: "word*" matches 50 terms; used the 5 most frequent '
                      "(--max-query-expansions)", outcome.err)

    def test_a_query_that_needs_too_much_is_refused(self):
        self.write("many.txt", " ".join(f"word{i}" for i in range(2000)))
        self.ok("index", "many.txt")
        self.expect(["search", "--max-terms-read", "0", *(f"wrd{i}~" for i in range(100))], 7,
                    err="ibid search: error: query: 200,000 terms or more to compare with "
                        "wildcards and fuzzy words, limit 64,000 (--max-terms-read)\n")
        outcome = self.run_ibid("search", "--max-memory", "1M", "word*")
        self.assertEqual((outcome.code, outcome.out), (7, ""), outcome)
        self.assertRegex(outcome.err, r"^ibid search: error: query: [0-9,]+ bytes of memory or "
                                      r"more, limit 1,048,576 \(--max-memory\)\n$")

    def test_warnings_about_documents_are_cut_off_and_counted(self):
        self.write("bad.jsonl", "not json\n" * 130 + '{"id":"x","text":"new"}\n')
        outcome = self.run_ibid("index", "bad.jsonl")
        self.assertEqual(outcome.code, 0, outcome)
        lines = outcome.err.splitlines()
        self.assertEqual(len(lines), 101, outcome)
        self.assertEqual(lines[-1],
                         "ibid index: warning: 30 more warnings about documents are left out")
        self.assertIn("skipped 130", outcome.out)

    def test_results_past_the_limit(self):
        self.index_two()
        outcome = self.run_ibid("search", "-n", "5", "--max-results", "4", "two")
        self.assertEqual(outcome.code, 2, outcome)

    def test_corrupt_block(self):
        self.index_two()
        path = self.path(".ibid/" + self.segment())
        os.chmod(path, 0o644)
        size = os.path.getsize(path)
        with open(path, "r+b") as file:
            data = bytearray(file.read())
            for i in range(size // 4, size // 2):
                data[i] ^= 0xFF
            file.seek(0)
            file.write(data)
        outcome = self.run_ibid("search", "two")
        self.assertEqual((outcome.code, outcome.out), (4, ""), outcome)
        self.assertRegex(outcome.err, r"^ibid search: error: seg_\S+: .*checksum [0-9a-f]{8}, "
                                      r"expected [0-9a-f]{8}\n  do: ibid check to see what is "
                                      r"damaged; ibid salvage \.ibid NEW to keep the rest\n$")

    def test_truncated_and_missing_segment(self):
        self.index_two()
        name = self.segment()
        path = self.path(".ibid/" + name)
        os.chmod(path, 0o644)
        size = os.path.getsize(path)
        os.truncate(path, size - 100)
        do = "  do: ibid check to see what is damaged; ibid salvage .ibid NEW to keep the rest\n"
        self.expect(["search", "two"], 4,
                    err=f"ibid search: error: {name}: {size - 100:,} bytes, manifest says {size:,}\n"
                        + do)
        os.remove(path)
        outcome = self.run_ibid("search", "two")
        self.assertEqual(outcome.code, 4, outcome)
        self.assertEqual(outcome.err, f"ibid search: error: open .ibid/{name}: No such file or "
                                      f"directory\n" + do)

    def test_create_on_an_existing_index(self):
        self.index_two()
        outcome = self.run_ibid("index", "--create", "d")
        self.assertEqual(outcome.code, 2, outcome)
        self.assertRegex(outcome.err, r"^ibid index: error: \.ibid: .*\n$")

    def test_other_options_than_the_index(self):
        self.index_two()
        outcome = self.run_ibid("index", "--language", "german", "d")
        self.assertEqual(outcome.code, 3, outcome)
        self.assertRegex(outcome.err, r"^ibid index: error: \.ibid: .*german.*\n")

    def test_unknown_language(self):
        self.write("a.txt", "one")
        outcome = self.run_ibid("index", "--language", "klingon", "a.txt")
        self.assertEqual(outcome.code, 2, outcome)
        self.assertIn("klingon", outcome.err)
        self.expect(["index", "--language", "german", "--analyzer", "alnum", "a.txt"], 2,
                    err="ibid index: error: --language german: the alnum analyzer has no "
                        "stemming\n")

    def test_missing_path(self):
        self.write("a.txt", "one")
        outcome = self.run_ibid("index", "a.txt", "nosuch")
        self.assertEqual(outcome.code, 5, outcome)
        self.assertEqual(outcome.err, "ibid index: error: stat nosuch: No such file or directory\n"
                                      "  kept: nothing, there was no commit yet\n")
        self.assertFalse(os.path.exists(self.path(".ibid")))
        self.expect(["index", "--dry-run", "nosuch"], 5,
                    err="ibid index: error: stat nosuch: No such file or directory\n")
        os.makedirs(self.path("mine"))
        self.assertEqual(self.run_ibid("index", "-i", "mine", "nosuch").code, 5)
        self.assertEqual(os.listdir(self.path("mine")), [])
        self.expect(["index", "--files-from", "nosuch"], 5,
                    err="ibid index: error: nosuch: No such file or directory\n")

    def test_missing_query_and_synonym_files(self):
        self.index_two()
        for flag in ("--queries", "--synonyms"):
            arguments = ["search", flag, "nosuch"] + (["x"] if flag == "--synonyms" else [])
            self.expect(arguments, 5,
                        err="ibid search: error: nosuch: No such file or directory\n")

    def test_a_first_run_that_strict_stops_leaves_nothing(self):
        self.write("s.jsonl", '{"id":"x","text":"new"}\nnot json\n')
        outcome = self.run_ibid("index", "--strict", "s.jsonl")
        self.assertEqual((outcome.code, outcome.out), (5, ""), outcome)
        self.assertEqual(os.listdir(self.home), ["s.jsonl"])

    def test_strict_stops_at_a_bad_document_and_commits_nothing(self):
        self.index_two()
        self.write("s.jsonl", '{"id":"x","text":"new"}\nnot json\n')
        outcome = self.run_ibid("index", "--strict", "s.jsonl")
        self.assertEqual((outcome.code, outcome.out), (5, ""), outcome)
        self.assertRegex(outcome.err, r"^ibid index: error: s\.jsonl:2: .*\n"
                                      r"  kept: commit 1, 2 documents; the 1 since then are not "
                                      r"saved\n$")
        self.expect(["search", "-c", "new"], 1, out="0\n")

    def test_two_roots_that_give_one_key(self):
        self.write("x/a.txt", "one")
        self.write("y/a.txt", "two")
        self.expect(["index", "x", "y"], 2,
                    err="ibid index: error: y: the key a.txt came already from x\n"
                        "  kept: nothing, there was no commit yet\n"
                        "  do: index them in two runs, or --key-prefix\n")

    def test_second_writer(self):
        self.index_two()
        lock = self.path(".ibid/LOCK")
        self.assertTrue(os.path.exists(lock))
        with open(lock, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            for arguments in (["index", "d"], ["delete", "a.txt"], ["merge"]):
                outcome = self.run_ibid(*arguments)
                self.assertEqual(outcome.code, 6, outcome)
                self.assertRegex(outcome.err, rf"^ibid {arguments[0]}: error: \.ibid: being written")
            self.assertEqual(self.ok("search", "-c", "two"), "2\n")

    def test_disk_full_or_forbidden(self):
        if os.geteuid() == 0:
            self.skipTest("root may write anywhere")
        os.makedirs(self.path("closed"))
        os.chmod(self.path("closed"), 0o555)
        self.write("a.txt", "one")
        outcome = self.run_ibid("index", "-i", "closed/idx", "a.txt")
        self.assertEqual(outcome.code, 5, outcome)
        self.assertIn("Permission denied", outcome.err)

    def test_index_below_a_missing_folder(self):
        self.write("a.txt", "one")
        outcome = self.run_ibid("index", "-i", "no/such/idx", "a.txt")
        self.assertEqual(outcome.code, 5, outcome)
        self.assertIn("No such file or directory", outcome.err)

    def test_no_stored_text(self):
        self.write("a.txt", "one")
        self.ok("index", "--no-store", "a.txt")
        outcome = self.run_ibid("get", "a.txt")
        self.assertEqual(outcome.code, 3, outcome)
        self.assertRegex(outcome.err, r"^ibid get: error: .*stored.*\n")

    def test_control_characters_of_arguments_are_not_echoed(self):
        outcome = self.run_ibid("search", "--sort", "\x1b[31mred", "x")
        self.assertNotIn("\x1b", outcome.err)
        outcome = self.run_ibid("get", "-i", "\x1b[31midx", "k")
        self.assertNotIn("\x1b", outcome.err)


if __name__ == "__main__":
    ibid_program.main()
