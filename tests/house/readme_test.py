"""Runs the commands of README.md and compares what they print.

In a block that begins with ```sh, a line `$ command` is run, from a folder that holds corpus/wire
and build/release/ibid as the tree does; the lines up to the next `$` or the block's end are what it
must print (standard output and error together). `...` stands for anything within a line; alone on a
line, for any lines. A line `[exit N]` names an exit code other than 0. Blocks without `$` are not
run. Called with the source tree and the program.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tree

PROGRAM = os.path.abspath(sys.argv[2])


def commands(text):
    """(command, expected lines, exit code) of all blocks, in order."""
    found = []
    for block in re.findall(r"(?ms)^```sh\n(.*?)^```", text):
        for piece in re.split(r"(?m)^\$ ", block)[1:]:
            command, *lines = piece.rstrip("\n").split("\n")
            code = 0
            if lines and (match := re.fullmatch(r"\[exit (\d+)\]", lines[-1])):
                code = int(match.group(1))
                lines.pop()
            found.append((command, lines, code))
    return found


def pattern(lines):
    parts = []
    for line in lines:
        if line == "...":
            parts.append(r"(?:[^\n]*\n)*")
        else:
            parts.append(r"[^\n]*".join(re.escape(piece) for piece in line.split("...")) + r"\n")
    return "".join(parts)


class ReadmeTest(tree.HouseTest):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="ibid-readme-")
        self.addCleanup(shutil.rmtree, self.folder)
        os.makedirs(self.folder + "/build/release")
        os.symlink(PROGRAM, self.folder + "/build/release/ibid")
        shutil.copytree(os.path.join(tree.SOURCE, "corpus/wire"), self.folder + "/corpus/wire")
        shutil.copy(os.path.join(tree.SOURCE, "corpus/wire.jsonl"), self.folder + "/corpus")

    def test_commands_print_what_the_page_shows(self):
        listed = commands(tree.read("README.md"))
        self.assertGreater(len(listed), 3)
        environment = {name: value for name, value in os.environ.items() if name != "IBID_INDEX"}
        for command, lines, code in listed:
            process = subprocess.run(["bash", "-c", command], cwd=self.folder, env=environment,
                                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, timeout=120)
            printed = process.stdout.decode("utf-8", "replace")
            with self.subTest(command=command):
                self.assertEqual(process.returncode, code, printed)
                self.assertRegex(printed, r"\A" + pattern(lines) + r"\Z")


if __name__ == "__main__":
    tree.main()
