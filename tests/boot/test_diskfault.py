# SPDX-License-Identifier: MIT
"""A disk that fails: QEMU's blkdebug gives an error on the Nth read, write or flush of a
workload, once, for a while, or from then on. Whatever fails: nobody panics, a caller is told, the
machine powers off, and what was synced with success is on the disk after e2fsck.

By default a sample; GATEHOUSE_DISKFAULT=all (make test-diskfault-all) tries every N."""

import os
import re
import shutil
import subprocess
import tempfile

import pytest

TOOLS = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
SYNC_FILES = 12
IMAGE_MIB = 8
EVENTS = {"read": "read_aio", "write": "write_aio", "flush": "flush_to_disk"}
# How many in a row fail. A driver tries again, so one error is seldom seen; 8 are.
LENGTHS = {"once": 1, "burst": 8, "forever": 0}
DEVICES = {"hda": "ide-hd,bus=ide.0", "vda": "virtio-blk-pci"}
E2FSCK_FINE = (0, 1)


def rules(kind, first, length):
    """A configuration of blkdebug: its state counts the events of one kind."""
    event, text = EVENTS[kind], ""
    for state in range(1, first + length):
        text += f'[set-state]\nevent = "{event}"\nstate = "{state}"\nnew_state = "{state + 1}"\n'
    for state in range(first, first + max(length, 1)):
        text += f'[inject-error]\nevent = "{event}"\nstate = "{state}"\nerrno = "5"\n'
        text += f'once = "on"\niotype = "{kind}"\n' if length else 'once = "off"\n'
    return text


class Scene:
    """A disk image and the rules by which it fails."""

    def __init__(self, directory, config):
        self.image = os.path.join(directory, "disk.img")
        self.config = os.path.join(directory, "rules")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(config)
        with open(self.image, "wb") as file:
            file.truncate(IMAGE_MIB << 20)
        subprocess.run(["mke2fs", "-q", "-F", "-t", "ext2", "-b", "1024", "-I", "256", "-m", "0",
                        "-O", "none,filetype,sparse_super,large_file", self.image],
                       check=True, env=TOOLS)

    def extra(self, name):
        return ["-drive", f"if=none,id=bad,format=raw,werror=report,rerror=report,"
                          f"file=blkdebug:{self.config}:{self.image}",
                "-device", f"{DEVICES[name]},drive=bad"]

    def repair(self):
        """e2fsck repairs it, and is content then."""
        first = subprocess.run(["e2fsck", "-fy", self.image], env=TOOLS, capture_output=True,
                               text=True, check=False)
        assert first.returncode in E2FSCK_FINE, first.stdout
        again = subprocess.run(["e2fsck", "-fn", self.image], env=TOOLS, capture_output=True,
                               text=True, check=False)
        assert again.returncode == 0, first.stdout + again.stdout
        return first.stdout

    def dump(self):
        """All files of the image, by path."""
        out = tempfile.mkdtemp(dir=os.path.dirname(self.image))
        subprocess.run(["debugfs", "-R", f"rdump / {out}", self.image], env=TOOLS, check=True,
                       capture_output=True)
        found = {}
        for path, _, names in os.walk(out):
            for name in names:
                with open(os.path.join(path, name), "rb") as file:
                    found[os.path.relpath(os.path.join(path, name), out)] = file.read()
        return found


def contents(size, seed):
    """What tests/user/disk/syncload.c writes."""
    return bytes((at * 7 + (at >> 8) * 31 + seed * 13) & 0xff for at in range(size))


def promises(console):
    """What must be on the disk: {name: (size, seed)}."""
    kept = {}
    for line in re.findall(r"syncload: (synced .*|given up .*)", console):
        words = line.split()
        if words[0] == "synced":
            kept[words[1]] = (int(words[2]), int(words[3]))
        else:
            kept.pop(words[2], None)
    return kept


def work(m, name):
    """Mounts, works, unmounts; the machine must answer all along. Returns what it printed."""
    seen = len(m.console)
    m.check("mkdir /tmp/m")
    done = m.run(f"/tests/syncload /dev/{name} /tmp/m {SYNC_FILES}", 240)
    assert done.status == 0 and "syncload: done" in done.output, done
    m.run("sync", 120)
    assert "still here" in m.check("echo still here; ls /bin > /dev/null; echo x > /tmp/x")
    return m.console[seen:].replace("\r", "")


def was_told(console):
    return "syncload: failed" in console


def try_case(machine, name, kind, first, length):
    """One boot. Returns whether an error reached the kernel's log."""
    directory = tempfile.mkdtemp(prefix="diskfault-")
    scene = Scene(directory, rules(kind, first, length))
    m = machine(cpus=2, extra=scene.extra(name))
    console = work(m, name)
    m.poweroff(timeout=120)
    assert "panic" not in m.console and "syncload: wrong" not in console
    hit = re.search(rf"^{name}: (read|write|flush) error", console, re.MULTILINE) is not None
    # A read that failed while reading ahead is tried again when somebody wants it.
    if hit and (kind != "read" or length == 0):
        assert was_told(console), "an error was swallowed"
    report = scene.repair()
    found = scene.dump()
    for path, (size, seed) in promises(console).items():
        assert path in found, f"{path} was synced and is lost\n{report}"
        assert found[path][:size] == contents(size, seed), f"{path} is not as synced\n{report}"
    m.close()
    shutil.rmtree(directory)
    return hit


def count_events(machine, name):
    """How many reads, writes and flushes a run without errors takes."""
    directory = tempfile.mkdtemp(prefix="diskfault-")
    scene = Scene(directory, "")
    m = machine(cpus=2, extra=scene.extra(name))
    console = work(m, name)
    assert not was_told(console), console
    stats = next(b["stats"] for b in m.qmp("query-blockstats") if b["device"] == "bad")
    m.poweroff()
    assert len(promises(console)) >= SYNC_FILES // 2
    shutil.rmtree(directory)
    return {"read": stats["rd_operations"], "write": stats["wr_operations"],
            "flush": stats["flush_operations"]}


def sample():
    """Early, late, in all ways, some on each driver."""
    for name in DEVICES:
        for kind, first in (("read", 12), ("write", 20), ("flush", 5)):
            for length in ("burst", "forever"):
                yield pytest.param(name, kind, first, length, id=f"{name}-{kind}-{first}-{length}")


@pytest.mark.parametrize("name, kind, first, length", sample())
def test_failing_disk_is_reported_and_keeps_what_was_synced(machine, name, kind, first, length):
    assert try_case(machine, name, kind, first, LENGTHS[length]), "nothing failed"


def test_disk_that_failed_for_a_while_can_be_mounted_and_written_again(machine, tmp_path):
    scene = Scene(str(tmp_path), rules("write", 30, LENGTHS["burst"]))
    m = machine(cpus=2, extra=scene.extra("vda"))
    assert "read-only from now on" in work(m, "vda")
    m.check("mount -t ext2 /dev/vda /tmp/m; echo again > /tmp/m/again")
    m.check("umount /tmp/m")
    m.poweroff()
    scene.repair()
    assert scene.dump()["again"] == b"again\n"


@pytest.mark.skipif(os.environ.get("GATEHOUSE_DISKFAULT") != "all", reason="takes long")
@pytest.mark.parametrize("name", DEVICES)
@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize("length", LENGTHS)
def test_failing_disk_at_every_point(machine, name, kind, length):
    events = count_events(machine, name)[kind]
    failures, hits = [], 0
    for first in range(1, events + 1):
        try:
            hits += try_case(machine, name, kind, first, LENGTHS[length])
        except AssertionError as error:
            failures.append(f"{kind} {first} of {events}, {length}: {error}")
    print(f"{name}, {kind}, {length}: {events} cases, {hits} with errors in the log, "
          f"{len(failures)} failed")
    assert not failures, "\n".join(failures)
