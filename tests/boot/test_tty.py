# SPDX-License-Identifier: MIT
"""The line discipline against Linux's: the same program, typed at with the same bytes, on a pty of
this host and on our serial console, must see the same input and leave the same echo."""

import os
import re
import termios as T
import time

import pexpect
import pytest

from gatehouse import PROMPT, TIMEOUT_SCALE, build_dir

pytestmark = pytest.mark.xdist_group("tty")

IUCLC, IXOFF, IUTF8 = 0o1000, 0o10000, 0o40000
OLCUC, ONOCR, XTABS = 2, 0o20, 0o14000
ECHOCTL, ECHOKE = 0o1000, 0o4000

IFLAG = T.ICRNL | T.IXON
OFLAG = T.OPOST | T.ONLCR
EDIT = T.ICANON | T.ECHO | T.ECHOE | T.ECHOK | ECHOCTL | ECHOKE | T.IEXTEN
LFLAG = EDIT | T.ISIG
RAW = T.ECHO

# name: (what is typed, options: flags, number of reads, special characters). A signal character
# discards output that is still queued, echo too: what stands before it is typed first.
CASES = {
    "a line": (b"hello\n", {}),
    "return is newline": (b"hello\r", {}),
    "erase": (b"helo\x7f\x7fllo\n", {}),
    "erase nothing": (b"\x7f\x7fa\n", {}),
    "erase a tab": (b"a\tbc\x7f\x7f\x7fd\n", {}),
    "erase a control character": (b"a\x01b\x7f\x7fc\n", {}),
    "erase without ECHOE": (b"ab\x7fc\n", {"lflag": LFLAG & ~T.ECHOE}),
    "erase without echo": (b"ab\x7fc\n", {"lflag": LFLAG & ~T.ECHO}),
    "erase a character of two bytes": ("a\u00e4\x7fb\n".encode(), {"iflag": IFLAG | IUTF8}),
    "erase a byte of two": ("a\u00e4\x7fb\n".encode(), {}),
    "erase a word": (b"foo bar-baz\x17x\n", {}),
    "erase a word and blanks": (b"foo  \x17b a_1\x17c\n", {}),
    "kill": (b"abc\x15def\n", {}),
    "kill nothing": (b"\x15\x15def\n", {}),
    "kill without ECHOKE": (b"abc\x15def\n", {"lflag": LFLAG & ~ECHOKE}),
    "kill without ECHOK": (b"abc\x15def\n", {"lflag": LFLAG & ~T.ECHOK}),
    "reprint": (b"ab\x01c\x12d\n", {}),
    "the next is literal": (b"a\x16\x03b\x16\x16\n", {}),
    "a literal newline": (b"a\x16\nb\n", {}),
    "no literal without IEXTEN": (b"a\x16b\n", {"lflag": LFLAG & ~T.IEXTEN}),
    "end of file": (b"\x04", {}),
    "end of file pushes a line": (b"abc\x04", {}),
    "end of file twice": (b"abc\x04\x04", {"reads": 2}),
    "two lines, two reads": (b"one\ntwo\n", {"reads": 2}),
    "another end of line": (b"abc;def\n", {"reads": 2, "cc": {T.VEOL: 59}}),
    "ECHONL alone": (b"abc\n", {"lflag": (LFLAG & ~T.ECHO) | T.ECHONL}),
    "no ECHOCTL": (b"a\x01b\n", {"lflag": LFLAG & ~ECHOCTL}),
    "IGNCR": (b"ab\rc\n", {"iflag": IFLAG | T.IGNCR}),
    "INLCR": (b"ab\ncd\r", {"iflag": T.INLCR | T.ICRNL}),
    "no ICRNL": (b"ab\rcd\n", {"iflag": T.IXON}),
    "ISTRIP": (b"\xe1b\n", {"iflag": IFLAG | T.ISTRIP}),
    "IUCLC": (b"ABc\n", {"iflag": IFLAG | IUCLC}),
    "interrupt drops the line": (b"abc\x03def\n", {}),
    "quit drops the line": (b"abc\x1cdef\n", {}),
    "suspend drops the line": (b"abc\x1adef\n", {}),
    "interrupt with NOFLSH": (b"abc\x03def\n", {"lflag": LFLAG | T.NOFLSH}),
    "no ISIG": (b"abc\x03def\n", {"lflag": EDIT}),
    "stop and start": (b"ab\x13cd\x11e\n", {}),
    "any key starts": (b"ab\x13cd\n", {"iflag": IFLAG | T.IXANY}),
    "no IXON": (b"a\x13b\x11c\n", {"iflag": T.ICRNL}),
    "no OPOST": (b"a\tb\n", {"oflag": 0}),
    "no ONLCR": (b"ab\n", {"oflag": T.OPOST}),
    "OCRNL": (b"ab\rc\n", {"oflag": OFLAG | T.OCRNL, "iflag": 0}),
    "ONOCR": (b"\rab\rc\n", {"oflag": T.OPOST | ONOCR, "iflag": 0, "lflag": LFLAG & ~ECHOCTL}),
    "OLCUC": (b"aBc\n", {"oflag": OFLAG | OLCUC}),
    "tabs to blanks": (b"ab\tc\td\n", {"oflag": OFLAG | XTABS}),
    "raw": (b"abc", {"lflag": RAW, "cc": {T.VMIN: 3}}),
    "raw control characters": (b"\x03\x04\x7f\r", {"lflag": RAW | ECHOCTL, "cc": {T.VMIN: 4}}),
    "raw with ISIG": (b"\x03cdef", {"lflag": RAW | T.ISIG, "cc": {T.VMIN: 4}}),
    "raw with PARMRK": (b"a\xffb", {"lflag": RAW, "iflag": T.PARMRK, "cc": {T.VMIN: 4}}),
    "a long line": (b"x" * 5000 + b"\n", {}),
    "a zero byte": (b"a\x00b\n", {}),
}


def command_of(options):
    values = [options.get(name, default) for name, default in
              (("iflag", IFLAG), ("oflag", OFLAG), ("lflag", LFLAG), ("reads", 1))]
    special = [f"{index}={value}" for index, value in options.get("cc", {}).items()]
    return [str(value) for value in values] + special


def pieces(typed):
    """What is typed at once: up to a signal character, and no more than a pty holds."""
    return re.findall(rb"[\x03\x1a\x1c]?[^\x03\x1a\x1c]{0,256}", typed)[:-1]


def converse(child, typed):
    """Types at the probe, reading along; what came between its two marks."""
    limit = 20 * TIMEOUT_SCALE
    child.expect_exact("[>]", timeout=limit)
    for piece in pieces(typed):
        child.send(piece.decode("latin-1"))
        child.expect([pexpect.TIMEOUT], timeout=0.05 * TIMEOUT_SCALE)
    child.expect_exact("[<]", timeout=limit)
    return child.before


def on_linux(typed, options):
    program = os.path.join(build_dir("release"), "tests/user/tty/tty_probe")
    child = pexpect.spawn(program, command_of(options), encoding="latin-1", echo=True)
    child.delaybeforesend = None
    got = converse(child, typed)
    child.close()
    return got


def on_gatehouse(machine, typed, options):
    machine.send("/tests/tty_probe " + " ".join(command_of(options)) + "\n")
    got = converse(machine.child, typed)
    machine.expect(PROMPT)
    return got


@pytest.mark.parametrize("name", CASES)
def test_input_and_echo_are_linuxs(shared_machine, name):
    typed, options = CASES[name]
    m = shared_machine.get(cpus=2)
    assert on_gatehouse(m, typed, options) == on_linux(typed, options)
    m.suspect = False


def test_a_full_line_makes_the_writer_wait(shared_machine):
    """Nothing is lost while nobody reads: the socket fills, the chip stalls, the ring fills."""
    m = shared_machine.get(cpus=2)
    m.send("seq 20000; echo =$?=\n")
    time.sleep(2)
    text = m.expect(r"(?s)=\$\?=\r*\n(.*?)=0=\r*\n", timeout=60)[1].replace("\r", "")
    assert text == "".join(f"{i}\n" for i in range(1, 20001))
    m.expect(PROMPT)
    m.suspect = False


def test_interrupt_discards_what_is_still_to_come_out(shared_machine):
    m = shared_machine.get(cpus=2)
    m.send("cat /dev/zero | tr '\\\\0' x | head -c 100000000\n")
    time.sleep(1)
    m.send("\x03")
    m.expect(rf"\n{PROMPT}", timeout=60)
    assert m.check("echo on").endswith("on\n")
    m.suspect = False


def test_interrupt_reaches_the_foreground_only(shared_machine):
    m = shared_machine.get(cpus=2)
    m.run("sleep 60 &")
    m.send("cat | cat\n")
    time.sleep(1)
    m.send("\x03")
    m.expect(rf"\n{PROMPT}")
    m.check("kill -0 $!")
    m.check("kill $!")
    m.suspect = False
