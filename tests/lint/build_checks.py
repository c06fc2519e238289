# SPDX-License-Identifier: MIT
"""Checks that need the compiler, clang-format or the linked kernel. The compiler and its flags
are those of BUILD/compile_commands.json, so that what is checked is what is built."""

import concurrent.futures
import json
import os
import re
import shutil
import subprocess

from source import Problem

JOBS = 2
WARNING = re.compile(r"^([^:\n]+):(\d+):(?:\d+:)? (?:warning|error|fatal error): (.*)$", re.M)


class Skipped(Exception):
    """The check cannot be made here; the text says why."""


def run(command, cwd, stdin=""):
    done = subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, text=True,
                          errors="replace", check=False)
    return done.returncode, done.stdout, done.stderr


def in_parallel(function, items):
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        return [problem for some in pool.map(function, items) for problem in some]


def compile_commands(build):
    """Each source once: a program's test and its image may name it twice."""
    path = build / "compile_commands.json"
    if not path.exists():
        raise Skipped(f"{path} is missing: build first")
    return list({e["file"]: e for e in json.loads(path.read_text())}.values())


def below(tree, path):
    """The path relative to the tree's root, if the compiler wrote it in full."""
    return os.path.relpath(path, tree.root) if os.path.isabs(path) else os.path.normpath(path)


def messages(tree, stderr, fallback):
    """The compiler's messages as problems; fallback when it failed without one."""
    found = [(below(tree, p), int(n), text) for p, n, text in WARNING.findall(stderr)]
    return [Problem(*f) for f in dict.fromkeys(found)] or fallback


# ---- headers and warnings ----------------------------------------------------------------

def flags_for(commands, top):
    """Compiler and flags of the sources below top, without -c FILE."""
    for entry in commands:
        if entry["file"].startswith(top + "/"):
            return entry["arguments"][:-2]
    return None


def header_alone(tree, build):
    """Includes each header alone, and a second time, in an otherwise empty file. A header that
    only fails because of another one is not named."""
    commands = compile_commands(build)

    def check(path):
        top = "user" if path.startswith(("user/", "tests/user/")) else "kernel"
        flags = flags_for(commands, top) or flags_for(commands, "kernel")
        name = re.sub(r"^(kernel|include|user/libc/include)/", "", path)
        code, _, stderr = run(flags + ["-fsyntax-only", "-I", ".", "-x", "c", "-"], tree.root,
                              f'#include "{name}"\n#include "{name}"\n')
        if not code and "warning:" not in stderr:
            return []
        first = messages(tree, stderr, [Problem(path, 1, stderr.strip())])[0]
        return [(path, first)]

    headers = tree.select(["kernel", "include", "user/libc"], [".h"])
    failed = dict(in_parallel(check, [h for h in headers if not tree.is_excused(h, 2)]))
    return [Problem(path, first.line if first.path == path else 1,
                    f"does not compile alone: {first.text if first.path == path else first}")
            for path, first in failed.items() if first.path == path or first.path not in failed]


def compiler_says(tree, command, path):
    code, _, stderr = run(command, tree.root)
    if not code and "warning:" not in stderr:
        return []
    return messages(tree, stderr, [Problem(path, 1, stderr.strip() or "failed")])


def unexcused(tree, found):
    return [p for p in dict.fromkeys(found)
            if not (tree.root / p.path).exists() or not tree.is_excused(p.path, p.line)]


def warnings(tree, build):
    """Compiles every source once more, with optimisation (some warnings need it), and collects
    what the compiler says."""
    return unexcused(tree, in_parallel(
        lambda e: compiler_says(tree, e["arguments"] + ["-o", "/dev/null"], e["file"]),
        compile_commands(build)))


GCC_ONLY = re.compile(r"-mpreferred-stack-boundary=.*|-m32$|-fno-sanitize.*|-fsanitize.*")


def clang_command(clang, arguments):
    """gcc's command line for clang: its own target and headers, without what only gcc knows."""
    words = [w for w in arguments[1:] if not GCC_ONLY.match(w)]
    if "-isystem" in words:
        at = words.index("-isystem")
        words[at + 1] = run([clang, "-print-resource-dir"], ".")[1].strip() + "/include"
    return [clang, "--target=i686-elf", "-mstack-alignment=4"] + words + ["-o", "/dev/null"]


def clang_warnings(tree, build):
    """The same with clang, whichever compiler the build took."""
    clang = next((c for c in ("clang-14", "clang") if shutil.which(c)), None)
    if not clang:
        raise Skipped("clang is not installed")
    commands = [e for e in compile_commands(build) if not e["arguments"][0].endswith("clang")]
    return unexcused(tree, in_parallel(
        lambda e: compiler_says(tree, clang_command(clang, e["arguments"]), e["file"]), commands))


# ---- formatting --------------------------------------------------------------------------

def clang_format():
    """Version 14 and no other: each formats a little differently."""
    for name in ("clang-format-14", "clang-format"):
        tool = shutil.which(name)
        if tool and re.search(r"version 14\.", run([tool, "--version"], ".")[1]):
            return tool
    raise Skipped("clang-format 14 is not installed")


def formatting(tree, _build):
    tool = clang_format()

    def check(path):
        _, _, stderr = run([tool, "--dry-run", path], tree.root)
        lines = sorted({int(n) for _, n, _ in WARNING.findall(stderr)})
        if not lines:
            return []
        shown = ", ".join(map(str, lines[:8])) + (", ..." if len(lines) > 8 else "")
        return [Problem(path, lines[0], f"clang-format would change line {shown} "
                                        "(make format does it)")]

    return in_parallel(check, tree.select(["kernel", "user", "include", "tests"], [".c", ".h"]))


# ---- sensitive instructions --------------------------------------------------------------

SENSITIVE = re.compile(
    r"^(?:lock |rep[nze]* )?(?:"
    r"in[bwl]?|out[bwl]?|ins[bwl]|outs[bwl]|cli|sti|pushf[wl]?|popf[wl]?|hlt|clts|lmsww?|"
    r"invlpg|invd|wbinvd|invpcid|lgdt[wl]?|lidt[wl]?|lldtw?|ltrw?|iret[wl]?|sysexit[l]?|"
    r"sgdt[wl]?|sidt[wl]?|sldt[wl]?|str[wl]?|smsw[wl]?|larl?|lsll?|verrw?|verww?|"
    r"rdmsr|wrmsr|rdpmc|xsetbv|monitor|mwait)(?:\s|$)|"
    r"^mov[l]?\s.*%(?:cr|dr|db)\d")


class Elf:
    """What the check needs of an ELF32 file: bytes by address, and symbols."""

    def __init__(self, path, nm="nm"):
        self.data = path.read_bytes()
        word = lambda at, n=4: int.from_bytes(self.data[at:at + n], "little")
        base, size, count = word(28), word(42, 2), word(44, 2)
        self.loads = [[word(at + 4 * i) for i in (1, 2, 4)]  # offset, address, size in the file
                      for at in range(base, base + size * count, size) if word(at) == 1]
        self.symbols = {}
        for line in run([nm, path], ".")[1].splitlines():
            match = re.match(r"([0-9a-f]{8}) \w (\S+)$", line)
            if match:
                self.symbols[match.group(2)] = int(match.group(1), 16)

    def bytes(self, start, end):
        for offset, address, size in self.loads:
            if address <= start and end <= address + size:
                return self.data[offset + start - address:offset + end - address]
        return b""


def instructions(objdump, kernel):
    """(address, function, text) of every instruction of the kernel. -D, for nasm's local labels
    have the type of data; the name shown is that of the last global one."""
    _, out, _ = run([objdump, "-D", "-j", ".text", "--no-show-raw-insn", str(kernel)], ".")
    function = "?"
    for line in out.splitlines():
        if line.endswith(">:") and "<..@" not in line:
            function = line.split("<")[1][:-2]
        match = re.match(r"^\s*([0-9a-f]+):\s+(.*?)\s*(?:#.*)?$", line)
        if match:
            yield int(match.group(1), 16), function, match.group(2)


def recorded_addresses(elf):
    if "__sens_start" not in elf.symbols:
        return None
    raw = elf.bytes(elf.symbols["__sens_start"], elf.symbols["__sens_end"])
    return {int.from_bytes(raw[i:i + 4], "little") for i in range(0, len(raw), 4)}


def source_lines(tree, addr2line, kernel, addresses):
    """address -> (path, line), as far as the debug information knows."""
    where = {}
    if addresses:
        _, out, _ = run([addr2line, "-e", str(kernel)] + [hex(a) for a in addresses], ".")
        for address, line in zip(addresses, out.splitlines()):
            path, _, number = line.split(" ")[0].rpartition(":")
            where[address] = (below(tree, path), int(number) if number.isdigit() else 1)
    return where


def binutils(build):
    """objdump, nm and addr2line of the toolchain that built the kernel, or the host's."""
    compiler = compile_commands(build)[0]["arguments"][0]
    prefix = compiler[:-3] if compiler.endswith("-gcc") else ""
    if not shutil.which(prefix + "objdump"):
        prefix = ""
    return [prefix + tool for tool in ("objdump", "nm", "addr2line")]


def sensitive(tree, build):
    kernel = build / "kernel.elf"
    if not kernel.exists():
        raise Skipped(f"{kernel} is missing: build first")
    objdump, nm, addr2line = binutils(build)
    elf = Elf(kernel, nm)
    recorded = recorded_addresses(elf)
    if recorded is None:
        return [Problem("boot/kernel.ld", 1, "the kernel has no __sens_start .. __sens_end")]
    bad, code_start = {}, elf.symbols.get("multiboot_start", 0)  # before it: Multiboot's header
    for address, function, text in instructions(objdump, kernel):
        if address < code_start:
            continue
        if SENSITIVE.search(text):
            if address not in recorded:
                bad[address] = f"`{text}` in {function} is not recorded in .sens"
        elif address in recorded:
            bad[address] = f"`{text}` in {function} is in .sens but not sensitive"
    where = source_lines(tree, addr2line, kernel, sorted(bad))
    found = [(*where.get(a, ("?", 1)), f"{text} (at {a:#x})") for a, text in sorted(bad.items())]
    return [Problem(*f) for f in found
            if not (tree.root / f[0]).is_file() or not tree.is_excused(f[0], f[1])] \
        + sens_outside_x86(tree)


def sens_outside_x86(tree):
    """The macros that record are for kernel/x86 and the boot code only."""
    found = []
    for path in tree.select(["kernel", "tests/kernel"], [".c", ".h", ".asm", ".inc"]):
        if path.startswith("kernel/x86/"):
            continue
        for number, line in enumerate(tree.code(path).split("\n"), 1):
            if re.search(r"\bSENS\(|^\s*sens\s", line):
                found.append((path, number, "a sensitive instruction outside kernel/x86"))
    return tree.problems(found)
