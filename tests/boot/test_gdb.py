# SPDX-License-Identifier: MIT
"""gdb looks into the running machine: its own backtraces, and the commands of tools/gdb."""

import os
import re

import pytest

from gatehouse import TOP

COMMANDS = ("ps pcb threads tbt trapframe pagewalk regions wxcheck locks usersyms "
            "trace-switch").split()

# Steps through the gate that an interrupt takes, from the stub to the C code, and says at each
# instruction where the unwinder thinks the program was interrupted.
STEP_THROUGH_GATE = """python
import gdb
places = set()
for step in range(60):
    at = gdb.newest_frame()
    if at.function():
        break
    gdb.execute("stepi", to_string=True)
    at = gdb.newest_frame()
    while at.older():
        at = at.older()
    places.add((at.pc(), int(at.read_register("esp")) & 0xffffffff))
print("steps", step, "places", len(places), "ring 3", all(pc < 0xc0000000 for pc, _ in places))
"""


@pytest.fixture
def busy(debugged):
    """A machine with two programs that compute, one that sleeps, and a shell."""
    def make(**options):
        d = debugged(**{"cpus": 1, **options})
        d.machine.run("/tests/spin &")
        d.machine.run("/tests/spin &")
        d.machine.run("sleep 1000 &")
        return d
    return make


def column(text, name):
    """The named column of the first table in the text that has it."""
    lines = text.splitlines()
    head = next(i for i, line in enumerate(lines) if name in line.split())
    index = lines[head].split().index(name)
    found = []
    for line in lines[head + 1:]:
        cells = line.split()
        if len(cells) <= index or line.startswith("["):
            break
        found.append(cells[index])
    return found


def test_each_command_has_help_text(busy):
    said = busy().gdb(*(f"help {name}" for name in COMMANDS), commands=True)
    assert "Undefined" not in said
    assert "not documented" not in said


def test_ps_and_threads_agree_with_what_was_started(busy):
    said = busy(cpus=2).gdb("ps", "threads", commands=True)
    processes, threads = said.split("TID", 1)
    assert processes.count("spin") == 2
    assert re.search(r"^ *1 +0 +1 +1 .* init", processes, re.MULTILINE)
    assert len(set(column(processes, "CR3"))) == len(column(processes, "CR3"))
    assert len(re.findall(r"(?:running\*|ready).*spin", threads)) == 2
    assert re.search(r"sleeping.* sleep +sleep_until\+", threads)
    assert "idle" in threads and "worker" in threads


def test_pcb_shows_identity_memory_threads_and_files(busy):
    said = busy().gdb("pcb 1", commands=True)
    assert re.search(r'process 1 "init" at 0xc[0-9a-f]+: sleeping', said)
    assert re.search(r"parent 0, group 1, session 1, children \d+", said)
    assert re.search(r"cr3 0x[0-9a-f]+, \d+ regions", said)
    assert re.search(r"file 2: \w+, inode \d+", said)


def test_a_process_that_is_not_there_is_refused(busy):
    said = busy().gdb("pcb 31000", commands=True)
    assert "There is no process 31000." in said


def test_trapframe_of_a_sleeper_names_its_system_call(busy):
    said = busy().gdb("trapframe 1", commands=True)
    assert re.search(r"system call 114 wait4, from ring 3", said)
    assert re.search(r"cs 0073 .*interrupts on", said)


def test_thread_backtrace_of_a_sleeper_ends_at_the_gate(busy):
    said = busy().gdb("tbt 1", commands=True)
    assert re.search(r"#\d+ +0x\w+ process_wait\+\d+ +kernel/proc/wait.c:\d+", said)
    assert re.search(r"syscall_entry\+\d+ +kernel/x86/entry.asm:\d+\n", said)


def test_pagewalk_explains_levels_and_agrees_with_the_memory(busy):
    said = busy().gdb("pagewalk &cpu_count", "pagewalk 0x8048000 1", "pagewalk 0 1",
                      'printf "value %d\\n", cpu_count', commands=True)
    kernel, program, nothing = re.split(r"^address ", said, flags=re.MULTILINE)[1:]
    assert re.search(r"-> physical 00[0-9a-f]+: read(, write)? by ring 0 ", kernel)
    for level in ("PDPT", "directory", "table"):
        assert level in program
    assert re.search(r"bit 63 NX +0  executable", program)
    assert re.search(r"-> physical \w+: read, execute by ring 3 and ring 0", program)
    assert "page fault: nothing is mapped" in nothing


def test_regions_list_code_data_and_stack_of_a_program(busy):
    said = busy().gdb("regions 1", commands=True)
    assert re.search(r"^08048000-\w+ +r-xp +(\d+) +\d+ +inode \d+ at 0x0", said, re.MULTILINE)
    assert re.search(r"rw-p .*stack", said)
    pages = [int(n) for n in column(said, "PAGES")]
    resident = [int(n) for n in column(said, "RESIDENT")]
    assert all(0 <= r <= p for r, p in zip(resident, pages)) and sum(resident) > 3


@pytest.mark.parametrize("build", ["release", "debug"])
def test_locks_names_the_holder(busy, build):
    said = busy(build=build).gdb("break rr_tick", "continue", "locks", commands=True)
    assert re.search(r"spinlock +runq +spin\[\d+\] +- +runqs\[0\]\.lock", said)
    assert ("holds, in order: runq" in said) == (build == "debug")


def test_backtrace_goes_through_the_timers_gate_into_the_program(busy):
    said = busy().gdb("usersyms auto", "break rr_tick", "continue", "bt", commands=True)
    assert re.search(r"irq_entry .*\n#\d+ +<gate interrupt_entry: interrupt, vector 0xec timer, "
                     r"from ring 3> .*\n#\d+ .*main .*tests/user/hostile/spin.c:\d+", said)


def test_backtrace_goes_through_a_system_call_into_the_programs_callers(debugged):
    said = debugged(cpus=1).gdb("break sys_sync", "continue", "usersyms", "bt",
                                while_running="sync", commands=True)
    assert re.search(r"sys_sync .*\n#1 +<gate syscall_entry: system call 36 sync, from ring 3> "
                     r".*\n(.*\n)?#\d .*main .*user/bin/sync.c:\d+", said)


def test_backtrace_goes_through_a_gate_that_interrupted_the_kernel(debugged):
    d = debugged(cpus=1)
    said = d.gdb("break nmi_handler", "python gdb.events.stop  # none yet", "monitor nmi",
                 "continue", "bt", "trapframe", commands=True)
    assert re.search(r"nmi_handler .*\n#1 +<gate nmi_entry: .*, from ring 0> .*"
                     r"\n(#\d .*\n)*#\d .*sched_idle", said)
    assert "no esp, no ss" in said


def test_unwinding_is_right_at_every_instruction_of_the_gate(busy):
    said = busy().gdb("break *interrupt_entry", "continue", STEP_THROUGH_GATE)
    steps, places = re.search(r"steps (\d+) places (\d+) ring 3 True", said).groups()
    assert int(steps) > 15
    assert int(places) == 1


def test_plain_gdb_shows_assembly_sources(debugged):
    said = debugged(cpus=1).gdb("info line context_switch", "list syscall_entry")
    assert re.search(r'Line \d+ of "kernel/x86/switch.asm"', said)
    with open(os.path.join(TOP, "kernel/x86/entry.asm"), encoding="utf-8") as file:
        assert "syscall_entry:" in file.read() and "syscall_entry:" in said
