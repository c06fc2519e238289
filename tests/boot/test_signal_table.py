# SPDX-License-Identifier: MIT
"""Signal x source x disposition x blocked: what happens, line by line, as on this host's Linux."""

import os
import re
import subprocess

import pytest

from gatehouse import TIMEOUT_SCALE, TOP, build_dir, without_kernel_lines
from test_suite import REPORTS

CASE = re.compile(r"^(SIG\w+ \w+ \w+ \w+):(.*)$")
RUNS_SECONDS = 120


def cases(text):
    """{case: what happened}; the program says at its end how many there are."""
    found = dict(match.groups() for match in map(CASE.match, text.splitlines()) if match)
    count = re.search(r"^# (\d+) cases$", text, re.MULTILINE)
    assert count, f"the table did not come to its end: {text[-300:]!r}"
    assert len(found) == int(count[1]) > 1000
    return found


@pytest.fixture(scope="module")
def linux():
    directory = os.path.join(build_dir("release"), "tests/user/table")
    run = subprocess.run([os.path.join(TOP, "tests/user/run-on-host"), "-p", directory,
                          "signal_table"], capture_output=True, text=True, check=False,
                         timeout=RUNS_SECONDS * TIMEOUT_SCALE)
    if "Exec format error" in run.stderr:
        pytest.skip("this host does not run i386 programs")
    return cases(run.stdout)


@pytest.mark.parametrize("build, cpus", [("release", 1), ("debug", 2)])
def test_signals_do_what_they_do_on_linux(machine, linux, build, cpus):
    m = machine(cpus=cpus, build=build, keep_ram=True)
    text = m.check("/tests/signal_table", timeout=RUNS_SECONDS)
    ours = cases(without_kernel_lines(text))
    report = REPORTS.search(m.console)
    assert not report, f"the kernel reported {report[0]!r}"
    m.poweroff()
    assert ours.keys() == linux.keys()
    wrong = [f"{case}: Linux{linux[case]}, here{ours[case]}"
             for case in ours if ours[case] != linux[case]]
    print(f"{len(ours)} cases, {len(ours) - len(wrong)} as Linux")
    assert not wrong, "\n".join(wrong)
