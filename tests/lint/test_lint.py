# SPDX-License-Identifier: MIT
"""Each check must refuse a bad sample, take a good one, and honour a reasoned exception."""

import json
import pathlib
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import build_checks  # noqa: E402
import text_checks  # noqa: E402
from source import Tree, blank  # noqa: E402

CC = next((c for c in ("i686-linux-gnu-gcc", "gcc", "clang") if shutil.which(c)), None)


@pytest.fixture(name="make")
def make_fixture(tmp_path):
    """make({path: text}) writes the files and returns their Tree."""
    def make(files):
        for path, text in files.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return Tree(tmp_path)
    return make


def where(problems):
    return [(p.path, p.line) for p in problems]


# ---- the tools underneath ----------------------------------------------------------------

def test_blank_keeps_places_and_hides_text():
    text = 'a = "x/*y"; /* "no */ b = \'"\'; // c\nd'
    code = blank(text)
    assert len(code) == len(text)
    assert "x/*y" not in code and "no" not in code and "c" not in code
    assert code.index("b") == text.index("b") and code.index("d") == text.index("d")


def test_functions_are_found_with_their_heads():
    code = ("struct s {\n\tint a;\n};\n\nstatic int f(int a,\n\t     int b)\n{\n\treturn a;\n}\n"
            "void g(void)\n{\n}\n")
    assert list(text_checks.c_functions(code)) == [("f", 5, 9), ("g", 10, 12)]


# ---- include direction -------------------------------------------------------------------

@pytest.mark.parametrize("line", [
    '#include "fs/vnode.h"',
    "#include <stdio.h>",
    '%include "sched/x.inc"',
])
def test_include_to_the_right_is_refused(make, line):
    tree = make({"kernel/mm/page.c": "\n" + line + "\n"})
    assert where(text_checks.include_direction(tree)) == [("kernel/mm/page.c", 2)]


def test_include_to_the_left_is_taken(make):
    tree = make({"kernel/mm/page.c": '#include "mm/page.h"\n#include "lib/list.h"\n'
                                     "#include <abi/mman.h>\n#include <stdint.h>\n"
                                     "#include <syscalls.def>\n",
                 "include/abi/mman.h": "", "include/syscalls.def": ""})
    assert not text_checks.include_direction(tree)


def test_include_exception_needs_a_reason(make):
    bad, good = "/* lint: */", "/* lint: the hook's type only */"
    for comment, count in ((bad, 1), (good, 0)):
        tree = make({"kernel/mm/page.c": f'{comment}\n#include "fs/vnode.h"\n'})
        assert len(text_checks.include_direction(tree)) == count


def test_include_cycle_is_refused(make):
    tree = make({"kernel/mm/a.h": '#include "mm/b.h"\n', "kernel/mm/b.h": '#include "mm/c.h"\n',
                 "kernel/mm/c.h": '#include "mm/a.h"\n', "kernel/mm/d.h": '#include "mm/a.h"\n'})
    problems = text_checks.include_direction(tree)
    assert len(problems) == 1 and "mm/a.h > mm/b.h > mm/c.h > mm/a.h" in problems[0].text


def test_unknown_layer_is_refused(make):
    assert text_checks.include_direction(make({"kernel/misc/a.c": ""}))


# ---- size --------------------------------------------------------------------------------

def c_function(lines):
    return "int f(void)\n{\n" + "\tx();\n" * (lines - 3) + "}\n"


def py_function(lines):
    return "def f():\n" + "    x()\n" * (lines - 1)


@pytest.mark.parametrize("path,function", [
    ("kernel/fs/a.c", c_function), ("kernel/fs/a.h", c_function), ("user/bin/a.c", c_function),
    ("tools/a.py", py_function)])
def test_long_function_is_refused(make, path, function):
    assert not text_checks.function_length(make({path: function(60)}))
    problems = text_checks.function_length(make({path: function(61)}))
    assert where(problems) == [(path, 1)] and "61 lines" in problems[0].text


@pytest.mark.parametrize("path", ["kernel/fs/a.c", "kernel/x86/a.asm", "tests/boot/a.py"])
def test_long_file_is_refused(make, path):
    assert not text_checks.file_length(make({path: "x\n" * 500}))
    assert where(text_checks.file_length(make({path: "x\n" * 501}))) == [(path, 1)]


# ---- what logic does without -------------------------------------------------------------

@pytest.mark.parametrize("line", ["#if 0", "#ifdef X", "# ifndef X", "#elif 1", "extern int x;",
                                  "int f(void) { extern int y; }"])
def test_preprocessor_logic_is_refused(make, line):
    tree = make({"kernel/fs/a.c": f"int a;\n{line}\n", "kernel/fs/a.h": line + "\n"})
    assert where(text_checks.preprocessor_logic(tree)) == [("kernel/fs/a.c", 2)]


def test_preprocessor_words_in_comments_are_taken(make):
    tree = make({"kernel/fs/a.c": "/*\n#if extern */\nchar *s = \"extern\";\n#include \"a.h\"\n"})
    assert not text_checks.preprocessor_logic(tree)


@pytest.mark.parametrize("code", [
    "void f(void)\n{\n\toutb(0x1f7);\n}\n",
    "static const int x =\n\n\t0x10;\n",
    "struct s {\n\tint a;\n\tchar b[0x10];\n};\n",
    "void f(void)\n{\n\tif (x) {\n\t}\n\tx &= ~0xfffU;\n}\n",
])
def test_nameless_hex_is_refused(make, code):
    line = next(n for n, text in enumerate(code.split("\n"), 1) if "0x" in text)
    assert where(text_checks.hex_literals(make({"kernel/dev/a.c": code}))) == \
        [("kernel/dev/a.c", line)]


@pytest.mark.parametrize("code", [
    "enum { A = 0x10 };\nenum b {\n\tB = 0x20,\n};\n",
    "#define A 0x10\n#define B(x) \\\n\t((x) + 0x20)\n",
    "static const int t[] = { 0x10, 0x20 };\nstruct s s = { .a = { 0x30 } };\n",
    "void f(void)\n{\n\tg((struct s){ .a = 0x10 });\n}\n",
    "void f(void)\n{\n\tkprintf(\"0x10\"); /* 0x20 */\n}\n",
    "void f(void)\n{\n\tg(0x10); /* lint: the specification's own example */\n}\n",
    "enum { A = 0x10 };\nvoid f(void)\n{\n\tif (A) {\n\t\tg();\n\t}\n}\n",
])
def test_named_hex_is_taken(make, code):
    assert not text_checks.hex_literals(make({"kernel/dev/a.c": code}))


def test_hex_in_assembly(make):
    tree = make({"kernel/x86/a.asm": "%define A 0x10\nB equ 0x20\ntable: dd 0x30\n dw 0x40\n"
                                     "\tint 0x80\n\tmov eax, A ; 0x50\n\tmov eax, 0x60\n"})
    assert where(text_checks.hex_literals(tree)) == [("kernel/x86/a.asm", 7)]


# ---- system calls ------------------------------------------------------------------------

DEF = "/* SYSCALL(0, no, int) */\nSYSCALL(3, read, int, FD(fd))\nSYSCALL(24, getuid, uid_t)\n"


def test_untested_call_is_refused(make):
    tree = make({"include/syscalls.def": DEF, "tests/user/a.c": "/* getuid() */ read(0);\n"})
    assert where(text_checks.untested_syscalls(tree)) == [("include/syscalls.def", 3)]


@pytest.mark.parametrize("test", ["x = getuid ();", "syscall(SYS_getuid);", "sys_getuid();"])
def test_tested_call_is_taken(make, test):
    tree = make({"include/syscalls.def": DEF, "tests/user/a.c": "read(0);\n" + test})
    assert not text_checks.untested_syscalls(tree)


# ---- locks -------------------------------------------------------------------------------

@pytest.mark.parametrize("lock", [
    "static struct spinlock a_lock = SPINLOCK_INIT(LOCK_LOG);", "struct mutex a_lock;",
    "extern struct spinlock a_lock;", "\tstruct spinlock a_lock; /* of that */",
    "static struct spinlock a_lock[COUNT];"])
def test_lock_that_no_table_names_is_refused(make, lock):
    files = {"kernel/fs/x/a.h": "\n" + lock + "\n", "kernel/fs/README.md": "a_lock\n| b_lock |\n"}
    assert where(text_checks.locks_in_tables(make(files))) == [("kernel/fs/x/a.h", 2)]
    files["kernel/fs/README.md"] = "| `x->a_lock` | LOG | it |\n"
    assert not text_checks.locks_in_tables(make(files))


# ---- the manual --------------------------------------------------------------------------

def manual_of(make, page):
    tree = make({"include/syscalls.def": "SYSCALL(3, read, int, FD(fd))\n",
                 "include/errno.def": 'ERRNO(9, EBADF, "Bad")\n', "user/bin/files.mk": "",
                 "docs/man/2/read.md": page})
    (tree.root / "tools").mkdir()
    shutil.copy(HERE.parent.parent / "tools/mkman.py", tree.root / "tools")
    return [problem.text for problem in text_checks.manual(tree)]


def test_manual_wants_a_page_for_each_call(make):
    assert manual_of(make, "calls: write\nreads\n\nText.\n") == [
        "no page for the call read", "there is no write"]


def test_manual_refuses_an_unknown_error(make):
    assert manual_of(make, "reads\n\n- EBADX: not open\n") == ["EBADX is no error"]


# ---- looks -------------------------------------------------------------------------------

def test_wide_line_is_refused(make):
    tree = make({"kernel/fs/a.c": "\t" + "x" * 92 + "\n\t" + "x" * 93 + "\n" + "y \n",
                 "include/a.def": "x" * 150})
    assert where(text_checks.line_width(tree)) == [("kernel/fs/a.c", 2), ("kernel/fs/a.c", 3)]


def test_missing_licence_is_refused(make):
    spdx = "SPDX-License-Identifier: MIT"
    tree = make({"kernel/fs/a.c": f"/* {spdx} */\n", "tools/b.sh": f"#!/bin/sh\n# {spdx}\n",
                 "kernel/fs/c.c": "int x;\n"})
    assert where(text_checks.licence(tree)) == [("kernel/fs/c.c", 1)]


# ---- compiler ----------------------------------------------------------------------------

@pytest.fixture(name="build")
def build_fixture(make):
    """build({path: text}) also writes compile_commands.json; returns (tree, build directory)."""
    if not CC:
        pytest.skip("no compiler")

    def build(files):
        tree = make(files)
        directory = tree.root / "build"
        directory.mkdir(exist_ok=True)
        flags = [CC, "-Wall", "-Wextra", "-O2", "-ffreestanding", "-Ikernel", "-Iinclude"]
        entries = [{"directory": str(tree.root), "file": p, "arguments": flags + ["-c", p]}
                   for p in files if p.endswith(".c")]
        (directory / "compile_commands.json").write_text(json.dumps(entries))
        return tree, directory
    return build


def test_header_that_needs_another_is_refused(build):
    good = "#ifndef A\n#define A\n#include <stdint.h>\nstruct a { uint32_t x; };\n#endif\n"
    tree, directory = build({"kernel/fs/a.c": "", "kernel/fs/good.h": good,
                             "kernel/fs/bad.h": "#pragma once\nuint32_t f(void);\n",
                             "kernel/fs/twice.h": "struct twice { int x; };\n"})
    assert where(build_checks.header_alone(tree, directory)) == \
        [("kernel/fs/bad.h", 2), ("kernel/fs/twice.h", 1)]


def test_warning_is_refused(build):
    tree, directory = build({"kernel/fs/good.c": "int f(void);\nint f(void)\n{\n\treturn 1;\n}\n",
                             "kernel/fs/bad.c": "int f(void);\nint f(void)\n{\n\tint x;\n}\n"})
    problems = build_checks.warnings(tree, directory)
    assert {p.path for p in problems} == {"kernel/fs/bad.c"}
    assert ("kernel/fs/bad.c", 4) in where(problems)


def test_header_that_fails_for_another_is_not_named(build):
    tree, directory = build({"kernel/fs/a.c": "", "kernel/fs/bad.h": "#pragma once\nu x;\n",
                             "kernel/fs/user.h": '#pragma once\n#include "fs/bad.h"\n'})
    assert where(build_checks.header_alone(tree, directory)) == [("kernel/fs/bad.h", 2)]


def test_clang_warning_is_refused(build):
    if not shutil.which("clang") or CC == "clang":
        pytest.skip("needs gcc and clang")
    tree, directory = build({"kernel/fs/bad.c": "int f(int);\nint f(int x)\n{\n\tx = x;\n"
                                                "\treturn x;\n}\n"})
    assert not build_checks.warnings(tree, directory)
    assert where(build_checks.clang_warnings(tree, directory)) == [("kernel/fs/bad.c", 4)]


def test_error_is_refused(build):
    tree, directory = build({"kernel/fs/bad.c": "int f(void\n"})
    assert build_checks.warnings(tree, directory)


def test_without_a_build_the_check_is_skipped(make):
    tree = make({"kernel/fs/a.h": ""})
    with pytest.raises(build_checks.Skipped):
        build_checks.header_alone(tree, tree.root / "build")


def test_bad_format_is_refused(make):
    try:
        build_checks.clang_format()
    except build_checks.Skipped as why:
        pytest.skip(str(why))
    tree = make({".clang-format": (HERE.parent.parent / ".clang-format").read_text(),
                 "kernel/fs/good.c": "int f(void)\n{\n\treturn 1;\n}\n",
                 "kernel/fs/bad.c": "int f(void)\n{\n\treturn 1;\n}\n\nint g(void) {\n  x(); }\n"})
    assert [p.path for p in build_checks.formatting(tree, None)] == ["kernel/fs/bad.c"]


# ---- sensitive instructions --------------------------------------------------------------

SCRIPT = """SECTIONS {
	. = 0x100000;
	.text : { *(.text) }
	.rodata : { __sens_start = .; KEEP(*(.sens)) __sens_end = .; }
	/DISCARD/ : { *(.note*) *(.comment) *(.eh_frame) }
}
"""
RECORDED = '"661: %s\\n\\t.pushsection .sens, \\"a\\"\\n\\t.long 661b\\n\\t.popsection"'


@pytest.fixture(name="kernel")
def kernel_fixture(build):
    """kernel([asm, ...]) links a kernel of one function out of these instructions."""
    if not CC or not shutil.which("i686-linux-gnu-gcc"):
        pytest.skip("no i386 compiler")

    def kernel(instructions):
        body = "".join(f"\tasm volatile({text}); {tail}\n" for text, tail in instructions)
        code = f"void start(void);\nvoid start(void)\n{{\n{body}}}\n"
        tree, directory = build({"kernel/x86/k.c": code, "k.ld": SCRIPT})
        subprocess.run([CC, "-g", "-O1", "-nostdlib", "-static", "-fno-pic", "-Wl,--build-id=none",
                        "-Wl,-T,k.ld", "-Wl,-e,start", "-o", "build/kernel.elf", "kernel/x86/k.c"],
                       cwd=tree.root, check=True)
        return tree, directory
    return kernel


@pytest.mark.parametrize("instruction", [
    "cli", "sti", "hlt", "pushf", "popf", "iret", "lgdt (%eax)", "lidt (%eax)", "ltr %ax",
    "invlpg (%eax)", "mov %cr3, %eax", "mov %eax, %cr0", "mov %eax, %db7", "rdmsr", "wrmsr",
    "in %dx, %al", "outb %al, $0xf4", "rep insw", "rep outsw", "sgdt (%eax)", "sidt (%eax)",
    "sldt %ax", "smsw %ax", "str %ax", "lar %ax, %ax", "lsl %ax, %ax", "verr %ax", "verw %ax",
    "clts", "lldt %ax", "wbinvd"])
def test_unrecorded_sensitive_instruction_is_refused(kernel, instruction):
    bad, good = f'"{instruction}"', RECORDED % instruction
    tree, directory = kernel([(good, ""), (bad, "")])
    problems = build_checks.sensitive(tree, directory)
    assert where(problems) == [("kernel/x86/k.c", 5)] and "start" in problems[0].text
    assert not build_checks.sensitive(*kernel([(good, "")]))


def test_recorded_harmless_instruction_is_refused(kernel):
    assert "not sensitive" in build_checks.sensitive(*kernel([(RECORDED % "nop", "")]))[0].text


def test_sensitive_exception_with_a_reason_is_taken(kernel):
    assert not build_checks.sensitive(*kernel([('"cli"', "/* lint: before there is a gate */")]))


@pytest.mark.parametrize("harmless", [
    "inc %eax", "mov %eax, %ds", "popl %eax", "rep stosl", "call out"])
def test_harmless_instructions_are_taken(kernel, harmless):
    if harmless == "call out":  # a name that looks like an instruction
        harmless = "call out; out: nop"
    assert not build_checks.sensitive(*kernel([(f'"{harmless}"', "")]))


def test_sens_macro_outside_x86_is_refused(make):
    tree = make({"kernel/dev/a.c": 'asm(SENS("cli"));\n', "kernel/x86/b.h": 'asm(SENS("cli"));\n'})
    assert where(build_checks.sens_outside_x86(tree)) == [("kernel/dev/a.c", 1)]


def test_driver_ends_with_1_for_a_problem(make):
    for text, status in (("int x;\n", 1), ("/* SPDX-License-Identifier: MIT */\n", 0)):
        tree = make({"kernel/fs/a.c": text})
        done = subprocess.run([sys.executable, HERE / "run", "--root", tree.root, "licence"],
                              capture_output=True, text=True, check=False)
        assert done.returncode == status
        assert f"{status} problem" in done.stdout.splitlines()[-1]
