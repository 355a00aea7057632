#!/usr/bin/env python3
"""The ibid-make-corpus program: make_corpus_command_test.py PROGRAM."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CORPUS = pathlib.Path(__file__).resolve().parents[2] / "corpus"
PROGRAM = sys.argv.pop() if len(sys.argv) > 1 else "ibid-make-corpus"


def run(*args):
    return subprocess.run([PROGRAM, *args], capture_output=True, check=False)


class MakeCorpusTest(unittest.TestCase):

    def test_fits_and_generates(self):
        fitted = run("fit", str(CORPUS / "wire.jsonl"), "--words", "500", "--pairs", "1000")
        self.assertEqual(fitted.returncode, 0, fitted.stderr)
        with tempfile.TemporaryDirectory() as folder:
            model = pathlib.Path(folder, "wire.model")
            model.write_bytes(fitted.stdout)
            made = run("generate", "--model", str(model), "--docs", "20", "--seed", "5")
        self.assertEqual(made.returncode, 0, made.stderr)
        documents = [json.loads(line) for line in made.stdout.decode("utf-8").split("\n") if line]
        self.assertEqual(len(documents), 20)
        self.assertEqual(set(documents[0]), {"id", "title", "date", "source", "words", "text"})

    def test_uses_its_own_model_by_default_and_stops_after_the_bytes_asked_for(self):
        made = run("generate", "--bytes", "50000", "--mean-words", "100")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertGreaterEqual(len(made.stdout), 50000)
        self.assertTrue(made.stdout.endswith(b"}\n"))

    def test_says_how_long_texts_are_by_the_field_words(self):
        made = run("generate", "--docs", "50", "--mean-words", "80")
        for line in made.stdout.decode("utf-8").splitlines():
            document = json.loads(line)
            self.assertEqual(len(document["text"].split()), document["words"])

    def test_refuses_what_it_cannot_do(self):
        for args, message, code in (
                ((), "the verbs are", 2),
                (("generate",), "either --docs or --bytes", 2),
                (("generate", "--docs", "x"), "--docs needs a number", 2),
                (("generate", "--docs"), "--docs needs a value", 2),
                (("generate", "--dogs", "1"), "unknown option --dogs", 2),
                (("generate", "--docs", "1", "--model", "/nowhere"), "/nowhere: cannot be read", 5),
                (("generate", "--docs", "1", "--model", __file__), "model line 1: expected", 2),
                (("fit", "/nowhere"), "/nowhere: cannot be read", 5)):
            done = run(*args)
            self.assertEqual(done.returncode, code, args)
            self.assertIn(message, done.stderr.decode("utf-8"), args)

    def test_helps(self):
        self.assertIn(b"usage:", run("--help").stdout)


if __name__ == "__main__":
    unittest.main()
