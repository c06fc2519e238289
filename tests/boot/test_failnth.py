# SPDX-License-Identifier: MIT
"""Every system call with every allocation failing in turn (tests/user/failnth)."""

import re

from gatehouse import parse_ktap, without_kernel_lines
from test_suite import REPORTS

RUN_SECONDS = 300


def test_every_allocation_of_every_call_may_fail(machine):
    m = machine(cpus=2, build="debug", mem=64, keep_ram=True, limit=2 * RUN_SECONDS)
    result = m.run("/tests/failnth", timeout=RUN_SECONDS)
    ktap = parse_ktap(without_kernel_lines(result.output))
    print(re.findall(r"^# fail-nth: .*", result.output, re.MULTILINE))
    failed = re.findall(r"^# .*(?:lost|halves|gives|ended|no scene|free before).*", result.output,
                        re.MULTILINE)
    assert ktap.planned and not ktap.failed, "\n".join(failed)
    assert not REPORTS.search(m.console)
    m.poweroff()  # and e2fsck
