# SPDX-License-Identifier: MIT
"""Job control as it is typed: ^Z, jobs, bg, fg, kill %1, ^C, reads from the background."""

import time

import pytest

from gatehouse import PROMPT

pytestmark = pytest.mark.xdist_group("jobs")


@pytest.fixture
def session(shared_machine, request):
    """A shell at the console of a machine, with no jobs before and after."""
    build, cpus = getattr(request, "param", ("release", 1))
    m = shared_machine.get(build=build, cpus=cpus)

    def ask(command, *answers, timeout=10):
        m.send(command + "\n")
        m.expect(r"(?s)" + r"[^\n]*\r*\n".join(["", *answers, ""]) + PROMPT + "$", timeout)

    ask("true")
    yield m, ask
    m.send("kill -9 $(jobs -p) 2>/dev/null; wait; sleep 0.1\n")
    m.expect(PROMPT)
    m.suspect = False


everywhere = pytest.mark.parametrize(
    "session", [("release", 1), ("debug", 2), ("debug", 4)], indirect=True,
    ids=["release-1", "debug-2", "debug-4"])


def start(m, command, sign=None):
    m.send(command + "\n")
    m.expect(rf"\n{sign}\r*\n" if sign else r"\n")
    time.sleep(0.2)


def key(m, byte):
    m.send(byte)
    m.expect(PROMPT if byte == "\x04" else rf"\n{PROMPT}")


@everywhere
def test_a_stopped_job_goes_on_in_the_foreground(session):
    m, ask = session
    start(m, "cat")
    m.send("\x1a")
    m.expect(rf"\^Z\r*\n\[1\]\+  Stopped +cat\r*\n{PROMPT}")
    ask("jobs", r"\[1\]\+  Stopped +cat")
    m.send("fg\n")
    m.expect(r"\ncat\r*\n")
    m.send("again\n")
    m.expect(r"again\r*\nagain\r*\n")
    key(m, "\x03")
    ask("jobs; echo none", "none")


@everywhere
def test_a_stopped_job_goes_on_in_the_background(session):
    m, ask = session
    start(m, "sh -c 'sleep 2; echo finished'")
    key(m, "\x1a")
    ask("bg", r"\[1\]\+  Running +sh -c 'sleep 2; echo finished' &")
    ask("wait", "finished")
    ask("jobs; echo none", "none")


@everywhere
def test_a_pipeline_is_one_job(session):
    m, ask = session
    start(m, "sleep 100 | cat | cat")
    m.send("\x1a")
    m.expect(rf"\[1\]\+  Stopped +sleep 100 \| cat \| cat\r*\n{PROMPT}")
    ask("kill -CONT %1; jobs", r"\[1\]\+  (Running|Stopped) +sleep 100 .*")
    m.send("fg %sleep\n")
    m.expect(r"\nsleep 100 \| cat \| cat\r*\n")
    key(m, "\x03")
    ask("jobs; echo none", "none")
    ask("sleep 50 | cat &", r"\[1\] \d+")
    ask("kill %1")
    ask("wait; echo over", "over")


def start_in_background(m, command, stopped):
    """Its notice may come before the next prompt or one later."""
    m.send(command + "\n")
    m.expect(rf"(?s)\[1\] \d+\r*\n([^\n]*{stopped}[^\n]*\n)?# $")
    m.send("sleep 0.3\n")
    m.expect(r"sleep 0.3\r*\n[^$]*# $")


@everywhere
def test_a_background_read_stops(session):
    m, ask = session
    start_in_background(m, "cat &", "SIGTTIN")
    ask("jobs", r"\[1\]\+  Stopped \(SIGTTIN\) +cat")
    ask("wait %1; echo =$?", "=149")
    m.send("fg\n")
    m.expect(r"\ncat\r*\n")
    m.send("line\n")
    m.expect(r"line\r*\nline\r*\n")
    key(m, "\x04")
    start_in_background(m, "stty tostop; echo x &", "SIGTTOU")
    ask("stty -tostop")
    ask("jobs", r"\[1\]\+  Stopped \(SIGTTOU\) +echo x")
    ask("fg", "echo x", "x")


def test_current_and_previous_jobs_have_names(session):
    m, ask = session
    for number in (101, 102, 103):
        ask(f"sleep {number} &", rf"\[{number - 100}\] \d+")
    ask("jobs", r"\[1\]   Running +sleep 101 &", r"\[2\]-  Running +sleep 102 &",
        r"\[3\]\+  Running +sleep 103 &")
    ask("kill -STOP %?01; sleep 0.2; jobs %%", r"\[1\]\+  Stopped \(SIGSTOP\) +sleep 101")
    ask("kill %-; kill -9 %1 %2; wait; jobs; echo none", "none")
    ask("fg %7", "sh: %7: no such job")
    ask("kill -l 15", "TERM")


def test_modes_of_a_stopped_job_are_its_own(session):
    m, ask = session
    start(m, "sh -c 'stty -echo; echo ready; cat; stty echo'", "ready")
    key(m, "\x1a")
    ask("stty -a | grep -c ' echo '", "1")
    m.send("fg\n")
    m.expect(r"stty echo'\r*\n")
    time.sleep(0.3)
    m.send("hidden\n")
    m.expect(r"^hidden\r*\n")
    key(m, "\x04")


def test_stopped_jobs_delay_the_shells_end_once(session):
    m, ask = session
    m.send("sh\n")
    m.expect(PROMPT)
    start(m, "cat")
    key(m, "\x1a")
    ask("exit", r"There are stopped jobs\.")
    ask("true")
    ask("exit", r"There are stopped jobs\.")
    ask("exit")
    ask("ps | grep -c '[c]at$'", "0")


def test_interrupts_end_what_runs_in_the_shell_itself(session):
    m, ask = session
    start(m, "while :; do :; done")
    key(m, "\x03")
    start(m, "for i in 1 2 3; do read line; done; echo not reached")
    key(m, "\x03")
    ask("echo $?", "130")
    start(m, "sleep 100 & wait")
    key(m, "\x03")
    ask("kill %1; wait; echo over", "over")


def test_traps_run_between_commands(session):
    m, ask = session
    ask("trap 'echo caught' USR1; kill -USR1 $$; echo after; trap - USR1", "caught", "after")
    start(m, "sh -c 'trap \"echo bye; exit 3\" INT; echo up; while :; do sleep 1; done'", "up")
    m.send("\x03")
    m.expect(rf"bye\r*\n{PROMPT}")
    ask("echo $?", "3")


def test_script_runs_a_shell_on_a_pseudo_terminal(session):
    m, ask = session
    m.send("script /tmp/kept\n")
    m.expect(rf"Script started.*\n[^\n]*{PROMPT}")
    ask("tty", r"/dev/pts/\d+")
    start(m, "sleep 100")
    m.send("\x1a")
    m.expect(rf"\[1\]\+  Stopped +sleep 100\r*\n{PROMPT}")
    ask("kill %1; sleep 0.2")
    m.send("exit 5\n")
    m.expect(rf"Script done\.\r*\n{PROMPT}")
    ask("echo $?; grep -c Stopped /tmp/kept; rm /tmp/kept", "5", r"\d")
