# SPDX-License-Identifier: MIT
"""The machine comes up, whatever it is made of, and goes down again."""

import os
import re
import time

import pytest

from gatehouse import PROMPT, STATUS_PANIC, STATUS_RESET, TOP

BUILDS = ["release", "debug"]


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("cpus", [1, 2, 4])
def test_boots_and_powers_off_with_a_clean_disk(machine, cpus, build):
    m = machine(cpus=cpus, build=build, keep_ram=True)
    assert m.check("echo up") == "up\n"
    m.poweroff()


@pytest.mark.parametrize("cpus", [1, 2, 4])
def test_every_processor_is_started(machine, cpus):
    m = machine(cpus=cpus)
    assert f"{cpus} CPU" in m.console
    assert "did not start" not in m.console


@pytest.mark.parametrize("build", BUILDS)
def test_16_mib_are_enough(machine, build):
    m = machine(mem=16, image="root-min.img", build=build)
    assert m.check("ls -l / | wc -l").strip().isdigit()
    m.poweroff()


@pytest.mark.parametrize("mem", [512, 1024])
def test_boots_with_much_memory(machine, mem):
    machine(mem=mem, cpus=2).poweroff()


# Without NX (qemu32), without SMEP, SMAP, UMIP too, and with all that QEMU has.
@pytest.mark.parametrize("cpu", ["qemu32", "pentium3", "coreduo", "Haswell", "max"])
def test_boots_on_processor(machine, cpu):
    m = machine(cpu=cpu)
    m.check("ls / | wc -l")
    m.poweroff()


def test_says_when_there_is_no_nx(machine):
    m = machine(cpu="qemu32")
    assert "NX" in m.console


def test_stops_with_the_reason_where_there_is_no_pae(machine):
    m = machine(wait=False, cpu="qemu32,-pae")
    m.expect("PAE")


@pytest.mark.parametrize("options", [
    {"append": "noapic"},
    {"append": "noapic", "cpus": 2},
    {"cpu": "max,-apic"},
    {"machine": "pc,acpi=off"},
    {"machine": "isapc", "cpu": "qemu32"},
    {"machine": "q35", "cpus": 2},
], ids=lambda o: " ".join(f"{k}={v}" for k, v in o.items()))
def test_boots_on_a_plainer_machine(machine, options):
    m = machine(**options)
    # The tick must come from somewhere: sleep needs it.
    m.check("sleep 1", timeout=10)
    m.poweroff()


def test_reboot_resets_the_machine(machine):
    m = machine()
    m.send("reboot\n")
    assert m.wait_end() == STATUS_RESET


def test_unknown_parameter_is_reported(machine):
    m = machine(append="frobnicate=7")
    assert m.console.count("frobnicate") >= 1


def test_panics_without_a_root_file_system(machine):
    m = machine(wait=False, append="root=/dev/nothing")
    assert m.wait_end() == STATUS_PANIC
    assert "/dev/nothing" in m.console


def test_panics_when_init_is_missing(machine):
    m = machine(wait=False, append="init=/no/such/program")
    assert m.wait_end() == STATUS_PANIC
    assert "/no/such/program" in m.console


def test_panic_shows_a_backtrace_with_names_and_lines(machine):
    m = machine(wait=False, append="root=/dev/nothing")
    m.wait_end()
    frames = re.findall(r"at [0-9a-f]{8} \w+\+\d+ \((\S+):\d+\)", m.console)
    assert len(frames) >= 3
    assert all(os.path.isfile(os.path.join(TOP, path)) for path in frames)


@pytest.mark.parametrize("cpus", (1, 8))
def test_an_idle_machine_uses_almost_no_time(machine, cpus):
    m = machine(cpus=cpus)
    m.check("true")
    time.sleep(1)
    before, begin = m.cpu_seconds(), time.monotonic()
    time.sleep(6)
    used, elapsed = m.cpu_seconds() - before, time.monotonic() - begin
    assert used / elapsed < 0.05


def test_init_starts_another_shell_when_one_ends(machine):
    m = machine()
    m.send("exit\n")
    m.expect(rf"\n{PROMPT}")
    assert m.check("echo again") == "again\n"


def test_runs_are_repeatable_under_icount(machine):
    first, second = (machine(cpus=2, icount=0) for _ in range(2))
    for m in (first, second):
        m.check("ls -l / | sort | wc -l")
        m.poweroff()
    # What is typed arrives in host time: only the part before the prompt must be the same.
    boot = [m.console.split(PROMPT)[0] for m in (first, second)]
    assert boot[0] == boot[1]
