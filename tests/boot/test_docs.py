# SPDX-License-Identifier: MIT
"""The book is true: its example compiles, its numbers are the code's, its links lead somewhere."""

import glob
import json
import os
import re
import shlex
import subprocess

import pytest

from gatehouse import TOP

DOCS = sorted(glob.glob(os.path.join(TOP, "docs/*.md")))


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        return file.read()


@pytest.mark.parametrize("path", DOCS, ids=os.path.basename)
def test_links_lead_to_files(path):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", read(path)):
        if not target.startswith("http"):
            assert os.path.exists(os.path.join(os.path.dirname(path), target)), target


@pytest.mark.parametrize("path", DOCS, ids=os.path.basename)
def test_page_is_in_the_index(path):
    if os.path.basename(path) != "README.md":
        assert f"({os.path.basename(path)})" in read("docs/README.md")


def test_memory_map_has_the_numbers_of_the_code():
    layout = {name: int(value, 16) for name, value in re.findall(
        r"^#define (\w+) (0x\w+)u$", read("kernel/x86/layout.h"), re.MULTILINE)}
    layout["USER_MAX"] = layout["KERNEL_BASE"]
    page = read("docs/memory-map.md")
    for start, end, constants in re.findall(r"^\| (0x\w+) \| (0x\w+) \| (\w.*?) \|", page,
                                            re.MULTILINE):
        names = re.findall(r"[A-Z]+_[A-Z_]+", constants)
        values = [layout.pop(name) for name in names if name in layout]
        if "long" in constants:
            values = [values[0], values[0] + values[1]]
        assert values and set(values) <= {int(start, 16), int(end, 16)}, constants
    assert not set(layout) - {"USER_MIN", "KERNEL_BASE", "USER_MAX"}, "missing in the table"


def test_the_example_device_compiles(tmp_path):
    """As kernel/dev/mem.c is compiled, with warnings as errors."""
    driver, header = re.findall(r"```c\n(.*?)```", read("docs/adding-a-device.md"), re.DOTALL)
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev/dice.c").write_text(driver)
    (tmp_path / "dev/dice.h").write_text(header)
    entries = json.loads(read("build/compile_commands.json"))
    entry = next(e for e in entries if e["file"].endswith("kernel/dev/mem.c"))
    command = entry.get("arguments") or shlex.split(entry["command"])
    command = [word for word in command if not word.endswith("kernel/dev/mem.c")]
    command += ["-Werror", "-fsyntax-only", f"-I{tmp_path}", str(tmp_path / "dev/dice.c")]
    result = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_sample_of_a_switch_has_the_steps_that_the_tool_prints():
    sample = read("docs/trace-switch.md")
    tool = read("tools/gdb/trace_switch.py")
    for words in ("interrupt_entry pushes registers", "the policy picks", "iret pops",
                  "this is the other thread now"):
        assert words in sample and words in tool
