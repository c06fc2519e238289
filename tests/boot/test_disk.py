# SPDX-License-Identifier: MIT
"""The root file system: damaged images, and many programs changing it at once."""

import os
import shutil
import subprocess

import pytest

import gatehouse

TOOLS = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")


def debugfs(image, command, write=False):
    """Runs one debugfs command on the image and returns what it prints."""
    return subprocess.run(["debugfs", *(["-w"] if write else []), "-R", command, image],
                          capture_output=True, text=True, env=TOOLS, check=True).stdout


@pytest.fixture
def image(tmp_path):
    """A copy of the root image, to be spoilt."""
    path = str(tmp_path / "root.img")
    shutil.copy(os.path.join(gatehouse.build_dir("release"), "root.img"), path)
    return path


def test_damaged_directory_gives_an_error_and_the_shell_goes_on(machine, image):
    block = int(debugfs(image, "blocks /etc").split()[0])
    size = int(next(line for line in debugfs(image, "stats").splitlines()
                    if line.startswith("Block size:")).split(":")[1])
    with open(image, "r+b") as disk:
        disk.seek(block * size + 24)  # the entry behind "." and ".."
        disk.write(b"\xff\xff\xff\xff\x03\x00")
    m = machine(image=image)
    result = m.run("ls /etc")
    assert result.status == 1 and "Input/output error" in result.output
    assert "ext2: ram0: directory" in m.console and "bad entry" in m.console
    assert m.run("cat /etc/motd").status == 1
    m.check("mkdir /tmp/x; rmdir /tmp/x; sync")
    m.poweroff()


def test_damaged_block_map_gives_an_error_and_can_be_deleted(machine, image):
    debugfs(image, "sif /bin/wc block[0] 999999", write=True)
    m = machine(image=image)
    assert m.run("cat /bin/wc > /dev/null").status != 0
    assert "maps block 999999" in m.console
    m.check("rm /bin/wc")
    assert m.run("cat /bin/wc").status == 1
    m.poweroff()


def test_users_cannot_have_the_reserve(machine, image):
    debugfs(image, "ssv r_blocks_count 64", write=True)
    m = machine(image=image, keep_ram=True)
    ktap = gatehouse.parse_ktap(m.check("/tests/exhaust", timeout=90))
    assert "the_reserve_of_the_disk_is_for_root" in ktap.passed
    m.poweroff()


# Each of four shells makes, renames, links and removes names in the same two directories.
WORK = ("for i in {words}; do echo $i > a/$i; mv a/$i b/{me}$i; ln b/{me}$i a/l{me}$i; "
        "mkdir a/d$i; mv a/d$i b/; cat /bin/sh > a/big{me}; rm b/{me}$i a/l{me}$i; "
        "rmdir b/d$i a/d$i; done 2>/dev/null &")


@pytest.mark.parametrize("cpus", [1, 4])
def test_four_shells_in_the_same_directories_leave_a_clean_disk(machine, cpus):
    m = machine(cpus=cpus, mem=24, keep_ram=True)
    m.check("mkdir /tmp/s; cd /tmp/s; mkdir a b")
    words = " ".join(f"n{i}" for i in range(12))
    for me in "wxyz":
        m.check(WORK.format(words=words, me=me))
    m.check("wait", timeout=120)
    m.check("sync")
    m.fsck()
    m.check("cd /; rm -r /tmp/s")
    m.poweroff()
