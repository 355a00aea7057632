"""No file over 800 lines, no function over 100: what can be read in one sitting.

Data made by programs (the generator's model, the sample corpus) is not code and is not counted.
"""

import re
import tree

MAX_FILE_LINES = 800
MAX_FUNCTION_LINES = 100
# Comments, raw strings, strings and characters; digits may hold ' as in 1'000.
NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
                   r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'|^[ \t]*#(?:\\\n|[^\n])*", re.S | re.M)
SCOPE = re.compile(r"^(?:[^(]*\b)?(namespace|class|struct|union|enum|extern)\b(?!.*\)\s*\w*\s*$)", re.S)


def without_noise(text):
    return NOISE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def closing_brace(text, opening):
    depth = 0
    for at in range(opening, len(text)):
        if text[at] == "{":
            depth += 1
        elif text[at] == "}":
            depth -= 1
            if depth == 0:
                return at
    return len(text) - 1


def functions(source):
    """(first line, lines, heading) of each function of C++ text. Lambdas belong to their function."""
    text = without_noise(source)
    found, at, start = [], 0, 0  # `start`: behind the last thing that ended a declaration
    while at < len(text):
        if text[at] in ";}":
            start = at + 1
        elif text[at] == "{":
            heading = text[start:at].strip()
            if SCOPE.match(heading) or heading == "":
                start = at + 1  # look inside
            else:
                end = closing_brace(text, at)
                # What follows a member initialised with braces is still the same function.
                while (follows := re.match(r"\s*,[^;{}]*\{|\s*\{", text[end + 1:])) is not None:
                    end = closing_brace(text, end + follows.end())
                if "(" in heading:
                    begin = start + len(text[start:]) - len(text[start:].lstrip())
                    first = text.count("\n", 0, begin) + 1
                    lines = text.count("\n", begin, end) + 1
                    found.append((first, lines, " ".join(heading.split())[:60]))
                at, start = end, end + 1
        at += 1
    return found


def python_functions(source):
    """The same for Python: from `def` to the next line that is not indented deeper."""
    lines = source.splitlines()
    for number, line in enumerate(lines):
        match = re.match(r"( *)def (\w+)", line)
        if match:
            end = number + 1
            while end < len(lines) and (not lines[end].strip()
                                        or re.match(match.group(1) + r"[ )]", lines[end])):
                end += 1
            yield number + 1, end - number, match.group(2)


class SizesTest(tree.HouseTest):
    def test_the_matcher_sees_functions(self):
        text = ("namespace a {\nint F(int x) {\n  return x;\n}\nclass C {\n  C() : x_{1}, y_{2} {\n"
                "    if (x_) {\n    }\n  }\n  int x_ = 3;\n};\n// void G() {\n}\n")
        self.assertEqual([(first, lines) for first, lines, _ in functions(text)], [(2, 3), (6, 4)])

    def test_files(self):
        findings = []
        for path in tree.files(".h", ".cc", ".py", ".sh", ".md", "CMakeLists.txt", ".cmake"):
            lines = tree.read(path).count("\n")
            if lines > MAX_FILE_LINES:
                findings.append(f"{path}: {lines} lines")
        self.expect_none(findings, f"files of more than {MAX_FILE_LINES} lines:")

    def test_functions(self):
        findings, count = [], 0
        for path in tree.files(".h", ".cc", ".py"):
            find = python_functions if path.endswith(".py") else functions
            for first, lines, heading in find(tree.read(path)):
                count += 1
                if lines > MAX_FUNCTION_LINES:
                    findings.append(f"{path}:{first}: {lines} lines: {heading}")
        self.assertGreater(count, 1000)
        self.expect_none(findings, f"functions of more than {MAX_FUNCTION_LINES} lines:")


if __name__ == "__main__":
    tree.main()
