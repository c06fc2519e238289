# SPDX-License-Identifier: MIT
"""A static program linked with musl, which was never told of Gatehouse."""

import os

import pytest

from gatehouse import build_dir, without_kernel_lines

EXPECTED = """\
/tests/forkpipe 3 red
child 0 said from a child
signal 11
file 3456 10 640
memory good
slept
"""


@pytest.mark.parametrize("cpus", [1, 2])
@pytest.mark.skipif(not os.path.exists(os.path.join(build_dir("release"), "root-musl.img")),
                    reason="`make deps` found no musl to fetch")
def test_musl_program_runs_unmodified(machine, cpus):
    m = machine(image="root-musl.img", cpus=cpus)
    result = m.run("COLOUR=red /tests/forkpipe a b")
    assert without_kernel_lines(result.output) == EXPECTED
    assert result.status == 7
    m.poweroff()
