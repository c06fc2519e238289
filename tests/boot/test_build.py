# SPDX-License-Identifier: MIT
"""The build itself: twice the same, without a warning, with both compilers."""

import filecmp
import os
import re
import shutil
import subprocess

import pytest

from gatehouse import TOP

pytestmark = pytest.mark.xdist_group("build")

# A make of ours must not inherit the flags and the job server of the one that runs us.
ENVIRONMENT = {name: value for name, value in os.environ.items()
               if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}

# What `make deps` installs for the CD is packaged on PCs only.
ISO = ["iso"] if os.path.isdir("/usr/lib/grub/i386-pc") else []


def make(*arguments, cwd=TOP, **environment):
    return subprocess.run(["make", *arguments], cwd=cwd, env={**ENVIRONMENT, **environment},
                          capture_output=True, text=True, timeout=600, check=False)


def copy_sources(source, target):
    shutil.copytree(source, target, symlinks=True,
                    ignore=shutil.ignore_patterns("build", "__pycache__", ".cache"))


def warnings_of(result):
    assert result.returncode == 0, result.stdout + result.stderr
    return [line for line in result.stderr.splitlines() if "warning" in line.lower()]


def test_two_builds_are_byte_identical_and_without_a_warning(tmp_path):
    """In two places, from one copy: the tree may change while the tests run."""
    first, second = tmp_path / "one", tmp_path / "a-second-place"
    copy_sources(TOP, first)
    copy_sources(first, second)
    for place in (first, second):
        assert warnings_of(make("-j2", "all", *ISO, cwd=place)) == []
    for product in ("kernel.elf", "root.img", "root-min.img", *(f"gatehouse.{i}" for i in ISO)):
        assert filecmp.cmp(first / "build" / product, second / "build" / product,
                           shallow=False), product


@pytest.mark.parametrize("debug", ["0", "1"])
@pytest.mark.skipif(not shutil.which("clang") or not shutil.which("ld.lld"),
                    reason="no clang and ld.lld")
def test_clang_builds_without_a_warning(tmp_path, debug):
    result = make("-j2", "all", "TOOLCHAIN=clang", f"DEBUG={debug}", f"B={tmp_path}")
    assert warnings_of(result) == []


def test_gcc_debug_build_has_no_warning(tmp_path):
    assert warnings_of(make("-j2", "all", "DEBUG=1", f"B={tmp_path}")) == []


def test_a_second_make_does_nothing(tmp_path):
    make("-j2", "all", f"B={tmp_path}")
    again = make("all", f"B={tmp_path}").stdout.strip()
    assert again in ("", "make: Nothing to be done for 'all'.")


def test_missing_tools_are_named_with_the_remedy():
    result = make("NASM=no-such-assembler")
    assert result.returncode != 0
    assert "make deps" in result.stderr


def test_help_names_every_target():
    text = make("help").stdout
    targets = ("all iso qemu qemu-nox qemu-iso qemu-gdb "
               "gdb trace-switch test check clean deps help").split()
    for target in targets:
        assert re.search(rf"^  {target} ", text, re.MULTILINE), target


def test_kernel_symbol_table_is_small(tmp_path):
    image = os.path.join(TOP, "build/kernel.elf")
    dump = subprocess.run(["objdump", "-h", image], capture_output=True, text=True, check=True)
    size = int(re.search(r"\.ksyms\s+([0-9a-f]+)", dump.stdout)[1], 16)
    assert 0 < size <= 224 * 1024
