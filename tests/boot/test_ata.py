# SPDX-License-Identifier: MIT
"""ATA disks: root on a disk and on a partition in each of the ways to transfer, large and
many files, damaged partition tables, a disk that is not there."""

import os
import struct
import subprocess

import pytest

import gatehouse

TOOLS = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
MODES = ["pio", "irq", "dma"]
# MiB of the large file and number of small ones. A word that the processor moves costs an
# emulator more than a real machine: all modes do the whole with GATEHOUSE_DISK_FULL=1.
WHOLE = (100, 20000)
LOADS = {"pio": (4, 1000), "irq": (16, 4000), "dma": WHOLE}
SECTOR = 512
MIB = 1024 * 1024
DISK_MIB = 192
PARTITION_START = 2048
LINUX, EXTENDED = 0x83, 0x05


def fsck(path):
    check = subprocess.run(["e2fsck", "-fn", path], capture_output=True, text=True, env=TOOLS,
                           check=False)
    assert check.returncode == 0, check.stdout + check.stderr


def programs(kind):
    directory = os.path.join(gatehouse.build_dir("release"), kind)
    return [os.path.join(directory, name) for name in sorted(os.listdir(directory))]


@pytest.fixture(scope="session")
def master(tmp_path_factory):
    """A root file system with room, from which each test copies."""
    path = str(tmp_path_factory.mktemp("ata") / "master.img")
    bins = [p for p in programs("user/bin") if os.path.isfile(p) and os.access(p, os.X_OK)]
    load = os.path.join(gatehouse.build_dir("release"), "tests/user/disk/diskload")
    subprocess.run([os.path.join(gatehouse.TOP, "mkfs/mkimage.sh"), path, str(DISK_MIB),
                    "bin:" + " ".join(bins), "tests:" + load], check=True)
    return path


@pytest.fixture
def disk(master, tmp_path):
    path = str(tmp_path / "disk.img")
    subprocess.run(["cp", "--sparse=always", master, path], check=True)
    return path


def entry(kind, start, sectors, status=0):
    """An entry of a partition table; the old geometry is left empty."""
    return struct.pack("<B3xB3xII", status, kind, start, sectors)


def table(*entries):
    return bytes(446) + b"".join(entries).ljust(64, b"\0") + b"\x55\xaa"


def write_at(path, sector, data):
    with open(path, "r+b") as file:
        file.seek(sector * SECTOR)
        file.write(data)


def make_disk(path, mib, tables):
    """An empty disk with partition tables at some sectors."""
    with open(path, "wb") as file:
        file.truncate(mib * MIB)
    for sector, data in tables.items():
        write_at(path, sector, data)
    return path


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("cpus, extra", [(2, ""), (1, "noapic")], ids=["apic", "noapic"])
def test_session_on_a_disk_leaves_it_clean(machine, disk, mode, cpus, extra):
    m = machine(disk=disk, cpus=cpus, append=f"ata={mode} {extra}")
    assert f"LBA48, {mode}" in m.console
    m.check("seq 1000 > /tmp/n; sync")
    assert m.check("grep 7 /tmp/n | wc -l").strip() == "271"
    assert m.check("cat /bin/sh | cmp - /bin/sh && echo same").strip() == "same"
    m.poweroff()
    fsck(disk)
    kept = subprocess.run(["debugfs", "-R", "cat /tmp/n", disk], capture_output=True, text=True,
                          env=TOOLS, check=True)
    assert kept.stdout == "".join(f"{i}\n" for i in range(1, 1001))
    assert "lost" not in m.console and "error" not in m.console


@pytest.mark.parametrize("mode", MODES)
def test_large_file_and_many_small_ones(machine, disk, mode):
    mib, files = WHOLE if os.environ.get("GATEHOUSE_DISK_FULL") else LOADS[mode]
    m = machine(disk=disk, cpus=2, mem=64, append=f"ata={mode}", limit=1200)
    m.check(f"diskload big /tmp/big {mib} /dev/hda", timeout=900)
    m.check(f"diskload small /tmp/small {files}", timeout=300)
    m.poweroff(timeout=60)
    fsck(disk)
    assert "lost" not in m.console and "error" not in m.console


@pytest.mark.parametrize("mode", MODES)
def test_root_on_a_partition(machine, master, tmp_path, mode):
    size = os.path.getsize(master) // SECTOR
    path = make_disk(str(tmp_path / "parted.img"), DISK_MIB + 2,
                     {0: table(entry(LINUX, PARTITION_START, size, status=0x80))})
    subprocess.run(["dd", f"if={master}", f"of={path}", f"seek={PARTITION_START // 8}", "bs=4096",
                    "conv=notrunc,sparse", "status=none"], check=True)
    m = machine(disk=path, root="hda1", append=f"ata={mode}")
    assert m.check("ls /dev | grep hda") == "hda\nhda1\n"
    m.check("echo kept > /root/file")
    # The disk and its mounted partition are not both written.
    assert "busy" in m.run("echo > /dev/hda").output
    assert "busy" in m.run("echo > /dev/hda1").output
    m.poweroff()
    inside = f"{path}?offset={PARTITION_START * SECTOR}"
    fsck(inside)
    kept = subprocess.run(["debugfs", "-R", "cat /root/file", inside], capture_output=True,
                          text=True, env=TOOLS, check=True)
    assert kept.stdout == "kept\n"


def console_with(machine, path):
    """Boots from the RAM disk with this disk beside it."""
    return machine(extra=["-drive", f"file={path},format=raw,if=ide"])


def test_logical_partitions_are_found(machine, tmp_path):
    path = make_disk(str(tmp_path / "disk.img"), 8, {
        0: table(entry(LINUX, 100, 900), entry(EXTENDED, 2000, 8000)),
        2000: table(entry(LINUX, 10, 500), entry(EXTENDED, 1000, 600)),
        3000: table(entry(LINUX, 10, 590)),
    })
    write_at(path, 3010, b"the second logical one")
    m = console_with(machine, path)
    assert m.check("ls /dev | grep hda") == "hda\nhda1\nhda5\nhda6\n"
    assert "hda5: 0 MiB from sector 2010" in m.console
    assert m.check("head -c 22 /dev/hda6") == "the second logical one"
    assert m.check("wc -c < /dev/hda1").strip() == str(900 * SECTOR)
    m.poweroff()


HOSTILE = {
    "beyond the end of the disk": ({0: table(entry(LINUX, 100, 1 << 31))}, "not inside"),
    "wraps around": ({0: table(entry(LINUX, 0xfffffff0, 0x20))}, "not inside"),
    "covers the table": ({0: table(entry(LINUX, 0, 100))}, "not inside"),
    "overlaps": ({0: table(entry(LINUX, 100, 100), entry(LINUX, 150, 100))}, "overlaps"),
    "two extended ones": ({0: table(entry(EXTENDED, 100, 100), entry(EXTENDED, 300, 100))},
                          "second extended"),
    "chain that runs in a circle": ({
        0: table(entry(EXTENDED, 2000, 8000)),
        2000: table(entry(LINUX, 10, 20), entry(EXTENDED, 100, 100)),
        2100: table(entry(LINUX, 10, 20), entry(EXTENDED, 0, 100)),
    }, "goes astray"),
    "chain without an end": ({
        0: table(entry(EXTENDED, 2000, 8000)),
        **{2000 + i: table(b"", entry(EXTENDED, i + 1, 1)) for i in range(40)},
    }, ""),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_partition_table_is_left_out(machine, tmp_path, name):
    tables, message = HOSTILE[name]
    m = console_with(machine, make_disk(str(tmp_path / "disk.img"), 8, tables))
    assert message in m.console
    m.check("wc -c /dev/hda")
    m.poweroff()


def test_root_that_is_not_there_is_a_panic_that_lists_the_disks(machine, disk):
    m = machine(wait=False, disk=disk, root="hdb7")
    assert m.wait_end(60) == gatehouse.STATUS_PANIC
    assert "/dev/hda  196608 KiB" in m.console
    assert "cannot mount /dev/hdb7" in m.console


def test_disks_on_both_channels_have_linux_numbers(machine, tmp_path):
    extra = []
    for index in (0, 1, 3):
        path = make_disk(str(tmp_path / f"{index}.img"), 1, {})
        extra += ["-drive", f"file={path},format=raw,if=ide,index={index}"]
    m = machine(extra=extra)
    listing = m.check("ls -l /dev")
    for name, numbers in (("hda", "3, *0"), ("hdb", "3, *64"), ("hdd", "22, *64")):
        assert any(line.endswith(name) for line in listing.splitlines())
        assert gatehouse.re.search(rf"{numbers} .*{name}\n", listing)
    assert "hdc: a packet device" in m.console
    m.check("echo both > /dev/hdb; echo sides > /dev/hdd; head -c 4 /dev/hdb")
    m.poweroff()
