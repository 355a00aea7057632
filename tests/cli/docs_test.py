"""docs/CLI.md names every verb, option and exit code of the program, and no others."""

import os
import re

import ibid_program
from ibid_program import IbidTestCase

OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z0-9-]*|-[a-zA-Z])\b")


class DocsTest(IbidTestCase):
    def setUp(self):
        super().setUp()
        with open(os.path.join(ibid_program.SOURCE, "docs/CLI.md"), encoding="utf-8") as file:
            self.text = file.read()

    def verbs_of_help(self):
        listed = self.ok("--help").split("Verbs:\n", 1)[1].split("\n\n", 1)[0]
        return {line.split()[0] for line in listed.splitlines() if re.match(r"  \S", line)}

    def section(self, verb):
        match = re.search(rf"(?ms)^### ibid {verb}\b(.*?)(?=^##|\Z)", self.text)
        self.assertIsNotNone(match, f"docs/CLI.md has no section on ibid {verb}")
        return match.group(1)

    def test_each_verb_has_a_section_and_each_section_a_verb(self):
        described = set(re.findall(r"(?m)^### ibid (\w+)", self.text))
        self.assertEqual(described, self.verbs_of_help())

    def test_option_tables_equal_the_help(self):
        for verb in sorted(self.verbs_of_help()):
            with self.subTest(verb=verb):
                lines = self.ok(verb, "--help").split("Examples:")[0].splitlines()
                of_help = set()
                for line in lines:
                    match = re.match(r"  (-\S+)", line)
                    if match:
                        of_help.update(match.group(1).split(","))
                of_docs = set()
                for cell in re.findall(r"(?m)^\| (`-[^|]*) \|", self.section(verb)):
                    of_docs.update(OPTION.findall(cell.replace("-date", "")))
                common = {"-h", "--help", "-i", "--index", "--json"}
                self.assertEqual(of_docs, of_help - common)

    def test_common_options_are_described_once(self):
        common = self.text.split("## Options of every verb", 1)[1].split("\n## ", 1)[0]
        for option in ("-i", "--index", "--json", "-h", "--help"):
            self.assertIn(f"`{option}", common)

    def test_exit_codes_are_those_of_the_program(self):
        with open(os.path.join(ibid_program.SOURCE, "cli/exit_codes.h"), encoding="utf-8") as file:
            codes = set(re.findall(r"k\w+ = (\d+),", file.read()))
        table = self.text.split("## Exit codes", 1)[1].split("\n## ", 1)[0]
        self.assertEqual(set(re.findall(r"(?m)^\| (\d+) \|", table)), codes)


if __name__ == "__main__":
    ibid_program.main()
