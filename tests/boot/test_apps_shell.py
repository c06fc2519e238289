# SPDX-License-Identifier: MIT
"""Debian's busybox and bash, unmodified, at the console: job control, line editing, history,
completion, and the programs that take the whole screen."""

import re
import time

import pytest

from test_apps import IMAGE, pytestmark  # noqa: F401 (skipped as those, one machine after another)

INTERRUPT, STOP, END, ERASE, TAB = "\x03", "\x1a", "\x04", "\x7f", "\t"
ESCAPE, SEARCH, UP, LEFT = "\x1b", "\x12", "\x1b[A", "\x1b[D"
SHELLS = {"ash": "/apps/busybox ash -i", "bash": "/apps/bash-static --norc --noediting -i",
          "readline": "/apps/bash-static --norc -i"}
PROMPT = "READY> "


class Terminal:
    """An interactive shell on a machine's console."""

    def __init__(self, machine, shell):
        self.m = machine
        # So that the prompt itself is not seen where it is typed.
        self.m.send(f"env PATH=/tmp/bin:/bin PS1='READ''Y> ' {SHELLS[shell]}\n")
        self.wait()

    def exit(self):
        self.type("exit\n")
        self.expect(r"\n# ")
        self.m.suspect = False

    def wait(self):
        self.m.expect(PROMPT, 15)

    def expect(self, pattern, timeout=10):
        return self.m.expect(pattern, timeout)

    def type(self, keys):
        self.m.send(keys)

    def run(self, line):
        """What a line prints, between its echo and the next prompt."""
        self.type(f"{line}; echo 'e''nd'\n")
        output = self.expect(r"(?s)'e''nd'[^\n]*\n(.*?)end\r*\n")[1]
        self.wait()
        return output.replace("\r", "")

    def foreground(self, line, key):
        """Runs a job with nap in it, until a key ends or stops it."""
        self.type(f"{line}\n")
        self.expect("naps\r*\n")
        self.type(key)
        if key == STOP:
            self.expect("Stopped")
        self.wait()

    def file(self, name):
        return self.run(f"cat {name}")


# A job that says when it has the terminal: keys that are typed before go to the shell.
NAP = (r"""printf '#!/tmp/bin/sh\nsleep 0.2; echo na""ps; exec sleep $1\n' > /tmp/bin/nap; """
       "chmod 755 /tmp/bin/nap")


@pytest.fixture
def start(shared_machine):
    """Starts a shell by its name, on one machine for all; leaves it at the end."""
    m = shared_machine.get(image=IMAGE, cpus=2, term="vt100")
    if m.check("ls /tmp") == "":
        m.check(f"mkdir /tmp/bin && /apps/busybox --install -s /tmp/bin; {NAP}; cd /tmp")
    started = []

    def make(shell):
        started.append(Terminal(m, shell))
        return started[0]

    yield make
    started[0].exit()


@pytest.mark.parametrize("shell", ["ash", "bash"])
def test_jobs_are_controlled_from_the_keyboard(start, shell):
    t = start(shell)
    t.foreground("nap 100", INTERRUPT)
    assert t.run("echo $?") == "130\n"
    t.foreground("nap 101", STOP)
    assert re.search(r"\[1\]\+ +Stopped.* nap 101", t.run("jobs"))
    t.run("bg")
    assert re.search(r"\[1\]\+? +Running.* nap 101", t.run("jobs"))
    t.type("fg\n")
    t.expect("nap 101\r*\n")
    time.sleep(0.3)  # the shell says so before the job has the terminal
    t.type(STOP)
    t.expect("Stopped")
    t.wait()
    t.run("sleep 102 & sleep 0")
    assert "sleep 102" in t.run("jobs")
    t.run("kill %1; kill -CONT %1; kill %2; wait")
    assert "sleep" not in t.run("sleep 0.2; jobs; jobs")
    assert t.run("ps -o comm | grep -c sleep") == "0\n"


@pytest.mark.parametrize("shell", ["ash", "bash"])
def test_pipelines_stop_and_go_on_as_one(start, shell):
    t = start(shell)
    t.foreground("nap 103 | cat | cat", STOP)
    assert t.run("ps -o stat,comm | grep -c '^T'") == "3\n"
    t.type("fg\n")
    t.expect(r"cat \| cat\r*\n")
    time.sleep(0.3)
    t.type(INTERRUPT)
    t.wait()
    assert t.run("ps -o comm | grep -c -e sleep -e cat") == "0\n"


@pytest.mark.parametrize("shell", ["ash", "bash"])
def test_background_jobs_may_not_read_the_terminal(start, shell):
    t = start(shell)
    t.type("cat &\n")
    t.wait()
    assert re.search(r"Stopped.*cat", t.run("sleep 0.3; jobs"))
    t.type("fg\n")
    t.expect("cat\r*\n")
    t.type("hello\n")
    t.expect("hello\r*\nhello\r*\n")
    t.type(END)
    t.wait()


@pytest.mark.parametrize("shell", ["ash", "readline"])
def test_lines_are_edited_remembered_and_completed(start, shell):
    t = start(shell)
    t.type("echo wrog" + LEFT + "n\n")
    t.expect(r"\nwrong\r*\n")
    t.wait()
    t.type("echo onx" + ERASE + "e\n")
    t.expect(r"\none\r*\n")
    t.wait()
    t.type(UP + UP + " twice\n")
    t.expect(r"\nwrong twice\r*\n")
    t.wait()
    t.run("echo 12345 > a-long-file-name")
    t.type("cat a-lo" + TAB + "\n")
    t.expect(r"\n12345\r*\n")
    t.wait()
    t.type("echo never")
    t.expect("never")
    # readline 8.2 that gets ^C while it works on a key acts on it at the next key only; on
    # Linux, too: docs/linux-programs.md.
    time.sleep(0.3)
    t.type(INTERRUPT)
    t.wait()
    t.type(SEARCH + "long\r" if shell == "readline" else UP + "\n")
    t.expect(r"\n12345\r*\n")
    t.wait()


def insert(t, keys):
    """Keys that begin insert mode, and its end: what follows an escape closely is part of it."""
    t.type(keys)
    t.expect(r"\x1b\[KI f ")
    t.type(ESCAPE)
    t.expect(r"\x1b\[K- f \[Modified\]")


def test_vi_edits_a_file_by_keystrokes(start):
    t = start("ash")
    t.run("seq 5 > f")
    t.type("vi f\n")
    t.expect("- f 1/5")
    insert(t, "ihello")
    insert(t, "jddGofour")
    t.type("1Gyyp:s/hello/twice/\n:wq\n")
    t.wait()
    assert t.file("f") == "hello1\ntwice1\n3\n4\n5\nfour\n"
    t.type("vi f\n")
    t.expect("- f 1/6")
    t.type("dG:q!\n")
    t.wait()
    assert t.run("wc -l < f") == "6\n"


def test_screen_programs_page_and_quit(start):
    t = start("ash")
    t.type("seq 100 | less\n")
    t.expect("standard input")
    t.type(" ")
    t.expect(r"46\r*\n")
    t.type("G")
    t.expect(r"100\r*\n")
    t.type("q")
    t.wait()
    t.type("top -d 1\n")
    assert t.expect(r"PID +PPID USER +STAT")
    t.expect(r"top -d 1")
    t.expect(r"PID +PPID USER +STAT")  # a second later
    t.type("q")
    t.wait()
    t.type("watch -n 1 echo every second\n")
    t.expect("every second\r*\n")
    time.sleep(0.4)  # watch itself ignores the key while its command runs
    t.type(INTERRUPT)
    t.wait()
    t.type("more /etc/passwd; ps | grep '[a]sh -i'\n")
    t.expect("ash -i")
    t.wait()
    assert t.run("stty size") == "24 80\n"
    t.type("reset\n")
    t.wait()


@pytest.mark.parametrize("shell", ["ash", "bash"])
def test_timeout_and_kill_end_programs(start, shell):
    t = start(shell)
    assert t.run("timeout 1 sleep 50; echo $?") in ("143\n", "Terminated\n143\n")
    t.run("sleep 51 & sleep 0.1; kill -9 $!; wait")
    assert t.run("echo $((1 + 1)); ps -o comm | grep -c sleep") == "2\n0\n"
