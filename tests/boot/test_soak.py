# SPDX-License-Identifier: MIT
"""A mix of everything on four processors (tests/user/load/soak): for a while, and in interleavings
that are the same in each run. SOAK_SECONDS and SOAK_INTERLEAVINGS make it longer: make soak."""

import os
import re
import time

import pytest

from gatehouse import MachineError, STATUS_POWEROFF
from test_suite import REPORTS

SECONDS = int(os.environ.get("SOAK_SECONDS", "60"))
INTERLEAVINGS = int(os.environ.get("SOAK_INTERLEAVINGS", "8"))
SHIFTS = 8

# What the kernel may keep for itself after a long run: per-CPU lists, slabs partly used.
KEPT_KIB = 1024
KILL_US = 1_000_000

# For the kernel to say what each processor does.
DUMP_SECONDS = 5


def look_around(m):
    """Free memory in KiB with nothing cached, processes, open files."""
    m.check("sync; sleep 1; echo 3 >/proc/sys/vm/drop_caches")
    free = re.search(r"MemFree:\s+(\d+)", m.check("cat /proc/meminfo"))
    processes = m.check("ps -e -o pid= | wc -l")
    files = m.check("cat /proc/sys/fs/file-nr").split()[0]
    return int(free[1]), int(processes), int(files)


def wait_for_end(m, expect):
    """A machine that hangs says where: an NMI makes each processor show its state."""
    try:
        return expect()
    except MachineError:
        if m.is_running():
            m.qmp("inject-nmi")
            time.sleep(DUMP_SECONDS)
            m.child.expect(["nothing of the kind", r".*$"], timeout=DUMP_SECONDS)
        raise


def assert_clean(text):
    report = REPORTS.search(text)
    assert not report, f"the kernel reported {report[0]!r}"
    bad = re.search(r"soak: (FAILED|STUCK).*", text)
    assert not bad, bad[0]
    assert "soak: passed" in text


def slowest_end(text):
    return int(re.search(r"slowest end after SIGKILL (\d+) us", text)[1])


@pytest.mark.long
@pytest.mark.parametrize("build", ["debug", "release"] if SECONDS > 60 else ["debug"])
def test_mix_of_everything(machine, build):
    m = machine(cpus=4, mem=256, build=build, limit=SECONDS + 400)
    m.check("/tests/soak -t 3", timeout=60)
    before = look_around(m)
    seen = len(m.console)
    result = wait_for_end(m, lambda: m.run(f"/tests/soak -t {SECONDS}", timeout=SECONDS + 150))
    assert_clean(m.console[seen:])
    assert result.status == 0
    after = look_around(m)
    print(re.findall(r"soak: passed.*|soak: slowest.*", m.console[seen:]), before, after)
    assert after[0] >= before[0] - KEPT_KIB, "memory is lost"
    assert after[1:] == before[1:], "processes or files are left"
    m.poweroff()


@pytest.mark.parametrize("number", range(INTERLEAVINGS))
def test_interleaving(machine, number):
    """Each shift and seed is another order of events, which comes again with the same numbers."""
    shift, seed = number % SHIFTS, number // SHIFTS + number % SHIFTS
    m = machine(wait=False, cpus=4, build="debug", icount=shift,
                append=f"seed={seed + 1} -- -c /tests/soak -r 15 -s {seed}")
    assert wait_for_end(m, lambda: m.wait_end(timeout=120)) == STATUS_POWEROFF
    assert_clean(m.console)
    assert slowest_end(m.console) <= KILL_US
