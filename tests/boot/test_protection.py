# SPDX-License-Identifier: MIT
"""Protection of memory, from outside: gdb walks all page tables while programs run, and makes the
kernel do what an attacker would like it to. (What programs may not do: tests/user/faults.c.)"""

import os
import re
import time

import pytest

from gatehouse import STATUS_PANIC

# Programs that map, protect, share, copy, run and write code; long ones last.
SUITE = "mappings memory tls exec signals fork_wait shm tmpfs process_stress"
STOPS = int(os.environ.get("GATEHOUSE_WX_STOPS", "6"))

PF_PRESENT, PF_WRITE, PF_FETCH = 1, 2, 16


def wxcheck(said):
    """(address spaces, pages, pages that are writable and executable)."""
    spaces, pages = re.search(r"^(\d+) address spaces and the kernel, (\d+) pages", said,
                              re.MULTILINE).groups()
    wrong = re.search(r"^writable and executable: (\d+)", said, re.MULTILINE)[1]
    return int(spaces), int(pages), int(wrong)


def test_no_page_is_ever_writable_and_executable_while_the_suite_runs(debugged):
    d = debugged(cpus=2, mem=64)
    d.machine.send(f"for t in {SUITE}; do /tests/$t >/dev/null; done; echo ended $?\n")
    most = 0
    for _ in range(STOPS):
        said = d.gdb("wxcheck", commands=True)
        spaces, pages, wrong = wxcheck(said)
        print(said.splitlines()[-3])
        assert wrong == 0, said
        assert pages > 500
        most = max(most, spaces)
        time.sleep(0.7)
    assert most >= 4  # init, two shells or one, and a program
    d.machine.expect(r"\nended 0\r*\n", timeout=120)


def test_the_walk_finds_a_page_that_is_both(debugged):
    """Makes the last large page of the direct map executable, and puts it back."""
    said = debugged(cpus=1, mem=64).gdb(
        "set $entry = kernel_pd + 31", "set $was = *$entry", "set *$entry = $was & ~(1ull << 63)",
        "wxcheck", "set *$entry = $was", "wxcheck", commands=True)
    before, after = said.split("writable and executable: ")[1:]
    assert before.startswith("1\n") and after.startswith("0\n")
    assert "WRITABLE AND EXECUTABLE: kernel: c3e00000" in said


# Sets a register in the first instruction of a system call, so that the kernel goes astray.
USER_CODE = 'python gdb.execute("set $eip = %d" % kernel.unsigned(' \
            'kernel.current_thread()["frame"]["eip"]))'
USER_DATA = 'python gdb.execute("set $eax = %d" % kernel.unsigned(' \
            'kernel.current_thread()["frame"]["esp"]))'

ATTACKS = {
    "jumps_to_a_programs_code": (PF_PRESENT | PF_FETCH, [USER_CODE]),
    "reads_a_programs_memory": (PF_PRESENT, [USER_DATA, "set $eip = strlen"]),
    "writes_a_programs_memory": (PF_PRESENT | PF_WRITE,
                                 [USER_DATA, "set $ecx = 4", "set $eip = memset"]),
    "runs_its_stack": (PF_PRESENT | PF_FETCH, ["set $eip = $esp"]),
    "writes_its_code": (PF_PRESENT | PF_WRITE,
                        ["set $eax = sys_sync", "set $ecx = 4", "set $eip = memset"]),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_kernel_that(debugged, attack):
    """... is stopped by SMEP, by SMAP (twice), by NX and by CR0.WP."""
    error, lines = ATTACKS[attack]
    d = debugged(cpus=1)
    d.gdb("break *sys_sync", "continue", "python import kernel", *lines, "delete",
          while_running="sync", commands=True)
    assert d.machine.wait_end() == STATUS_PANIC
    assert re.search(rf"panic: page fault in the kernel at address \w+, error {error:x}\b",
                     d.machine.console)


def test_it_is_smap_that_stops_the_kernel(debugged):
    """Without it the same read goes through, and the call returns."""
    d = debugged(cpus=1, cpu="max,-smap")
    d.gdb("break *sys_sync", "continue", "python import kernel",
          *ATTACKS["reads_a_programs_memory"][1], "delete", while_running="sync", commands=True)
    assert d.machine.check("echo alive") == "alive\n"


# ---- translations that are gone

# Seconds, and changes by each process in the runs that can be repeated. More of both:
# make test-torture.
TORTURE_SECONDS = int(os.environ.get("GATEHOUSE_TORTURE_SECONDS", "3"))
TORTURE_ROUNDS = int(os.environ.get("GATEHOUSE_TORTURE_ROUNDS", "300"))
SHIFTS = range(8)  # of icount: each makes another interleaving


def torture(machine, environment, timeout):
    """Runs it; prints what it counted, and how many shootdowns there were."""
    said = machine.check(f"{environment} /tests/tlb_torture", timeout=timeout)
    sent = machine.check("grep nr_tlb_remote /proc/vmstat")
    print("\n" + "\n".join(line for line in said.splitlines() if line[0] == "#"), sent, sep="\n")
    assert "\n# 0 stale" in said and "\nok 1" in said
    assert int(re.search(r"nr_tlb_remote_flush (\d+)", sent)[1]) > 0


@pytest.mark.parametrize("build", ["release", "debug"])
def test_no_stale_translation_on_four_processors(machine, build):
    m = machine(cpus=4, build=build, limit=TORTURE_SECONDS + 300)
    torture(m, f"TLB_TORTURE={TORTURE_SECONDS}", TORTURE_SECONDS + 60)


@pytest.mark.parametrize("shift", SHIFTS)
def test_no_stale_translation_in_interleaving(machine, shift):
    m = machine(cpus=4, icount=shift, limit=900)
    torture(m, f"TLB_TORTURE_ROUNDS={TORTURE_ROUNDS}", 600)
