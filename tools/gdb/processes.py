# SPDX-License-Identifier: MIT
"""ps, pcb, threads, regions: who there is and what it has."""

import glob
import os
import re

import gdb

import kernel
from command import command, table

MS = 1_000_000
STACK_LIMIT = 20  # frames that threads looks through for where a thread waits


def process_state(process):
    if str(process["state"]) == "PROCESS_ZOMBIE":
        return "zombie"
    states = {kernel.short(t["state"]) for t in kernel.threads_of(process)}
    return next((s for s in ("running", "ready") if s in states), ",".join(sorted(states)))


def pid_number(pid):
    return int(pid["number"]) if kernel.unsigned(pid) else 0


def parent_number(process):
    return int(process["parent"]["id"]) if kernel.unsigned(process["parent"]) else 0


@command("ps")
def ps(_):
    """List the processes: numbers, state, memory (mapped, not resident), page table, name.

A star marks the process of the selected CPU. The time is what its living threads used up to
their last switch."""
    mine = kernel.unsigned(kernel.current_thread()["process"])
    rows = []
    for p in kernel.each_process():
        threads, space = kernel.threads_of(p), p["space"]
        alive = kernel.unsigned(space) != 0
        rows.append([int(p["id"]), parent_number(p), pid_number(p["group"]),
                     pid_number(p["session"]), process_state(p), len(threads),
                     sum(int(t["run_ns"]) for t in threads) // MS,
                     int(space["mapped_pages"]) * 4 if alive else 0,
                     f"{kernel.cr3_of(space):08x}" if alive else "-",
                     kernel.name_of_process(p) + (" *" if kernel.unsigned(p) == mine else "")])
    table("PID PPID PGID SID STATE THREADS MS KIB CR3 NAME".split(), rows)


def return_addresses(thread):
    """Of a thread that is switched out: context_switch() left edi esi ebx ebp and where to go on,
    and the kernel keeps frame pointers."""
    word = gdb.lookup_type("uint32_t").pointer()
    saved = gdb.Value(kernel.unsigned(thread["ctx"]["esp"])).cast(word)
    yield kernel.unsigned(saved[4])
    ebp, low = kernel.unsigned(saved[3]), kernel.unsigned(thread["ctx"]["kstack"])
    for _ in range(STACK_LIMIT):
        if not low <= ebp < low + kernel.constant("KSTACK_SIZE"):
            return
        frame = gdb.Value(ebp).cast(word)
        yield kernel.unsigned(frame[1])
        ebp = kernel.unsigned(frame[0])


def where(thread):
    """The first function outside the scheduler that a switched-out thread goes on in."""
    for address in return_addresses(thread):
        symtab = gdb.find_pc_line(address - 1).symtab
        if symtab and "/sched/" not in symtab.filename:
            return kernel.symbol_at(address)
    return "-"


@command("threads")
def threads_command(_):
    """List all threads, the kernel's own too: state, CPU, slice left, saved esp, where they wait.

A star marks those that run. To see a stack: `bt` after `thread N` for what runs on CPU N - 1,
`tbt TID` for the others. The kernel's own threads all have number 0; `tbt 0xADDRESS` takes one
by the address of its struct thread, which is the last column."""
    rows = []
    for t in kernel.each_thread():
        running = kernel.is_running(t)
        rows.append([int(t["tid"]), int(t["process"]["id"]) if kernel.unsigned(t["process"]) else 0,
                     kernel.short(t["state"]) + ("*" if running else ""),
                     int(t["ctx"]["cpu"]["id"]), int(t["slice_left"]), int(t["run_ns"]) // MS,
                     "-" if running else f'{kernel.unsigned(t["ctx"]["esp"]):08x}',
                     kernel.text(t["name"]), "-" if running else where(t),
                     f"{kernel.unsigned(t):#010x}"])
    table("TID PID STATE CPU SLICE MS ESP NAME WAITS-IN ADDRESS".split(), rows)


@command("tbt")
def thread_backtrace(argument):
    """tbt TID | ADDRESS: the kernel stack of a thread that is switched out, callers last."""
    if not argument:
        raise gdb.GdbError("Usage: tbt TID | ADDRESS")
    number = kernel.unsigned(gdb.parse_and_eval(argument))
    found = [t for t in kernel.each_thread() if number in (int(t["tid"]), kernel.unsigned(t))]
    if number == 0 or not found:
        raise gdb.GdbError(f"There is no thread {argument}; `threads` lists them.")
    t = found[0]
    if kernel.is_running(t):
        raise gdb.GdbError(f'It runs on CPU {int(t["ctx"]["cpu"]["id"])}: use `thread` and `bt`.')
    for level, address in enumerate(return_addresses(t)):
        line = gdb.find_pc_line(address - 1)
        place = f"{line.symtab.filename}:{line.line}" if line.symtab else ""
        print(f"#{level}  {address:#010x} {kernel.symbol_at(address)}  {place}")


def signal_numbers(mask):
    return " ".join(str(n + 1) for n in range(64) if int(mask) >> n & 1) or "none"


def open_files(process):
    files = process["files"]
    if not kernel.unsigned(files):
        return
    for fd in range(int(files["capacity"])):
        file = files["files"][fd]
        if kernel.unsigned(file):
            vnode = file["vnode"]
            what = f'inode {int(vnode["ino"])}' if kernel.unsigned(vnode) else "no inode"
            yield fd, kernel.symbol_at(file["ops"]), what, int(file["pos"])


def print_thread_block(thread):
    t = thread
    print(f'  thread {int(t["tid"])} "{kernel.text(t["name"])}": {kernel.short(t["state"])}, '
          f'CPU {int(t["ctx"]["cpu"]["id"])}, {int(t["slice_left"])} ticks of its slice left')
    print(f'    kernel stack {kernel.unsigned(t["ctx"]["kstack"]):#010x}, saved esp '
          f'{kernel.unsigned(t["ctx"]["esp"]):#010x}, user registers at '
          f'{kernel.unsigned(t["frame"]):#010x}')
    work = kernel.atomic(t["ctx"]["exit_work"])
    names = [n for n in ("RESCHED", "SIGNAL", "KILL", "TICK")
             if work & kernel.constant(f"EXIT_{n}")]
    print(f'    before ring 3: {" ".join(names) or "nothing to do"}; signals pending '
          f'{signal_numbers(t["sig_pending"]["set"])}, blocked {signal_numbers(t["sig_blocked"])}')


@command("pcb")
def pcb(argument):
    """pcb [PID]: the process control block, field by field, with its threads and open files.

Without a number: the current process."""
    p = kernel.process_by_id(argument)
    print(f'process {int(p["id"])} "{kernel.name_of_process(p)}" at {kernel.unsigned(p):#010x}: '
          f'{process_state(p)}')
    print(f'  parent {parent_number(p)}, group {pid_number(p["group"])}, session '
          f'{pid_number(p["session"])}, children '
          + (" ".join(str(int(c["id"])) for c in kernel.each_of_list(
              p["children"], "struct process", "sibling_link")) or "none"))
    print(f'  user {int(p["cred"]["uid"])}/{int(p["cred"]["euid"])}, group id '
          f'{int(p["cred"]["gid"])}/{int(p["cred"]["egid"])} (real/effective)')
    print(f'  signals: pending {signal_numbers(p["signals"]["pending"]["set"])}, ignored '
          f'{signal_numbers(p["signals"]["ignored"])}, caught '
          f'{signal_numbers(p["signals"]["caught"])}')
    print(f'  exit status {int(p["exit_status"])}' if process_state(p) == "zombie" else
          f'  started {int(p["started"]) // MS} ms after the boot')
    space = p["space"]
    if kernel.unsigned(space):
        print(f'  address space {kernel.unsigned(space):#010x}: cr3 {kernel.cr3_of(space):#010x}, '
              f'{int(space["region_count"])} regions, {int(space["mapped_pages"])} pages mapped, '
              f'heap {kernel.unsigned(space["brk_start"]):#x}-{kernel.unsigned(space["brk"]):#x}, '
              f'{int(space["minor_faults"])}+{int(space["major_faults"])} faults')
    for thread in kernel.threads_of(p):
        print_thread_block(thread)
    for fd, ops, what, position in open_files(p):
        print(f"  file {fd}: {ops}, {what}, at {position}")


def resident_pages(cr3, start, end):
    """Pages in [start, end) that have a page of memory; tables are read as a whole."""
    count, va = 0, start
    while va < end:
        upto = min(end, (va >> kernel.PD_SHIFT) + 1 << kernel.PD_SHIFT)
        steps = list(kernel.walk(cr3, va))
        if len(steps) == 3:
            table_at = steps[2][1] + kernel.KERNEL_BASE
            pages = (upto - va) >> kernel.PAGE_SHIFT
            data = bytes(gdb.selected_inferior().read_memory(table_at, 8 * pages))
            count += sum(data[i] & kernel.P for i in range(0, len(data), 8))
        va = upto
    return count


def region_kind(region):
    flags = int(region["flags"])
    for name in ("STACK", "HEAP"):
        if flags & kernel.constant(f"REGION_{name}"):
            return name.lower()
    if not kernel.unsigned(region["file"]):
        return "anonymous"
    vnode = kernel.container(region["file"], "struct vnode", "pages")
    return f'inode {int(vnode["ino"])} at {int(region["file_offset"]):#x}'


@command("regions")
def regions(argument):
    """regions [PID]: the regions of an address space. Without a number: the current process's.

Protection, shared or private, pages, how many of them are in memory, and what is behind them."""
    p = kernel.process_by_id(argument)
    space = p["space"]
    if not kernel.unsigned(space):
        raise gdb.GdbError("A zombie has no memory.")
    rows = []
    for r in kernel.each_region(space):
        start, end, prot = (kernel.unsigned(r[f]) for f in ("start", "end", "prot"))
        letters = "".join(c if prot >> i & 1 else "-" for i, c in enumerate("rwx"))
        shared = int(r["flags"]) & kernel.constant("REGION_SHARED")
        rows.append([f"{start:08x}-{end:08x}", letters + ("s" if shared else "p"),
                     (end - start) >> kernel.PAGE_SHIFT,
                     resident_pages(kernel.cr3_of(space), start, end), region_kind(r)])
    table("RANGE PROT PAGES RESIDENT BEHIND-IT".split(), rows)


# ---- symbols of programs

class UserSymbols:
    """Which program's symbols are loaded: one at a time, all are linked at the same address."""

    loaded = None
    automatic = False

    @classmethod
    def load(cls, name):
        path = cls.find(name) if name else None
        if path == cls.loaded:
            return path
        if cls.loaded:
            gdb.execute(f"remove-symbol-file {cls.loaded}", to_string=True)
        cls.loaded = path
        if path:
            gdb.execute(f"add-symbol-file {path}", to_string=True)
        # New symbols make gdb set its breakpoints anew, and then warn with each command that it
        # cannot find the one it stopped at: a step of nothing makes it forget that.
        gdb.execute("stepi 0", to_string=True)
        return path

    @staticmethod
    def find(name):
        """The file in build/, beside the kernel that gdb has. Names are cut at 15 letters."""
        build = os.path.dirname(gdb.objfiles()[0].filename)
        for pattern in ("user/bin", "tests/user", "tests/user/*"):
            for path in sorted(glob.glob(f"{build}/{pattern}/{glob.escape(name)}*")):
                if os.path.isfile(path) and os.path.basename(path)[:15] == name:
                    return path
        return None

    @classmethod
    def stopped(cls, _event):
        if not cls.automatic:
            return
        try:
            thread = kernel.current_thread()
            if kernel.unsigned(thread["process"]):
                cls.load(kernel.text(thread["name"]))
        except gdb.error:
            pass  # too early in the boot: there are no threads yet


gdb.events.stop.connect(UserSymbols.stopped)


@command("usersyms")
def usersyms(argument):
    """usersyms [NAME | auto | off]: the symbols of a user program, from build/.

Without a name: of the current process. `auto` loads them at every stop in a process."""
    word = argument.strip()
    UserSymbols.automatic = word == "auto"
    if word == "auto":
        UserSymbols.stopped(None)
        return
    if not word:
        word = kernel.text(kernel.current_thread()["name"])
    path = UserSymbols.load("" if word == "off" else re.sub(r".*/", "", word))
    if not path and word != "off":
        raise gdb.GdbError(f"build/ has no program {word}.")
    print(f"symbols of {path}" if path else "no user symbols")
