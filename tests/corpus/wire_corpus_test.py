#!/usr/bin/env python3
"""Holds corpus/wire, its labels and wire.jsonl to what corpus/README.md says of them."""

import itertools
import json
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpus"
WIRE = CORPUS / "wire"
sys.path.insert(0, str(CORPUS))
sys.dont_write_bytecode = True
import make_wire_jsonl  # noqa: E402

MAX_STORY_BYTES = 4096
# Two stories share a run of this many words only where the labels say so.
UNLABELLED_RUN_WORDS = 12

FEATURES = {
    "straight double quotes": r'"\w',
    "curly double quotes": "“\\w",
    "British single quotes, straight": r"(?m)(^|\s)'\w[^'\n]*,' (said|he|she)",
    "British single quotes, curly": "‘\\w[^’\n]*,’ (said|he|she|says)",
    "curly apostrophe": "\\w’s\\b",
    "straight apostrophe": r"\w's\b",
    "quotation that opens again at each paragraph, straight": r'(?m)^"[^"\n]*$\n\n"\w',
    "quotation that opens again at each paragraph, curly": "(?m)^“[^”\n]*$\n\n“\\w",
    "British kilometres": "kilometres",
    "American kilometers": "kilometers",
    "British organised": "organised",
    "American organized": "organized",
    "British defence": "[Dd]efence",
    "American defense": "[Dd]efense",
    "al- name": r"\bal-Hadid\b",
    "al- name with straight possessive": r"al-Hadid's",
    "al- name with curly possessive": "al-Hadid’s",
    "U.S.": r"\bU\.S\.",
    "U.N.-backed": r"\bU\.N\.-backed",
    "acronym without dots": r"\bNASA\b",
    "month with a dot": r"Nov\. 27",
    "Mr. with a dot": r"Mr\. Smith",
    "Mr without a dot": r"Mr [A-Z]",
    "3.5 percent": r"3\.5 percent",
    "3.5 per cent": r"3\.5 per cent",
    "20,000": r"\b20,000\b",
    "30 kilometres": r"30 kilometres",
    "30-kilometre": r"30-kilometre\b",
    "30-kilometer": r"30-kilometer\b",
    "e-mail address": r"\b[\w.-]+@[\w.-]+\.example\b",
    "URL": r"https://[\w./?&=#-]+",
    "URL without a scheme": r"\bwww\.[\w.-]+/",
    "Q&A": r"\bQ&A\b",
    "ampersand acronym": r"\bB&L\b",
    "cafe": "café",
    "Zoe": "Zoë",
    "Sao": "São",
    "double spaces": r"\w  \w",
    "trailing blanks": r"(?m)\w[.,?]? +$",
    "tabs": r"\t",
    "CRLF": r"\r\n",
    "export head": r"\Adate \d{4}-\d{2}-\d{2}\n",
}


def read(story):
    return (WIRE / story).read_bytes().decode("utf-8")


def unix(text):
    return text.replace("\r\n", "\n")


def plain(text):
    """Text with straight quotation marks and single spaces."""
    folded = text.translate(str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"}))
    return re.sub(r"\s+", " ", folded)


def words(text):
    return re.findall(r"\w+", plain(text).lower())


def contains_run(haystack, needle):
    return " ".join(needle) in " ".join(haystack)


class WireCorpusTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.labels = json.loads((CORPUS / "wire.labels.json").read_text("utf-8"))
        cls.stories = sorted(p.relative_to(WIRE).as_posix() for p in WIRE.rglob("*") if p.is_file())
        cls.text = {story: read(story) for story in cls.stories}

    def test_holds_about_120_stories_of_12_events(self):
        self.assertGreaterEqual(len(self.stories), 115)
        self.assertLessEqual(len(self.stories), 130)
        self.assertEqual(len(self.labels["events"]), 12)
        for event, value in self.labels["events"].items():
            self.assertIn(len(value["stories"]), range(8, 13), event)

    def test_labels_every_story_once_under_its_own_event(self):
        labelled = [s for value in self.labels["events"].values() for s in value["stories"]]
        self.assertEqual(sorted(labelled), self.stories)
        for event, value in self.labels["events"].items():
            for story in value["stories"]:
                self.assertTrue(story.startswith(event + "/"), story)

    def test_keeps_every_story_short_enough_to_read(self):
        for story in self.stories:
            self.assertLessEqual((WIRE / story).stat().st_size, MAX_STORY_BYTES, story)
            count = len(self.text[story].split())
            self.assertIn(count, range(115, 480), f"{story}: {count} words")

    def test_shows_every_feature_somewhere(self):
        for name, pattern in FEATURES.items():
            with self.subTest(name):
                self.assertTrue(any(re.search(pattern, t) for t in self.text.values()))

    def test_copied_passages_stand_in_both_stories(self):
        for copy in self.labels["copies"]:
            self.assertNotEqual(copy["source"], copy["target"])
            for role in ("source", "target"):
                self.assertIn(copy["text"], unix(self.text[copy[role]]), copy[role])

    def test_copies_are_not_older_than_their_source(self):
        dates = {s["id"]: s["date"] for s in self.jsonl()}
        for copy in self.labels["copies"]:
            self.assertLessEqual(dates[copy["source"]], dates[copy["target"]], copy)

    def test_shared_quotes_stand_in_exactly_the_stories_named(self):
        for quote in self.labels["quotes"]:
            stories = self.labels["events"][quote["event"]]["stories"]
            found = [s for s in stories if plain(quote["text"]) in plain(self.text[s])]
            self.assertEqual(found, quote["shared"], quote["text"])

    def test_reworded_quotes_stand_in_their_stories_in_other_words(self):
        for quote in self.labels["quotes"]:
            for other in quote["reworded"]:
                self.assertIn(plain(other["text"]), plain(self.text[other["story"]]))
                self.assertNotEqual(plain(other["text"]), plain(quote["text"]))

    def test_no_long_run_of_words_is_shared_without_a_label(self):
        reworded = [x for quote in self.labels["quotes"] for x in quote["reworded"]]
        passages = self.labels["copies"] + self.labels["quotes"] + reworded
        known = [words(x["text"]) for x in passages]
        n = UNLABELLED_RUN_WORDS
        for event, value in self.labels["events"].items():
            runs = {s: words(self.text[s]) for s in value["stories"]}
            grams = {s: {tuple(w[i:i + n]) for i in range(len(w) - n + 1)}
                     for s, w in runs.items()}
            for a, b in itertools.combinations(value["stories"], 2):
                for gram in grams[a] & grams[b]:
                    # A run may reach a few words past its passage: one half of it must be labelled.
                    half = n // 2
                    parts = (gram[:half], gram[half:], gram[half // 2:half // 2 + half])
                    self.assertTrue(any(contains_run(k, p) for k in known for p in parts),
                                    f"{event}: {a} and {b} share '{' '.join(gram)}'")

    def test_jsonl_is_what_the_maker_makes_of_the_stories(self):
        self.assertEqual((CORPUS / "wire.jsonl").read_bytes(), make_wire_jsonl.make_jsonl(WIRE),
                         "run corpus/make_wire_jsonl.py")

    def test_maker_names_the_file_and_line_of_a_bad_head(self):
        with self.assertRaisesRegex(make_wire_jsonl.BadStory, r"x\.txt:2: not a head line"):
            make_wire_jsonl.parse_head("x.txt", ["title: a", "no head", ""])
        with self.assertRaisesRegex(make_wire_jsonl.BadStory, "not ended by a blank line"):
            make_wire_jsonl.parse_head("x.txt", ["title: a", "date: 2024-01-01"])

    def jsonl(self):
        return [json.loads(line) for line in
                (CORPUS / "wire.jsonl").read_text("utf-8").split("\n") if line]


if __name__ == "__main__":
    unittest.main()
