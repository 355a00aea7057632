#!/usr/bin/env python3
"""Makes JSON Lines of the English manual pages installed on this machine, as plain text.

Fields: id and title, as in `ls(1)` and "list directory contents", source (manual section), text.
Pages are rendered with groff where it is installed; else their markup is taken out by a simple
reading of man(7) and mdoc(7), and the script says so. Pages that only refer to another are left
out. Documents are sorted by id, so the same machine gives the same file.
"""

import argparse
import bz2
import concurrent.futures
import glob
import gzip
import lzma
import os
import re
import shutil
import subprocess
import sys

from jsonl import write_jsonl

DEFAULT_FOLDER = "/usr/share/man"
MAX_PAGE_BYTES = 16 << 20
GROFF_SECONDS = 60
# Lines so long that a paragraph is one of them; no hyphenation, no justification, no typewriter
# tricks for bold and underlined letters.
GROFF = ["groff", "-k", "-t", "-mandoc", "-Tutf8", "-P-cbou", "-rLL=2000n", "-rHY=0", "-dAD=l"]

OPENERS = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
ESCAPES = {r"\-": "-", r"\&": "", r"\e": "\\", r"\ ": " ", r"\~": " ", r"\|": "", r"\^": "",
           r"\(aq": "'", r"\(cq": "’", r"\(oq": "‘", r"\(lq": "“", r"\(rq": "”", r"\(dq": '"',
           r"\(em": "—", r"\(en": "–", r"\(bu": "•", r"\(co": "©", r"\(rs": "\\", r"\(ti": "~",
           r"\(ha": "^", r"\(ga": "`", r"\'": "´", r"\`": "`", r"\c": "", r"\/": "", r"\,": ""}
INLINE_MACROS = {"B", "I", "BR", "RB", "BI", "IB", "IR", "RI", "SM", "SB", "Nm", "Nd", "Fl", "Ar",
                 "Op", "Pa", "Xr", "Cm", "Dq", "Sq", "Em", "Sy", "Li", "Ev", "Va", "Dv", "Ic", "Q"}
PARAGRAPH_MACROS = {"PP", "P", "LP", "Pp", "TP", "TQ", "IP", "HP", "sp", "It", "RS", "RE"}


def read_source(path):
    """The bytes of a page, unpacked; ValueError where they are unreasonably many."""
    opener = OPENERS.get(os.path.splitext(path)[1], open)
    with opener(path, "rb") as page:
        content = page.read(MAX_PAGE_BYTES + 1)
    if len(content) > MAX_PAGE_BYTES:
        raise ValueError("larger than 16 MB")
    return content


def plain_escapes(line):
    """A line of roff text without its escapes."""
    line = re.sub(r"\\f(\[[^]]*\]|\(..|.)|\\s[+-]?\d|\\[mMF]\[[^]]*\]", "", line)
    line = re.sub(r'\\\*\([LR]"', '"', line)
    line = re.sub(r"\\\*(\[[^]]*\]|\(..|.)|\\[{}]", "", line)
    line = re.sub(r'\\["#].*', "", line)
    line = re.sub(r"\\\[([a-z]{2})\]", r"\\(\1", line)
    line = re.sub(r"\\\[u([0-9A-F]{4,6})\]", lambda m: chr(int(m.group(1), 16) % 0x110000), line)
    line = re.sub(r"\\(\(..|.)", lambda m: ESCAPES.get(m.group(0), ""), line)
    return line


def strip_markup(content):
    """The text of a page by a simple reading of its requests, for machines without groff."""
    text = content.decode("utf-8", "replace")
    text = re.sub(r"^[.']\s*(de|ig)\b.*\n(?:.*\n)*?\.\.[ \t]*$", "", text, flags=re.MULTILINE)
    paragraphs, lines = [], []

    def end_paragraph():
        if lines:
            paragraphs.append(" ".join(lines))
            lines.clear()

    for line in text.split("\n"):
        match = re.match(r"[.']\s*(\S*)\s*(.*)", line)
        if not match:
            words = plain_escapes(line).strip(" \t\\")
            lines.append(words) if words else end_paragraph()
            continue
        macro, rest = match.groups()
        rest = plain_escapes(rest).replace('"', "").strip()
        if macro in ("SH", "SS", "Sh", "Ss"):
            end_paragraph()
            paragraphs.append(rest)
        elif macro in PARAGRAPH_MACROS:
            end_paragraph()
            if macro in ("IP", "It") and rest:
                lines.append(rest)
        elif macro in INLINE_MACROS and rest:
            lines.append(rest)
    end_paragraph()
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip())


def render(content, folder):
    """The text of a page by groff, without the lines at its top and bottom."""
    done = subprocess.run(GROFF, input=content, capture_output=True, cwd=folder, check=False,
                          timeout=GROFF_SECONDS)
    text = done.stdout.decode("utf-8", "replace")
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text)
    lines = [re.sub(r" {12,}", "  ", line.rstrip()) for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    body = "\n".join(lines[1:-1])
    return re.sub(r"\n{3,}", "\n\n", body).strip("\n")


def page_name(path):
    """("ls", "1") of /usr/share/man/man1/ls.1.gz; None for other names."""
    base = os.path.basename(path)
    if os.path.splitext(base)[1] in OPENERS:
        base = os.path.splitext(base)[0]
    match = re.fullmatch(r"(.+)\.([0-9n]\w*)", base)
    return match.groups() if match else None


def synopsis(text):
    """What the NAME section says behind the dash, or an empty string."""
    match = re.search(r"^NAME\s*\n\s*(\S.*(?:\n[ \t]+\S.*)?)", text, re.MULTILINE)
    if not match:
        return ""
    parts = re.split(r"\s+[-–—−]+\s+", " ".join(match.group(1).split()), maxsplit=1)
    return parts[1] if len(parts) == 2 else ""


def as_document(path, with_groff):
    """The document of one page; None where it only refers to another page."""
    name, section = page_name(path)
    content = read_source(path)
    if re.match(rb"\s*\.so\s", content):
        return None
    folder = os.path.dirname(os.path.dirname(path))
    text = render(content, folder) if with_groff else strip_markup(content)
    if not text:
        return None
    return {"id": f"{name}({section})", "title": synopsis(text) or name, "source": section,
            "text": text}


def page_paths(folder):
    """One path for each name and section, in the order of the ids."""
    found = {}
    for path in sorted(glob.glob(os.path.join(folder, "man[0-9n]*", "*"))):
        if os.path.isfile(path) and not os.path.islink(path) and page_name(path):
            name, section = page_name(path)
            found.setdefault(f"{name}({section})", path)
    return [found[key] for key in sorted(found)]


def documents(paths, with_groff, jobs):
    """Yields the documents in the order of the paths; pages that fail are named and left out."""

    def attempt(path):
        try:
            return as_document(path, with_groff)
        except (OSError, ValueError, EOFError, lzma.LZMAError, subprocess.SubprocessError) as error:
            print(f"make_man_pages: {path}: left out: {error}", file=sys.stderr)
            return None

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for document in pool.map(attempt, paths):
            if document:
                yield document


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", metavar="OUT.jsonl", help="file to write")
    parser.add_argument("--man-dir", default=DEFAULT_FOLDER, help="default: %(default)s")
    parser.add_argument("--limit", type=int, help="take no more than the first LIMIT pages")
    parser.add_argument("--no-groff", action="store_true", help="strip the markup simply")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="pages at a time")
    args = parser.parse_args()
    paths = page_paths(args.man_dir)[:args.limit]
    if not paths:
        print(f"make_man_pages: no manual pages in {args.man_dir} (some minimal systems install "
              "none)", file=sys.stderr)
        return 1
    with_groff = not args.no_groff and shutil.which("groff") is not None
    if not with_groff and not args.no_groff:
        print("make_man_pages: groff is not installed; stripping the markup simply",
              file=sys.stderr)
    try:
        count, size = write_jsonl(args.output, documents(paths, with_groff, max(1, args.jobs)))
    except OSError as error:
        print(f"make_man_pages: {error}", file=sys.stderr)
        return 1
    print(f"{args.output}: {count} pages, {size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
