# SPDX-License-Identifier: MIT
"""Programs with POSIX threads, unmodified: one source built with musl, with glibc and with our
own library, run again and again on four CPUs, always with the output that our Linux gives."""

import os
import subprocess

import pytest

from gatehouse import TOP, build_dir, without_kernel_lines

# `make test-threads` asks for 100.
RUNS = int(os.environ.get("GATEHOUSE_THREAD_RUNS", "3"))
IMAGE = "root-musl.img"
PROGRAMS = {
    "pthreads": "tests/user/pthreads/pthreads",
    "pthreads-musl": "tests/musl/pthreads-musl",
    "pthreads-glibc": "tests/glibc/pthreads-glibc",
}


def on_linux(path):
    return subprocess.run([path], check=True, capture_output=True, text=True, timeout=60).stdout


@pytest.mark.parametrize("build, cpus", [("release", 4), ("debug", 2)])
@pytest.mark.parametrize("name", PROGRAMS)
def test_thread_programs_do_as_on_linux(shared_machine, build, cpus, name):
    path = os.path.join(build_dir("release"), PROGRAMS[name])
    if not os.path.exists(os.path.join(build_dir("release"), IMAGE)) or not os.path.exists(path):
        pytest.skip("`make deps` found no such library")
    m = shared_machine.get(build=build, cpus=cpus, limit=300 + 30 * RUNS,
                           image=os.path.join(TOP, "build", IMAGE))
    wanted = on_linux(path)
    result = m.run(f"/tests/{name}", timeout=60)
    assert without_kernel_lines(result.output) == wanted
    assert result.status == 0
    again = m.run(f"/tests/{name} >/tmp/first; for i in $(seq {RUNS - 1}); do /tests/{name} "
                  ">/tmp/next || echo run $i fails; cmp /tmp/first /tmp/next; done",
                  timeout=20 * RUNS)
    assert without_kernel_lines(again.output) == ""
    m.suspect = False


def test_shared_shows_what_threads_share(shared_machine):
    m = shared_machine.get(build="release", cpus=4,
                           image=os.path.join(TOP, "build", "root.img"))
    rows = [line.split()[-7:] for line in m.check("shared").splitlines()[1:]]
    m.suspect = False
    pids, tids, addresses, values = ([row[i] for row in rows] for i in range(4))
    assert len(set(addresses)) == 1
    assert values == ["1", "2", "1", "3", "3"]
    assert pids[1] != pids[0] and pids[3] == pids[0] and tids[3] != tids[0]
    assert rows[3][4] != rows[0][4] and [row[5] for row in rows] == ["1", "2", "1", "3", "1"]
