# SPDX-License-Identifier: MIT
"""Many processors, as a person at the shell sees them."""

import re
import time

USER_HZ = 100
MANY = 16
TIMED_OUT = 124  # timeout(1)


def interrupts(m):
    """{line: [count of each processor]} of /proc/interrupts, after the line of names."""
    lines = m.check("cat /proc/interrupts").splitlines()
    names = lines[0].split()
    assert names == [f"CPU{i}" for i in range(len(names))]
    table = {}
    for line in lines[1:]:
        name, rest = line.split(":", 1)
        table[name.strip()] = [int(field) for field in rest.split()[:len(names)]]
    return table


def cpu_times(m):
    """[[user, nice, system, idle, iowait, irq, softirq, ...] of each processor]."""
    return [[int(field) for field in line.split()[1:]]
            for line in m.check("cat /proc/stat").splitlines() if re.match(r"cpu\d", line)]


def uptime(m):
    return float(m.check("cat /proc/uptime").split()[0]) * USER_HZ


def test_sixteen_processors_work(machine):
    m = machine(cpus=MANY)
    assert m.check("nproc") == f"{MANY}\n"
    for cpu in (0, 7, MANY - 1):
        m.check(f"taskset -c {cpu} ls / | wc -l", timeout=60)
    assert m.check("taskset -c 3,9-11 nproc") == "4\n"
    assert len(interrupts(m)["LOC"]) == MANY
    assert len(cpu_times(m)) == MANY
    m.poweroff()


def test_interrupts_are_counted_for_each_processor(machine):
    m = machine(cpus=4)
    before = interrupts(m)
    m.check("taskset -c 2 /tests/speedup", timeout=60)
    after = interrupts(m)
    ticks = [late - early for early, late in zip(before["LOC"], after["LOC"])]
    assert ticks[2] >= 10 and ticks[2] == max(ticks), ticks
    assert after["E14"][2] - before["E14"][2] > 1000, "page faults"
    assert sum(after["RES"]) > sum(before["RES"]), "work was sent to processor 2"
    m.show_processors()
    assert interrupts(m)["NMI"] == [1] * 4
    m.poweroff()


def test_time_of_each_processor_adds_up(machine):
    m = machine(cpus=4)
    assert m.run("taskset -c 1 nice timeout 1 /tests/spin").status == TIMED_OUT
    before, begin = cpu_times(m), uptime(m)
    m.check("sleep 1; taskset -c 2 /tests/speedup", timeout=60)
    end, times = uptime(m), cpu_times(m)
    for cpu, columns in enumerate(times):
        passed = sum(columns) - sum(before[cpu])
        # Rounded down in each column; the clock was read between the two pictures.
        assert passed >= end - begin - len(columns), (cpu, before, times, begin, end)
    nice = [columns[1] for columns in times]
    assert nice[1] > 5 and nice[1] == max(nice), times
    m.poweroff()


def test_idle_processors_are_left_alone(machine):
    """A program that computes on one processor makes no other one do anything."""
    m = machine(cpus=4)
    m.run("taskset -c 1 /tests/spin &")
    m.check("taskset -p -c 0 $$")
    time.sleep(1)
    before = interrupts(m)
    m.check("sleep 2")
    after = interrupts(m)
    for cpu in (2, 3):
        woken = sum(after[name][cpu] - before[name][cpu] for name in ("LOC", "RES", "TLB")
                    if name in after and name in before)
        assert woken < 10, (cpu, before, after)
    m.send("poweroff\n")
    m.wait_end(60)
