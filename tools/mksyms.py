#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the kernel's own table of functions and source lines, for backtraces.

    mksyms.py [--nm NM] KERNEL.ELF                       the table, as NASM source
    mksyms.py --empty                                    a table without an entry
    mksyms.py [--nm NM] --same FIRST.ELF SECOND.ELF      fails if a function moved

The format is described in tools/README.md. Read by kernel/core/ksyms.c.
"""

import argparse
import bisect
import re
import subprocess
import sys

import dwarf_lines

MAGIC = 0x4D59534B  # "KSYM"
NO_LINES = 0xFFFFFFFF
HEADER_BYTES = 32
FUNC_BYTES = 12
TEXT_END = "__text_end"  # boot/kernel.ld
BOUNDARIES = {"__text_start", TEXT_END}


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"mksyms: {' '.join(command)}: {result.stderr.strip()}")
    return result.stdout


def read_functions(nm, elf):
    """Sorted [(address, name)] of code symbols; one name an address."""
    functions = {}
    for line in run(nm, elf).splitlines():
        fields = line.split()
        if len(fields) != 3 or fields[1] not in "tTwW":
            continue
        address, name = int(fields[0], 16), fields[2]
        if name in BOUNDARIES:
            continue
        # NASM's local labels ("entry.loop") are places inside a function.
        if "." in name and not re.search(r"\.(part|isra|constprop|cold)", name):
            continue
        # Of two names for one place take the exported one, then the shorter.
        rank = (fields[1] in "tw", len(name), name)
        if address not in functions or rank < functions[address][0]:
            functions[address] = (rank, name)
    return sorted((address, name) for address, (_, name) in functions.items())


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value):
    return value << 1 if value >= 0 else (-value << 1) - 1


class Table:
    """Collects the parts of the table and numbers names and files."""

    def __init__(self):
        self.funcs = []
        self.files = []
        self.lines = bytearray()
        self.strings = bytearray(b"\0")
        self.string_at = {"": 0}
        self.file_at = {}

    def string(self, text):
        if text not in self.string_at:
            self.string_at[text] = len(self.strings)
            self.strings += text.encode() + b"\0"
        return self.string_at[text]

    def file(self, path):
        if path not in self.file_at:
            self.file_at[path] = len(self.files)
            self.files.append(self.string(path))
        return self.file_at[path]

    def add_function(self, start, name, rows):
        at = len(self.lines) if rows else NO_LINES
        last_address, last_file, last_line = start, 0, 0
        for address, path, line in rows:
            file = self.file(path) if line else last_file
            if (file, line) == (last_file, last_line):
                continue
            self.lines += varint(address - last_address)
            self.lines += varint(zigzag(line - last_line) << 1 | (file != last_file))
            if file != last_file:
                self.lines += varint(file)
            last_address, last_file, last_line = address, file, line
        if rows:
            self.lines += b"\0\0"
        self.funcs.append((start, self.string(name), at))


def build(functions, rows, text_end):
    """The table; where the linker script tells the end of the code, closed by an entry."""
    table = Table()
    addresses = [row[0] for row in rows]
    for i, (start, name) in enumerate(functions):
        end = functions[i + 1][0] if i + 1 < len(functions) else max(text_end, start)
        low, high = bisect.bisect_left(addresses, start), bisect.bisect_left(addresses, end)
        here = rows[low:high]
        # A function may begin in the middle of a row (an asm label without a line).
        if low > 0 and (not here or here[0][0] > start) and rows[low - 1][2]:
            here = [(start, *rows[low - 1][1:])] + here
        table.add_function(start, name, here)
    if text_end:
        table.add_function(text_end, "", [])
    return table


def find_text_end(nm, elf):
    """Address behind the last code, 0 when the linker script does not tell."""
    for line in run(nm, elf).splitlines():
        fields = line.split()
        if len(fields) == 3 and fields[2] == TEXT_END:
            return int(fields[0], 16)
    return 0


def db(data):
    for at in range(0, len(data), 16):
        print("\tdb " + ",".join(str(b) for b in data[at:at + 16]))


def emit(table):
    funcs_at = HEADER_BYTES
    files_at = funcs_at + FUNC_BYTES * len(table.funcs)
    strings_at = files_at + 4 * len(table.files)
    lines_at = strings_at + len(table.strings)
    size = lines_at + len(table.lines)
    print("; made by tools/mksyms.py: functions and lines of the kernel")
    print("section .ksyms progbits alloc noexec nowrite align=4096")
    print("global ksyms_table\nksyms_table:")
    print(f"\tdd {MAGIC:#x},{size},{len(table.funcs)},{len(table.files)}")
    print(f"\tdd {funcs_at},{files_at},{strings_at},{lines_at}")
    for address, name, lines in table.funcs:
        print(f"\tdd {address:#x},{name},{lines:#x}")
    for name in table.files:
        print(f"\tdd {name}")
    db(table.strings)
    db(table.lines)
    print("section .note.GNU-stack noalloc noexec nowrite progbits")


def check_same(nm, first, second):
    before, after = read_functions(nm, first), read_functions(nm, second)
    if before != after:
        moved = sorted(set(before) ^ set(after))[:5]
        sys.exit(f"mksyms: code moved between the two links: {moved}; is .ksyms last?")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--same", metavar="FIRST")
    parser.add_argument("elf", nargs="?")
    options = parser.parse_args()
    if options.empty:
        emit(Table())
    elif options.same:
        check_same(options.nm, options.same, options.elf)
    else:
        functions = read_functions(options.nm, options.elf)
        end = find_text_end(options.nm, options.elf)
        emit(build(functions, dwarf_lines.rows(options.elf), end))


if __name__ == "__main__":
    main()
