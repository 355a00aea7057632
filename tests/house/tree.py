"""The source tree as the tests of this folder see it.

Files are those below the tree's folders, without builds and version control, so that a file counts
before it is committed.
"""

import os
import sys
import unittest

SOURCE = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.getcwd()
LEFT_OUT = {".git", "build", ".ibid", "__pycache__", ".cache"}


def files(*endings):
    """Paths relative to the tree, sorted; all files, or those with one of the endings."""
    found = []
    for folder, folders, names in os.walk(SOURCE):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
        for name in names:
            if name not in LEFT_OUT and (not endings or name.endswith(endings)):
                found.append(os.path.relpath(os.path.join(folder, name), SOURCE))
    return sorted(found)


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


class HouseTest(unittest.TestCase):
    maxDiff = None

    def expect_none(self, findings, rule):
        """`findings`: lines "path:line: what". Fails with all of them under the rule they break."""
        if findings:
            self.fail(f"{rule}\n  " + "\n  ".join(findings))


def main():
    unittest.main(argv=sys.argv[:1], verbosity=2)
