# SPDX-License-Identifier: MIT
"""A machine with gdb's stub, and gdb run against it in batch mode.

    d = debugged(cpus=1)
    said = d.gdb("break sys_sync", "continue", "bt", while_running="sync")
"""

import os
import subprocess
import threading

from gatehouse import TIMEOUT_SCALE, TOP

COMMANDS = os.path.join(TOP, "tools/gdb/gatehouse.py")


class Debugged:
    """One machine; gdb comes and goes."""

    def __init__(self, make, **options):
        self.socket = None
        self.machine = make(extra=("-gdb", "chardev:gdb", "-chardev",
                                   f"socket,id=gdb,path={self.path()},server=on,wait=off"),
                            **options)

    def path(self):
        if not self.socket:
            self.socket = f"/tmp/gatehouse-gdb-{os.getpid()}-{id(self)}"
        return self.socket

    def gdb(self, *lines, while_running=None, commands=False):
        """Runs gdb; once it has planted its breakpoint, types `while_running` at the shell.
        Returns what gdb said. With `commands` gdb has those of tools/gdb."""
        script = ["set architecture i386", "set pagination off", "set width 0",
                  f"target remote {self.path()}", *lines, "detach"]
        command = ["gdb", "-nx", "-batch", f"{self.machine.directory}/kernel.elf"]
        command += ["-x", COMMANDS] if commands else []
        for line in script:
            command += ["-ex", line]
        gdb = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, cwd=TOP)
        kill = threading.Timer(60 * TIMEOUT_SCALE, gdb.kill)
        kill.start()
        said = []
        for line in gdb.stdout:
            said.append(line)
            if while_running and line.startswith("Breakpoint 1 at"):
                self.machine.send(while_running + "\n")
        kill.cancel()
        gdb.wait()
        return "".join(said)
