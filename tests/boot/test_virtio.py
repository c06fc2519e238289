# SPDX-License-Identifier: MIT
"""Virtio disks: both transports, read-only, without a write cache, two at once."""

import os
import shutil
import subprocess

import pytest

import gatehouse

TOOLS = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
TRANSPORTS = {"modern": "disable-legacy=on", "legacy": "disable-modern=on", "both": "vectors=2"}


def drive(path, name, device="", options=""):
    return ["-drive", f"if=none,id={name},file={path},format=raw{options}",
            "-device", f"virtio-blk-pci,drive={name}{device}"]


def fsck(path):
    check = subprocess.run(["e2fsck", "-fn", path], capture_output=True, text=True, env=TOOLS,
                           check=False)
    assert check.returncode == 0, check.stdout + check.stderr


@pytest.fixture
def image(tmp_path):
    path = str(tmp_path / "disk.img")
    shutil.copy(os.path.join(gatehouse.build_dir("release"), "root.img"), path)
    return path


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("cpus, extra", [(2, ""), (1, "noapic")], ids=["apic", "noapic"])
def test_session_on_a_virtio_disk_leaves_it_clean(machine, image, transport, cpus, extra):
    m = machine(cpus=cpus, append=f"root=/dev/vda {extra}",
                extra=drive(image, "d", "," + TRANSPORTS[transport]))
    assert ("vda: virtio legacy" if transport == "legacy" else "vda: virtio 1") in m.console
    m.check("for i in 1 2 3 4; do cat /bin/sh > /tmp/$i & done; wait; sync")
    m.check("echo 3 > /tmp/gone; for i in 1 2 3 4; do cmp /bin/sh /tmp/$i || exit 1; done")
    m.poweroff()
    fsck(image)


def test_read_only_virtio_disk_mounts_read_only(machine, image):
    m = machine(append="root=/dev/vda", extra=drive(image, "d", options=",readonly=on"))
    result = m.run("echo x > /tmp/x")
    assert result.status != 0 and "Read-only file system" in result.output
    m.poweroff()


def test_virtio_disk_without_a_cache_can_be_synced(machine, image):
    m = machine(append="root=/dev/vda", extra=drive(image, "d", ",write-cache=off"))
    m.check("echo x > /tmp/x; sync")
    m.poweroff()
    fsck(image)


def test_two_virtio_disks_are_two_devices(machine, image, tmp_path):
    other = str(tmp_path / "other.img")
    with open(other, "wb") as file:
        file.write(b"the other disk\n".ljust(65536, b"\0"))
    m = machine(append="root=/dev/vda", extra=drive(image, "d") + drive(other, "e"))
    assert "the other disk" in m.check("head -n 1 /dev/vdb")
    m.check("echo changed > /dev/vdb; sync")
    m.poweroff()
    with open(other, "rb") as file:
        assert file.read(8) == b"changed\n"
