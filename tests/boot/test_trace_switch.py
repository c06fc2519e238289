# SPDX-License-Identifier: MIT
"""tools/gdb/trace-switch, which make trace-switch runs: what its columns say must agree with each
other."""

import os
import re
import subprocess

import pytest

from gatehouse import TIMEOUT_SCALE, TOP

FRAME_BYTES = 68  # struct trapframe
EIP_IN_FRAME = 48
STACK_BYTES = 8192
COUNT = re.compile(r"^ *(\d+) \|", re.MULTILINE)


def run(*parameters, **environment):
    return subprocess.run(["tools/gdb/trace-switch", "build", *parameters], cwd=TOP, check=False,
                          env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60 * TIMEOUT_SCALE)


def trace():
    result = run()
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def text():
    return trace()


def columns(text):
    """The three columns, each as one text with single blanks."""
    rows = [line.split("|")[1:] for line in text.splitlines() if line.count("|") == 3]
    return [" ".join(" ".join(row[i] for row in rows).split()) for i in range(3)]


def number(pattern, text):
    found = re.search(pattern, text)
    assert found, (pattern, text)
    return int(found[1], 16)


def words(pattern, text):
    """The five words of a frame that the CPU pushes or pops, by name."""
    part = re.search(pattern + r" (ss .*? eip \w{8}|eip .*? ss \w{8})", text)[1]
    return {name: int(value, 16)
            for name, value in re.findall(r"(eip|cs|eflags|esp|ss) (\w{8})", part)}


def test_processor_pushes_where_the_program_was_onto_the_stack_of_the_tss(text):
    hardware, system, program = columns(text)
    pushed = words("pushes", hardware)
    assert pushed["cs"] & 3 == 3
    assert pushed["eip"] == number(r"eip (\w+)", program)
    assert pushed["esp"] == number(r"esp (\w+)", program)
    esp0, esp = number(r"esp0 is (\w+)", hardware), number(r"esp is now (\w+)", hardware)
    assert esp == esp0 - 4 * len(pushed)
    frame = number(r"trap frame at (\w+)", system)
    assert frame + EIP_IN_FRAME == esp and frame + FRAME_BYTES == esp0


def test_policy_takes_the_first_of_the_ready_queue(text):
    _, system, _ = columns(text)
    old, queue, picked = re.search(
        r"(\S+) joins the ready queue: (.*?) the policy picks (\S+)", system).groups()
    assert queue.split()[0] == picked != old
    assert queue.split()[-1] == old


def test_page_table_and_kernel_stack_are_those_of_the_chosen(text):
    hardware, system, _ = columns(text)
    before, after = re.search(r"cr3 (\w+) -> (\w+)", hardware).groups()
    assert int(after, 16) == number(r"its page table is (\w+)", system)
    assert before != after
    old_esp0, esp0 = re.search(r"esp0 (\w+) -> (\w+)", system).groups()
    assert int(old_esp0, 16) == number(r"esp0 is (\w+)", hardware)
    assert number(r"pops the frame at (\w+)", system) + FRAME_BYTES == int(esp0, 16)
    assert number(r"esp (\w+) saved", system) // STACK_BYTES == int(old_esp0, 16) // STACK_BYTES
    assert number(r"esp (\w+) loaded", system) // STACK_BYTES == int(esp0, 16) // STACK_BYTES


def test_iret_lands_at_the_frames_eip_in_ring_3(text):
    hardware, _, program = columns(text)
    popped = words("iret pops", hardware)
    landed = re.findall(r"(\S+) in ring 3 eip (\w+) \S+ esp (\w+)", program)
    assert popped["cs"] & 3 == 3
    assert popped["eip"] == int(landed[1][1], 16)
    assert popped["esp"] == int(landed[1][2], 16)
    assert landed[0][0] != landed[1][0]


def test_the_stack_pointer_saved_is_the_one_later_restored(text):
    _, system, program = columns(text)
    assert number(r"later .* esp (\w+) loaded", system) == number(r"esp (\w+) saved", system)
    first = re.search(r"(\S+) in ring 3 (eip .*? esp \w+)", program).groups()
    assert re.search(r"(\S+) goes on (eip .*? esp \w+)", program).groups() == first


def test_instructions_of_the_steps_add_up_and_a_second_run_counts_the_same(text):
    counts = [int(n) for n in COUNT.findall(text)]
    total = int(re.search(r"^ *(\d+) instructions from", text, re.MULTILINE)[1])
    assert sum(counts) == total
    assert 200 < total < 3000
    assert [int(n) for n in COUNT.findall(trace())] == counts


def test_fits_a_hundred_columns(text):
    assert max(map(len, text.splitlines())) <= 100


def test_says_so_when_the_policy_never_switches():
    said = run("sched=coop")
    assert "No switch between programs" in said.stderr
    assert said.stdout.count("|") == 0


def test_says_so_when_the_machine_cannot_start():
    result = run(CPU="no-such-processor")
    assert result.returncode != 0
    assert "did not start" in result.stderr and "no-such-processor" in result.stderr
