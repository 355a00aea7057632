"""What a person sees: the program on a pseudo-terminal."""

import os
import pty
import subprocess

import ibid_program
from ibid_program import IbidTestCase


class TerminalTest(IbidTestCase):
    def on_terminal(self, *arguments, env=None):
        """Exit code and what came out, with both streams on one terminal of 80 columns."""
        master, slave = pty.openpty()
        process = subprocess.Popen([ibid_program.PROGRAM, *arguments], stdin=slave, stdout=slave,
                                   stderr=slave, cwd=self.home,
                                   env=dict(self.environment, **(env or {})))
        os.close(slave)
        shown = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
        os.close(master)
        return process.wait(timeout=ibid_program.TIME_LIMIT), shown.decode().replace("\r\n", "\n")

    def setUp(self):
        super().setUp()
        self.write("d/a.txt", "title: Cheese recall\ndate: 2031-04-02\nsource: Wire\n\n"
                              "A recall of cheese began on Monday.\n")
        self.ok("index", "d")

    def test_hits_have_lines_and_colors(self):
        code, shown = self.on_terminal("search", "cheese AND monday")
        self.assertEqual(code, 0)
        self.assertRegex(shown, r"1  [0-9.]+  \x1b\[1mCheese recall\x1b\[0m\n"
                                r"   \x1b\[36mWire, 2031-04-02, a\.txt\x1b\[0m\n"
                                r"   A recall of \x1b\[1;31mcheese\x1b\[0m began on "
                                r"\x1b\[1;31mMonday\x1b\[0m\.\n\n1 document\n")

    def test_no_color_means_none(self):
        for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            _, shown = self.on_terminal("search", "cheese", env=env)
            self.assertNotIn("\x1b", shown)
        _, shown = self.on_terminal("search", "--color", "never", "cheese")
        self.assertNotIn("\x1b", shown)
        _, shown = self.on_terminal("search", "--color", "always", "cheese", env={"NO_COLOR": "1"})
        self.assertIn("\x1b[1;31m", shown)

    def test_no_hits_are_said(self):
        code, shown = self.on_terminal("search", "cheeze")
        self.assertEqual(code, 1)
        self.assertEqual(shown, 'ibid search: note: "cheeze" is not in the index; near it: cheese\n'
                                "ibid search: no document matches\n")

    def test_a_whole_query_in_quotes_is_noted_to_a_person(self):
        _, shown = self.on_terminal("search", "-a", "-c", "recall of brie")
        self.assertIn("for one, type '\"recall of brie\"'", shown)

    def test_progress_is_shown_and_taken_away(self):
        lines = "".join('{"id":"%d","text":"some words of story %d"}\n' % (i, i)
                        for i in range(20000))
        self.write("s.jsonl", lines)
        code, shown = self.on_terminal("index", "s.jsonl")
        self.assertEqual(code, 0)
        self.assertIn("\r\x1b[K", shown)
        self.assertIn(" documents", shown)
        self.assertTrue(shown.endswith("\r\x1b[Kadded 20,000, replaced 0, unchanged 0, skipped 0 "
                                       "(commit 2: 20,001 documents)\n"), shown[-300:])

    def test_quiet_shows_no_progress(self):
        code, shown = self.on_terminal("index", "--quiet", "d")
        self.assertEqual((code, shown), (0, ""))


if __name__ == "__main__":
    ibid_program.main()
