# SPDX-License-Identifier: MIT
"""Screen and keyboard: keys are pressed through QMP, the screen is read from VGA memory."""

import os
import re
import struct
import subprocess
import time

import pytest

from gatehouse import TIMEOUT_SCALE, TOP, Machine

ROWS, COLUMNS, CELLS = 25, 80, 0xB8000
HOLD_MS = 20 # how long a key stays down

# What to press for a character, on the layout named; letters and digits stand for themselves.
KEYS_US = {" ": "spc", "\n": "ret", "-": "minus", "/": "slash", ".": "dot", ";": "semicolon",
           "=": "equal", "'": "apostrophe", "\\": "backslash", "[": "bracket_left",
           ">": "shift dot", "|": "shift backslash", "$": "shift 4", "_": "shift minus",
           '"': "shift apostrophe", "?": "shift slash", "&": "shift 7", "!": "shift 1"}
KEYS_DE = {" ": "spc", "\n": "ret", "z": "y", "y": "z", "-": "slash", "/": "shift 7",
           "ä": "apostrophe", "Ö": "shift semicolon", "ß": "minus", "@": "alt_r q",
           "\\": "alt_r minus", "|": "alt_r less", "~": "alt_r bracket_right"}


class Screen:
    """A machine that is looked at and typed at from outside."""

    def __init__(self, **options):
        self.machine = Machine(**options)
        self.machine.wait_shell()
        self.wait_for("# ")

    def press(self, names):
        """Keys that are held together, by QEMU's names."""
        self.machine.qmp("send-key", **{"hold-time": HOLD_MS, "keys": [
            {"type": "qcode", "data": name} for name in names.split()]})
        time.sleep(2 * HOLD_MS / 1000)

    def type(self, text, keys=None):
        for c in text:
            name = (keys or KEYS_US).get(c, c)
            self.press(name if not c.isupper() or " " in name else f"shift {c.lower()}")

    def cells(self):
        path = f"{self.machine.scratch}/vga"
        self.machine.qmp("pmemsave", val=CELLS, size=ROWS * COLUMNS * 2, filename=path)
        with open(path, "rb") as file:
            return file.read()

    def rows(self):
        cells = self.cells()
        return [cells[at:at + 2 * COLUMNS:2].decode("cp437").rstrip()
                for at in range(0, len(cells), 2 * COLUMNS)]

    def attributes(self, row):
        return self.cells()[row * 2 * COLUMNS + 1:(row + 1) * 2 * COLUMNS:2]

    def wait_for(self, pattern, without=None, seconds=15):
        """Waits until a row matches, and none does that is not to; returns the screen."""
        end = time.monotonic() + seconds * TIMEOUT_SCALE
        while True:
            rows = self.rows()
            # A row that ends in the prompt has lost its blank.
            text = "".join(row + " \n" for row in rows)
            if re.search(pattern, text, re.MULTILINE) and not (
                    without and re.search(without, text, re.MULTILINE)):
                return rows
            if time.monotonic() > end:
                self.machine.fail(f"no {pattern!r}, or {without!r}, on the screen:\n{text}")
            time.sleep(0.1)


@pytest.fixture(scope="module")
def shared_screen():
    screen = Screen(cpus=2)
    yield screen
    screen.machine.close()


@pytest.fixture
def screen(shared_screen):
    """tty1 with an empty line at the top."""
    shared_screen.press("alt f1")
    shared_screen.press("ctrl u")
    shared_screen.type("clear\n")
    shared_screen.wait_for(r"^# $")
    return shared_screen


pytestmark = pytest.mark.xdist_group("console")


def test_log_and_a_shell_are_on_the_screen(shared_screen):
    rows = shared_screen.rows()
    assert rows[0] == "Gatehouse"
    assert any(row.startswith("fs: root is ext2") for row in rows)
    assert "#" in rows


def test_what_is_typed_runs(screen):
    screen.type("echo A-b/c '$HOME' | cat\n")
    assert "A-b/c $HOME" in screen.wait_for(r"^A-b/c \$HOME $")


def test_consoles_are_apart(screen):
    screen.type("echo one\n")
    screen.wait_for("^one ")
    screen.press("alt f2")
    screen.wait_for("^#", without="^one ")
    screen.type("tty=two; echo $tty\n")
    screen.wait_for("^two ")
    screen.press("alt f1")
    screen.wait_for("^one ", without="^two ")


def test_serial_line_and_screen_work_side_by_side(screen):
    assert screen.machine.check("echo serial") == "serial\n"
    screen.machine.check("echo from afar > /dev/tty1")
    screen.wait_for("from afar")


def test_colours_cursor_and_line_drawing(screen):
    m = screen.machine
    m.check(r"printf '\033[2J\033[3;5H\033[1;31;44mred\033[0m\033(0q\033(B\303\244' > /dev/tty1")
    rows = screen.wait_for("red")
    assert rows[2] == "    red─ä"
    assert set(screen.attributes(2)[4:7]) == {0x1C}
    assert screen.attributes(2)[8] == 0x07
    m.check(r"printf '\033[2J\033[H' > /dev/tty1")


def test_history_is_seen_with_shift_page_up(screen):
    screen.type("seq 60\n")
    screen.wait_for("^60 ", without="^20 ")
    screen.press("shift pgup")
    screen.press("shift pgup")
    screen.wait_for("^20 ", without="^60 ")
    screen.press("shift pgdn")
    screen.press("shift pgdn")
    screen.wait_for("^60 ", without="^20 ")


def test_interrupt_key_ends_the_foreground_only(screen):
    screen.type("sleep 100 &\n")
    screen.type("cat | cat\n")
    screen.type("x\n")
    screen.wait_for("^x ")
    screen.press("ctrl c")
    screen.type("kill -0 $! && echo alive\n")
    screen.wait_for("^alive ")
    screen.type("kill $!\n")


def test_terminal_answers_where_its_cursor_is(screen):
    """The answer comes as input: raw, it is read like keys."""
    screen.type("/tests/tty_probe 0 5 0 1 6=6\n")
    screen.wait_for(r"^\[>\]")
    screen.machine.check("printf '\\033[5;7H\\033[6n' > /dev/tty1")
    screen.wait_for("<6:1b5b353b3752>")


def test_shell_comes_again_on_its_console(screen):
    screen.press("alt f3")
    screen.wait_for("^# ", without="^one ")
    screen.type("echo $$ > /tmp/shell; exit\n")
    screen.machine.check("while kill -0 $(cat /tmp/shell); do sleep 1; done 2>/dev/null; true")
    screen.wait_for("exit *\n(.*\n)?# ")
    screen.type("echo again\n")
    screen.wait_for("^again ")


def test_german_layout():
    screen = Screen(append="keymap=de")
    screen.type("echo zy-/äÖß@\\\\|cat\n", KEYS_DE)
    screen.wait_for(r"^zy-/äÖß@\\ ")
    screen.machine.poweroff()


def test_unknown_layout_is_reported():
    screen = Screen(append="keymap=xx")
    assert "keymap=xx" in screen.machine.console
    screen.machine.close()


@pytest.mark.parametrize("extra", [["-vga", "none"], ["-machine", "pc,i8042=off"]])
def test_machine_without_screen_or_keyboard_starts(machine, extra):
    m = machine(extra=extra)
    assert m.check("echo well") == "well\n"
    m.poweroff()


def test_screen_alone_is_the_console():
    """console=tty0: the log and /dev/console are on the screen; the serial line has its shell."""
    screen = Screen(append="console=tty0")
    assert "Welcome" not in screen.machine.console
    assert any("Welcome" in row for row in screen.rows())
    screen.machine.check("echo here > /dev/console")
    screen.wait_for("here")
    screen.machine.poweroff()


def test_screenshot_of_a_session():
    """Takes the picture that README.md shows, if GATEHOUSE_SCREENSHOT says where to."""
    screen = Screen(cpus=2)
    for line in ("uname -sr", "ls /", "seq 1000 | grep 77 | wc -l"):
        screen.type(line + "\n")
        time.sleep(0.5)
    screen.wait_for("^19 ")
    ppm = f"{screen.machine.scratch}/screen.ppm"
    screen.machine.qmp("screendump", filename=ppm)
    png = os.environ.get("GATEHOUSE_SCREENSHOT", f"{screen.machine.scratch}/screen.png")
    subprocess.run([f"{TOP}/tools/ppm2png.py", ppm, png], check=True, timeout=60 * TIMEOUT_SCALE)
    with open(png, "rb") as file:
        head = file.read(24)
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:24]) == (720, 400)
    with open(ppm, "rb") as file:
        pixels = file.read()[-720 * 400 * 3:]
    lit = sum(1 for at in range(0, len(pixels), 3) if pixels[at])
    assert 0.01 < lit / (720 * 400) < 0.5
    screen.machine.poweroff()
