#!/usr/bin/env python3
"""Sets two corpora of JSON Lines side by side: how near a generated text comes to a real one.

Prints documents, words and their lengths, the growth of the vocabulary (different words after so
many), the shares of the first corpus's most frequent words and pairs of neighbours, and of words
that stand once. Words are runs of letters, digits and inner apostrophes, in lower case.
"""

import argparse
import collections
import itertools
import json
import re
import sys

WORD = re.compile(r"\w+(?:['’]\w+)*")
TOP_WORDS = (10, 100, 1000)
TOP_PAIRS = (10, 100, 1000)


class Counts:
    """What is counted of one corpus."""

    def __init__(self):
        self.words = collections.Counter()
        self.pairs = collections.Counter()
        self.lengths = []
        self.growth = {}
        self.tokens = 0

    def add(self, text):
        words = [word.lower() for word in WORD.findall(text)]
        self.lengths.append(len(words))
        self.pairs.update(itertools.pairwise(words))
        for word in words:
            self.words[word] += 1
            self.tokens += 1
            if self.tokens & (self.tokens - 1) == 0:
                self.growth[self.tokens] = len(self.words)

    def share(self, counter, keys):
        return sum(counter[key] for key in keys) / self.tokens


def read(path, limit):
    counts = Counts()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            counts.add(json.loads(line)["text"])
            if limit and counts.tokens >= limit:
                break
    if not counts.tokens:
        raise ValueError(f"{path}: no words")
    return counts


def rows(real, other):
    """Yields (name, value of the first, value of the second) as text."""
    both = (real, other)
    yield "documents", *(f"{len(c.lengths):,}" for c in both)
    yield "words", *(f"{c.tokens:,}" for c in both)
    for name, part in (("mean", None), ("median", 0.5), ("90 %", 0.9), ("99 %", 0.99)):
        yield f"document length, {name}", *(
            f"{c.tokens / len(c.lengths):,.1f}" if part is None
            else f"{sorted(c.lengths)[int(part * (len(c.lengths) - 1))]:,}" for c in both)
    for tokens in sorted(real.growth.keys() & other.growth.keys()):
        if tokens >= 1 << 14:
            yield f"different words after {tokens:,}", *(f"{c.growth[tokens]:,}" for c in both)
    for top in TOP_WORDS:
        keys = [word for word, _ in real.words.most_common(top)]
        yield f"share of {top} top words", *(f"{c.share(c.words, keys):.4f}" for c in both)
    for top in TOP_PAIRS:
        keys = [pair for pair, _ in real.pairs.most_common(top)]
        yield f"share of {top} top pairs", *(f"{c.share(c.pairs, keys):.4f}" for c in both)
    yield "words that stand once, of all different", *(
        f"{sum(1 for n in c.words.values() if n == 1) / len(c.words):.3f}" for c in both)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("real", metavar="REAL.jsonl")
    parser.add_argument("other", metavar="OTHER.jsonl")
    parser.add_argument("--words", type=int, help="read no more than so many words of each")
    args = parser.parse_args()
    try:
        corpora = [read(path, args.words) for path in (args.real, args.other)]
    except (OSError, ValueError, KeyError) as error:
        print(f"compare_jsonl: {error}", file=sys.stderr)
        return 1
    for name, first, second in rows(*corpora):
        print(f"{name:42}{first:>16}{second:>16}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
