# SPDX-License-Identifier: MIT
"""Two processors do twice as much as one: a mix of processes on the first alone, then on both.

By the wall, which is only right with two cores of this host for us: so this test runs with nothing
beside it (make test-boot), and is skipped if others use them. And by the machine's own clock under
-icount, which is the same everywhere. It counts the instructions of both processors, so a moment in
which both worked passes twice: what the kernel knows of their work says how long that was."""

import re
import statistics
import subprocess
import sys

import pytest

PAIRS = 5
LEAST = 1.8
ATTEMPTS = 3
SHIFT = 5  # 32 ns for an instruction: turns of QEMU, a tick long, are short beside the work

# What two processes on this host do, of what one alone does, if both have a core.
TWO_CORES = 1.9
COUNT = """import time
end, n = time.monotonic() + 0.5, 0
while time.monotonic() < end:
    n += 1
print(n)"""


def times(m, command):
    """Milliseconds it took, and those that both processors worked together."""
    found = re.search(r"speedup: (\d+) ms, (\d+) ms busy", m.check(command, timeout=120))
    return int(found[1]), int(found[2])


def by_the_wall(m, command):
    return times(m, command)[0]


def as_if_at_once(m, command):
    """On one core, in turns, a moment in which one works passes once and one in which both do
    twice, and twice both are busy with it: so beyond the clock's, each is there two times."""
    clock, busy = times(m, command)
    return clock - (busy - clock) / 2


def host_scaling():
    """How many cores' work two processes get done here and now."""
    def count(processes):
        running = [subprocess.Popen([sys.executable, "-c", COUNT], stdout=subprocess.PIPE)
                   for _ in range(processes)]
        return sum(int(one.communicate()[0]) for one in running)
    return count(2) / count(1)


def measure(m, time, command):
    """The median of PAIRS ratios."""
    ratios = [time(m, f"{command} -p") / time(m, command) for _ in range(PAIRS)]
    print(f"{statistics.median(ratios):.2f} of {sorted(round(r, 2) for r in ratios)}")
    return statistics.median(ratios)


@pytest.mark.alone
def test_two_processors_are_almost_twice_as_fast(machine):
    m = machine(cpus=2)
    by_the_wall(m, "/tests/speedup")
    cores = []
    while len(cores) < ATTEMPTS and measure(m, by_the_wall, "/tests/speedup") < LEAST:
        cores.append(host_scaling())
        print(f"two processes of this host do the work of {cores[-1]:.2f}")
    m.poweroff()
    if len(cores) == ATTEMPTS and min(cores) < TWO_CORES:
        pytest.skip(f"others use this host: two processes do the work of {min(cores):.2f}")
    assert len(cores) < ATTEMPTS, "the second processor is not worth it"


def test_no_processor_idles_or_repeats_work(machine):
    m = machine(cpus=2, icount=SHIFT)
    assert measure(m, as_if_at_once, "/tests/speedup -n 24") >= LEAST
    m.poweroff()
