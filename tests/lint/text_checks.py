# SPDX-License-Identifier: MIT
"""Checks that only read the sources. Each takes a Tree and returns a list of Problems."""

import ast
import re
import subprocess
import sys

from source import LAYERS, Problem, blank_directives, line_of

FUNCTION_LINES = 60
FILE_LINES = 500
COLUMNS = 100
COMPILER_HEADERS = {"stdint.h", "stddef.h", "stdarg.h", "stdbool.h"}
INCLUDE = re.compile(r'^[ \t]*[#%]\s*include\s+(["<])([^">]+)[">]', re.M)
TEST_TOPS = ["tests/user", "tests/boot", "tests/kernel"]
C_TOPS = ["kernel", "boot", "include", "user", "tests"]


# ---- include direction -------------------------------------------------------------------

def includes(tree, path):
    """(line, quote, name) of each include."""
    text = tree.text(path)
    return [(line_of(text, m.start(1)), m.group(1), m.group(2)) for m in INCLUDE.finditer(text)]


def include_error(tree, layer, quote, name):
    """What is wrong with a file of this layer including that, or None."""
    if quote == "<":
        known = name in COMPILER_HEADERS or f"include/{name}" in tree.paths
        return None if known else f"<{name}> is neither ours nor one of the compiler's four"
    other = name.split("/")[0]
    if "/" not in name or other not in LAYERS:
        return None
    if LAYERS.index(other) > LAYERS.index(layer):
        return f'{layer} includes "{name}", which is to its right'
    return None


def include_direction(tree):
    found = []
    for path in tree.select(["kernel"], [".c", ".h", ".asm", ".inc", ".def"]):
        layer = path.split("/")[1]
        if layer not in LAYERS:
            found.append((path, 1, f"kernel/{layer} is not a layer"))
            continue
        for line, quote, name in includes(tree, path):
            error = include_error(tree, layer, quote, name)
            if error:
                found.append((path, line, error))
    return tree.problems(found) + include_cycles(tree)


def include_cycles(tree):
    """Headers of the kernel that reach themselves."""
    headers = {p.split("/", 1)[1]: p for p in tree.select(["kernel"], [".h"])}
    graph = {name: [(line, n) for line, _, n in includes(tree, path) if n in headers]
             for name, path in headers.items()}
    found, done = [], set()

    def visit(name, trail):
        for line, other in graph[name]:
            if other in trail:
                loop = " > ".join(trail[trail.index(other):] + [other])
                found.append((headers[name], line, f"include cycle: {loop}"))
            elif other not in done:
                visit(other, trail + [other])
        done.add(name)

    for name in graph:
        if name not in done:
            visit(name, [name])
    return tree.problems(found)


# ---- size --------------------------------------------------------------------------------

def c_functions(code):
    """(name, first line, last line) of the functions in C text without comments.

    A body is a brace alone in column 0, up to the next closing brace in column 0; the head
    begins after the last blank line, semicolon, closing brace or directive above it."""
    lines = blank_directives(code).split("\n")
    start = None
    for number, line in enumerate(lines, 1):
        if line.rstrip() == "{":
            start = number
        elif line.startswith("}") and start:
            first = start - 1
            while first > 1 and lines[first - 2].strip() and \
                    not lines[first - 2].rstrip().endswith((";", "}")):
                first -= 1
            names = re.findall(r"(\w+)\s*\(", "\n".join(lines[first - 1:start - 1]))
            yield (names[0] if names else "?"), first, number
            start = None


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno


def function_length(tree):
    found = []
    for path in tree.select(C_TOPS + ["tools", "mkfs"], [".c", ".h", ".py"]):
        functions = python_functions(tree.text(path)) if path.endswith(".py") \
            else c_functions(tree.code(path))
        for name, first, last in functions:
            if last - first + 1 > FUNCTION_LINES:
                found.append((path, first, f"{name}() has {last - first + 1} lines, "
                                           f"the limit is {FUNCTION_LINES}"))
    return tree.problems(found)


def file_length(tree):
    found = []
    for path in tree.select(C_TOPS + ["tools", "mkfs"],
                            [".c", ".h", ".asm", ".inc", ".py", ".sh", ".ld"]):
        count = len(tree.text(path).splitlines())
        if count > FILE_LINES:
            found.append((path, 1, f"{count} lines, the limit is {FILE_LINES}"))
    return tree.problems(found)


# ---- what logic does without -------------------------------------------------------------

def preprocessor_logic(tree):
    """#if and extern in .c files."""
    found = []
    for path in tree.select(C_TOPS, [".c"]):
        code = tree.code(path)
        for match in re.finditer(r"^[ \t]*#\s*(?:el)?if\w*|\bextern\b", code, re.M):
            word = " ".join(match.group(0).split())
            found.append((path, line_of(code, match.end()), f"{word} in a .c file"))
    return tree.problems(found)


def brace_kind(before):
    """What a brace opens, judged from the text before it: 'names' (an enum), 'table' (an
    initialiser) or 'code'."""
    before = before.rstrip()
    if re.search(r"\benum(\s+\w+)?$", before) or re.search(r"\benum\s+\w+\s+__\w+$", before):
        return "names"
    if before.endswith("=") or re.search(r"\((?:const )?(?:struct|union) \w+(?:\[\w*\])?\)$|"
                                         r"\(\w+\[\w*\]\)$", before):
        return "table"
    return "code"


def hex_in_code(code):
    """Offsets of hex literals in C text (without comments, literals and directives) that are
    neither in an enum nor in an initialiser in braces."""
    kinds = ["code"]
    for match in re.finditer(r"[{}]|\b0[xX][0-9a-fA-F]+\w*", code):
        token = match.group(0)
        if token == "{":
            inside = kinds[-1] != "code"
            kinds.append(kinds[-1] if inside else brace_kind(code[:match.start()]))
        elif token == "}":
            kinds = kinds[:-1] or ["code"]
        elif kinds[-1] == "code":
            yield match.start(), token


ASM_NAMED = re.compile(r"^\s*%(?:define|assign|xdefine)|\bequ\b|^\s*(?:\w+:?\s+)?d[bwdq]\b", re.I)


def hex_literals(tree):
    found = []
    for path in tree.select(["kernel", "user"], [".c", ".h"]):
        code = blank_directives(tree.code(path))
        for offset, token in hex_in_code(code):
            found.append((path, line_of(code, offset), f"{token} has no name"))
    for path in tree.select(["kernel", "boot", "user"], [".asm", ".inc"]):
        for number, line in enumerate(tree.lines(path), 1):
            line = re.sub(r"\bint\s+0x80\b", "", line.split(";")[0])  # the name of the gate
            match = re.search(r"\b0x[0-9a-f]+\b", line, re.I)
            if match and not ASM_NAMED.search(line):
                found.append((path, number, f"{match.group(0)} has no name"))
    return tree.problems(found)


# ---- system calls ------------------------------------------------------------------------

def syscall_names(tree):
    """(line, name) of each line of syscalls.def."""
    code = tree.code("include/syscalls.def")
    return [(line_of(code, m.start()), m.group(1))
            for m in re.finditer(r"^SYSCALL\(\d+,\s*(\w+)", code, re.M)]


def untested_syscalls(tree):
    """A test mentions a call when it calls NAME() or sys_NAME(), or says SYS_NAME."""
    texts = [tree.text(p) if p.endswith(".py") else tree.code(p)
             for p in tree.select(TEST_TOPS, [".c", ".h", ".py"])]
    words = set(re.findall(r"\bSYS_(\w+)|\b(\w+)\s*\(", "\n".join(texts)))
    tested = {a or b for a, b in words}
    return tree.problems([("include/syscalls.def", line, f"no test calls {name}()")
                          for line, name in syscall_names(tree)
                          if name not in tested and f"sys_{name}" not in tested])


def manual(tree):
    """tools/mkman.py knows what a page may say."""
    answer = subprocess.run([sys.executable, tree.root / "tools/mkman.py", "--check"],
                            capture_output=True, text=True, check=False)
    lines = answer.stdout.splitlines() + answer.stderr.splitlines()[-1:]
    return [Problem(line.split(": ")[0], 1, line.split(": ", 1)[-1]) for line in lines]


# ---- locks -------------------------------------------------------------------------------

LOCK = re.compile(r"^\s*(?:static |extern )?struct (?:spinlock|mutex) (\w+)(?:\[\w*\])?\s*[=;]",
                  re.M)


def readme_of(tree, path):
    """That of the directory, or of one above that has one."""
    parts = path.split("/")[:-1]
    while parts:
        name = "/".join(parts + ["README.md"])
        if name in tree.paths:
            return name
        parts.pop()
    return None


def locks_in_tables(tree):
    """A row of a table names each spinlock and mutex, static or a field."""
    found = []
    for path in tree.select(["kernel"], [".c", ".h"]):
        readme = readme_of(tree, path)
        rows = [line for line in tree.lines(readme) if line.startswith("|")] if readme else []
        text = tree.text(path)
        for match in LOCK.finditer(text):
            if not re.search(rf"\b{match[1]}\b", "\n".join(rows)):
                found.append((path, line_of(text, match.start(1)),
                              f"no table of {readme} says what {match[1]} protects"))
    return tree.problems(found)


# ---- looks -------------------------------------------------------------------------------

def line_width(tree):
    """Not in a .def table: there an entry is a line."""
    found = []
    for path in tree.select(C_TOPS + ["tools", "mkfs"],
                            [".c", ".h", ".asm", ".inc", ".py", ".sh", ".ld"]):
        for number, line in enumerate(tree.lines(path), 1):
            width = len(line.expandtabs(8))
            if width > COLUMNS:
                found.append((path, number, f"{width} columns, the limit is {COLUMNS}"))
            if line != line.rstrip():
                found.append((path, number, "blanks at the end of the line"))
    return tree.problems(found)


def licence(tree):
    """Every source says its licence in its first three lines."""
    found = [(path, 1, "no SPDX-License-Identifier line")
             for path in tree.select(C_TOPS + ["tools", "mkfs"],
                                     [".c", ".h", ".asm", ".inc", ".def", ".py", ".sh", ".ld"])
             if not any("SPDX-License-Identifier: MIT" in line for line in tree.lines(path)[:3])]
    return tree.problems(found)
