#!/usr/bin/env python3
"""What an engine reads of its index for the first query of a new process, none of it cached.

    bench/cold_pages.py [options] PROGRAMS WORKDIR

PROGRAMS is the folder of ibid-first-query, WORKDIR where ibid-bench has left finished indexes. For
each query and engine, the files of the index are forced out of the page cache (posix_fadvise,
checked with mincore), one query is asked of a new process, and the pages of the index that the
cache holds then are counted: those that the engine touched and those that the system read ahead.
`MB` is what the process had the device read meanwhile, `faults` how often it waited for a page of a
mapped file; other files, as Java's own, are in the cache from a first turn that is not counted.

  --engines LIST   default: those of ibid,xapian,fts5,lucene that have a finished index
  --queries FILE   one a line, as ibid-bench takes them; default: ten of each kind
  --command NAME   default TOP_10
  --runs N         the least counts, should others read the index meanwhile (default 3)
  --json FILE      all counts, of each file of the index, too

Exit code 3, with the reason, where the cache cannot be emptied or looked into: a file system in
memory, files of another user, an index that another process has mapped.
"""

import argparse
import ctypes
import json
import mmap
import os
import shlex
import subprocess
import sys
import time

ENGINES = ("ibid", "xapian", "fts5", "lucene")
QUERIES = ("perhaps", "the", "old house", "the of", "+old +house", "+the +of", '"old house"',
           '"of the"', "old NEAR/5 house", "the NEAR/3 of")
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.mmap.restype = ctypes.c_void_p
LIBC.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int,
                      ctypes.c_long]
LIBC.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
LIBC.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
MAP_FAILED = ctypes.c_void_p(-1).value
EVICTIONS = 20
NO_SUCH_QUERY = 4  # exit code of ibid-first-query


class CannotLook(Exception):
    """The page cache cannot be emptied or looked into here."""


def files_of(directory):
    """The files of an index that hold anything."""
    paths = [os.path.join(directory, name) for name in sorted(os.listdir(directory))]
    return [path for path in paths if os.path.isfile(path) and os.path.getsize(path) > 0]


def cached_pages(path):
    """How many pages of a file the page cache holds; mapping it reads none."""
    size = os.path.getsize(path)
    num_pages = -(-size // mmap.PAGESIZE)
    fd = os.open(path, os.O_RDONLY)
    try:
        address = LIBC.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, fd, 0)
    finally:
        os.close(fd)
    if address == MAP_FAILED:
        raise CannotLook(f"{path}: {os.strerror(ctypes.get_errno())}")
    try:
        held = ctypes.create_string_buffer(num_pages)
        if LIBC.mincore(address, size, held) != 0:
            raise CannotLook(f"{path}: {os.strerror(ctypes.get_errno())}")
    finally:
        LIBC.munmap(address, size)
    return sum(byte & 1 for byte in held.raw[:num_pages])


def evict(paths):
    """Forces files out of the page cache, or raises CannotLook."""
    for path in paths:
        for _ in range(EVICTIONS):  # a page that a processor has just put in stays for a moment
            fd = os.open(path, os.O_RDONLY)
            try:
                os.fsync(fd)  # pages not yet written stay otherwise
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(fd)
            left = cached_pages(path)
            if not left:
                break
            time.sleep(0.05)
        else:
            raise CannotLook(f"{path}: {left} pages stay in the cache")


def ask(command):
    """Runs a program to its end: its exit code, the blocks read and the faults, children's too."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.stderr.close()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, NO_SUCH_QUERY):
        sys.exit(f"{shlex.join(command)}: {errors}")
    return child.returncode, usage.ru_inblock * 512, usage.ru_majflt


def measure(program, engine, directory, command, query, runs):
    """The least of some runs, or None where the engine has no such query."""
    paths = files_of(directory)
    arguments = [program, engine, directory, command, query]
    if ask(arguments)[0] == NO_SUCH_QUERY:
        return None
    best = None
    for _ in range(runs):
        evict(paths)
        _, read_bytes, faults = ask(arguments)
        pages = {os.path.basename(path): cached_pages(path) for path in paths}
        one = {"pages": sum(pages.values()), "read_bytes": read_bytes, "faults": faults,
               "files": {name: count for name, count in pages.items() if count}}
        if best is None or one["pages"] < best["pages"]:
            best = one
    return best


def read_ahead_kb(path):
    """What the device below a file reads ahead, if the system says so."""
    device = os.stat(path).st_dev
    place = f"/sys/dev/block/{os.major(device)}:{os.minor(device)}"
    for queue in (f"{place}/queue", f"{place}/../queue"):
        try:
            with open(f"{queue}/read_ahead_kb", encoding="ascii") as file:
                return int(file.read())
        except OSError:
            continue
    return None


def print_table(run):
    """A line a query, three columns an engine."""
    engines = run["engines"]
    print(f"pages of {mmap.PAGESIZE} bytes in the cache after the first query, {run['command']}; "
          f"the device reads {run['read_ahead_kb']} KB ahead\n")
    print(" " * 22 + "".join(f"{name + ', ' + format(engines[name] / 1e6, '.0f') + ' MB':>26}"
                             for name in engines))
    print(f"{'query':22}" + f"{'pages':>10}{'MB':>8}{'faults':>8}" * len(engines))
    for line in run["queries"]:
        text = f"{line['query']:22}"
        for name in engines:
            one = line[name]
            text += f"{'-':>10}{'-':>8}{'-':>8}" if one is None else (
                f"{one['pages']:>10}{one['read_bytes'] / 1e6:>8.2f}{one['faults']:>8}")
        print(text)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs")
    parser.add_argument("work")
    parser.add_argument("--engines")
    parser.add_argument("--queries")
    parser.add_argument("--command", default="TOP_10")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json")
    return parser.parse_args()


def main():
    options = parse_arguments()
    program = os.path.join(options.programs, "ibid-first-query")
    engines = options.engines.split(",") if options.engines else [
        name for name in ENGINES if os.path.exists(os.path.join(options.work, name + ".finished"))]
    queries = QUERIES
    if options.queries:
        with open(options.queries, encoding="utf-8") as file:
            queries = [line.strip() for line in file if line.strip()]
    folders = {name: os.path.join(options.work, name) for name in engines}
    run = {"command": options.command, "runs": options.runs,
           "read_ahead_kb": read_ahead_kb(options.work),
           "engines": {name: sum(map(os.path.getsize, files_of(folder)))
                       for name, folder in folders.items()},
           "queries": []}
    try:
        for query in queries:
            line = {"query": query}
            for name in engines:
                line[name] = measure(program, name, folders[name], options.command, query,
                                     options.runs)
            run["queries"].append(line)
    except CannotLook as reason:
        print(f"cold_pages.py: {reason}", file=sys.stderr)
        return 3
    print_table(run)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(run, file, indent=1)
            file.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
