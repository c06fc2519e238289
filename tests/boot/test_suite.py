# SPDX-License-Identifier: MIT
"""Every KTAP program of tests/user, and the kernel's own tests, on each kind of machine."""

import os
import re

import pytest

from gatehouse import TOP, parse_ktap, without_kernel_lines

CONFIGS = [(build, cpus) for build in ("release", "debug") for cpus in (1, 2, 4, 8)]

# With 8 processors those that many processors matter to, and only once: GATEHOUSE_FULL=1 runs all.
MANY = {"fork_wait", "pipes", "poll", "process_stress", "procfs_storm", "sched", "signals",
        "threads", "tree_stress"}
FULL = os.environ.get("GATEHOUSE_FULL") == "1"

# Time limits: a program, all programs on one machine.
PROGRAM_SECONDS = 90
GROUP_SECONDS = 1200

# What the checks of a debug kernel, or any kernel in distress, begin a line with.
REPORTS = re.compile(r"^(panic:|ubsan:|lock rank|assertion failed).*", re.MULTILINE | re.I)


def programs():
    """The tests of tests/user/files.mk; names with a slash are parts of other tests."""
    path = os.path.join(TOP, "tests/user/files.mk")
    if not os.path.exists(path):
        return []
    names = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            match = re.match(r"user-test \+= (\S+)", line)
            if match and "/" not in match[1]:
                names.append(match[1])
    return names


def assert_all_passed(text, name):
    ktap = parse_ktap(text)
    assert ktap.planned, f"{name} printed no plan"
    assert not ktap.failed, f"{name}: {len(ktap.failed)} failed: {ktap.failed}"


def in_groups():
    for build, cpus in CONFIGS:
        for name in programs():
            if cpus == 8 and not FULL and (build == "release" or name not in MANY):
                continue
            yield pytest.param(build, cpus, name, id=f"{build}-{cpus}cpu-{name}",
                               marks=pytest.mark.xdist_group(f"suite-{build}-{cpus}"))


@pytest.mark.parametrize("build, cpus, name", in_groups())
def test_program(shared_machine, build, cpus, name):
    m = shared_machine.get(build=build, cpus=cpus, limit=GROUP_SECONDS)
    seen = len(m.console)
    result = m.run(f"/tests/{name}", timeout=PROGRAM_SECONDS)
    assert_all_passed(without_kernel_lines(result.output), name)
    assert result.status == 0
    report = REPORTS.search(m.console[seen:])
    assert not report, f"the kernel reported {report[0]!r}"
    m.suspect = False


@pytest.mark.parametrize("build, cpus", CONFIGS)
def test_kernel_selftest(machine, build, cpus):
    m = machine(wait=False, build=build, cpus=cpus, append="selftest")
    # Diagnostics of a test begin as the prompt does: wait for the last of them first.
    m.expect(r"\n# kernel tests: .*\n", timeout=150 if cpus < 8 else 300)
    m.wait_shell()
    assert_all_passed(m.console.replace("\r", ""), "selftest")
    m.poweroff()
