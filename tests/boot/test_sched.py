# SPDX-License-Identifier: MIT
"""Endless loops, and who gets the processor."""

import pexpect

from gatehouse import PROMPT, TIMEOUT_SCALE


def test_two_endless_loops_share_one_cpu_with_the_shell(machine):
    m = machine(cpus=1)
    m.run("/tests/spin &")
    m.run("/tests/spin &")
    for word in ("one", "two", "three"):
        assert m.check(f"echo {word} | cat", timeout=30).endswith(f"{word}\n")
    m.poweroff()


def test_slice_can_be_chosen(machine):
    m = machine(cpus=1, append="slice=1")
    m.run("/tests/spin &")
    m.check("ls / | wc -l", timeout=30)
    m.poweroff()


def test_shell_starves_under_the_cooperative_policy(machine):
    m = machine(cpus=1, append="sched=coop")
    assert m.check("echo before") == "before\n"
    m.send("/tests/spin &\n")
    m.send("echo aft''er\n")
    try:
        m.child.expect("after", timeout=4 * TIMEOUT_SCALE)
    except pexpect.TIMEOUT:
        return
    m.fail("the shell ran beside an endless loop")


def test_cooperative_policy_runs_programs_that_block(machine):
    m = machine(cpus=1, append="sched=coop")
    assert m.check("seq 100 | cat | wc -l") == "100\n"
    m.check("sleep 1")
    m.poweroff()


def test_four_loops_on_four_processors_leave_the_shell_alive(machine):
    m = machine(cpus=4)
    for _ in range(4):
        m.run("/tests/spin &")
    assert m.check("echo alive", timeout=30).endswith("alive\n")
    m.send("poweroff\n")
    m.wait_end(60)


def test_prompt_is_there(machine):
    assert machine().console.endswith(PROMPT)
