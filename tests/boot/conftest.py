# SPDX-License-Identifier: MIT
"""Fixtures of the boot tests, and the console of a failing one in its report."""

import os

import pytest

from debugged import Debugged
from gatehouse import Machine, TIMEOUT_SCALE, require_qemu


def pytest_sessionstart():
    require_qemu()


def pytest_collection_modifyitems(items):
    """Long ones first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_report_header():
    return f"time limits x {TIMEOUT_SCALE:.1f} (GATEHOUSE_TIMEOUT_SCALE)"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        for machine in Machine.live:
            report.sections.append((f"console of {' '.join(machine.command)}", machine.tail()))


@pytest.fixture
def machine():
    """Makes machines that end with the test: machine(cpus=2, ...) waits for the shell."""
    made = []

    def make(wait=True, **options):
        made.append(Machine(**options))
        if wait:
            made[-1].wait_shell()
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def debugged(machine):
    """Makes machines that gdb can look into (debugged.py)."""
    made = []

    def make(**options):
        made.append(Debugged(machine, **options))
        return made[-1]

    yield make
    for one in made:
        if os.path.exists(one.path()):
            os.unlink(one.path())


class SharedMachine:
    """One machine for many tests, started again when a test lost it."""

    def __init__(self):
        self.options, self.machine = None, None

    def get(self, **options):
        usable = self.machine and self.machine.is_running() and not self.machine.suspect
        if not usable or options != self.options:
            self.close()
            self.options, self.machine = options, Machine(**options)
            self.machine.suspect = True
            self.machine.wait_shell()
        # Until the test says all is well, the next one does not trust this machine.
        self.machine.suspect = True
        return self.machine

    def close(self):
        if self.machine:
            self.machine.close()
            self.machine = None


@pytest.fixture(scope="session")
def shared_machine():
    shared = SharedMachine()
    yield shared
    shared.close()
