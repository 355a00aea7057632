"""Drives build_index and do_query as the harness of the search-benchmark-game does: one process that
is asked a line and read a line. Called with the folder that holds the two programs."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAMS = sys.argv[1]
DOCUMENTS = {
    "a": "the who live at leeds",
    "b": "who is the best band in the uk",
    "c": "Leeds, UK: The WHO played",
    "d": "live music",
}


def build(directory, lines):
    return subprocess.run([os.path.join(PROGRAMS, "build_index"), directory],
                          input="".join(lines).encode(), capture_output=True, timeout=60)


class GameTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.TemporaryDirectory(prefix="ibid-game-")
        cls.index = os.path.join(cls.home.name, "idx")
        lines = [json.dumps({"id": key, "text": text}) + "\n" for key, text in DOCUMENTS.items()]
        outcome = build(cls.index, lines)
        assert outcome.returncode == 0, outcome.stderr
        cls.process = subprocess.Popen([os.path.join(PROGRAMS, "do_query"), cls.index],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    @classmethod
    def tearDownClass(cls):
        cls.process.stdin.close()
        code = cls.process.wait(timeout=60)
        cls.process.stdout.close()
        cls.home.cleanup()
        assert code == 0, code

    def ask(self, command, query):
        """The answer comes although standard input stays open."""
        self.process.stdin.write(f"{command}\t{query}\n".encode())
        self.process.stdin.flush()
        return self.process.stdout.readline().decode()

    def test_counts_each_form_of_query(self):
        for query, count in [("the", 3), ("+the +leeds", 2), ('"the who"', 2), ("live uk", 4),
                             ("+the -uk", 1), ("+the leeds", 3), ('+"the who" +uk', 1),
                             ("+leeds -live -uk", 0), ("absent", 0)]:
            self.assertEqual(self.ask("COUNT", query), f"{count}\n", query)
            self.assertEqual(self.ask("TOP_10_COUNT", query), f"{count}\n", query)
            self.assertEqual(self.ask("TOP_100_COUNT", query), f"{count}\n", query)

    def test_ranked_commands_answer_one(self):
        for command in ("TOP_10", "TOP_100", "TOP_1000"):
            self.assertEqual(self.ask(command, "the leeds"), "1\n")

    def test_words_are_not_stemmed(self):
        self.assertEqual(self.ask("COUNT", "play"), "0\n")
        self.assertEqual(self.ask("COUNT", "played"), "1\n")

    def test_what_is_not_supported_is_said_and_the_next_line_is_answered(self):
        for command, query in [("TOP_10_FF", "the"), ("DOCS", "the"), ("TOP_0", "the"),
                               ("COUNT", ""), ("COUNT", "-the"), ("COUNT", "a NEAR/3 b")]:
            self.assertEqual(self.ask(command, query), "UNSUPPORTED\n", (command, query))
        self.process.stdin.write(b"no tab\n")
        self.process.stdin.flush()
        self.assertEqual(self.process.stdout.readline(), b"UNSUPPORTED\n")
        self.assertEqual(self.ask("COUNT", "live"), "2\n")


class ErrorsTest(unittest.TestCase):
    def test_no_index_is_an_error(self):
        with tempfile.TemporaryDirectory(prefix="ibid-game-") as home:
            outcome = subprocess.run([os.path.join(PROGRAMS, "do_query"), home], input=b"",
                                     capture_output=True, timeout=60)
            self.assertEqual(outcome.returncode, 3)
            self.assertIn(b"no index", outcome.stderr)

    def test_what_is_not_json_is_an_error(self):
        with tempfile.TemporaryDirectory(prefix="ibid-game-") as home:
            outcome = build(os.path.join(home, "idx"), ['{"id": "a", "text": "x"}\n', "oops\n"])
            self.assertEqual(outcome.returncode, 5, outcome.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
