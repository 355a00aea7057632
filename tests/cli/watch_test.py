"""`ibid index --watch`: the index follows its folders, and others may write meanwhile."""

import ctypes
import fcntl
import json
import os
import random
import resource
import shutil
import signal

import ibid_program
from ibid_program import IbidTestCase


AT_FDCWD = -100
RENAME_EXCHANGE = 2
libc = ctypes.CDLL(None, use_errno=True)


def exchange(one, other):
    """Each has the other's name, at once."""
    if libc.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE):
        raise OSError(ctypes.get_errno(), "renameat2", one)


class WatchTest(IbidTestCase):
    def setUp(self):
        super().setUp()
        self.write("s/a.txt", "one two")
        self.write("s/sub/b.txt", "two three")

    def watch(self, *arguments):
        """Starts a watch; returns once it has indexed everything and waits for changes."""
        process = self.start_ibid("index", "--watch", "--json", "--every", "0", *arguments)
        self.summary = self.line(process)
        self.assertEqual(self.summary["type"], "summary")
        self.assertEqual(self.line(process)["type"], "watching")
        return process

    def line(self, process):
        text = process.stdout.readline()
        self.assertTrue(text, "the watch ended: " + (process.stderr.read() if not text else ""))
        return json.loads(text)

    def commit(self):
        return json.loads(self.ok("info", "--json"))["commit"]

    def stories(self):
        """Keys and texts of one commit."""
        while True:
            commit = self.commit()
            keys = self.run_ibid("search", "-l", "-n", "1000", "--sort", "key", "*").out.split()
            documents = [self.run_ibid("get", "--json", key).out for key in keys]
            if self.commit() == commit:
                return {key: json.loads(document)["text"]
                        for key, document in zip(keys, documents)}

    def follow(self, process, expected):
        """Reads commits until there is an index that holds just these."""
        while self.run_ibid("info").code != 0 or self.stories() != expected:
            self.assertEqual(self.line(process)["type"], "commit")

    def stop(self, process, how=signal.SIGTERM):
        process.send_signal(how)
        out, err = process.communicate()
        return process.returncode, out, err

    def test_files_that_come_change_and_go(self):
        process = self.watch("s")
        self.assertEqual((self.summary["added"], self.summary["documents"]), (2, 2))
        stories = {"a.txt": "one two", "sub/b.txt": "two three"}
        self.write("s/c.txt", "new")
        self.follow(process, dict(stories, **{"c.txt": "new"}))
        self.write("s/c.txt", "changed")
        self.follow(process, dict(stories, **{"c.txt": "changed"}))
        os.rename(self.path("s/c.txt"), self.path("s/sub/d.txt"))
        self.follow(process, dict(stories, **{"sub/d.txt": "changed"}))
        os.remove(self.path("s/sub/d.txt"))
        self.follow(process, stories)
        code, _, err = self.stop(process)
        self.assertEqual((code, err), (0, ""))

    def test_quiet_prints_nothing(self):
        process = self.start_ibid("index", "--watch", "--quiet", "--every", "0", "s")
        while self.run_ibid("search", "-c", "two").out != "2\n":
            self.assertIsNone(process.poll())
        self.write("s/c.txt", "two four")
        while self.run_ibid("search", "-c", "two").out != "3\n":
            self.assertIsNone(process.poll())
        self.assertEqual(self.stop(process), (0, "", ""))

    def test_folders_that_come_move_and_go(self):
        process = self.watch("s")
        self.write("s/x/y/deep.txt", "deep")
        self.write("elsewhere/z/e.txt", "else")
        self.follow(process, {"a.txt": "one two", "sub/b.txt": "two three", "x/y/deep.txt": "deep"})
        os.rename(self.path("s/x"), self.path("s/moved"))
        self.follow(process,
                    {"a.txt": "one two", "sub/b.txt": "two three", "moved/y/deep.txt": "deep"})
        os.rename(self.path("elsewhere"), self.path("s/here"))
        shutil.rmtree(self.path("s/sub"))
        self.follow(process, {"a.txt": "one two", "here/z/e.txt": "else",
                              "moved/y/deep.txt": "deep"})
        os.rename(self.path("s/moved"), self.path("away"))
        self.follow(process, {"a.txt": "one two", "here/z/e.txt": "else"})

    def test_documents_with_keys_of_their_own(self):
        self.write("s/1.jsonl", '{"id":"x","text":"first"}\n{"id":"y","text":"why"}\n')
        process = self.watch("s")
        stories = {"a.txt": "one two", "sub/b.txt": "two three"}
        self.write("s/2.jsonl", '{"id":"x","text":"second"}\n')
        self.follow(process, dict(stories, x="second", y="why"))
        # The other file's version is the one that is left.
        self.write("s/2.jsonl", '{"id":"z","text":"zed"}\n')
        self.follow(process, dict(stories, x="first", y="why", z="zed"))
        os.remove(self.path("s/1.jsonl"))
        self.follow(process, dict(stories, z="zed"))

    def test_a_file_named_directly(self):
        self.write("l.jsonl", '{"id":"x","text":"first"}\n{"text":"line"}\n')
        process = self.watch("l.jsonl")
        self.follow(process, {"x": "first", "l.jsonl#2": "line"})
        # As editors save: another file takes the name.
        self.write("new", '{"id":"y","text":"second"}\n')
        os.rename(self.path("new"), self.path("l.jsonl"))
        self.follow(process, {"y": "second"})

    def test_what_changed_before_the_start_is_taken_up_by_it(self):
        process = self.watch("s")
        self.stop(process)
        os.remove(self.path("s/a.txt"))
        self.write("s/c.txt", "new")
        self.watch("s")
        self.assertEqual((self.summary["added"], self.summary["removed"]), (1, 1))
        self.assertEqual(self.stories(), {"c.txt": "new", "sub/b.txt": "two three"})

    def test_globs_prefixes_and_hidden_files(self):
        process = self.watch("--glob", "*.txt", "--key-prefix", "p/", "s")
        self.write("s/c.log", "left out")
        self.write("s/.d.txt", "hidden")
        self.write("s/.e/f.txt", "hidden")
        self.write("s/g.txt", "new")
        self.follow(process, {"p/a.txt": "one two", "p/sub/b.txt": "two three", "p/g.txt": "new"})
        os.remove(self.path("s/a.txt"))
        self.follow(process, {"p/sub/b.txt": "two three", "p/g.txt": "new"})

    def test_documents_of_other_runs_stay(self):
        self.write("other/sub/c.txt", "not watched")
        self.ok("index", "other")
        process = self.watch("s")
        shutil.rmtree(self.path("s/sub"))
        self.follow(process, {"a.txt": "one two", "sub/c.txt": "not watched"})

    def test_an_index_inside_the_folder_is_not_followed(self):
        process = self.watch("-i", "s/idx", "s")
        for number in range(3):
            self.write("s/c.txt", f"new {number}")
            self.assertEqual(self.line(process)["documents"], 3)
        code, out, _ = self.stop(process)
        self.assertEqual((code, out), (0, ""))

    def beside(self, *arguments):
        """Runs a verb that may have to wait for the watch's commit, and then says so."""
        outcome = self.run_ibid(*arguments, "--wait", "60")
        self.assertEqual(outcome.code, 0, outcome)
        self.assertRegex(outcome.err,
                         r"\A(ibid [a-z]+: note: waiting: \.ibid: being written by .*\n)?\Z")

    def test_others_may_write_between_commits(self):
        process = self.watch("s")
        self.write("o.txt", "other")
        self.beside("index", "o.txt")
        self.write("s/c.txt", "new")
        stories = {"a.txt": "one two", "c.txt": "new", "o.txt": "other", "sub/b.txt": "two three"}
        self.follow(process, stories)
        self.beside("merge")
        self.beside("delete", "o.txt")
        del stories["o.txt"]
        self.write("s/c.txt", "newer")
        self.follow(process, dict(stories, **{"c.txt": "newer"}))

    def test_the_watch_waits_while_another_writes(self):
        process = self.start_ibid("index", "--watch", "--every", "0", "s")
        for begin in ("added 2", "watching 2 folders"):
            self.assertTrue(process.stdout.readline().startswith(begin))
        with open(self.path(".ibid/LOCK"), "r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.write("s/c.txt", "new")
            self.assertRegex(process.stderr.readline(),
                             r"^ibid index: note: waiting: \.ibid: being written by ")
        self.assertTrue(process.stdout.readline().startswith("added 1, "))
        self.assertEqual(self.stop(process, signal.SIGINT),
                         (130, "", "ibid index: stopped: commit 2, 3 documents kept\n"))

    def test_a_signal_ends_it_also_while_it_waits_for_the_index(self):
        process = self.start_ibid("index", "--watch", "--every", "0", "s")
        for _ in range(2):
            process.stdout.readline()
        with open(self.path(".ibid/LOCK"), "r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.write("s/c.txt", "new")
            process.stderr.readline()
            self.assertEqual(self.stop(process, signal.SIGTERM),
                             (0, "", "ibid index: stopped: commit 1, 2 documents kept\n"))

    def test_a_second_watch_is_refused_while_the_first_writes(self):
        self.ok("index", "s")
        with open(self.path(".ibid/LOCK"), "r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            outcome = self.expect(["index", "--watch", "s"], 6)
            self.assertRegex(outcome.err, r"^ibid index: error: \.ibid: being written by ")

    def test_a_folder_that_goes_keeps_its_documents_and_may_come_back(self):
        process = self.watch("s")
        os.rename(self.path("s"), self.path("t"))
        self.assertEqual(json.loads(process.stderr.readline()),
                         {"warning": {"where": "s", "message": "is gone: its documents stay"}})
        self.assertEqual(len(self.stories()), 2)
        os.remove(self.path("t/a.txt"))
        os.rename(self.path("t"), self.path("s"))
        self.follow(process, {"sub/b.txt": "two three"})
        self.write("s/sub/c.txt", "new")
        self.follow(process, {"sub/b.txt": "two three", "sub/c.txt": "new"})

    def test_folders_that_are_exchanged(self):
        self.write("s/other/o.txt", "other")
        self.write("next/n.txt", "next")
        process = self.watch("s")
        exchange(self.path("s/sub"), self.path("s/other"))
        stories = {"a.txt": "one two", "other/b.txt": "two three", "sub/o.txt": "other"}
        self.follow(process, stories)
        self.write("s/sub/late.txt", "late")
        self.write("s/other/late.txt", "late too")
        stories.update({"sub/late.txt": "late", "other/late.txt": "late too"})
        self.follow(process, stories)
        exchange(self.path("s"), self.path("next"))
        self.follow(process, {"n.txt": "next"})
        self.write("s/late.txt", "last")
        self.follow(process, {"late.txt": "last", "n.txt": "next"})

    def test_a_folder_above_that_gives_way_to_another(self):
        self.write("y/x/live/a.txt", "old")
        self.write("y.new/x/live/b.txt", "new")
        process = self.watch("y/x/live")
        os.rename(self.path("y"), self.path("z"))
        os.rename(self.path("y.new"), self.path("y"))
        self.follow(process, {"b.txt": "new"})
        self.write("y/x/live/c.txt", "late")
        self.follow(process, {"b.txt": "new", "c.txt": "late"})

    def test_a_folder_above_that_goes_and_comes_back(self):
        self.write("y/live/a.txt", "old")
        process = self.watch("y/live")
        os.rename(self.path("y"), self.path("z"))
        self.assertEqual(json.loads(process.stderr.readline())["warning"]["message"],
                         "is gone: its documents stay")
        self.write("z/live/b.txt", "new")
        os.rename(self.path("z"), self.path("y"))
        self.follow(process, {"a.txt": "old", "b.txt": "new"})

    def test_two_folders_with_one_key(self):
        self.write("t/z.txt", "zed")
        process = self.watch("s", "t")
        self.write("t/a.txt", "another a")
        self.assertEqual(json.loads(process.stderr.readline())["warning"]["message"],
                         "skipped: the key a.txt came already from s")
        self.write("t/b.txt", "new")
        self.follow(process, {"a.txt": "one two", "b.txt": "new", "sub/b.txt": "two three",
                              "z.txt": "zed"})
        # The key is free now for what was skipped.
        os.remove(self.path("s/a.txt"))
        self.follow(process, {"a.txt": "another a", "b.txt": "new", "sub/b.txt": "two three",
                              "z.txt": "zed"})

    def test_a_key_of_several_folders_is_taken_from_whichever_is_left(self):
        for folder in ("s", "t", "u"):
            self.write(folder + "/k.txt", "of " + folder)
            self.write(folder + "/%s.txt" % folder, folder)
        # A start does not fail for what the watch before it had to skip.
        process = self.watch("s", "t", "u")
        stories = {"a.txt": "one two", "sub/b.txt": "two three", "s.txt": "s", "t.txt": "t",
                   "u.txt": "u"}
        self.follow(process, dict(stories, **{"k.txt": "of s"}))
        os.remove(self.path("s/k.txt"))
        self.follow(process, dict(stories, **{"k.txt": "of t"}))
        os.remove(self.path("t/k.txt"))
        self.follow(process, dict(stories, **{"k.txt": "of u"}))

    def test_what_was_kept_while_a_file_was_unreadable_goes_once_it_is_not(self):
        self.write("s/x.jsonl", "".join('{"id":"%d","text":"x"}\n' % i for i in range(5)))
        process = self.watch("s")
        stories = {"a.txt": "one two", "sub/b.txt": "two three"}
        self.follow(process, dict(stories, **{str(i): "x" for i in range(5)}))
        self.write("s/x.jsonl", '{"id":"0","te')
        self.write("s/c.txt", "new")
        self.follow(process, dict(stories, **{"c.txt": "new"}, **{str(i): "x" for i in range(5)}))
        os.remove(self.path("s/x.jsonl"))
        self.follow(process, dict(stories, **{"c.txt": "new"}))

    def test_an_id_that_a_file_covered_is_back_when_the_file_goes(self):
        self.write("s/i.jsonl", '{"id":"z.txt","text":"of the id"}\n')
        self.write("s/z.txt", "of the file")
        process = self.watch("s")
        stories = {"a.txt": "one two", "sub/b.txt": "two three"}
        self.follow(process, dict(stories, **{"z.txt": "of the file"}))
        os.remove(self.path("s/z.txt"))
        self.follow(process, dict(stories, **{"z.txt": "of the id"}))

    def test_an_index_inside_the_folder_that_is_put_back_is_not_followed(self):
        process = self.watch("-i", "s/idx", "s")
        self.environment["IBID_INDEX"] = self.path("s/idx")
        stories = {"a.txt": "one two", "sub/b.txt": "two three"}
        self.follow(process, stories)
        shutil.copytree(self.path("s/idx"), self.path("kept"))
        os.rename(self.path("s/idx"), self.path("gone"))
        os.rename(self.path("kept"), self.path("s/idx"))
        for name in ("c.txt", "d.txt"):
            self.write("s/" + name, "new")
            stories[name] = "new"
            self.follow(process, stories)
        code, _, err = self.stop(process)
        self.assertEqual(code, 0)
        self.assertNotIn("idx/", err)

    def test_an_index_of_a_later_commit_that_is_put_back_is_noticed(self):
        process = self.watch("s")
        stories = {"a.txt": "one two", "sub/b.txt": "two three"}
        for name in ("c.txt", "d.txt"):
            self.write("s/" + name, "new")
            stories[name] = "new"
            self.follow(process, stories)
        shutil.copytree(self.path(".ibid"), self.path("kept"))
        shutil.rmtree(self.path(".ibid"))
        os.remove(self.path("s/d.txt"))
        del stories["d.txt"]
        self.follow(process, stories)
        shutil.rmtree(self.path(".ibid"))
        os.rename(self.path("kept"), self.path(".ibid"))
        self.write("s/e.txt", "new")
        self.follow(process, dict(stories, **{"e.txt": "new"}))

    def test_what_moves_from_one_path_to_another_stays(self):
        for number, (first, second) in enumerate((("s", "t"), ("t", "s"))):
            self.write("s/x/m.txt", "moved")
            self.write("s/1.jsonl", '{"id":"own","text":"moved, too"}\n')
            self.write("t/1.txt", "t")
            self.write("t/2.jsonl", '{"id":"t2","text":"t"}\n')
            process = self.watch("-i", "%d.ibid" % number, first, second)
            self.environment["IBID_INDEX"] = self.path("%d.ibid" % number)
            stories = {"a.txt": "one two", "sub/b.txt": "two three", "1.txt": "t", "t2": "t"}
            everything = dict(stories, own="moved, too", **{"x/m.txt": "moved"})
            self.follow(process, everything)
            for here, there in (("s", "t"), ("t", "s")):
                os.rename(self.path(here + "/x"), self.path(there + "/x"))
                os.rename(self.path(here + "/1.jsonl"), self.path(there + "/1.jsonl"))
                self.write(there + "/x/n.txt", "new in " + there)
                self.follow(process, dict(everything, **{"x/n.txt": "new in " + there}))
            code, _, err = self.stop(process)
            self.assertEqual(code, 0)
            self.assertNotIn("the key", err)
            os.remove(self.path("s/x/n.txt"))

    def test_an_index_that_is_removed_or_put_back_is_made_whole_again(self):
        process = self.watch("s")
        stories = {"a.txt": "one two", "sub/b.txt": "two three"}
        self.write("s/c.txt", "new")
        shutil.copytree(self.path(".ibid"), self.path("kept"))
        self.follow(process, dict(stories, **{"c.txt": "new"}))
        shutil.rmtree(self.path(".ibid"))
        self.write("s/d.txt", "newer")
        expected = dict(stories, **{"c.txt": "new", "d.txt": "newer"})
        self.follow(process, expected)
        shutil.rmtree(self.path(".ibid"))
        os.rename(self.path("kept"), self.path(".ibid"))
        os.remove(self.path("s/d.txt"))
        del expected["d.txt"]
        self.follow(process, expected)

    def test_of_two_files_with_one_id_the_last_counts_whenever_they_come(self):
        self.write("s/z.jsonl", '{"id":"7","text":"from z"}\n')
        process = self.watch("s")
        stories = {"a.txt": "one two", "sub/b.txt": "two three", "7": "from z"}
        self.write("s/b.jsonl", '{"id":"7","text":"from b"}\n{"id":"8","text":"eight"}\n')
        self.follow(process, dict(stories, **{"8": "eight"}))

    def test_an_id_that_looks_like_a_path_is_not_taken_for_a_file(self):
        self.write("s/z.jsonl", '{"id":"x/y.txt","text":"from z"}\n')
        process = self.watch("s")
        stories = {"a.txt": "one two", "sub/b.txt": "two three", "x/y.txt": "from z"}
        self.write("s/x/other.txt", "other")
        self.follow(process, dict(stories, **{"x/other.txt": "other"}))
        shutil.rmtree(self.path("s/x"))
        self.follow(process, stories)

    def test_a_file_that_no_longer_gives_its_document(self):
        self.write("s/b.json", '{"text":"old"}')
        process = self.watch("s")
        stories = {"a.txt": "one two", "sub/b.txt": "two three"}
        self.write("s/b.json", '[{"text":"new"}]')
        self.follow(process, dict(stories, **{"b.json#1": "new"}))
        self.write("s/a.txt", "")
        del stories["a.txt"]
        self.follow(process, dict(stories, **{"b.json#1": "new"}))

    def test_lack_of_descriptors_ends_it_and_the_next_start_catches_up(self):
        with open(ibid_program.PROGRAM, "rb") as program:
            if b"__ubsan_handle" in program.read():
                self.skipTest("UBSan wants descriptors itself to look at an object")
        process = self.watch("s")
        _, hard = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
        in_use = max(int(fd) for fd in os.listdir("/proc/%d/fd" % process.pid)) + 1
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (in_use, hard))
        self.write("s/new/sub/c.txt", "new")
        out, err = process.communicate()
        self.assertEqual(process.returncode, 7, out + err)
        self.assertIn("Too many open files", err)
        self.watch("s")
        self.assertEqual(self.stories(), {"a.txt": "one two", "sub/b.txt": "two three",
                                          "new/sub/c.txt": "new"})

    def test_segments_are_merged_in_the_background(self):
        process = self.watch("s")
        for number in range(20):
            self.write("s/c.txt", f"new {number}")
            self.line(process)
        # The watch gives the index back once the merges are done.
        self.ok("delete", "--wait", "60", "a.txt")
        info = json.loads(self.ok("info", "--json"))
        self.assertLess(len(info["segments"]), 8)

    def test_killed_at_any_moment_the_next_start_catches_up(self):
        choose = random.Random(7)
        self.watch("s").kill()
        for round in range(12):
            process = self.start_ibid("index", "--watch", "--json", "--every", "0", "s")
            for number in range(choose.randrange(6)):
                self.write(f"s/{choose.randrange(9)}.txt", f"round {round} number {number}")
                if choose.randrange(3) == 0:
                    process.stdout.readline()
            process.kill()
            process.wait()
            self.assertIn("sound", self.ok("check"))
        self.watch("s")
        files = {}
        for folder, _, names in os.walk(self.path("s")):
            for name in names:
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    key = os.path.relpath(os.path.join(folder, name), self.path("s"))
                    files[key] = file.read()
        self.assertEqual(self.stories(), files)

    def test_what_cannot_be_watched_is_refused(self):
        for arguments, text in ((["--every", "1", "s"], "--every is for --watch"),
                                (["--watch", "--strict", "s"],
                                 "--strict and --watch do not go together"),
                                (["--watch", "--dry-run", "s"],
                                 "--dry-run and --watch do not go together"),
                                (["--watch", "-"],
                                 "standard input and --watch do not go together")):
            self.expect(["index", *arguments], 2, err=f"ibid index: error: {text}\n"
                                                      "  do: ibid index --help\n")
        outcome = self.expect(["index", "--watch", "nosuch"], 5)
        self.assertIn("nosuch: No such file or directory", outcome.err)
        self.assertFalse(os.path.exists(self.path(".ibid")))


if __name__ == "__main__":
    ibid_program.main()
