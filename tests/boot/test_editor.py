# SPDX-License-Identifier: MIT
"""Programs that fill the screen, edit and more, and stty: what a person types and sees."""

import pytest

from gatehouse import PROMPT

pytestmark = pytest.mark.xdist_group("session")

HELP = r"\^S Save"
SAVE, QUIT, FIND, NEXT, LINE, CUT, PASTE = "\x13", "\x11", "\x06", "\x0e", "\x14", "\x0b", "\x15"
UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
HOME, END, DELETE, PAGE_DOWN, BACKSPACE = "\x1b[H", "\x1b[F", "\x1b[3~", "\x1b[6~", "\x7f"


@pytest.fixture
def shell(shared_machine):
    m = shared_machine.get(cpus=2)
    m.check("rm -rf /tmp/e; mkdir /tmp/e; cd /tmp/e")
    yield m
    m.check("cd /; rm -rf /tmp/e")
    m.suspect = False


def edit(m, arguments):
    m.send(f"edit {arguments}\n")
    m.expect(HELP)


def save_and_quit(m):
    m.send(SAVE)
    m.expect("Saved, ")
    leave(m)


def leave(m):
    m.send(QUIT)
    m.expect(PROMPT)


def test_typed_text_is_saved(shell):
    edit(shell, "f")
    shell.send("first\rsecond line\r\tthird")
    save_and_quit(shell)
    assert shell.check("cat f") == "first\nsecond line\n\tthird"


def test_keys_move_and_delete(shell):
    shell.check("printf 'one\\ntwo\\nthree\\n' >f; chmod 640 f")
    edit(shell, "f")
    shell.send(DOWN + END + BACKSPACE + "O" + DOWN + HOME + DELETE + RIGHT + LEFT + "T" + UP + UP)
    shell.send(END + "!" + PAGE_DOWN + "last")
    save_and_quit(shell)
    assert shell.check("cat f; stat -c %a f") == "one!\ntwO\nThree\nlast640\n"


def test_lines_are_cut_and_pasted(shell):
    shell.check("seq 5 >f")
    edit(shell, "+2 f")
    shell.send(CUT + CUT + DOWN + PASTE + UP + UP + UP + PASTE)
    save_and_quit(shell)
    assert shell.check("cat f") == "1\n2\n3\n4\n2\n3\n5\n"


def test_search_goes_round_and_lines_are_found_by_number(shell):
    shell.check("seq 500 >f")
    edit(shell, "f")
    shell.send(FIND + "77\r")
    shell.expect("line 77 of")
    shell.send("a" + NEXT)
    shell.expect("line 177 of")
    shell.send("b" + LINE + "490\r")
    shell.expect("line 490 of")
    shell.send("c" + FIND + "12\r")
    shell.expect("from the beginning")
    shell.send("d" + FIND + "nowhere\r")
    shell.expect("is not there")
    save_and_quit(shell)
    assert shell.check("grep '[a-z]' f") == "d12\na77\n1b77\nc490\n"


def test_quitting_asks_about_changes(shell):
    shell.check("echo old >f")
    edit(shell, "f")
    shell.send("new" + QUIT)
    shell.expect("Save the changes")
    shell.send("\x03more" + QUIT)
    shell.expect("Save the changes")
    shell.send("n")
    shell.expect(PROMPT)
    assert shell.check("cat f") == "old\n"
    edit(shell, "f")
    shell.send("new" + QUIT)
    shell.expect("Save the changes")
    shell.send("y")
    shell.expect(PROMPT)
    assert shell.check("cat f; ls -1") == "newold\nf\n"


def test_a_text_of_one_mib_and_a_line_of_64_kib_are_edited(shell):
    shell.check("seq 170000 | head -c 1000000 >f; "
                "head -c 65536 /dev/zero | tr '\\0' 'y' >>f; cp f g", timeout=120)
    lines = int(shell.check("wc -l <f"))
    edit(shell, f"+{lines + 1} f")
    shell.send(END + "end" + HOME + "begin")
    save_and_quit(shell)
    sizes = shell.check("wc -c <g; wc -c <f; cmp g f | cut -d, -f2; tail -c 3 f").split()
    assert int(sizes[0]) + len("beginend") == int(sizes[1])
    assert sizes[2:] == ["line", str(lines + 1), "end"]


def test_a_link_stays_a_link(shell):
    shell.check("echo a >f; ln -s f l")
    edit(shell, "l")
    shell.send("x")
    save_and_quit(shell)
    assert shell.check("readlink l; cat f") == "f\nxa\n"


def test_a_full_disk_keeps_the_file_and_the_text(machine):
    m = machine()
    m.check("cd /tmp; seq 2000 >f; cp f g")
    m.run("cat /dev/zero >fill", timeout=60)
    edit(m, "f")
    m.send("kept" + SAVE)
    m.expect("Not saved: No space left on device")
    m.send(QUIT)
    m.expect("Save the changes")
    m.send("n")
    m.expect(PROMPT)
    assert m.check("cmp f g && ls -1") == "f\nfill\ng\n"
    edit(m, "f")
    m.send("kept" + SAVE)
    m.expect("Not saved: No space left on device")
    m.send(QUIT + "n")
    m.expect(PROMPT)
    m.check("rm fill")
    edit(m, "f")
    m.send("kept")
    save_and_quit(m)
    assert m.check("head -n 1 f; wc -l <f") == "kept1\n2000\n"


def test_the_other_writing_programs_say_that_the_disk_is_full(machine):
    m = machine()
    m.check("cd /tmp; seq 3000 >f; cp f keep; mkdir d")
    m.run("cat /dev/zero >fill", timeout=60)
    for line in ("cp f d/copy", "tee d/t <f >/dev/null", "sort -o d/s f", "dd if=f of=d/dd",
                 "sed -i s/1/2/ f", "uniq f d/u"):
        result = m.run(line)
        assert result.status != 0, line
        assert "No space left on device" in result.output, line
    assert m.run("cmp f keep").status == 0
    assert m.check("ls -1") == "d\nf\nfill\nkeep\n"


def test_more_pages_searches_and_goes_back(shell):
    shell.check("seq 200 >f")
    shell.send("more f\n")
    shell.expect(r"\n23\r*\n.*--More--")
    shell.send(" ")
    shell.expect(r"\n46\r*\n.*--More--")
    shell.send("\r")
    shell.expect(r"47\r*\n.*--More--")
    shell.send("b")
    shell.expect(r"2\r*\n(?s:.*)--More--")
    shell.send("/9[12]\r")
    shell.expect(r"91\r*\n(?s:.*)--More--")
    shell.send("n")
    shell.expect(r"92\r*\n(?s:.*)--More--")
    shell.send("G")
    shell.expect(r"\n200\r*\n.*end")
    shell.send("q")
    shell.expect(PROMPT)


def test_more_passes_through_what_fits_and_what_is_piped(shell):
    assert shell.check("seq 3 | more") == "1\n2\n3\n"
    assert shell.check("seq 100 | more | wc -l") == "100\n"
    assert shell.run("more none").status == 1


def test_stty_shows_and_sets(shell):
    assert shell.check("stty size") == "24 80\n"
    assert shell.check("stty rows 30 cols 100; stty size; stty rows 24 cols 80") == "30 100\n"
    assert shell.check("stty intr ^T; stty -a | grep -c 'intr = ^T;'; stty intr ^C") == "1\n"
    assert " icanon " in shell.check("stty -a")
    assert shell.check("stty -echo; stty -a | grep -c -- '-echo '; stty sane") == "1\n"
    assert shell.run("stty nonsense").status == 1
    assert shell.check("tty").startswith("/dev/")


def test_every_program_answers_help(shell):
    names = shell.check("ls /bin").split()
    assert len(names) > 70
    bad = shell.check(
        "for p in /bin/*; do n=${p##*/}; $p --help >out 2>err </dev/null || echo $n: status; "
        "grep -qF -- \"usage: $n\" out || echo $n: unnamed; "
        "[ -s err ] && echo $n: errors; done; true",
        timeout=120)
    assert bad == ""
