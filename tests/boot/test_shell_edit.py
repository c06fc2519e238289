# SPDX-License-Identifier: MIT
"""Typing at a terminal that can be drawn on: editing, history, completion, ^C."""

import pytest

from gatehouse import PROMPT, Machine

pytestmark = pytest.mark.xdist_group("session")

UP, LEFT, HOME, END, DELETE = "\x1b[A", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[3~"


@pytest.fixture(scope="module")
def terminal():
    """A function that types keys and gives back what the screen shows then."""
    with Machine(term="vt100") as m:
        m.wait_shell()

        def type_keys(keys, wanted, timeout=20):
            """The keys end a line whose output is all `wanted`; None: it prints nothing."""
            m.send(f"{keys}\n")
            m.expect(rf"\n{PROMPT}$" if wanted is None else rf"\n{wanted}\r*\n{PROMPT}$",
                     timeout)
            return m

        yield type_keys


@pytest.mark.parametrize("keys, output", [
    ("echo plain", "plain"),
    (f"cho hello{HOME}e", "hello"),
    (f"echo acb{LEFT}\x02{DELETE}{END}c", "abc"),
    ("echo ab\x7f\x7fcd", "cd"),
    ("word echo x\x01\x1bd\x04", "x"),
    ("echo one two\x17\x17three", "three"),
    ("two three\x15echo \x19", "two three"),
    ("echo gone\x01\x1bf\x0b kept", "kept"),
    ("echo a-b\x1bbX", "a-Xb"),
    ("echo a b\x1b\x7fc", "a c"),
    ("echo \xc3\xa4\xc3\xb6\x7f\x7fo", "o"),
    ("echo 2 \x0c lines", "2 lines"),
])
def test_keys_edit_the_line(terminal, keys, output):
    terminal(keys, output)


def test_a_line_of_three_rows_is_edited_as_one(terminal):
    digits = "0123456789" * 20
    terminal(f"echo {digits}{HOME}\x1bf\x06\x04x{END}y", f"x{digits[1:]}y")


def test_history_goes_up_searches_and_is_kept_in_a_file(terminal):
    terminal("echo first", "first")
    terminal("echo second", "second")
    terminal(f"{UP}{UP}", "first")
    terminal("\x12sec", "second")
    terminal("\x10\x10\x0e\x05nd", "secondnd")
    terminal("tail -n 1 ~/.sh_history", r"tail -n 1 ~/\.sh_history")


def test_equal_lines_are_in_the_history_once(terminal):
    for line in ("echo o", "echo p", "echo q", "echo p"):
        terminal(line, line[-1])
    terminal(f"{UP}{UP}{UP}", "o")


@pytest.mark.parametrize("keys, output", [
    ("cat /etc/mo\t | wc -l", "1"),
    ("basena\t /a/b", "b"),
    ("cd /e\t; pwd; cd", "/etc"),
    ("unali\t -a; echo $?", "0"),
    ("echo $HO\t", "/root"),
    ("echo \"${HO\t", "/root"),
    ("echo spaced >'/tmp/a b'\ncat /tmp/a\t; rm /tmp/a\t", "spaced"),
    ("long_name() { echo in function; }; :\nlong_\t", "in function"),
])
def test_tab_completes(terminal, keys, output):
    for line in keys.split("\n")[:-1]:
        terminal(line, None)
    terminal(keys.split("\n")[-1], output)


def test_second_tab_lists_what_there_is(terminal):
    m = terminal("true", None)
    m.send("echo /etc/\t\t")
    listed = m.expect(rf"\n(.*motd.*)\r*\n\r*{PROMPT}echo /etc/")[1]
    assert {"group", "passwd", "rc"} <= set(listed.split())
    m.send("\x15echo\n")
    m.expect(rf"\n\r*\n{PROMPT}")


def test_interrupt_drops_the_line_and_the_command_begun(terminal):
    m = terminal("true", None)
    m.send("rm -r /bin\x03")
    m.expect(rf"\^C\r*\n{PROMPT}")
    m.send("for i in 1 2\n")
    m.expect(r"\n> ")
    m.send("do echo $i\x03")
    m.expect(rf"\^C\r*\n{PROMPT}")
    terminal("ls /bin/sh", "/bin/sh")


def test_interrupt_reaches_the_program_in_front_only(terminal):
    m = terminal("true", None)
    m.send("sleep 100 & sleep 100 | { echo in\\ front; cat; }; echo not reached\n")
    background = m.expect(r"\[\d+\] (\d+)\r*\n")[1]
    m.expect(r"in front\r*\n")
    m.send("\x03")
    m.expect(rf"\n{PROMPT}")
    terminal(f"kill {background} && wait; echo over", "(?:.*\n)?over")


def test_a_loop_ends_when_its_program_is_interrupted(terminal):
    m = terminal("true", None)
    m.send("while true; do sh -c 'echo turn; sleep 100'; done\n")
    m.expect(r"\nturn\r*\n")
    m.send("\x03")
    m.expect(rf"\n{PROMPT}")
    terminal("echo alive", "alive")


def test_end_of_file_ends_the_shell(terminal):
    m = terminal("sh", None)
    m.send("echo inner $PPID\n")
    m.expect(rf"inner \d+\r*\n{PROMPT}")
    m.send("\x04")
    m.expect(rf"\n{PROMPT}")
