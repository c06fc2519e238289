# SPDX-License-Identifier: MIT
"""Instruction counts: under -icount shift=0 an instruction is a tick of the TSC."""

import re

import pytest

pytestmark = pytest.mark.xdist_group("bench")

# Limits of issues 2 and 3; beside them what Linux 6.1 took.
LIMITS = {
    "getpid": 150,  # 338
    "pipe-pingpong": 3_500,  # 12,845
    "fork-wait": 50_000,  # 114,639
    "fork-exec-wait": 110_000,  # 337,534
    "pipe-kib": 1_100,  # 3,063
    "page-touch": 1_600,  # 4,078
    "fork-4mib": 80_000,  # 563,290
    "fork-4mib-touch": 2_200_000,  # 7,900,000
    "read-4k": 1_600,  # 3,447
    "write-4k": 3_000,  # 6,658
    "open-close": 2_500,  # 10,289
    "create-unlink": 20_000,  # 42,534 on tmpfs
    "stat": 2_000,  # 7,974
}

BOOT_LIMIT = 1_000_000_000


@pytest.mark.parametrize("name", LIMITS)
def test_operation_takes_few_instructions(shared_machine, name):
    m = shared_machine.get(cpus=1, icount=0)
    output = m.check(f"bench {name}", timeout=120)
    match = re.search(rf"bench: {re.escape(name)} (\d+)", output)
    assert match, output
    print(f"{name}: {match[1]} of {LIMITS[name]}")
    m.suspect = False
    assert int(match[1]) <= LIMITS[name]


def test_boot_takes_few_instructions(machine):
    """The TSC counts from the reset, and so the BIOS too. The kernel's command line starts the
    program: while the machine waits for a person, its clock jumps from tick to tick."""
    m = machine(cpus=1, icount=0, append="-- -c bench tsc", wait=False)
    match = m.expect(r"bench: tsc (\d+)\r*\n", timeout=60)
    print(f"{match[1]} of {BOOT_LIMIT}")
    assert int(match[1]) <= BOOT_LIMIT
