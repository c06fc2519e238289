# SPDX-License-Identifier: MIT
"""The hostile sweep: every system call with hostile values, judged by this host's Linux, which
runs the same program. Differences must stand in tests/user/sweep/differences, with a reason."""

import fnmatch
import os
import re
import subprocess
import tempfile

import pytest

from gatehouse import TIMEOUT_SCALE, TOP, build_dir, parse_ktap, without_kernel_lines
from test_suite import REPORTS

DIFFERENCES = os.path.join(TOP, "tests/user/sweep/differences")
CASE = re.compile(r"^([a-z_]\S*) (\S.*)$")
BLOCKED_MS = 2000
UNJUDGED_MS = 100
RUNS_SECONDS = 300


class Listed:
    """One line of the file of differences."""

    def __init__(self, number, words):
        self.depends = words[0] == "~"
        self.number = number
        self.pattern, self.linux, self.ours = words[self.depends:]
        self.used = False

    def excuses(self, case, linux, ours):
        match = (fnmatch.fnmatchcase(case, self.pattern) and self.ours == ours
                 and (self.depends or self.linux == linux))
        self.used |= match
        return match


def read_differences():
    with open(DIFFERENCES, encoding="ascii") as file:
        lines = [line.split() for line in file]
    return [Listed(number, words) for number, words in enumerate(lines, 1)
            if words and words[0] != "#"]


def answers(text):
    """The cases of a sweep's output, which must say at its end how many there are."""
    found = dict(match.groups() for match in map(CASE.match, text.splitlines()) if match)
    count = re.search(r"^# (\d+) cases$", text, re.MULTILINE)
    assert count, f"the sweep did not come to its end: {text[-300:]!r}"
    assert len(found) == int(count[1]), "some lines of the sweep are not cases"
    return found


def limit_ms():
    """After this a call that did not come back counts as one that blocks."""
    return int(BLOCKED_MS * TIMEOUT_SCALE)


class Judge:
    """This host's Linux, which runs the program while Gatehouse does."""

    def __init__(self):
        directory = os.path.join(build_dir("release"), "tests/user/sweep")
        self.files = [tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")]
        self.process = subprocess.Popen(
            [os.path.join(TOP, "tests/user/run-on-host"), "-t", str(RUNS_SECONDS * TIMEOUT_SCALE),
             "-p", directory, f"sweep {limit_ms()}"],
            stdout=self.files[0], stderr=self.files[1])

    def answers(self):
        """What it says; skips where it cannot run the program."""
        self.process.wait(RUNS_SECONDS * TIMEOUT_SCALE)
        output, errors = [file.seek(0) or file.read() for file in self.files]
        if "Exec format error" in errors:
            pytest.skip("this host does not run i386 programs")
        return answers(output)


def assert_no_reports(machine):
    report = REPORTS.search(machine.console)
    assert not report, f"the kernel reported {report[0]!r}"


@pytest.mark.long
def test_sweep_answers_as_linux_does(machine):
    judge = Judge()
    m = machine(cpus=2, build="debug", keep_ram=True)
    text = m.check(f"/tests/sweep {limit_ms()}", timeout=RUNS_SECONDS)
    ours = answers(without_kernel_lines(text))
    assert_no_reports(m)
    m.poweroff()
    linux = judge.answers()
    assert ours.keys() == linux.keys()
    listed = read_differences()
    different = [case for case in ours if ours[case] != linux[case]]
    wrong = [f"{case}: Linux {linux[case]}, here {ours[case]}" for case in different
             if not any(line.excuses(case, linux[case], ours[case]) for line in listed)]
    print(f"{len(ours)} cases, {len(ours) - len(different)} as Linux, "
          f"{len(different) - len(wrong)} different with reason, {len(wrong)} wrong, panics 0")
    assert not wrong, "\n".join(wrong)
    stale = [line for line in listed if not line.used and not line.depends]
    assert not stale, f"no longer different: lines {[line.number for line in stale]}"


@pytest.mark.long
def test_sweep_by_root_leaks_nothing(machine):
    """Root is refused less. What it does has no judge, but must end well, and leave no memory
    and no process behind."""
    m = machine(cpus=2, build="debug", keep_ram=True)
    text = m.check(f"/tests/leaks 'sweep root {UNJUDGED_MS}'", timeout=RUNS_SECONDS)
    print(text)
    assert len(parse_ktap(text).passed) == 1
    assert_no_reports(m)
    m.poweroff()
