# SPDX-License-Identifier: MIT
"""mkfs/update_disk.py: new programs reach a disk, and what its user made stays."""

import os
import subprocess
import sys

import pytest

import gatehouse

TOOLS = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
UPDATE = os.path.join(gatehouse.TOP, "mkfs/update_disk.py")
ROOT = os.path.join(gatehouse.build_dir("release"), "root.img")


def debugfs(image, command):
    return subprocess.run(["debugfs", "-R", command, image], capture_output=True, text=True,
                          env=TOOLS, check=True).stdout


def update(disk):
    return subprocess.run([sys.executable, UPDATE, disk, ROOT], capture_output=True, text=True,
                          check=False)


@pytest.fixture
def disk(tmp_path):
    """A disk as a user left it: a file of his own, another motd, a program spoilt, one missing."""
    path = str(tmp_path / "disk.img")
    subprocess.run(["cp", ROOT, path], check=True)
    mine, script = tmp_path / "mine", tmp_path / "script"
    mine.write_text("mine\n", encoding="ascii")
    script.write_text(f"write {mine} mine\ncd /etc\nrm rc\nrm motd\nwrite {mine} motd\n"
                      f"cd /bin\nrm ls\nrm true\nwrite {mine} true\n", encoding="ascii")
    subprocess.run(["debugfs", "-w", "-f", str(script), path], env=TOOLS, check=True,
                   capture_output=True)
    return path


def same_file(disk, name):
    return debugfs(disk, f"cat {name}") == debugfs(ROOT, f"cat {name}")


def test_system_files_come_and_the_users_stay(disk):
    done = update(disk)
    assert done.returncode == 0, done.stderr
    assert debugfs(disk, "cat /mine") == "mine\n"
    assert debugfs(disk, "cat /etc/motd") == "mine\n"
    assert same_file(disk, "/etc/rc")
    for name in ("true", "ls"):
        assert debugfs(disk, f"stat /bin/{name}").split("Mode:")[1].split()[0] == "0755"
        assert f"Size: {debugfs(ROOT, f'stat /bin/{name}').split('Size:')[1].split()[0]}" in \
            debugfs(disk, f"stat /bin/{name}")
    assert "Fast link dest: \"test\"" in debugfs(disk, "stat /bin/[")
    check = subprocess.run(["e2fsck", "-fn", disk], env=TOOLS, capture_output=True, check=False)
    assert check.returncode == 0


def test_disk_of_a_running_machine_is_left_alone(machine, disk):
    with open(disk, "rb") as file:
        before = file.read()
    machine(extra=["-drive", f"file={disk},format=raw,if=ide"])
    done = update(disk)
    assert done.returncode == 1 and "is running" in done.stderr
    with open(disk, "rb") as file:
        assert file.read() == before


def test_damaged_disk_is_left_alone(disk):
    with open(disk, "r+b") as file:
        file.seek(1024)
        file.write(bytes(64 * 1024))
    done = update(disk)
    assert done.returncode == 1 and "damaged" in done.stderr
    assert not os.path.exists(f"{disk}.new")
