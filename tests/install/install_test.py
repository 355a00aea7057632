"""Installs ibid to a prefix of its own, then builds and runs examples/ against it, from outside.

    install_test.py SOURCE BUILD             the libraries of BUILD, as they are
    install_test.py SOURCE BUILD --shared    configures and builds shared ones first, as BUILD is

Each example is built twice: through find_package(ibid) and through pkg-config.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE, BUILD = sys.argv[1], sys.argv[2]
SHARED = "--shared" in sys.argv[3:]
API = {"Env::Posix", "NewMemoryEnv", "ParseQuery", "MakeSnippet", "CheckIndex", "FormatNote",
       "QuoteQueryText", "HighlightSnippet", "HighlightSnippetHtml", "SafeForTerminal",
       "IndexReader::Open", "Searcher::Search", "Query::ToString"}
CLASSES = {"Env", "ReadableFile", "WritableFile", "FileLock", "Query", "IndexReader", "Searcher",
           "IndexWriter"}


def run(*command, **how):
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             **how)
    if process.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: exit {process.returncode}\n{process.stdout}")
    return process.stdout


def cache_value(build, name):
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as file:
        match = re.search(rf"(?m)^{name}:\w+=(.*)$", file.read())
    return match.group(1) if match else ""


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="ibid-install-")
        cls.addClassCleanup(shutil.rmtree, cls.place)
        cls.prefix = os.path.join(cls.place, "prefix")
        build = BUILD
        cls.toolchain = ["-G", cache_value(BUILD, "CMAKE_GENERATOR")]
        for name in ("CMAKE_CXX_COMPILER", "CMAKE_C_COMPILER"):
            cls.toolchain.append(f"-D{name}={cache_value(BUILD, name)}")
        if SHARED:
            build = os.path.join(cls.place, "shared")
            run("cmake", "-S", SOURCE, "-B", build, "-DBUILD_SHARED_LIBS=ON",
                "-DCMAKE_BUILD_TYPE=" + cache_value(BUILD, "CMAKE_BUILD_TYPE"),
                "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO="
                + cache_value(BUILD, "CMAKE_CXX_FLAGS_RELWITHDEBINFO"), *cls.toolchain)
            run("cmake", "--build", build, "-j", "2")
        run("cmake", "--install", build, "--prefix", cls.prefix)
        cls.libdir = os.path.join(cls.prefix, cache_value(build, "CMAKE_INSTALL_LIBDIR") or "lib")

    def flags(self):
        """What instrumented static libraries ask of the programs that link them."""
        sanitize = cache_value(BUILD, "IBID_SANITIZE")
        return ([f"-fsanitize={sanitize}"] if sanitize else []) + (
            ["--coverage"] if cache_value(BUILD, "IBID_COVERAGE") == "ON" else [])

    def build_with_cmake(self, example):
        """Copies the example out of the tree and builds it there through find_package."""
        folder = os.path.join(self.place, "cmake-" + example)
        shutil.copytree(os.path.join(SOURCE, "examples", example), folder)
        run("cmake", "-S", folder, "-B", folder + "/build", *self.toolchain,
            "-DCMAKE_PREFIX_PATH=" + self.prefix, "-DCMAKE_CXX_FLAGS=" + " ".join(self.flags()))
        run("cmake", "--build", folder + "/build")
        return os.path.join(folder, "build", example)

    def build_with_pkg_config(self, example, library):
        folder = os.path.join(self.place, "pc-" + example)
        os.makedirs(folder)
        environment = dict(os.environ, PKG_CONFIG_PATH=os.path.join(self.libdir, "pkgconfig"))
        words = run("pkg-config", "--cflags", "--libs", "ibid-" + library, env=environment).split()
        program = os.path.join(folder, example)
        run(cache_value(BUILD, "CMAKE_CXX_COMPILER"), "-std=c++20", *self.flags(),
            os.path.join(SOURCE, "examples", example, example + ".cc"), "-o", program, *words,
            "-Wl,-rpath," + self.libdir)
        return program

    def check_programs(self, index, search):
        directory = tempfile.mkdtemp(dir=self.place)
        self.assertEqual(run(index, directory + "/stories.ibid"), "commit 1: 3 documents\n")
        lines = run(search, directory + "/stories.ibid", '"will hold" NEAR/10 bridge').splitlines()
        self.assertEqual(lines[0], '2 documents match "will hold" NEAR/10 bridge')
        self.assertRegex(lines[1], r"^\d+\.\d+ flood \(1 matches\)$")
        self.assertEqual(lines[2], "  Engineers said that the old [bridge will hold].")
        self.assertRegex(lines[3], r"^\d+\.\d+ bridge \(1 matches\)$")
        lines = run(search, directory + "/stories.ibid", "level_cm:400..500").splitlines()
        self.assertRegex(lines[1], r"^\S+ flood ")
        none = subprocess.run([search, directory + "/none", "x"], capture_output=True, text=True)
        self.assertEqual(none.returncode, 1)
        self.assertIn("no index here (no MANIFEST)", none.stderr)

    def test_examples_through_find_package(self):
        self.check_programs(self.build_with_cmake("index"), self.build_with_cmake("search"))

    def test_examples_through_pkg_config(self):
        self.check_programs(self.build_with_pkg_config("index", "indexer"),
                            self.build_with_pkg_config("search", "searcher"))

    def test_the_public_headers_are_installed_and_no_others(self):
        public = set()
        for room in ("common", "indexer", "searcher"):
            public |= set(os.listdir(os.path.join(SOURCE, room, "include/ibid")))
        found = [os.path.relpath(os.path.join(folder, name), self.prefix)
                 for folder, _, names in os.walk(self.prefix) for name in names
                 if name.endswith((".h", ".hpp"))]
        self.assertEqual(sorted(found), sorted("include/ibid/" + name for name in public))

    def test_the_installed_program_runs(self):
        program = os.path.join(self.prefix, "bin/ibid")
        self.assertRegex(run(program, "--version"), r"\d+\.\d+\.\d+")

    def check_names(self):
        seen = set()
        for library in ("searcher", "indexer"):
            path = os.path.join(self.libdir, f"libibid_{library}.so")
            for line in run("nm", "-DC", "--defined-only", path).splitlines():
                name = re.sub(r"^(typeinfo|vtable|typeinfo name|non-virtual thunk) (for|to) ", "",
                              line.split(" ", 2)[2])
                if name.startswith("ibid::"):
                    name = re.split(r"[(\[]", name[len("ibid::"):])[0]
                    seen.add(name)
                    self.assertTrue(name in API or name.split("::")[0] in CLASSES, name)
        self.assertEqual(API - seen, set())

    if SHARED or cache_value(BUILD, "BUILD_SHARED_LIBS") == "ON":  # static ones show every name
        test_shared_libraries_show_the_public_names_and_no_others = check_names


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
