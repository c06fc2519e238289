# SPDX-License-Identifier: MIT
"""What a person types in the first hour."""

import pytest

from gatehouse import PROMPT

pytestmark = pytest.mark.xdist_group("session")


@pytest.fixture
def shell(shared_machine):
    m = shared_machine.get(cpus=2)
    m.check("cd /tmp")
    yield m
    # A test that fails leaves the machine in any state; one that passes must leave a shell.
    m.check("cd /; wait")
    m.suspect = False


@pytest.mark.parametrize("line, output", [
    ("echo hello", "hello\n"),
    ("echo one two | cat | cat | wc -w", "2\n"),
    ("seq 5 | sort -r | head -n 2", "5\n4\n"),
    ("echo 'single $HOME' \"double\" back\\ slash", "single $HOME double back slash\n"),
    ("X=5; echo \"$X${X}\"", "55\n"),
    ("true && echo yes || echo no", "yes\n"),
    ("false && echo yes || echo no", "no\n"),
    ("! true; echo $?", "1\n"),
    ("false; echo $?", "1\n"),
    ("sh -c 'exit 42'; echo $?", "42\n"),
    ("sh -c 'kill -9 $$'; echo $?", "Killed\n137\n"),
    ("echo out > f; echo more >> f; cat < f; rm f", "out\nmore\n"),
    ("ls /no 2>/dev/null; echo $?", None),
    ("ls /no > f 2>&1; wc -l < f; rm f", "1\n"),
    ("cd /bin; pwd", "/bin\n"),
    ("export COLOUR=red; sh -c 'echo $COLOUR'", "red\n"),
    ("mkdir -p a/b; echo x > a/b/c; ls a/b; rm -r a", "c\n"),
    ("echo x > a; ln a b; mv b c; cat c; rm a c", "x\n"),
    ("ln -s /etc/motd l; cat l | wc -l; rm l", "1\n"),
    ("echo a > 1; cp 1 2; cat 2; rm 1 2", "a\n"),
    ("echo b > 2; echo a > 1; cat 1 2 | grep -v a; rm 1 2", "b\n"),
    ("sleep 1 & wait; echo waited", None),
    ("cat /dev/zero | head -c 3145728 | wc -c", "3145728\n"),
    ("head -c 3145728 /dev/zero > big; wc -c < big; rm big", "3145728\n"),
    ("test -f /etc/motd && [ -d /etc ]; echo $?", "0\n"),
    ("printf '#!/bin/sh\\necho script $1\\n' > s; chmod +x s; ./s arg; rm s", "script arg\n"),
    ("(cd /etc; pwd); pwd", "/etc\n/tmp\n"),
    ("man dup2 | head -n 1; man -k 'without its last'; man nosuch", "DUP3(2)\n"
     "dirname(1) - a path without its last component\nman: no page about nosuch\n"),
])
def test_line(shell, line, output):
    result = shell.run(line)
    if output is None:
        assert result.status == 0
    else:
        assert result.output == output


def test_ls_long_piped_into_sort(shell):
    lines = shell.check("ls -l / | sort").splitlines()
    assert lines == sorted(lines)
    assert any(line.endswith(" bin") and line.startswith("d") for line in lines)


def test_missing_program_gives_127(shell):
    assert shell.run("no-such-program").status == 127


def test_unexecutable_file_gives_126(shell):
    assert shell.run("/etc/motd").status == 126


def test_background_job_runs_beside_the_shell(shell):
    shell.run("(sleep 2; echo done > flag) &")
    assert shell.run("test -f flag").status == 1
    shell.check("wait")
    assert shell.check("cat flag; rm flag") == "done\n"


def test_dev_full_reports_no_space(shell):
    result = shell.run("echo x > /dev/full")
    assert result.status != 0


def test_broken_pipe_ends_the_writer(shell):
    assert shell.check("cat /dev/zero | head -c 1 | wc -c", timeout=20) == "1\n"


def test_line_editing_erases_and_kills(shell):
    shell.send("echo wrong\x15echo righx\x7ft\n")
    shell.expect(r"\nright\r*\n")
    shell.expect(PROMPT)


def test_interrupt_leaves_the_shell_alive(shell):
    shell.send("echo never\x03")
    shell.expect(rf"\^C\r*\n{PROMPT}")
    assert shell.check("echo alive").endswith("alive\n")


def test_full_disk_is_an_error_and_nothing_more(machine):
    m = machine(keep_ram=True)
    result = m.run("cat /dev/zero > /tmp/fill", timeout=60)
    assert result.status != 0
    assert "No space left on device" in result.output
    m.check("rm /tmp/fill")
    m.check("head -c 1000000 /dev/zero > /tmp/again")
    m.poweroff()


def test_disk_is_clean_after_much_change(machine):
    m = machine(cpus=2, keep_ram=True)
    m.check("mkdir /a; cp -r /bin /a/bin; mv /a/bin /b; rm -r /a", timeout=60)
    m.check("seq 20000 > /b/numbers; ln /b/numbers /n; ln -s n /s; rm /b/numbers", timeout=60)
    m.check("head -c 5 /s > /five; sync")
    m.qmp("stop")
    m.fsck()
    m.qmp("cont")
    m.check("rm -r /b /n /s /five")
    m.poweroff()


def test_open_unlinked_file_leaves_no_orphan(machine):
    m = machine(keep_ram=True)
    m.check("seq 1000 > /f; (sleep 1; cat >/dev/null) < /f & rm /f; wait")
    m.poweroff()
