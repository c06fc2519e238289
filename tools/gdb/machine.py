# SPDX-License-Identifier: MIT
"""trapframe, pagewalk, and the line that a gate gets in a backtrace: what the processor sees."""

import gdb
from gdb.FrameDecorator import FrameDecorator

import kernel
from command import command

FLAGS = [(0, "carry"), (2, "parity"), (4, "adjust"), (6, "zero"), (7, "sign"), (8, "trap"),
         (9, "interrupts on"), (10, "direction"), (11, "overflow"), (14, "nested task"),
         (18, "alignment check"), (21, "id")]

# Bits of a page-table entry: what it means when set, and when clear (x86/pte.h).
BITS = [(0, "P", "present", "not present"), (1, "W", "writable", "read-only"),
        (2, "U", "ring 3 may", "ring 0 only"), (3, "PWT", "write-through", None),
        (4, "PCD", "not cached", None), (5, "A", "accessed", "not accessed"),
        (6, "D", "dirty", "clean"), (7, "PS", "a 2 MiB page", None),
        (8, "G", "global: stays in the TLB over a cr3 load", None),
        (9, "COW", "ours: copy before write", None),
        (63, "NX", "not executable", "executable")]
PDPT_BITS = {0}  # of an entry of the top level only P may be set


def flags_text(eflags):
    return ", ".join(name for bit, name in FLAGS if eflags >> bit & 1) or "none"


def newest_gate():
    """The trap frame of the newest gate on the selected CPU's stack; None: there is none."""
    at = gdb.newest_frame()
    while at is not None:
        if at.type() == gdb.SIGTRAMP_FRAME:
            return kernel.gate_frame(at)
        at = at.older()
    return None


def chosen_frame(argument):
    """By address, by process number, or the newest; and a word on which it is."""
    if not argument.strip():
        frame = newest_gate()
        if frame is None:
            raise gdb.GdbError("No gate on this stack: the CPU is in a program, or in a kernel "
                               "thread. Give a process number or an address.")
        return frame
    number = kernel.unsigned(gdb.parse_and_eval(argument))
    if number >= kernel.KERNEL_BASE:
        return kernel.pointer(number, "struct trapframe")
    thread = kernel.threads_of(kernel.process_by_id(argument))
    if not thread:
        raise gdb.GdbError("A zombie has no thread.")
    return thread[0]["frame"]


@command("trapframe", gdb.COMPLETE_EXPRESSION)
def trapframe(argument):
    """trapframe [PID | ADDRESS]: the registers that a gate saved on the kernel stack.

Without an argument: the newest on the selected CPU's stack, of ring 3 or of ring 0. With a process
number: what its program had when it last entered the kernel. The layout is in x86/frame.h."""
    frame = chosen_frame(argument)
    f = {field.name: kernel.unsigned(frame[field.name]) for field in frame.type.target().fields()}
    ring = f["cs"] & kernel.RING_3
    print(f"trap frame at {kernel.unsigned(frame):#010x}: {kernel.entry_text(frame)}, "
          f"from ring {ring}")
    print(f'  pushed by the CPU   eip {f["eip"]:08x}  {kernel.symbol_at(f["eip"])}')
    print(f'                      cs {f["cs"]:04x}  eflags {f["eflags"]:08x} '
          f'({flags_text(f["eflags"])})')
    if ring:
        print(f'                      esp {f["esp"]:08x}  ss {f["ss"]:04x}')
    else:
        print(f"                      no esp, no ss: the stack was this one, at "
              f"{kernel.interrupted_esp(frame):08x}")
    print(f'  pushed by entry.asm orig_eax {f["orig_eax"]:08x}  gs {f["gs"]:04x}  '
          f'fs {f["fs"]:04x}  es {f["es"]:04x}  ds {f["ds"]:04x}')
    for row in (("eax", "ebx", "ecx", "edx"), ("esi", "edi", "ebp")):
        print("                      " + "  ".join(f"{name} {f[name]:08x}" for name in row))


def print_entry(level, va, at, entry):
    index = {"PDPT": va >> kernel.PDPT_SHIFT, "directory": va >> kernel.PD_SHIFT & 511,
             "table": va >> kernel.PAGE_SHIFT & 511}[level]
    print(f"  {level:9} [{index:3}] at physical {at:08x} = {entry:016x}")
    for bit, name, when_set, when_clear in BITS:
        if level == "PDPT" and bit not in PDPT_BITS:
            continue
        text = when_set if entry >> bit & 1 else when_clear
        if text and (entry & kernel.P or bit == 0):
            print(f"            {'bit ' + str(bit):>6} {name:4} {entry >> bit & 1}  {text}")


def print_result(va, steps):
    entry, level = steps[-1][2], steps[-1][0]
    if not entry & kernel.P:
        why = "nothing is mapped" if entry == 0 else "an entry that is kept but shut (PROT_NONE)"
        print(f"  {va:08x} -> page fault: {why}")
        return
    size = 1 << (kernel.PAGE_SHIFT if level == "table" else kernel.PD_SHIFT)
    lower = [e for l, _, e in steps if l != "PDPT"]
    user = all(e & kernel.U for e in lower)
    writable = all(e & kernel.W for e in lower)
    execute = not any(e & kernel.NX for e in lower)
    physical = (entry & kernel.FRAME & ~(size - 1)) + va % size
    print(f"  {va:08x} -> physical {physical:08x}: read{', write' if writable else ''}"
          f"{', execute' if execute else ''} by {'ring 3 and ring 0' if user else 'ring 0'}"
          f" (the strictest of all levels)")


@command("pagewalk", gdb.COMPLETE_EXPRESSION)
def pagewalk(argument):
    """pagewalk ADDRESS [PID]: how the processor translates an address: each level, each bit.

With the page table that the selected CPU has loaded, or a process's."""
    words = gdb.string_to_argv(argument)
    if len(words) not in (1, 2):
        raise gdb.GdbError("Usage: pagewalk ADDRESS [PID]")
    va = kernel.unsigned(gdb.parse_and_eval(words[0]))
    cr3 = kernel.register("cr3")
    if len(words) == 2:
        space = kernel.process_by_id(words[1])["space"]
        if not kernel.unsigned(space):
            raise gdb.GdbError("A zombie has no memory.")
        cr3 = kernel.cr3_of(space)
    print(f"address {va:08x}, cr3 {cr3:08x}")
    steps = list(kernel.walk(cr3, va))
    for level, at, entry in steps:
        print_entry(level, va, at, entry)
    print_result(va, steps)


class GateDecorator(FrameDecorator):
    """gdb calls our gates signal handlers; we know better."""

    def function(self):
        level = self.inferior_frame()
        if level.type() != gdb.SIGTRAMP_FRAME:
            return super().function()
        name = kernel.symbol_at(level.pc()).split("+")[0]
        frame = kernel.gate_frame(level)
        if frame is None:
            return f"<gate {name}>"
        ring = kernel.unsigned(frame["cs"]) & kernel.RING_3
        return f"<gate {name}: {kernel.entry_text(frame)}, from ring {ring}>"


class GateFilter:
    """Gives every level of a backtrace that decorator."""

    name, priority, enabled = "gatehouse-gates", 100, True

    def filter(self, frames):
        return map(GateDecorator, frames)


gdb.frame_filters[GateFilter.name] = GateFilter()
