# SPDX-License-Identifier: MIT
"""The CD alone: GRUB's menu on the serial console, the kernel, a root image in memory.
That two builds give the same CD is seen in test_build.py."""

import os
import shutil
import subprocess

import pytest

from gatehouse import PROMPT, STATUS_PANIC, TOP

ISO = os.path.join(TOP, "build/gatehouse.iso")
MIB = 1 << 20
ENTER, DOWN = "\r", "\x1b[B"

pytestmark = pytest.mark.skipif(not os.path.isfile(ISO), reason="no CD: GRUB is not installed")


def boot(machine, keys=ENTER, **options):
    m = machine(wait=False, cdrom="gatehouse.iso", **options)
    m.expect("executed automatically", timeout=60)
    m.send(keys)
    return m


@pytest.mark.parametrize("mem, cpus", [(16, 1), (16, 2), (64, 2)])
def test_cd_alone_reaches_the_shell_and_powers_off(machine, mem, cpus):
    m = boot(machine, mem=mem, cpus=cpus)
    m.wait_shell(60)
    assert f"{cpus} CPU" in m.console
    assert m.check("ls /bin | grep -x sh") == "sh\n"
    assert m.check("seq 1000 | sort | wc -l").strip() == "1000"
    m.check("cp /bin/sh /tmp/sh; /tmp/sh -c true")
    m.poweroff()


def test_menu_starts_the_system_by_itself(machine):
    m = machine(wait=False, cdrom="gatehouse.iso", mem=64)
    m.expect(rf"\n{PROMPT}", timeout=90)
    m.poweroff()


def test_second_entry_takes_the_root_of_the_first_disk(machine, tmp_path):
    disk = tmp_path / "disk"
    shutil.copyfile(os.path.join(TOP, "build/root-min.img"), disk)
    m = boot(machine, keys=DOWN + ENTER, mem=64,
             extra=("-boot", "d", "-drive", f"file={disk},format=raw,if=ide,index=0"))
    m.wait_shell(60)
    assert "root is ext2 on /dev/hda" in m.console
    m.check("echo kept > /root/note; sync")
    m.poweroff()
    note = subprocess.run(["debugfs", "-R", "cat /root/note", disk], capture_output=True,
                          env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin"),
                          text=True, check=True).stdout
    assert note == "kept\n"


def test_second_entry_wants_the_disk_and_says_what_is_missing(machine):
    m = boot(machine, keys=DOWN + ENTER, mem=64)
    assert m.wait_end(60) == STATUS_PANIC
    assert "/dev/hda" in m.console


def test_root_image_of_the_cd_has_at_most_6_mib():
    listing = subprocess.run(["xorriso", "-indev", ISO, "-lsl", "/boot"], capture_output=True,
                             text=True, check=True).stdout
    sizes = {line.split()[-1].strip("'"): int(line.split()[4])
             for line in listing.splitlines() if line.startswith("-")}
    assert 0 < sizes["root.img"] <= 6 * MIB
    assert sizes["gatehouse.elf"] < 2 * MIB
    assert os.path.getsize(ISO) < 10 * MIB
