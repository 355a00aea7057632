"""`ibid search`: options and the forms of an answer, in a pipe."""

import json
import os
import subprocess

import ibid_program
from ibid_program import IbidTestCase

STORY_A = """title: Minister resigns
date: 2031-04-02
source: The Courier

The prime minister resigned on Wednesday. "I am tired," the minister said in Paris.
"""
STORY_B = """title: Paris talks
date: 2031-04-03
source: Harbour Wire

Rebels advanced while talks went on in Paris. Officials said nothing.
"""
STORY_C = """title: Cheese
date: 2031-04-01

A recall of cheese.
"""


class SearchTest(IbidTestCase):
    def setUp(self):
        super().setUp()
        self.write("d/a.txt", STORY_A)
        self.write("d/b.txt", STORY_B)
        self.write("d/c story.txt", STORY_C)
        self.ok("index", "d")

    def rows(self, *arguments):
        return [line.split("\t") for line in self.ok("search", *arguments).splitlines()]

    def hits(self, *arguments):
        lines = [json.loads(line) for line in self.ok("search", "--json", *arguments).splitlines()]
        self.assertEqual([line["type"] for line in lines], ["hit"] * (len(lines) - 1) + ["summary"])
        return lines[:-1], lines[-1]

    def test_a_pipe_gets_one_line_of_columns_a_hit(self):
        rows = self.rows("cheese")
        self.assertEqual(len(rows), 1)
        rank, score, key, title, context = rows[0]
        self.assertEqual((rank, key, title), ("1", "c%20story.txt", "Cheese"))
        self.assertGreater(float(score), 0)
        self.assertEqual(context, "A recall of cheese.")

    def test_words_of_the_command_line_are_joined(self):
        self.assertEqual(self.ok("search", "-c", "prime", "cheese"), "2\n")
        self.assertEqual(self.ok("search", "-c", "-a", "prime", "minister"), "1\n")
        self.expect(["search", "-c", "-a", "prime", "cheese"], 1, out="0\n")

    def test_a_query_may_begin_with_a_dash_behind_two_dashes(self):
        self.assertEqual(self.ok("search", "-c", "--", "paris", "-rebels"), "1\n")

    def test_brackets_reach_the_query_language(self):
        self.assertEqual(self.ok("search", "-c", "date:[2031-04-01 TO 2031-04-02]"), "2\n")

    def test_keys_limit_offset_and_order(self):
        self.assertEqual(self.ok("search", "-l", "--sort", "key", "*"), "a.txt\nb.txt\nc story.txt\n")
        self.assertEqual(self.ok("search", "-l", "--sort", "date", "-n1", "*"), "c story.txt\n")
        self.assertEqual(self.ok("search", "-l", "--sort", "-date", "-n", "1", "*"), "b.txt\n")
        self.assertEqual(self.ok("search", "-l", "--sort", "key", "--offset", "1", "-n", "1", "*"),
                         "b.txt\n")

    def test_quiet_says_it_by_the_exit_code(self):
        self.expect(["search", "-q", "paris"], 0, err="", out="")
        self.expect(["search", "-q", "nothingofthekind"], 1, err="", out="")

    def test_json_hits_have_every_member_in_order(self):
        hits, summary = self.hits("quote:tired")
        self.assertEqual(len(hits), 1)
        self.assertEqual(list(hits[0]), ["type", "rank", "score", "key", "title", "date", "source",
                                         "snippet", "matches"])
        self.assertEqual(hits[0]["rank"], 1)
        self.assertEqual(hits[0]["key"], "a.txt")
        self.assertEqual(hits[0]["title"], "Minister resigns")
        self.assertEqual(hits[0]["date"], "2031-04-02")
        self.assertEqual(hits[0]["source"], "The Courier")
        self.assertEqual(list(summary), ["type", "query", "total", "notes", "elapsed_us"])
        self.assertEqual(summary["total"], {"value": 1, "relation": "eq"})
        self.assertEqual(summary["notes"], [])

    def test_json_matches_are_bytes_of_the_stored_field(self):
        hits, _ = self.hits('"prime minister"')
        stored = json.loads(self.ok("get", "--json", "a.txt"))
        pieces = [stored[match["field"]].encode()[match["begin"]:match["end"]].decode()
                  for match in hits[0]["matches"]]
        self.assertEqual(pieces, ["prime minister"])
        hits, _ = self.hits("title:minister")
        self.assertEqual([match["field"] for match in hits[0]["matches"]], ["title"])

    def test_json_counts_in_the_summary_alone(self):
        hits, summary = self.hits("-c", "paris")
        self.assertEqual(hits, [])
        self.assertEqual(summary["total"]["value"], 2)

    def test_text_can_be_asked_for_in_a_pipe(self):
        out = self.ok("search", "--format", "text", "--sort", "key", "tired")
        self.assertRegex(out, "^1  [0-9.]+  Minister resigns\n"
                              "   The Courier, 2031-04-02, a.txt\n"
                              "   .*I am tired.*\n\n1 document\n$")

    def test_text_says_which_part_of_all_hits_it_shows(self):
        out = self.ok("search", "--format", "text", "-n", "1", "--offset", "1", "paris")
        self.assertTrue(out.startswith("2  "), out)
        self.assertTrue(out.endswith("2-2 of 2 documents\n"), out)

    def test_color_marks_the_matches(self):
        out = self.ok("search", "--format", "text", "--color", "always", "cheese")
        self.assertIn("A recall of \x1b[1;31mcheese\x1b[0m.", out)
        self.assertNotIn("\x1b", self.ok("search", "--format", "text", "cheese"))

    def test_trec_lines(self):
        out = self.ok("search", "--format", "trec", "cheese")
        self.assertRegex(out, r"^1 Q0 c%20story\.txt 1 [0-9.]+ ibid\n$")

    def test_queries_from_a_file_carry_their_ids(self):
        self.write("q.tsv", "q1\tcheese\n\nq 2\tparis\nnothingofthekind\n")
        out = self.run_ibid("search", "--queries", "q.tsv", "-c").out
        self.assertEqual(out, "q1\t1\nq%202\t2\n4\t0\n")
        out = self.run_ibid("search", "--queries", "-", "-l", stdin="x\tcheese\n").out
        self.assertEqual(out, "x\tc story.txt\n")
        out = self.run_ibid("search", "--queries", "q.tsv", "--format", "trec", "-n1").out
        self.assertEqual([line.split()[:4] for line in out.splitlines()],
                         [["q1", "Q0", "c%20story.txt", "1"], ["q%202", "Q0", "b.txt", "1"]])
        lines = self.run_ibid("search", "--queries", "q.tsv", "--json", "-n1").out.splitlines()
        self.assertEqual([json.loads(line)["query_id"] for line in lines],
                         ["q1", "q1", "q 2", "q 2", "4"])

    def test_context_is_as_wide_as_asked(self):
        self.assertEqual(self.rows("--context", "1", "advanced")[0][4], "Rebels advanced while…")

    def test_show_query_prints_the_canonical_form_aside(self):
        outcome = self.run_ibid("search", "-c", "--show-query", "prime AND minister")
        self.assertEqual((outcome.code, outcome.out), (0, "1\n"))
        self.assertRegex(outcome.err, "^query: .*prime.*minister.*\n$")

    def test_explain_takes_the_score_apart(self):
        out = self.ok("search", "--explain", "cheese")
        self.assertRegex(out, r"(?m)^     [0-9.]+  ")
        hits, _ = self.hits("--explain", "cheese")
        self.assertAlmostEqual(hits[0]["explanation"]["value"], hits[0]["score"], places=5)

    def test_prove_compares_with_an_exhaustive_search(self):
        outcome = self.run_ibid("search", "--prove", "-c", "paris")
        self.assertEqual(outcome.code, 0, outcome)
        self.assertRegex(outcome.err, "^proven: ")

    def test_stats_go_to_standard_error(self):
        outcome = self.run_ibid("search", "-c", "--stats", "paris")
        self.assertEqual(outcome.out, "2\n")
        self.assertRegex(outcome.err, r"^stats: 3 documents, 2 matched; parse [0-9.]+ ms, "
                                      r"search [0-9.]+ ms, output [0-9.]+ ms\n$")

    def test_no_hits_name_the_nearest_terms(self):
        outcome = self.run_ibid("search", "cheeze")
        self.assertEqual((outcome.code, outcome.out), (1, ""))
        self.assertEqual(outcome.err,
                         'ibid search: note: "cheeze" is not in the index; near it: cheese\n')
        _, summary = json.loads('[0, %s]' % self.run_ibid("search", "--json", "cheeze").out)
        self.assertEqual([note["code"] for note in summary["notes"]], ["unknown-word"])

    def test_words_that_match_by_their_stem_are_not_called_missing(self):
        outcome = self.run_ibid("search", "-a", "recalls", "cheeze")
        self.assertEqual(outcome.err,
                         'ibid search: note: "cheeze" is not in the index; near it: cheese\n')
        outcome = self.run_ibid("search", '"recalls of cheese"')
        self.assertEqual(outcome.err,
                         'ibid search: note: "recalls" is not in the index in this form, but its '
                         "stem is; near it: recall\n")

    def test_quotes_lost_to_the_shell_are_noted(self):
        outcome = self.run_ibid("search", "-a", "-c", "prime minister", "cheese")
        self.assertEqual((outcome.code, outcome.out), (1, "0\n"))
        self.assertEqual(outcome.err,
                         "ibid search: note: quotes that the shell takes away make no phrase; "
                         "for one, type '\"prime minister\" cheese'\n")

    def test_quotes_lost_to_the_shell_are_no_matter_where_there_are_hits(self):
        self.assertEqual(self.ok("search", "-c", "prime minister", "paris"), "2\n")
        self.assertEqual(self.ok("search", "--format", "text", "-c", "prime minister"), "1\n")

    def test_notes_of_the_parser_have_a_caret(self):
        outcome = self.run_ibid("search", "-c", 'paris "prime minister')
        self.assertEqual(outcome.code, 0, outcome)
        self.assertIn('paris "prime minister\n', outcome.err)
        self.assertIn("^", outcome.err)
        _, summary = self.hits('paris "prime minister')
        self.assertTrue(summary["notes"])
        self.assertEqual(summary["notes"][0]["severity"], "warning")

    def test_synonyms_come_from_a_file(self):
        self.write("syn", "# groups\ncheese, brie, soft cheese\nrebel insurgent\n")
        self.assertEqual(self.ok("search", "-c", "--synonyms", "syn", "~brie"), "1\n")
        self.assertEqual(self.ok("search", "-c", "--synonyms", "syn", "~insurgent"), "1\n")

    def test_ranking_constants_and_proximity_scores_change_scores(self):
        def score(*arguments):
            return float(self.rows(*arguments)[0][1])
        self.assertNotEqual(score("minister"), score("--k1", "0.1", "minister"))
        self.assertNotEqual(score("minister NEAR/9 wednesday"),
                            score("--prox-score", "filter", "minister NEAR/9 wednesday"))

    def test_document_text_cannot_drive_the_terminal(self):
        self.write("e/\x1b[31mevil\n.txt", "title: a\x1b]0;pwned\x07\n\nboo\x1b[2J\u202e gotcha \x9b31m")
        self.run_ibid("index", "e")
        for form in ("text", "tsv", "json", "trec"):
            out = self.run_ibid("search", "--format", form, "gotcha").out
            self.assertTrue(out)
            self.assertNotRegex(out, "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
        out = self.run_ibid("search", "-l", "gotcha").out
        self.assertEqual(out, "%1B[31mevil%0A.txt\n")

    def test_a_reader_that_goes_away_ends_the_program_quietly(self):
        process = subprocess.Popen([ibid_program.PROGRAM, "search", "--json", "*"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   cwd=self.home, env=self.environment)
        process.stdout.close()
        err = process.stderr.read()
        process.stderr.close()
        self.assertEqual((process.wait(), err), (0, b""))

    def test_a_full_disk_below_standard_output_is_an_error(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full here")
        with open("/dev/full", "w") as full:
            outcome = self.run_ibid("search", "paris", stdout=full)
        self.assertEqual(outcome.code, 5)
        self.assertEqual(outcome.err,
                         "ibid search: error: standard output: No space left on device\n")


if __name__ == "__main__":
    ibid_program.main()
