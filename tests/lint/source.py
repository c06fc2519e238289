# SPDX-License-Identifier: MIT
"""What the checks share: the tree of sources, and C text with its comments and strings blanked."""

import dataclasses
import functools
import os
import pathlib
import re

LAYERS = "lib x86 core mm sched block vm dev fs vmm proc entry init".split()
EXCUSE = re.compile(r"(/\*|;|#|//)\s*lint: (?!\*/)\S")


@dataclasses.dataclass(frozen=True)
class Problem:
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


# Comments, string and character literals of C. Newlines inside are kept when they are blanked.
TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'""", re.S)


def blank(text, keep_strings=False):
    """C text with comments (and literals) replaced by blanks; every line keeps its length."""
    def blanks(match):
        token = match.group(0)
        if keep_strings and token[0] in "\"'":
            return token
        inner = re.sub(r"[^\n]", " ", token)
        return token[0] + inner[1:-1] + token[-1] if token[0] in "\"'" else inner
    return TOKEN.sub(blanks, text)


def blank_directives(text):
    """Blanks preprocessor directives with their continuation lines, in text without comments."""
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group(0)),
                  text, flags=re.M)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


class Tree:
    """The files of a source tree. Paths are relative to its root, with slashes."""

    TOPS = "kernel boot include user mkfs tests tools".split()

    def __init__(self, root):
        self.root = pathlib.Path(root)

    @functools.cached_property
    def paths(self):
        found = []
        for top in self.TOPS:
            for folder, folders, names in os.walk(self.root / top):
                folders[:] = [f for f in folders if not f.startswith((".", "__"))]
                found += [(pathlib.Path(folder) / n).relative_to(self.root).as_posix()
                          for n in names]
        return sorted(found)

    def select(self, tops, suffixes):
        """Paths below one of the tops with one of the suffixes."""
        return [p for p in self.paths
                if p.startswith(tuple(t.rstrip("/") + "/" for t in tops)) and
                p.endswith(tuple(suffixes))]

    @functools.lru_cache(maxsize=None)
    def text(self, path):
        return (self.root / path).read_text(errors="replace")

    @functools.lru_cache(maxsize=None)
    def lines(self, path):
        return self.text(path).split("\n")

    @functools.lru_cache(maxsize=None)
    def code(self, path):
        """The text without comments and literals."""
        return blank(self.text(path))

    def is_excused(self, path, line):
        """Whether a comment `lint: REASON` stands on this line or ends on the one above."""
        lines = self.lines(path)
        here = lines[line - 1] if line <= len(lines) else ""
        above = lines[line - 2] if line >= 2 else ""
        return bool(EXCUSE.search(here) or (EXCUSE.search(above) and is_comment(above)))

    def problems(self, found):
        """Makes Problems of (path, line, text) and drops those that are excused."""
        return [Problem(*f) for f in found if not self.is_excused(f[0], f[1])]


def is_comment(line):
    return line.strip().startswith(("/*", "*", ";", "#", "//"))
