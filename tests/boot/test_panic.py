# SPDX-License-Identifier: MIT
"""What the kernel says when it is wrong. It never is in these tests: gdb makes it so, by
changing a register in the middle of a system call."""

import pytest

from gatehouse import STATUS_PANIC


@pytest.mark.parametrize("cpus", [1, 2])
def test_kernel_stack_overflow_ends_in_a_readable_panic(debugged, cpus):
    d = debugged(cpus=cpus)
    d.gdb("break sys_sync", "continue", "set $esp = ((unsigned)$esp & ~0x1fff) + 4", "delete",
          while_running="sync")
    assert d.machine.wait_end() == STATUS_PANIC
    assert "panic: kernel stack overflow" in d.machine.console
    assert "\"sync\"" in d.machine.console
    assert "sys_sync" in d.machine.console


def test_fault_in_ring_0_shows_registers_process_and_callers(debugged):
    d = debugged(cpus=1)
    d.gdb("break sys_sync", "continue", "finish", "set $eip = 0x10", "delete",
          while_running="sync")
    console = d.machine.wait_end() == STATUS_PANIC and d.machine.console
    assert "page fault in the kernel at address 00000010" in console
    assert "eip 00000010" in console
    assert "\"sync\"" in console


def test_panic_stops_the_other_processors_and_says_where_they_were(debugged):
    d = debugged(cpus=4)
    d.gdb("break sys_sync", "continue", "set $eip = 0x10", "delete", while_running="sync")
    assert d.machine.wait_end() == STATUS_PANIC
    assert d.machine.console.count("nmi: state of cpu") == 3
    assert d.machine.console.count("sched_idle") >= 3


def test_panic_waits_for_the_others_after_an_earlier_dump(debugged):
    """Those that answered the first NMI must not count for the one of the panic."""
    d = debugged(cpus=4)
    d.machine.show_processors()
    d.gdb("break sys_sync", "continue", "set $eip = 0x10", "delete", while_running="sync")
    assert d.machine.wait_end() == STATUS_PANIC
    assert d.machine.console.count("nmi: state of cpu") == 4 + 3


def test_panic_names_the_locks_held(debugged):
    d = debugged(cpus=1, build="debug")
    d.gdb("break sys_sync", "continue", "break mutex_unlock", "continue", "set $eip = 0x10",
          "delete", while_running="sync")
    assert d.machine.wait_end() == STATUS_PANIC
    assert " holds " in d.machine.console


def test_panic_parameter_resets_the_machine_after_a_while(machine):
    m = machine(wait=False, append="panic=1 root=/dev/nothing")
    assert m.wait_end() == 0
    assert "panic: " in m.console


def test_nmi_shows_every_processor_and_the_system_goes_on(machine):
    m = machine(cpus=2)
    m.show_processors()
    assert m.check("echo alive") == "alive\n"
    for cpu in range(2):
        assert f"state of cpu {cpu}" in m.console


def test_nmi_between_gate_and_save_leaves_the_programs_segments_alone(debugged):
    """The handler loads the kernel's ds and es: the system call it interrupted must still
    save the program's. Saved ds and es lie above return address, arguments, registers."""
    d = debugged(cpus=1)
    said = d.gdb("break *syscall_entry if $eax == 36", "continue", "monitor nmi",
                 "break *sys_sync", "continue", "set $saved = (int *)$esp + 1 + 6",
                 'printf "saved ds %x es %x\\n", $saved[7], $saved[8]',
                 "delete", while_running="sync")
    d.machine.expect("nmi: state of cpu 0")
    assert "saved ds 7b es 7b" in said
