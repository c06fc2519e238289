# SPDX-License-Identifier: MIT
"""Debian's busybox and bash, unmodified: what they print and return here and on this Linux.

Each case of apps/*.txt is a script. All of a file run in one boot and in one run on this host, both
by apps/run-cases, as the same user, with the same programs.
"""

import functools
import os
import re
import subprocess

import pytest

from gatehouse import Machine, TIMEOUT_SCALE, TOP, build_dir

APPS = os.path.join(TOP, "tests/boot/apps")
IMAGE = "root-apps.img"

pytestmark = [
    pytest.mark.skipif(not os.path.exists(os.path.join(build_dir("release"), IMAGE)),
                       reason="`make deps` could not fetch busybox-static and bash-static"),
    pytest.mark.xdist_group("apps")]

# What runs the cases of a file.
SHELLS = {"applets": "busybox ash", "bash": "bash-static"}
NOBODY = "65534:65534"


def cases():
    """(file, name of a case) of all files."""
    for name in SHELLS:
        with open(f"{APPS}/{name}.txt", encoding="utf-8") as file:
            yield from ((name, line[3:].strip()) for line in file if line.startswith("== "))


def parse(text):
    """What run-cases printed: name -> (output, status)."""
    return {name: (output, int(status)) for name, output, status in
            re.findall(r"(?ms)^== ([^\n]*)\n(.*?)\n-- (\d+)$", text)}


@functools.cache
def on_host(name):
    command = f"busybox ash $HOME/run-cases '{SHELLS[name]}' $HOME/{name}.txt"
    run = subprocess.run(
        [f"{TOP}/tests/user/run-on-host", "-p", f"{build_dir('release')}/apps", command],
        capture_output=True, encoding="latin-1", timeout=120 * TIMEOUT_SCALE, check=True)
    return parse(run.stdout)


@functools.cache
def in_machine(name):
    with Machine(image=IMAGE, mem=256, cpus=2) as m:
        m.wait_shell()
        m.check(f"/apps/busybox start-stop-daemon -S -c {NOBODY} -p /none -x /apps/busybox -- "
                f"ash /apps/run-cases '{SHELLS[name]}' /apps/{name}.txt > /tmp/out 2>&1",
                timeout=240)
        return parse(m.check("cat /tmp/out", timeout=30))


@pytest.mark.parametrize("file, name", cases())
def test_case_ends_as_on_linux(file, name):
    assert in_machine(file)[name] == on_host(file)[name]
