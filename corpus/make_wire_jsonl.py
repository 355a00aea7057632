#!/usr/bin/env python3
"""Makes corpus/wire.jsonl from the stories in corpus/wire: one JSON object a story, sorted by id.

Fields: id (path below corpus/wire, the key the story has when the folder is indexed), title, date,
source, text, and event (the folder's name). A story begins with a head of `title:`, `date:` and
`source:` lines ended by a blank line, or with a line `date YYYY-MM-DD`; the rest is the text.
Line ends become LF. The same stories always give the same bytes.
"""

import argparse
import json
import pathlib
import re
import sys

HEAD_LINE = re.compile(r"(title|date|source):\s*(.*)")
EXPORT_LINE = re.compile(r"date (\d{4}-\d{2}-\d{2})")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class BadStory(Exception):
    """A story that does not have the form above; the message names the file and the reason."""


def parse_head(name, lines):
    """Returns (fields, number of lines that belong to the head)."""
    fields = {"title": "", "date": "", "source": ""}
    export = EXPORT_LINE.fullmatch(lines[0]) if lines else None
    if export:
        fields["date"] = export.group(1)
        return fields, 1
    for number, line in enumerate(lines):
        if not line:
            if not DATE.fullmatch(fields["date"]):
                raise BadStory(f"{name}: no `date: YYYY-MM-DD` in the head")
            return fields, number + 1
        match = HEAD_LINE.fullmatch(line)
        if not match:
            raise BadStory(f"{name}:{number + 1}: not a head line and no blank line before it")
        fields[match.group(1)] = match.group(2).strip()
    raise BadStory(f"{name}: the head is not ended by a blank line")


def read_story(folder, path):
    """Returns the story as a dictionary in the order of the columns."""
    name = path.relative_to(folder).as_posix()
    try:
        content = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadStory(f"{name}: not UTF-8 at byte {error.start}") from error
    lines = content.replace("\r\n", "\n").split("\n")
    fields, head = parse_head(name, lines)
    text = "\n".join(lines[head:])
    if not text.strip():
        raise BadStory(f"{name}: a head without a story")
    return {"id": name, **fields, "event": path.parent.name, "text": text}


def make_jsonl(folder):
    """Returns the whole of wire.jsonl as bytes."""
    paths = sorted(folder.glob("*/*.txt"), key=lambda path: path.relative_to(folder).as_posix())
    if not paths:
        raise BadStory(f"{folder}: holds no stories (EVENT/OUTLET.txt)")
    lines = [json.dumps(read_story(folder, path), ensure_ascii=False) for path in paths]
    return ("\n".join(lines) + "\n").encode("utf-8")


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", nargs="?", type=pathlib.Path, default=here / "wire.jsonl",
                        help="file to write (default: wire.jsonl beside this script)")
    parser.add_argument("--stories", type=pathlib.Path, default=here / "wire",
                        help="folder of stories (default: wire beside this script)")
    args = parser.parse_args()
    try:
        content = make_jsonl(args.stories)
        args.output.write_bytes(content)
    except (BadStory, OSError) as error:
        print(f"make_wire_jsonl: {error}", file=sys.stderr)
        return 1
    print(f"{args.output}: {content.count(10)} stories, {len(content)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
