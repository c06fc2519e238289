# SPDX-License-Identifier: MIT
"""Memory as a student sees it: the programs that show it; and a file larger than memory."""

import os
import re
import struct
import subprocess

import pytest

import gatehouse
import test_suite

TOOLS = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
PAGE = 4096


def old_reads(said, how):
    return int(re.search(rf"1000 exchanges {how} a flush: +the old page was read (\d+) times",
                         said)[1])


def test_stale_entry_is_used_until_it_is_flushed(machine):
    said = machine(cpus=1, append="tlbdemo").check("tlbdemo")
    without, with_flush = old_reads(said, "without"), old_reads(said, "with")
    print(f"old page read {without} times of 1000 without a flush, {with_flush} with it")
    assert without >= 500 and with_flush == 0
    frames = re.findall(r"-> physical ([0-9a-f]+)", said)
    assert frames[:2] == frames[:1:-1]  # exchanged


def test_nobody_changes_page_tables_without_the_parameter(machine):
    m = machine(cpus=1)
    result = m.run("tlbdemo")
    assert result.status == 1 and "Operation not permitted" in result.output


def test_pagedemo_counts_zeros_and_copies(machine):
    said = machine(cpus=1).check("pagedemo")
    rows = {line[:42].strip(): [int(n) for n in line[42:].split()]
            for line in said.splitlines()[1:]}
    pages, faults, zeros, copies, one, _ = rows["32 of them written: zeros on demand"]
    assert (faults, zeros, copies, one) == (32, 32, 0, 0)
    assert rows["64 pages mapped: a promise"] == [pages - 32, 0, 0, 0, 0, 0]
    assert rows["the same again: they are there"] == [pages, 0, 0, 0, 0, 0]
    assert rows["a child that writes 16: copies on write"][3] >= 16
    assert rows["a child that writes 16: copies on write"][2] == 0
    assert rows["written here: ours alone, no copies"][1:4] == [32, 0, 0]
    assert rows["made read-only: translations forgotten"][5] == 1
    assert rows["unmapped"][0] == pages - 32


def letters_of(said):
    """What is drawn, without region lines and the legend."""
    return "".join(re.findall(r"^  [0-9a-f]{8} (\S+)$", said, re.MULTILINE))


def test_memmap_draws_what_smaps_counts(machine):
    m = machine(cpus=1)
    m.run("sleep 1000 &")
    m.run("sleep 1000 &")
    pid = m.check("pidof sleep").split()[0]
    drawn = letters_of(m.check(f"memmap {pid}"))
    smaps = m.check(f"cat /proc/{pid}/smaps_rollup")
    rss = int(re.search(r"Rss: +(\d+)", smaps)[1]) // 4
    anonymous = int(re.search(r"Anonymous: +(\d+)", smaps)[1]) // 4
    assert len(drawn) - drawn.count(".") == rss
    assert sum(map(drawn.count, "os")) == anonymous
    assert drawn.count("F") > 0  # the code of both sleeps is one
    assert "No such file" in m.run("memmap 31000").output


def test_pagewalk_names_levels_bits_and_rights(machine):
    m = machine(cpus=1)
    code = m.check("pagewalk 08048000")
    assert re.search(r"page directory pointers \[0\] = [0-9a-f]{16}\n", code)
    assert re.search(r"page directory \[64\] = ", code)
    assert re.search(r"page table \[72\] = \w+\n      bit  0 P   1  present\n"
                     r"      bit  1 W   0  read-only\n", code)
    assert re.search(r"08048000 -> physical [0-9a-f]{8}: read, execute by ring 3 and 0\n", code)
    assert "page fault: no page" in m.check("pagewalk 10000")
    assert m.run("pagewalk nonsense").status == 1


# ---- a file of 64 MiB, mapped on a machine with 32 MiB

FILE_MIB, DISK_MIB, MEMORY_MIB = 64, 96, 32
CHANGES = int(os.environ.get("GATEHOUSE_MAP_CHANGES", "6000"))
STRIDE = 64  # words of a page that are written: each 64th


@pytest.fixture(scope="module")
def roomy_image(tmp_path_factory):
    path = str(tmp_path_factory.mktemp("memory") / "disk.img")
    build = gatehouse.build_dir("release")
    names = [os.path.join(build, "user/bin", n) for n in ("cat", "echo", "init", "poweroff", "sh")]
    load = os.path.join(build, "tests/user/disk/mapload")
    subprocess.run([os.path.join(gatehouse.TOP, "mkfs/mkimage.sh"), path, str(DISK_MIB),
                    "bin:" + " ".join(names), "tests:" + load], check=True)
    return path


def expected_file(changes):
    """What mapload leaves: the generation of each page, by the same random numbers."""
    pages = FILE_MIB * 256
    generation, state = [0] * pages, 1
    for _ in range(changes):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        page, write = (state >> 8) % pages, not state & 0x80
        generation[page] += write
    zeros = struct.pack(f"<{STRIDE - 1}I", *[0] * (STRIDE - 1))
    blank = bytes(PAGE)
    for page, n in enumerate(generation):
        value = (page * 2654435761 + n) & 0xFFFFFFFF
        filled = n > 0 or page < pages // 2
        yield (struct.pack("<I", value) + zeros) * (PAGE // 4 // STRIDE) if filled else blank


@pytest.mark.parametrize("root, cpus", [("hda", 1), ("vda", 2)])
def test_file_larger_than_memory_is_on_the_disk_as_it_was_written(
        machine, roomy_image, tmp_path, root, cpus):
    disk, copy = str(tmp_path / "disk.img"), str(tmp_path / "copy")
    subprocess.run(["cp", "--sparse=always", roomy_image, disk], check=True)
    m = machine(disk=disk, root=root, cpus=cpus, mem=MEMORY_MIB, limit=900)
    said = m.check(f"mapload /tmp/large {FILE_MIB} {CHANGES}", timeout=300)
    print(said)
    m.poweroff(timeout=60)
    check = subprocess.run(["e2fsck", "-fn", disk], capture_output=True, text=True, env=TOOLS,
                           check=False)
    assert check.returncode == 0, check.stdout
    subprocess.run(["debugfs", "-R", f"dump /tmp/large {copy}", disk], check=True, env=TOOLS,
                   capture_output=True)
    with open(copy, "rb") as file:
        for number, page in enumerate(expected_file(CHANGES)):
            assert file.read(PAGE) == page, f"page {number}"
        assert file.read() == b""


@pytest.mark.skipif(os.environ.get("GATEHOUSE_LEAKS") != "all", reason="takes minutes")
@pytest.mark.parametrize("cpus", (1, 2))
def test_whole_suite_gives_back_all_memory(machine, cpus):
    """Every program of tests/user, where test_suite.py runs `leaks` with those that are quick."""
    names = [name for name in test_suite.programs() if name != "leaks"]
    m = machine(cpus=cpus, limit=3600)
    said = m.run("/tests/leaks " + " ".join(names), timeout=3600).output
    print(said)
    test_suite.assert_all_passed(gatehouse.without_kernel_lines(said), "leaks")
