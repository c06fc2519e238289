#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the unwind information of the gates, so that a debugger's backtrace goes through
kernel/x86/vectors.asm and entry.asm into whatever was interrupted.

    gate_frames.py [--nm NM] [--objdump OBJDUMP] KERNEL.ELF      .debug_frame as NASM source

At a label the stack pointer stands at a known field of the trap frame, and from there on only
push, pop and additions move it: the instructions are walked, each that moves it gives a row. A
gate is marked as a signal frame, for what it interrupted was not calling. context_switch() is
an ordinary function. (DWARF 5, section 6.4; the S is the Linux Standard Base's, section 10.6.1.)
"""

import argparse
import re
import subprocess

# struct trapframe (x86/frame.h) in its order, a word each; which of them are in DWARF's numbers.
FIELDS = "ebx ecx edx esi edi ebp eax ds es fs gs orig_eax eip cs eflags esp ss".split()
DWARF = {"eax": 0, "ecx": 1, "edx": 2, "ebx": 3, "esp": 4, "ebp": 5, "esi": 6, "edi": 7,
         "eip": 8, "eflags": 9}
WORD = 4
CFA = FIELDS.index("esp") * WORD  # the frame's address as we count it: of its field esp

# The field that esp points to at a label of entry.asm; END is behind the last of them.
LABELS = {
    "exception_entry": "gs", "interrupt_entry": "orig_eax", "nmi_entry": "orig_eax",
    "syscall_entry": "eip", "return_to_user": "ebx", "return_to_user.work": "ebx",
    "bad_gs": "ebx", "bad_iret": "eip", "return_to_kernel": "ebx", "null_es": "ebx",
    "user_first_run": "ebx",
}
END = "kthread_first_run"
STUB = re.compile(r"vector_(\d+)$")
WITH_ERROR_CODE = {8, 10, 11, 12, 13, 14, 17, 21}  # the CPU pushed orig_eax, too

# esp of the interrupted code, computed from the frame's address: the field esp if the field cs is
# of ring 3, else what lies above the frame. dup lit8 minus deref lit3 and bra skip deref
ESP_RULE = [0x12, 0x38, 0x1C, 0x06, 0x33, 0x1A, 0x28, 3, 0, 0x2F, 1, 0, 0x06]

INSN = re.compile(r"^\s*([0-9a-f]+):\t(\w+)\s*(\S*)")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def sleb(value):
    out = []
    while not -64 <= value < 64:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return out + [value & 0x7F]


def uleb(value):
    return sleb(value) if value < 64 else [value & 0x7F | 0x80] + uleb(value >> 7)


class Rows:
    """The unwind program of one stretch of code: gate, with esp at a field, or function."""

    def __init__(self, start, end, field=None):
        self.start, self.end, self.program, self.at = start, end, [], start
        self.gate = field is not None
        self.distance = CFA - FIELDS.index(field) * WORD if self.gate else WORD
        self.saved = set()
        self.define()
        if self.gate:
            # Fields that lie above esp are pushed; the registers of the others still have them.
            for name in FIELDS[FIELDS.index(field):]:
                self.note(name)

    def define(self):
        self.program += [0x0C, DWARF["esp"], *uleb(self.distance)]  # def_cfa

    def note(self, name):
        """The register is saved where esp points, or in a gate in its field."""
        if name not in DWARF or name == "esp":
            return
        offset = FIELDS.index(name) * WORD - CFA if self.gate else -self.distance
        self.program += [0x11, DWARF[name], *sleb(offset // -WORD)]  # offset_extended_sf
        self.saved.add(name)

    def step(self, address, name, operand):
        """One instruction; its row holds from behind it."""
        name = name.removesuffix("l")  # pushl
        moved = {"push": WORD, "pop": -WORD}.get(name, 0)
        match = re.match(r"\$(0x[0-9a-f]+),%esp", operand)
        if match and name in ("add", "sub"):
            moved = int(match[1], 16) * (1 if name == "sub" else -1)
        if moved == 0:
            return
        self.advance(address)
        self.distance += moved
        self.define()
        register = operand.lstrip("%")
        if name == "push" and register in DWARF and self.field() in ("?", register):
            self.note(register)
        elif name == "pop" and register in self.saved:
            self.program += [0x08, DWARF[register]]  # same_value
            self.saved.remove(register)

    def field(self):
        """The field that esp points to now: "?" in a function, None below the frame."""
        index = (CFA - self.distance) // WORD
        if not self.gate:
            return "?"
        return FIELDS[index] if index >= 0 else None

    def advance(self, address):
        delta = address - self.at
        if delta:
            self.program += [0x03, delta & 0xFF, delta >> 8]  # advance_loc2
        self.at = address


def stretches(symbols):
    """(start, end, field) of all code we describe."""
    stubs = sorted((symbols[s], s) for s in symbols if STUB.match(s))
    for (start, name), (end, _) in zip(stubs, stubs[1:] + [(stubs[-1][0] + 16, "")]):
        number = int(STUB.match(name)[1])
        yield start, end, "orig_eax" if number in WITH_ERROR_CODE else "eip"
    labels = sorted((symbols[label], field) for label, field in LABELS.items())
    for (start, field), (end, _) in zip(labels, labels[1:] + [(symbols[END], "")]):
        yield start, end, field
    yield symbols["context_switch"], symbols["context_switch"] + 32, None


def disassemble(objdump, elf, start, end):
    text = run(objdump, "-d", "--no-show-raw-insn", f"--start-address={start:#x}",
               f"--stop-address={end:#x}", elf)
    return [(int(m[1], 16), m[2], m[3]) for m in map(INSN.match, text.splitlines()) if m]


def describe(start, end, field, code):
    rows = Rows(start, end, field)
    inside = [insn for insn in code if start <= insn[0] < end]
    for (_, name, operand), (behind, _, _) in zip(inside, inside[1:]):
        rows.step(behind, name, operand)
        if not rows.gate and name == "ret":
            rows.end = behind
            break
    return rows


def emit_bytes(name, data):
    data += [0] * (-len(data) % WORD)  # nop
    print(f"{name}:")
    for at in range(0, len(data), 16):
        print("\tdb " + ",".join(str(b) for b in data[at:at + 16]))


def emit_cie(name, augmentation, program):
    print(f"{name}:\n\tdd .end - .id\n.id:\tdd -1")
    # version 1, code factor 1, data factor -4, return address in eip
    emit_bytes(".rest", [1, *augmentation.encode(), 0, 1, *sleb(-WORD), DWARF["eip"], *program])
    print(".end:")


def emit(all_rows):
    print("; made by tools/gate_frames.py: how to unwind the gates")
    print("section .debug_frame progbits noalloc noexec nowrite align=4")
    emit_cie("gate", "S", [0x16, DWARF["esp"], len(ESP_RULE), *ESP_RULE])  # val_expression
    emit_cie("function", "", [0x11, DWARF["eip"], 1])
    for i, rows in enumerate(all_rows):
        cie = "gate" if rows.gate else "function"
        print(f"fde_{i}:\n\tdd .end - .id\n.id:\tdd {cie}\n\tdd {rows.start:#x}, "
              f"{rows.end - rows.start}")
        emit_bytes(".rest", rows.program)
        print(".end:")
    print("section .note.GNU-stack noalloc noexec nowrite progbits")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--objdump", default="objdump")
    parser.add_argument("elf")
    options = parser.parse_args()
    symbols = {}
    for line in run(options.nm, options.elf).splitlines():
        fields = line.split()
        if len(fields) == 3:
            symbols[fields[2]] = int(fields[0], 16)
    wanted = sorted(stretches(symbols), key=lambda s: s[0])
    code = []
    for first, last in (("vector_0", "vector_255"), ("exception_entry", END),
                        ("context_switch", "context_switch")):
        code += disassemble(options.objdump, options.elf, symbols[first], symbols[last] + 32)
    emit([describe(*stretch, code) for stretch in wanted])


if __name__ == "__main__":
    main()
