#!/usr/bin/env python3
"""Makes JSON Lines of the descriptions of all Debian packages that this machine's apt knows.

Fields: id (package name), title (synopsis), source (source package), text (long description, its
lines joined to paragraphs), and the columns section, priority, version, architecture,
installed_size (integer, KiB) and homepage. Of several versions of a package the newest is taken.

Many systems fetch no translations, which hold the long descriptions. So this runs an `apt-get
update` with English translations into a directory of its own, from the system's own sources.list;
the system's lists are not touched. Without a network (or with --offline) it uses the system's lists
as they are and says how many packages have no more than a synopsis.
"""

import argparse
import getpass
import os
import re
import shutil
import subprocess
import sys
import tempfile

from jsonl import write_jsonl

APT_HELPER = "/usr/lib/apt/apt-helper"


class MakeError(Exception):
    """Something that stops the making; the message is for the user."""


def run(command):
    """Runs a command and returns its standard output; MakeError carries its last words."""
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        raise MakeError(f"cannot run {command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"]
        raise MakeError(f"{command[0]} failed with {done.returncode}: {words[-1]}")
    return done.stdout.decode("utf-8", "replace")


def private_options(folder):
    """Options that keep apt inside `folder` and make it fetch English descriptions."""
    for place in ("lists/partial", "cache/archives/partial"):
        os.makedirs(os.path.join(folder, place))
    settings = {
        "Dir::State::lists": os.path.join(folder, "lists"),
        "Dir::Cache": os.path.join(folder, "cache"),
        "Acquire::Languages": "en",
        "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
        "APT::Sandbox::User": getpass.getuser(),
        "APT::Update::Post-Invoke-Success": "",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def index_files(options, kind):
    """Paths of apt's index files of one kind ("Packages", "Translations") that exist."""
    listing = run(["apt-get", *options, "indextargets", "--format", "$(CREATED_BY) $(FILENAME)"])
    found = [line.split(" ", 1)[1] for line in listing.splitlines() if line.startswith(kind + " ")]
    return [path for path in found if os.path.exists(path)]


def stanzas(path):
    """Yields the paragraphs of a control file, whatever its compression, as dictionaries."""
    for block in run([APT_HELPER, "cat-file", path]).split("\n\n"):
        fields, name = {}, None
        for line in block.split("\n"):
            if line[:1] in (" ", "\t") and name:
                fields[name] += "\n" + line
            elif ":" in line:
                name, value = line.split(":", 1)
                fields[name] = value.strip()
        if fields:
            yield fields


def unfold(description):
    """The long part of a Description (Debian policy 5.6.13) as paragraphs.

    Lines that begin with one space flow together, lines with more keep their own line, " ." ends a
    paragraph.
    """
    paragraphs, lines = [], []
    for line in description.split("\n")[1:]:
        if line.strip() == ".":
            paragraphs.append("\n".join(lines))
            lines = []
        elif line.startswith("  ") or not lines or lines[-1].startswith(" "):
            lines.append(line[1:].rstrip())
        else:
            lines[-1] += " " + line.strip()
    paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip())


def version_key(version):
    """A key that sorts versions as dpkg does (deb-version(7))."""
    epoch, _, rest = version.rpartition(":")
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")

    def part_key(part):
        key = []
        for text, digits in re.findall(r"(\D*)(\d*)", part):
            order = [-1 if c == "~" else ord(c) if c.isalpha() else ord(c) + 256 for c in text]
            key.append((order + [0], int(digits or 0)))
        return key

    return (int(epoch or 0), part_key(upstream), part_key(revision))


def newest_packages(paths):
    """Returns {name: stanza}, the newest version of each."""
    newest = {}
    for path in paths:
        for fields in stanzas(path):
            name = fields.get("Package")
            if not name:
                continue
            other = newest.get(name)
            if other is None or version_key(fields["Version"]) > version_key(other["Version"]):
                newest[name] = fields
    return newest


def long_descriptions(paths):
    """Returns {(package, md5 of the description): whole description} in English."""
    found = {}
    for path in paths:
        for fields in stanzas(path):
            text = fields.get("Description-en")
            if text:
                found[fields.get("Package"), fields.get("Description-md5")] = text
    return found


def as_document(name, fields, descriptions):
    description = descriptions.get((name, fields.get("Description-md5")),
                                   fields.get("Description", ""))
    title = description.split("\n", 1)[0].strip()
    document = {
        "id": name,
        "title": title,
        "source": fields.get("Source", name).split(" ")[0],
        "text": unfold(description),
        "section": fields.get("Section", ""),
        "priority": fields.get("Priority", ""),
        "version": fields["Version"],
        "architecture": fields.get("Architecture", ""),
    }
    if fields.get("Installed-Size", "").isdigit():
        document["installed_size"] = int(fields["Installed-Size"])
    if "Homepage" in fields:
        document["homepage"] = fields["Homepage"]
    return document


def read_documents(options):
    """All packages that apt knows under these options, sorted by name."""
    packages = newest_packages(index_files(options, "Packages"))
    descriptions = long_descriptions(index_files(options, "Translations"))
    return [as_document(name, packages[name], descriptions) for name in sorted(packages)]


def fetched_documents(folder):
    """The documents of a fresh private update; raises MakeError where it fetches nothing."""
    options = private_options(folder)
    run(["apt-get", "-q", *options, "-o", "APT::Update::Error-Mode=any", "update"])
    documents = read_documents(options)
    if not documents:
        raise MakeError("apt's sources name no packages")
    return documents


def known_documents():
    documents = read_documents([])
    if not documents:
        raise MakeError("apt has no package lists; run `apt-get update` first")
    return documents


def collect(offline, folder):
    if not offline:
        try:
            return fetched_documents(folder)
        except MakeError as error:
            print(f"make_debian_packages: {error}; using the system's lists", file=sys.stderr)
    documents = known_documents()
    bare = sum(1 for document in documents if not document["text"])
    if bare:
        print(f"make_debian_packages: {bare} of {len(documents)} packages have a synopsis only",
              file=sys.stderr)
    return documents


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", metavar="OUT.jsonl", help="file to write")
    parser.add_argument("--offline", action="store_true", help="use the system's lists only")
    args = parser.parse_args()
    if not shutil.which("apt-get") or not os.path.exists(APT_HELPER):
        print("make_debian_packages: this needs apt (Debian or a relative)", file=sys.stderr)
        return 1
    try:
        with tempfile.TemporaryDirectory(prefix="ibid-apt-") as folder:
            count, size = write_jsonl(args.output, collect(args.offline, folder))
    except (MakeError, OSError) as error:
        print(f"make_debian_packages: {error}", file=sys.stderr)
        return 1
    print(f"{args.output}: {count} packages, {size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
