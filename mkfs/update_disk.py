#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives a disk image the system's files of a new root image.

    update_disk.py DISK ROOT

/bin and /tests become as in ROOT; elsewhere only what DISK lacks is added. All other files of
DISK stay. The work is done on a copy, which takes DISK's place at the end: if anything fails,
or a machine is running on it, DISK is as it was."""

import fcntl
import os
import stat
import struct
import subprocess
import sys
import tempfile

TOOLS = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin", LC_ALL="C")
REPLACED = ("/bin", "/tests")

# QEMU locks single bytes of an image in use, by "open file description" locks of Linux.
QEMU_LOCKS_START, QEMU_LOCKS_COUNT = 100, 200
F_OFD_GETLK = 36


def give_up(message):
    sys.exit(f"update_disk: {message}")


def is_in_use(path):
    """Whether somebody holds one of QEMU's locks on the image."""
    flock = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, QEMU_LOCKS_START,
                        QEMU_LOCKS_COUNT, 0)
    with open(path, "r+b") as file:
        answer = fcntl.fcntl(file, F_OFD_GETLK, flock)
    return struct.unpack_from("h", answer)[0] != fcntl.F_UNLCK


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, env=TOOLS, check=False)


def debugfs(image, commands, script):
    """Runs the commands, which must say nothing (but their own echo)."""
    with open(script, "w", encoding="utf-8") as file:
        file.writelines(f"{command}\n" for command in commands)
    done = run("debugfs", "-w", "-f", script, image)
    said = [line for line in (done.stdout + done.stderr).splitlines()
            if line and not line.startswith(("debugfs", "Allocated inode:"))]
    if done.returncode or said:
        give_up(f"debugfs: {' '.join(said[:3])}")


def names_in(image, directory):
    """Name -> whether it is a directory; empty if there is no such directory."""
    names = {}
    for line in run("debugfs", "-R", f'ls -p "{directory}"', image).stdout.splitlines():
        fields = line.split("/")  # /inode/mode/uid/gid/name/size/
        if len(fields) > 5:
            names[fields[5]] = stat.S_ISDIR(int(fields[2], 8))
    return names


def commands_for(image, tree):
    """What makes the image hold the tree, as debugfs takes it."""
    for path, directories, files in os.walk(tree):
        inside = "/" + os.path.relpath(path, tree) if path != tree else "/"
        present = names_in(image, inside)
        links = [name for name in directories if os.path.islink(f"{path}/{name}")]
        yield f'cd "{inside}"'
        for name in sorted(set(directories) - set(links)):
            if name not in present:
                yield f'mkdir "{name}"'
        for name in sorted(files + links):
            if present.get(name) or (name in present and not inside.startswith(REPLACED)):
                continue
            if name in present:
                yield f'rm "{name}"'
            if os.path.islink(f"{path}/{name}"):
                yield f'symlink "{name}" "{os.readlink(f"{path}/{name}")}"'
            else:
                yield f'write "{path}/{name}" "{name}"'
                yield f'sif "{name}" uid 0'
                yield f'sif "{name}" gid 0'


def update(disk, root, work):
    copy, tree = f"{disk}.new", f"{work}/tree"
    os.mkdir(tree)
    subprocess.run(["cp", "--sparse=always", disk, copy], check=True)
    try:
        if run("e2fsck", "-fp", copy).returncode > 1:
            give_up(f"{disk} is damaged: repair it with e2fsck -f, or remove it to get a new one")
        run("debugfs", "-R", f"rdump / {tree}", root)
        if not os.listdir(tree):
            give_up(f"cannot read {root}")
        debugfs(copy, commands_for(copy, tree), f"{work}/commands")
        if run("e2fsck", "-fn", copy).returncode:
            give_up(f"the new files would damage {disk}")
        os.replace(copy, disk)
    finally:
        if os.path.exists(copy):
            os.unlink(copy)


def main():
    disk, root = sys.argv[1:]
    if is_in_use(disk):
        give_up(f"a machine is running on {disk}: end it first")
    with tempfile.TemporaryDirectory() as work:
        update(disk, root, work)


main()
