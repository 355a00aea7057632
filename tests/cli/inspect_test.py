"""The verbs that look inside an index or change single documents."""

import json
import os

import ibid_program
from ibid_program import IbidTestCase


class InspectTest(IbidTestCase):
    def setUp(self):
        super().setUp()
        self.write("s.jsonl",
                   '{"id":"x","title":"First","text":"one two two","date":"2031-01-02",'
                   '"source":"Wire","pages":7,"tags":["a","b"]}\n'
                   '{"id":"y","text":"two three"}\n')
        self.ok("index", "s.jsonl")

    def test_get_prints_head_and_text(self):
        out = self.ok("get", "x")
        head, text = out.split("\n\n", 1)
        self.assertEqual(text, "one two two\n")
        lines = head.split("\n")
        self.assertEqual(lines[:4], ["key: x", "title: First", "date: 2031-01-02", "source: Wire"])
        self.assertIn("pages: 7", lines)
        self.assertIn("tags: a", lines)
        self.assertIn("tags: b", lines)

    def test_get_json_prints_the_whole_document(self):
        document = json.loads(self.ok("get", "--json", "x"))
        self.assertEqual(document, {
            "key": "x", "title": "First", "date": "2031-01-02", "source": "Wire",
            "text": "one two two", "fields": {"pages": [7], "tags": ["a", "b"]}})

    def test_get_is_safe_for_terminals_unless_raw(self):
        self.write("e.jsonl", json.dumps({"id": "e", "text": "a\x1b[31mb"}) + "\n")
        self.ok("index", "e.jsonl")
        self.assertEqual(self.ok("get", "e"), "key: e\n\na[31mb\n")
        self.assertEqual(self.ok("get", "--raw", "e"), "key: e\n\na\x1b[31mb\n")
        self.assertEqual(json.loads(self.ok("get", "--json", "e"))["text"], "a\x1b[31mb")

    def test_get_of_a_missing_key(self):
        self.expect(["get", "z"], 1, err="ibid get: no document has the key z\n")

    def test_delete_says_how_many_and_fails_where_none_existed(self):
        self.assertEqual(self.ok("delete", "x", "nosuch"), "deleted 1, not found 1\n")
        self.expect(["delete", "x"], 1, err="", out="deleted 0, not found 1\n")
        self.expect(["get", "x"], 1, out="")
        self.assertEqual(self.ok("search", "-c", "two"), "1\n")

    def test_delete_by_query_refuses_what_would_be_left_out(self):
        for query in ("one AND €", "one AND NOT €"):
            outcome = self.run_ibid("delete", "--query", query)
            self.assertEqual(outcome.code, 2, outcome)
            self.assertIn("nothing is deleted", outcome.err)
            self.assertEqual(self.run_ibid("search", "--strict", query).code, 2, query)

    def test_delete_by_query(self):
        self.assertEqual(self.ok("delete", "--query", "one"), "deleted 1\n")
        self.expect(["delete", "--query", "one"], 1, err="", out="deleted 0\n")
        self.assertEqual(json.loads(self.ok("delete", "--json", "--query", "two")),
                         {"type": "summary", "deleted": 1, "missing": 0})

    def test_merge_leaves_one_segment_without_the_deleted(self):
        self.write("b.txt", "more two")
        self.ok("index", "b.txt")
        self.ok("delete", "x")
        self.assertRegex(self.ok("merge"), r"^merged \d+ segments? into 1: 2 documents, .* now\n$")
        info = json.loads(self.ok("info", "--json"))
        self.assertEqual((len(info["segments"]), info["documents"], info["deleted"]), (1, 2, 0))

    def test_merge_reorders_where_asked_and_says_why_not(self):
        self.assertIn("ibid merge: note: the documents keep their order: 2 are too few to gain by "
                      "another\n", self.run_ibid("merge", "--reorder").err)
        summary = json.loads(self.ok("merge", "--reorder", "--json"))
        self.assertEqual(summary["notes"],
                         ["the documents keep their order: 2 are too few to gain by another"])
        self.write("many.jsonl", "".join(
            json.dumps({"id": f"m{i}", "text": f"topic{i % 29} word{i % 17}"}) + "\n"
            for i in range(700)))
        self.ok("index", "many.jsonl")
        before = self.ok("search", "-n", "1000", "--format", "tsv", "topic3 OR word4")
        error = self.run_ibid("merge", "--reorder", "--progress", "always").err
        self.assertIn("ordering", error)
        self.assertEqual(json.loads(self.ok("merge", "--reorder", "--json"))["notes"], [])
        self.assertEqual(self.ok("search", "-n", "1000", "--format", "tsv", "topic3 OR word4"), before)
        self.assertIn("sound", self.ok("check"))

    def test_info_prints_counts_and_what_each_structure_costs(self):
        info = json.loads(self.ok("info", "--json"))
        self.assertEqual(info["index"], ".ibid")
        self.assertEqual((info["documents"], info["commit"], info["format_version"]), (2, 1, 4))
        self.assertEqual((info["words"], info["positions"]), (6, 6))
        self.assertEqual((info["language"], info["analyzer"], info["store_text"]),
                         ("english", "standard", True))
        self.assertEqual(info["columns"].get("pages"), "integer")
        self.assertEqual(sum(info["structure_bytes"].values()), info["total_bytes"])
        text = self.ok("info")
        for line in (r"^documents +2$", r"^language +english$", r"^structure +bytes +share",
                     r"^positions .* bits a position$", r"^total +[\d,]+ +100\.0 %",
                     r"^segment +documents +deleted +bytes$"):
            self.assertRegex(text, "(?m)" + line)

    def test_info_lists_segments(self):
        for name in "abcde":
            self.write(f"d/{name}", "four words of text")
        self.ok("index", "d")
        self.ok("delete", "b")
        *segments, summary = [json.loads(line)
                              for line in self.ok("info", "--segments", "--json").splitlines()]
        self.assertEqual([(line["id"], line["documents"], line["deleted"],
                           line["deleted_in_commit"], line["words"], line["text_bytes"])
                          for line in segments], [(1, 2, 0, 0, 6, 25),
                                                               (2, 5, 1, 3, 20, 90)])
        self.assertEqual(segments, [dict(segment, type="segment") for segment in
                                    json.loads(self.ok("info", "--json"))["segments"]])
        self.assertEqual((summary["commit"], summary["segments"], summary["documents"],
                          summary["deleted"]), (3, 2, 6, 1))
        head, *rows = self.ok("info", "--segments").splitlines()
        self.assertEqual(head.split(), ["id", "documents", "deleted", "deleted", "in", "words",
                                        "text", "bytes", "bytes"])
        self.assertEqual([row.split()[:6] for row in rows],
                         [["1", "2", "0", "-", "6", "25"], ["2", "5", "1", "3", "20", "90"]])

    def test_terms_lists_a_prefix_with_counts(self):
        self.assertEqual(self.ok("terms", "tw"), "two\t2\t3\n")
        self.assertEqual(self.ok("terms", "-n", "2"), "first\t1\t1\none\t1\t1\n")
        self.assertEqual(json.loads(self.ok("terms", "--json", "Thr")),
                         {"term": "three", "documents": 1, "occurrences": 1})
        self.expect(["terms", "zz"], 1, err="")

    def test_postings_lists_documents_and_positions(self):
        # In x: the title's one word, a free position, "one", then both "two". y has no title.
        self.assertEqual(self.ok("postings", "Two"), "x\t2\t3,4\ny\t1\t0\n")
        lines = [json.loads(line) for line in self.ok("postings", "--json", "two").splitlines()]
        self.assertEqual([(line["key"], line["occurrences"]) for line in lines],
                         [("x", 2), ("y", 1)])
        self.expect(["postings", "zebra"], 1, err="ibid postings: no document holds zebra\n")
        self.expect(["postings", "a b"], 2,
                    err="ibid postings: error: a b is 2 words, not one\n")

    def test_analyze_shows_terms_stems_and_regions(self):
        out = self.ok("analyze", "--language", "english", 'Rebels said: "We won." They left.')
        lines = [line.split("\t") for line in out.splitlines()]
        self.assertEqual(lines[0], ["position", "bytes", "term", "stem", "sentence", "paragraph",
                                    "quotation"])
        self.assertEqual(lines[1], ["0", "0-6", "rebels", "rebel", "1", "1", "-"])
        self.assertEqual([line[2] for line in lines[1:]],
                         ["rebels", "said", "we", "won", "they", "left"])
        self.assertEqual([line[6] for line in lines[1:]], ["-", "-", "1", "1", "-", "-"])

    def test_analyze_follows_no_index_that_is_not_there(self):
        outcome = self.run_ibid("analyze", "-i", "nosuch", "Rebels")
        self.assertEqual((outcome.code, outcome.out), (3, ""), outcome)

    def test_a_reader_that_had_enough_hides_no_failure(self):
        with open(self.path(".ibid/seg_0000000001.ibid"), "r+b") as segment:
            segment.seek(200)
            byte = segment.read(1)
            segment.seek(200)
            segment.write(bytes([byte[0] ^ 255]))
        read, write = os.pipe()
        os.close(read)
        outcome = self.run_ibid("check", stdout=write)
        os.close(write)
        self.assertEqual(outcome.code, 4, outcome)

    def test_analyze_reads_standard_input_and_follows_the_index(self):
        line = json.loads(self.ok("analyze", "--json", "-", stdin="Rebels"))
        self.assertEqual(line, {"position": 0, "begin": 0, "end": 6, "term": "rebels",
                                "stem": "rebel", "sentence": 1, "paragraph": 1})
        self.ok("index", "-i", "plain", "--analyzer", "alnum", "s.jsonl")
        line = json.loads(self.ok("analyze", "-i", "plain", "--json", "Rebels"))
        self.assertEqual(line["stem"], "rebels")

    def test_check_says_sound(self):
        self.assertRegex(self.ok("check"), r"^sound: 1 segment, 2 documents, \d+ blocks?, "
                                           r"every byte read, [0-9.]+ s\n$")
        report = json.loads(self.ok("check", "--json"))
        self.assertEqual((report["sound"], report["problems"]), (True, []))
        self.assertEqual(self.ok("check", "--quiet"), "")

    def test_check_deep_analyses_stored_text_again(self):
        self.assertRegex(self.ok("check", "--deep"),
                         r"every byte read, 2 analysed again, [0-9.]+ s\n$")
        self.ok("index", "-i", "bare", "--no-store", "s.jsonl")
        self.assertRegex(self.ok("check", "--deep", "-i", "bare"),
                         r"^finding: made without stored text \(--no-store\): .*\nsound: ")

    def test_check_lists_what_is_damaged(self):
        segment = next(name for name in sorted(os.listdir(self.path(".ibid")))
                       if name.startswith("seg_"))
        path = self.path(".ibid/" + segment)
        os.chmod(path, 0o644)
        with open(path, "r+b") as file:
            file.seek(os.path.getsize(path) // 3)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 0xFF]))
        outcome = self.run_ibid("check")
        self.assertEqual((outcome.code, outcome.err), (4, ""), outcome)
        lines = outcome.out.splitlines()
        self.assertTrue(all(line.startswith("problem: ") for line in lines[:-2]), outcome)
        self.assertIn(segment, lines[0])
        self.assertEqual(lines[-2:], ["damaged: 0 of 1 segment is whole",
                                      "  do: ibid salvage .ibid NEW to keep the rest"])

    def damage(self, segment):
        """Changes a byte in the middle of a segment."""
        path = self.path(".ibid/" + segment)
        os.chmod(path, 0o644)
        with open(path, "r+b") as file:
            file.seek(os.path.getsize(path) // 3)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 0xFF]))

    def test_salvage_of_a_sound_index_copies_it(self):
        self.assertEqual(self.ok("salvage", ".ibid", "saved"),
                         "kept: seg_0000000001.ibid, 2 documents\n"
                         "salvaged: 1 of 1 segment, 2 documents, now in saved\n")
        self.assertIn("sound", self.ok("check", "-i", "saved"))
        self.assertEqual(self.ok("get", "-i", "saved", "x"), self.ok("get", "x"))

    def test_salvage_keeps_what_is_whole_and_lists_what_is_lost(self):
        self.write("more.jsonl", '{"id":"z","text":"four"}\n')
        self.ok("index", "more.jsonl")
        self.damage("seg_0000000001.ibid")
        outcome = self.run_ibid("salvage", ".ibid", "saved")
        self.assertEqual((outcome.code, outcome.err), (4, ""), outcome)
        lost, kept, last = outcome.out.splitlines()
        self.assertRegex(lost, r"^lost: seg_0000000001\.ibid, 2 documents: seg_.* checksum ")
        self.assertEqual(kept, "kept: seg_0000000002.ibid, 1 document")
        self.assertEqual(last, "salvaged: 1 of 2 segments, 1 document, now in saved")
        self.assertEqual(self.ok("search", "-i", "saved", "-l", "four OR two"), "z\n")
        self.expect(["salvage", ".ibid", "saved"], 2,
                    err="ibid salvage: error: saved: is there already\n")
        self.expect(["salvage", ".ibid", ".ibid/saved"], 2,
                    err="ibid salvage: error: .ibid/saved: lies inside .ibid, which is not "
                        "written to\n")
        report = json.loads(self.run_ibid("salvage", "--json", ".ibid", "again").out)
        self.assertEqual([line["kept"] for line in report["segments"]], [False, True])
        self.assertEqual((report["documents"], report["lost_documents"], report["manifest"]),
                         (1, 2, True))

    def test_salvage_needs_no_manifest_but_a_segment_and_two_places(self):
        os.remove(self.path(".ibid/MANIFEST"))
        outcome = self.run_ibid("salvage", ".ibid", "saved")
        self.assertEqual((outcome.code, outcome.err), (4, ""), outcome)
        self.assertRegex(outcome.out, r"(?m)^note: the MANIFEST is lost: language english")
        self.assertEqual(self.ok("search", "-i", "saved", "-c", "two"), "2\n")
        self.damage("seg_0000000001.ibid")
        outcome = self.run_ibid("salvage", ".ibid", "none")
        self.assertEqual(outcome.code, 4, outcome)
        self.assertIn("no segment of 1 is whole", outcome.err)
        self.assertFalse(os.path.exists(self.path("none")))
        self.expect(["salvage", "nowhere", "none"], 3)
        self.expect(["salvage", ".ibid"], 2)


if __name__ == "__main__":
    ibid_program.main()
