# SPDX-License-Identifier: MIT
"""Programs that do what a program must not: each dies with Linux's status, nothing else does.

What Linux does stands at the head of each program: "Linux: SIGSEGV", "Linux: exit status 0"; or
what UMIP makes of it: "UMIP: SIGSEGV".
"""

import pathlib
import re
import signal

import pytest

from gatehouse import KERNEL_LINE, TOP

HOSTILE = pathlib.Path(TOP, "tests/user/hostile")
ENDING = re.compile(r"(?:Linux|UMIP): (?:(SIG[A-Z]+)|exit status (\d+)|EFAULT for each)")

# QEMU's TCG checks neither alignment nor the use of a null selector, so the program lives on.
NOT_IN_TCG = {"set_ac", "null_selector", "null_data_selector"}


def expected_status(source):
    """What the shell must report, None for a program that does not end by itself."""
    head = " ".join(source.read_text(encoding="utf-8").split("#include")[0].split())
    match = ENDING.search(head)
    if not match:
        return None
    if match[1]:
        return 128 + getattr(signal, match[1])
    return int(match[2] or 0)


ENDINGS = {source.stem: status for source in sorted(HOSTILE.glob("*.c"))
           if (status := expected_status(source)) is not None}


def test_nearly_every_program_says_how_it_ends():
    assert len(ENDINGS) >= len(list(HOSTILE.glob("*.c"))) - 1 > 20


@pytest.mark.xdist_group("faults")
@pytest.mark.parametrize("cpus", [1, 2])
@pytest.mark.parametrize("name", ENDINGS)
def test_ends_as_on_linux_and_the_shell_goes_on(shared_machine, name, cpus):
    m = shared_machine.get(cpus=cpus)
    result = m.run(f"/tests/{name}", timeout=60)
    # There, it is enough that the machine takes no harm.
    if name not in NOT_IN_TCG:
        assert result.status == ENDINGS[name], result.output
    assert m.check("echo alive | cat") == "alive\n"
    m.suspect = False


@pytest.mark.parametrize("cpu", ["qemu32", "max"])
def test_fault_is_reported_in_one_line_with_program_and_address(machine, cpu):
    m = machine(cpu=cpu)
    output = m.run("/tests/null_deref").output
    lines = [line for line in output.splitlines() if KERNEL_LINE.match(line)]
    assert len(lines) == 1, output
    assert "null_deref" in lines[0] and re.search(r"0x?0*[0-9a-f]+", lines[0])


@pytest.mark.parametrize("cpus", [1, 4])
def test_all_at_once_leave_a_clean_machine(machine, cpus):
    m = machine(cpus=cpus, keep_ram=True)
    for name, status in ENDINGS.items():
        if status > 128 and name != "stack_overflow":
            m.run(f"/tests/{name} 2>/dev/null &")
    m.run("wait", timeout=60)
    assert m.check("echo alive").endswith("alive\n")
    m.poweroff()
