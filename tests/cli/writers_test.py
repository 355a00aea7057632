"""Two writers and one index: who waits, who is refused, what a deletion by query sees."""

import fcntl
import json
import os
import signal

import ibid_program
from ibid_program import IbidTestCase

WAITING = r"^ibid %s: note: waiting: \.ibid: being written by "


class WritersTest(IbidTestCase):
    def setUp(self):
        super().setUp()
        self.write("d/a.txt", "one two")
        self.write("d/b.txt", "two three")
        self.ok("index", "d")

    def hold(self):
        lock = open(self.path(".ibid/LOCK"), "r+b")
        self.addCleanup(lock.close)
        fcntl.flock(lock, fcntl.LOCK_EX)
        return lock

    def test_each_verb_that_writes_waits_for_the_lock(self):
        for arguments in (["index", "d"], ["delete", "a.txt"], ["merge"]):
            with self.subTest(verb=arguments[0]):
                lock = self.hold()
                process = self.start_ibid(*arguments, "--wait", "1000")
                self.assertRegex(process.stderr.readline(), WAITING % arguments[0])
                lock.close()
                out, err = process.communicate()
                self.assertEqual((process.returncode, err), (0, ""), out)

    def test_an_interrupt_ends_the_wait(self):
        for verb, *arguments in (["index", "d"], ["delete", "a.txt"], ["merge"]):
            with self.subTest(verb=verb), self.hold():
                process = self.start_ibid(verb, *arguments, "--wait", "1000")
                self.assertRegex(process.stderr.readline(), WAITING % verb)
                process.send_signal(signal.SIGINT)
                out, err = process.communicate()
                self.assertEqual((process.returncode, out), (130, ""), err)
        self.assertEqual(self.ok("search", "-c", "two"), "2\n")

    def test_a_wait_that_is_too_short_ends_as_busy(self):
        with self.hold():
            outcome = self.expect(["delete", "--wait", "0.01", "a.txt"], 6)
            self.assertRegex(outcome.err, WAITING % "delete")
            self.assertRegex(outcome.err, r"(?m)^ibid delete: error: .*; waited in vain$")

    def test_a_deletion_by_query_sees_what_was_committed_while_it_waited(self):
        # Holds the index as long as its standard input is open.
        other = self.start_ibid("index", "--wait", "1000", "--format", "jsonl", "-")
        other.stdin.write(json.dumps({"id": "new", "text": "two more"}) + "\n")
        other.stdin.flush()
        while not self.run_ibid("delete", "nosuch").code == 6:
            self.assertIsNone(other.poll())
        deletion = self.start_ibid("delete", "--wait", "1000", "--query", "two")
        self.assertRegex(deletion.stderr.readline(), WAITING % "delete")
        other.stdin.write(json.dumps({"id": "newer", "text": "two again"}) + "\n")
        other.communicate()
        self.assertEqual(other.returncode, 0)
        out, err = deletion.communicate()
        self.assertEqual((deletion.returncode, out, err), (0, "deleted 4\n", ""))
        self.expect(["search", "-c", "two"], 1, out="0\n")

    def test_a_deletion_by_query_is_one_commit(self):
        self.assertEqual(self.ok("delete", "--query", "one OR three"), "deleted 2\n")
        self.assertEqual(json.loads(self.ok("info", "--json"))["commit"], 2)

    def test_a_dry_run_lists_keys_takes_no_lock_and_changes_nothing(self):
        before = {name: os.stat(self.path(".ibid/" + name)).st_mtime_ns
                  for name in os.listdir(self.path(".ibid"))}
        with self.hold():
            self.assertEqual(self.ok("delete", "--dry-run", "--query", "two"), "a.txt\nb.txt\n")
            self.assertEqual(self.ok("delete", "--dry-run", "b.txt", "nosuch", "b.txt"), "b.txt\n")
            self.assertEqual(self.ok("delete", "--dry-run", "--json", "a.txt"),
                             '{"key":"a.txt"}\n')
            self.expect(["delete", "--dry-run", "--query", "zebra"], 1, err="")
            self.expect(["delete", "--dry-run", "nosuch"], 1, err="")
        self.assertEqual(before, {name: os.stat(self.path(".ibid/" + name)).st_mtime_ns
                                  for name in os.listdir(self.path(".ibid"))})

    def test_a_deletion_by_a_query_in_need_of_repair_is_refused(self):
        self.expect(["delete", "--query", '"two'], 2)
        self.assertEqual(self.ok("search", "-c", "two"), "2\n")


if __name__ == "__main__":
    ibid_program.main()
