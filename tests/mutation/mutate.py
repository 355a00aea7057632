#!/usr/bin/env python3
"""A test of the tests: changes the source by one token at a time and asks whether a test fails.

  tests/mutation/mutate.py [--count 300] [--seed 1] [--only FOLDER] [--part I/N] [--list]

Works in a copy of the tree (build/mutation), never in the tree. Each mutation is one of: a
comparison, an arithmetic, bitwise or logical operator exchanged; an integer one more or one less;
a condition negated; a statement taken out; min and max, true and false exchanged. Then the test
programs of its room are built and run, first the one that stands nearest. A mutation is killed where
a program fails, crashes or does not end in time; it survives where all pass. What does not compile is
counted apart. Survivors are listed with their line: some say the same as the source (a hint of how
much to reserve, say), the others want a test.

The same seed and source give the same mutations; --part 1/3, 2/3 and 3/3 are all of them, a third
each, for machines that are not free so long.
"""

import argparse
import collections
import functools
import os
import random
import re
import resource
import shutil
import subprocess
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COPY = os.path.join(SOURCE, "build", "mutation", "tree")
BUILD = os.path.join(COPY, "build", "dev")
CPU_SECONDS = 90          # that a test program may take,
WALL_SECONDS = 900        # which on a busy machine is longer,
MEMORY_BYTES = 8 << 30    # and the address space it may have

# What is mutated, with the test programs that hold it: built and run one by one until one fails,
# that which stands nearest to the file first.
FORMAT_TESTS = ["block_codecs_test", "term_dictionary_test", "document_sections_test",
                "columns_test", "segment_file_test", "forged_segment_file_test",
                "segment_read_ahead_test", "postings_test", "word_pairs_test", "segment_test",
                "file_names_test", "live_docs_test", "manifest_test", "impacts_test",
                "damaged_frames_test",
                "replay_manifest", "replay_dictionary", "replay_documents", "replay_columns",
                "replay_postings", "check_index_test", "pair_lists_test", "segment_equality_test",
                "list_checks_test", "golden_index_test", "format_constants_test"]
NEAREST = {"columns": "columns_test", "column_stream": "columns_test", "front_coded": "columns_test",
           "packed_offsets": "document_sections_test", "keys": "document_sections_test",
           "regions": "document_sections_test", "stored": "document_sections_test",
           "segment_file": "segment_file_test", "segment_file_writer": "segment_file_test",
           "segment_reader": "segment_test", "segment_writer": "segment_test",
           "word_pairs": "word_pairs_test", "pair_coverage": "pair_lists_test",
           "postings_block": "block_codecs_test", "rice_block": "block_codecs_test",
           "postings_cursor": "postings_test", "postings_writer": "postings_test",
           "skip_data": "postings_test", "position_stream": "postings_test",
           "file_names": "file_names_test", "live_docs": "live_docs_test",
           "manifest": "manifest_test", "impacts": "impacts_test", "byte_reader": "byte_reader_test",
           "number_set": "number_set_test", "portable_log": "portable_log_test", "strings": "strings_test", "release": "release_test"}
Room = collections.namedtuple("Room", "name files tests")
ROOMS = [
    Room("common/format", re.compile(r"common/format/\w+\.(cc|h)"), FORMAT_TESTS),
    Room("common/base", re.compile(r"common/base/\w+\.(cc|h)"),
         ["byte_reader_test", "number_set_test", "portable_log_test", "release_test",
          "strings_test"] +
         FORMAT_TESTS[:FORMAT_TESTS.index("damaged_frames_test")] +
         ["index_writer_test", "writer_memory_test"]),
    Room("the commit", re.compile(r"indexer/(commit|writer_commit|open_index)\.(cc|h)"),
         ["index_writer_test", "writer_fault_test", "background_merge_test",
          "segment_equality_test"]),
]
REPLAY_ARGUMENTS = ["--changes", "100"]

EXCHANGES = [  # as clang-format sets them; template brackets have no blanks around them
    (" < ", " <= "), (" <= ", " < "), (" > ", " >= "), (" >= ", " > "), (" == ", " != "),
    (" != ", " == "), (" && ", " || "), (" || ", " && "), (" + ", " - "), (" - ", " + "),
    (" * ", " / "), (" / ", " * "), (" % ", " / "), (" << ", " >> "), (" >> ", " << "),
    (" & ", " | "), (" | ", " & "), (" += ", " -= "), (" -= ", " += "), ("++", "--"),
    ("std::min", "std::max"), ("std::max", "std::min"), ("true", "false"), ("false", "true")]
INTEGER = re.compile(r"(?<![\w.'])(?<![eE][-+])(0x[0-9a-fA-F]+|\d+)(?=[uUlL]*\b)(?![\w.']*['.])")
CONDITION = re.compile(r"\b(if|while) \((?!const |auto |absl|std::)")
STATEMENT = re.compile(r"^\s+(?!return|case|else|if|for|while|break|continue|using|static|const"
                       r"|delete|default|auto|[\w:<>,]+[*&]? [*&]?\w+( =|;|\(|\{))[\w(*+].*;$")
SKIPPED = re.compile(r"^\s*(#|static_assert|using |namespace|template|//)|= (default|delete);$")
NOT_CODE = re.compile(r'//.*$|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])+\'')

Mutation = collections.namedtuple("Mutation", "room path line before after")


def blanked(line):
    """The line with comments and literals of text blanked, at the same columns."""
    return NOT_CODE.sub(lambda match: " " * len(match.group()), line)


def changes_of(line):
    """Every line that one mutation makes of `line`."""
    code = blanked(line)
    if SKIPPED.match(line):
        return
    for old, new in EXCHANGES:
        pattern = re.escape(old) if old[0] in " +" else r"\b" + re.escape(old) + r"\b"
        for match in re.finditer(pattern, code):
            yield line[:match.start()] + new + line[match.end():]
    for match in INTEGER.finditer(code):
        number = int(match.group(1), 0)
        for other in {number + 1, max(number - 1, 0)} - {number}:
            yield line[:match.start(1)] + str(other) + line[match.end(1):]
    for match in CONDITION.finditer(code):
        end = closing(code, match.end() - 1)
        if end and ";" not in code[match.end():end]:
            yield line[:match.end()] + "!(" + line[match.end():end] + ")" + line[end:]
    if STATEMENT.match(code) and code.count("(") == code.count(")"):
        yield line[:len(line) - len(line.lstrip())] + ";"


def closing(code, opening):
    depth = 0
    for at in range(opening, len(code)):
        depth += {"(": 1, ")": -1}.get(code[at], 0)
        if depth == 0:
            return at
    return None


def all_mutations(only):
    paths = subprocess.run(["git", "-C", SOURCE, "ls-files"], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.split()
    for room in ROOMS:
        for path in paths:
            if not room.files.fullmatch(path) or not path.startswith(only):
                continue
            with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
                lines = file.read().split("\n")
            for number, line in enumerate(lines):
                # A statement that goes on from the line before is not taken out alone.
                begins = number == 0 or lines[number - 1].rstrip().endswith((";", "{", "}", ":"))
                for after in changes_of(line):
                    if after.strip() != ";" or begins:
                        yield Mutation(room, path, number, line, after)


def chosen(mutations, count, seed):
    """As many of each room as its share, but no fewer than a tenth of all."""
    by_room = collections.defaultdict(list)
    for mutation in mutations:
        by_room[mutation.room.name].append(mutation)
    total = sum(map(len, by_room.values()))
    picked = []
    for name in sorted(by_room):
        of_room = by_room[name]
        share = max(count * len(of_room) // total, count // 10, 1)
        generator = random.Random(f"{seed} {name}")
        picked += generator.sample(of_room, min(share, len(of_room)))
    random.Random(seed).shuffle(picked)
    return picked[:count]


def copy_tree():
    files = subprocess.run(["git", "-C", SOURCE, "ls-files", "-z"], check=True,
                           stdout=subprocess.PIPE).stdout.decode().split("\0")
    for path in filter(None, files):
        target = os.path.join(COPY, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(os.path.join(SOURCE, path), "rb") as file:
            now = file.read()
        if not os.path.exists(target) or open(target, "rb").read() != now:
            shutil.copy(os.path.join(SOURCE, path), target)


def quiet(command, **more):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False, **more).returncode


def configure():
    """As the preset dev, but quicker to build: most of the time goes into that."""
    options = ["-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -D_GLIBCXX_ASSERTIONS"]
    if shutil.which("ld.lld"):
        options.append("-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld")
    return quiet(["cmake", "--preset", "dev", "-S", COPY, "-B", BUILD] + options,
                 env=dict(os.environ, CCACHE_BASEDIR=COPY)) == 0


def build(targets):
    return quiet(["ninja", "-C", BUILD, "-j", str(os.cpu_count())] + targets,
                 env=dict(os.environ, CCACHE_BASEDIR=COPY)) == 0


def limit_resources():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def programs():
    found = {}
    for folder, _, names in os.walk(os.path.join(BUILD, "tests")):
        for name in names:
            found[name] = os.path.join(folder, name)
    return found


def passes(program):
    arguments = REPLAY_ARGUMENTS if "replay_" in program else ["--gtest_brief=1",
                                                              "--gtest_fail_fast"]
    try:
        return quiet([program] + arguments, timeout=WALL_SECONDS, preexec_fn=limit_resources,
                     cwd=os.path.dirname(program)) == 0
    except subprocess.TimeoutExpired:
        return False


@functools.lru_cache(maxsize=None)
def passes_unchanged(name):
    """Whether the program can be asked at all."""
    return build([name]) and passes(programs()[name])


def write(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def verdict(mutation):
    """killed by a program, survived, or does not compile."""
    path = os.path.join(COPY, mutation.path)
    with open(path, encoding="utf-8") as file:
        sound = file.read().split("\n")
    assert sound[mutation.line] == mutation.before
    mutated = sound[:mutation.line] + [mutation.after] + sound[mutation.line + 1:]
    nearest = NEAREST.get(os.path.splitext(os.path.basename(mutation.path))[0])
    try:
        for name in sorted(mutation.room.tests, key=lambda name: name != nearest):
            write(path, sound)
            if not passes_unchanged(name):
                sys.exit(f"{name} fails without any mutation")
            write(path, mutated)
            if not build([name]):
                return "not compiled"
            if not passes(programs()[name]):
                return "killed by " + name
        return "SURVIVED"
    finally:
        write(path, sound)


def part(text):
    match = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", text)
    if not match or int(match[1]) > int(match[2]):
        raise argparse.ArgumentTypeError(f"{text}: not I/N with I up to N")
    return int(match[1]), int(match[2])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="files whose path begins so")
    parser.add_argument("--part", type=part, default=(1, 1), help="I/N: each N-th, from the I-th on")
    parser.add_argument("--list", action="store_true", help="shows the mutations and ends")
    args = parser.parse_args()
    everything = list(all_mutations(args.only))
    mutations = chosen(everything, args.count, args.seed)[args.part[0] - 1::args.part[1]]
    if args.list:
        for mutation in mutations:
            print(f"{mutation.path}:{mutation.line + 1}: {mutation.before.strip()}  ->  "
                  f"{mutation.after.strip()}")
        print(f"{len(mutations)} of {len(everything)}")
        return 0
    copy_tree()
    if not configure():
        sys.exit("the tree does not configure")
    tally = collections.Counter()
    by_room = collections.defaultdict(collections.Counter)
    for mutation in mutations:
        result = verdict(mutation)
        kind = result.split()[0]
        tally[kind] += 1
        by_room[mutation.room.name][kind] += 1
        print(f"{result}: {mutation.path}:{mutation.line + 1}: {mutation.before.strip()}  ->  "
              f"{mutation.after.strip()}", flush=True)
    for name, of_room in sorted(by_room.items()) + [("all", tally)]:
        compiled = of_room["killed"] + of_room["SURVIVED"]
        print(f"figures: mutations of {name} (seed {args.seed}): {compiled} compiled, "
              f"{of_room['killed']} killed ({100 * of_room['killed'] / max(compiled, 1):.0f} %), "
              f"{of_room['SURVIVED']} survived; {of_room['not']} did not compile")
    return 0


if __name__ == "__main__":
    sys.exit(main())
