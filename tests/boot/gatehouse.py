# SPDX-License-Identifier: MIT
"""A Gatehouse machine in QEMU, driven through its serial console.

    with Machine(cpus=2) as m:
        m.wait_shell()
        result = m.run("ls /bin | wc -l")
        assert result.status == 0
        m.poweroff()

Every wait has a time limit, given in seconds of an ordinary machine and multiplied by
TIMEOUT_SCALE: the environment's GATEHOUSE_TIMEOUT_SCALE, or a quick measurement.
"""

import collections
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

import pexpect
from pexpect import fdpexpect

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
QEMU = os.environ.get("QEMU", "qemu-system-i386")
PROMPT = "# "

# What QEMU ends with: isa-debug-exit makes (v << 1) | 1 of the v that the kernel wrote.
STATUS_POWEROFF = 33
STATUS_PANIC = 65
STATUS_RESET = 0

# A second of an ordinary machine: how long this many turns of an empty loop take there.
LOOP_TURNS = 2_000_000
LOOP_SECONDS = 0.05

# What the kernel says of a program: "null_deref[12]: SIGSEGV: ..."
KERNEL_LINE = re.compile(r"^\S+\[\d+\]: SIG")


def measure_timeout_scale():
    """How much slower than an ordinary machine this one is, never below 1."""
    given = os.environ.get("GATEHOUSE_TIMEOUT_SCALE")
    if given:
        return float(given)
    begin = time.monotonic()
    for _ in range(LOOP_TURNS):
        pass
    return max(1.0, (time.monotonic() - begin) / LOOP_SECONDS)


TIMEOUT_SCALE = measure_timeout_scale()


def require_qemu():
    """The tests remove files and fill disks: what runs them must be a machine of its own,
    never a shell of this host put in QEMU's place."""
    answer = subprocess.run([QEMU, "--version"], stdin=subprocess.DEVNULL, timeout=60,
                            capture_output=True, text=True, check=False)
    if not answer.stdout.startswith("QEMU emulator version"):
        raise RuntimeError(f"{QEMU} is not a QEMU: the boot tests do not run")

# What a command printed, without its echo; its exit status.
Result = collections.namedtuple("Result", "output status")


class MachineError(AssertionError):
    """The machine did not do what was waited for; holds the end of its console."""


def build_dir(build):
    """The output directory of a build: "release" or "debug"."""
    return os.path.join(TOP, "build" if build == "release" else "build/debug")


class Machine:
    """One QEMU. live holds those of the running test, for the report of a failure."""

    live = []

    def __init__(self, cpus=1, mem=128, cpu="max", append="", build="release",
                 image="root.img", icount=None, keep_ram=False, extra=(), machine="pc",
                 cdrom=None, disk=None, root="hda", limit=300, term="dumb"):
        self.cpus, self.mem, self.build = cpus, mem, build
        self.directory = build_dir(build)
        self.image = image if os.path.isabs(image) else os.path.join(self.directory, image)
        self.cdrom = cdrom  # in place of a kernel, its parameters and an image
        # The image of an IDE or virtio disk that root is on; then there is no RAM disk.
        self.disk, self.root = disk, root
        self.scratch = tempfile.mkdtemp(prefix="gatehouse-")
        self.ram_path = os.path.join(self.scratch, "ram") if keep_ram else None
        self.console = ""
        self.exit_status = None
        command = ["timeout", "--foreground", "-k", "5", str(int(limit * TIMEOUT_SCALE)), QEMU]
        # A line that is not edited on the screen is echoed as it was typed: easy to wait for.
        append = f"TERM={term} {append}".strip()
        command += self.arguments(machine, cpu, append, icount) + list(extra)
        self.command = command
        self.start()
        Machine.live.append(self)

    def start(self):
        """The console is a socket of ours: there may be no pty where the tests run."""
        ours, theirs = socket.socketpair()
        with open(f"{self.scratch}/messages", "wb") as messages:
            self.process = subprocess.Popen(
                self.command + ["-chardev", f"socket,id=console,fd={theirs.fileno()}"],
                cwd=TOP, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                stdout=messages, stderr=messages)
        theirs.close()
        self.link = ours
        self.child = fdpexpect.fdspawn(ours, encoding="latin-1", codec_errors="replace",
                                       timeout=10 * TIMEOUT_SCALE, maxread=65536)
        self.child.delaybeforesend = None
        self.child.logfile_read = self

    def is_running(self):
        return self.process.poll() is None

    def arguments(self, machine, cpu, append, icount):
        arguments = [
            "-m", str(self.mem), "-smp", str(self.cpus), "-cpu", cpu, "-accel", "tcg",
            "-no-reboot", "-net", "none", "-display", "none", "-monitor", "none",
            "-serial", "chardev:console",
            "-qmp", f"unix:{self.scratch}/qmp,server=on,wait=off",
            "-pidfile", f"{self.scratch}/pid",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
        ]
        if self.cdrom:
            arguments += ["-cdrom", os.path.join(self.directory, self.cdrom)]
        elif self.disk:
            bus = "virtio" if self.root.startswith("vd") else "ide"
            arguments += ["-kernel", os.path.join(self.directory, "kernel.elf"),
                          "-drive", f"file={self.disk},format=raw,if={bus}",
                          "-append", f"root=/dev/{self.root} {append}".strip()]
        else:
            arguments += ["-kernel", os.path.join(self.directory, "kernel.elf"),
                          "-initrd", self.image, "-append", f"root=/dev/ram0 {append}".strip()]
        if self.ram_path:
            # The guest's memory is a file, and so is still there when QEMU has ended.
            arguments += ["-object", f"memory-backend-file,id=ram,size={self.mem}M,"
                          f"mem-path={self.ram_path},share=on"]
            machine += ",memory-backend=ram"
        arguments += ["-machine", machine]
        if icount is not None:
            arguments += ["-icount", f"shift={icount},sleep=off", "-seed", "1",
                          "-rtc", "base=2026-01-01,clock=vm"]
        return arguments

    # pexpect's log file is this object.
    def write(self, text):
        self.console += text

    def flush(self):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def tail(self, lines=60):
        return "\n".join(self.console.replace("\r", "").splitlines()[-lines:])

    def fail(self, what):
        with open(f"{self.scratch}/messages", encoding="utf-8", errors="replace") as file:
            said = "".join(f"\nQEMU said: {line.strip()}" for line in file)
        raise MachineError(f"{what}{said}\n--- the last lines of the console\n{self.tail(25)}")

    def expect(self, pattern, timeout=10):
        """Waits for a regular expression on the console; returns the match."""
        index = self.child.expect([pattern, pexpect.EOF, pexpect.TIMEOUT],
                                  timeout=timeout * TIMEOUT_SCALE)
        if index == 1:
            self.fail(f"QEMU ended ({self.wait_end()}) before {pattern!r} came")
        if index == 2:
            self.fail(f"no {pattern!r} in {timeout * TIMEOUT_SCALE:.0f} s")
        return self.child.match

    def wait_shell(self, timeout=30):
        """Waits for the first prompt."""
        self.expect(rf"(?:^|\n){PROMPT}", timeout)
        if self.cdrom:
            # A CD has kernel parameters of its own: see __init__ about TERM.
            self.send("TERM=dumb exec sh\n")
            self.expect(rf"exec sh\r*\n{PROMPT}", timeout)

    def send(self, text):
        self.child.send(text)

    def run(self, command, timeout=20):
        """Runs one line in the shell. The status rides on the line behind the output."""
        joint = "" if command.rstrip().endswith("&") else ";"
        self.send(f"{command}{joint} echo =$?=\n")
        match = self.expect(r"(?s)echo =\$\?=\r*\n(.*?)=(\d+)=\r*\n", timeout)
        self.expect(PROMPT)
        return Result(match[1].replace("\r", ""), int(match[2]))

    def check(self, command, timeout=20):
        """Runs a line that must succeed; returns its output without the kernel's lines."""
        result = self.run(command, timeout)
        if result.status != 0:
            self.fail(f"{command!r} ended with {result.status}")
        return without_kernel_lines(result.output)

    def wait_end(self, timeout=20):
        """Waits for QEMU to end; returns its exit status."""
        if self.exit_status is None:
            try:
                self.child.expect(pexpect.EOF, timeout=timeout * TIMEOUT_SCALE)
                self.exit_status = self.process.wait(timeout * TIMEOUT_SCALE)
            except (pexpect.TIMEOUT, subprocess.TimeoutExpired):
                pass
        if self.exit_status is None:
            self.fail("QEMU did not end")
        return self.exit_status

    def show_processors(self):
        """An NMI makes each processor say what it does; then there is a prompt again."""
        self.qmp("inject-nmi")
        for _ in range(self.cpus):
            self.expect("nmi: state of cpu")
        time.sleep(1)  # for the rest of the last one
        self.send("\n")
        self.expect(PROMPT)

    def poweroff(self, timeout=20):
        """Ends the session as a user does; the kernel must have ended QEMU itself."""
        self.send("poweroff\n")
        status = self.wait_end(timeout)
        if status != STATUS_POWEROFF:
            self.fail(f"poweroff ended QEMU with {status}, not {STATUS_POWEROFF}")
        if self.ram_path:
            self.fsck()

    def close(self):
        if self.is_running():
            # timeout passes it on, and kills a QEMU that does not listen.
            self.process.terminate()
            self.process.wait(30 * TIMEOUT_SCALE)
        self.link.close()
        shutil.rmtree(self.scratch, ignore_errors=True)
        if self in Machine.live:
            Machine.live.remove(self)

    # ---- looking in from outside

    def qmp(self, command, **arguments):
        """One QMP command on a connection of its own."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(10 * TIMEOUT_SCALE)
            link.connect(f"{self.scratch}/qmp")
            stream = link.makefile("rw")
            stream.readline()
            for name, args in (("qmp_capabilities", {}), (command, arguments)):
                stream.write(json.dumps({"execute": name, "arguments": args}) + "\n")
                stream.flush()
                answer = {}
                while "return" not in answer and "error" not in answer:
                    answer = json.loads(stream.readline())
            if "error" in answer:
                self.fail(f"QMP {command}: {answer['error']}")
            return answer["return"]

    def cpu_seconds(self):
        """Processor time that QEMU has used so far."""
        with open(f"{self.scratch}/pid", encoding="ascii") as file:
            pid = int(file.read())
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def save_disk(self, path):
        """Copies the RAM disk out of the machine's memory (keep_ram=True)."""
        place = re.search(r"ram0: (\d+) KiB at (?:0x)?([0-9a-f]+)", self.console)
        if not place:
            self.fail("the kernel did not say where ram0 is")
        with open(self.ram_path, "rb") as ram, open(path, "wb") as disk:
            ram.seek(int(place[2], 16))
            disk.write(ram.read(int(place[1]) * 1024))

    def fsck(self):
        """The RAM disk must be clean: to be called after sync or poweroff."""
        path = f"{self.scratch}/disk"
        self.save_disk(path)
        check = subprocess.run(["e2fsck", "-fn", path], capture_output=True, text=True,
                               env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin"),
                               check=False)
        if check.returncode != 0:
            self.fail(f"e2fsck -fn: {check.returncode}\n{check.stdout}{check.stderr}")


def without_kernel_lines(text):
    return "".join(line for line in text.splitlines(True) if not KERNEL_LINE.match(line))


# ---- KTAP

Ktap = collections.namedtuple("Ktap", "planned passed failed skipped")
KTAP_LINE = re.compile(r"^(not ok|ok) (\d+)(?: -)? ?(.*)$")


def parse_ktap(text):
    """Names of the tests in a KTAP text. A number that is missing counts as failed."""
    planned, seen = None, {}
    for line in text.splitlines():
        plan = re.match(r"^1\.\.(\d+)", line)
        if plan:
            planned = int(plan[1])
            continue
        match = KTAP_LINE.match(line)
        if not match:
            continue
        skipped = re.search(r"# SKIP", match[3], re.IGNORECASE)
        kind = "skipped" if skipped else "passed" if match[1] == "ok" else "failed"
        seen[int(match[2])] = (kind, match[3])
    names = {"passed": [], "failed": [], "skipped": []}
    for kind, name in seen.values():
        names[kind].append(name)
    for number in range(1, (planned or 0) + 1):
        if number not in seen:
            names["failed"].append(f"test {number} did not report")
    return Ktap(planned, names["passed"], names["failed"], names["skipped"])
