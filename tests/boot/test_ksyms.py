# SPDX-License-Identifier: MIT
"""The kernel's table of lines says what addr2line says."""

import os
import random
import struct
import subprocess

import pytest

from gatehouse import build_dir

SAMPLES = 300


class Ksyms:
    """Decodes .ksyms as tools/README.md describes it, independent of mksyms.py."""

    def __init__(self, data):
        (magic, self.size, funcs, files, funcs_at, files_at, self.strings,
         self.lines) = struct.unpack_from("<8I", data)
        assert magic == 0x4D59534B
        self.data = data
        self.funcs = [struct.unpack_from("<3I", data, funcs_at + 12 * i) for i in range(funcs)]
        self.files = struct.unpack_from(f"<{files}I", data, files_at)

    def string(self, offset):
        start = self.strings + offset
        return self.data[start:self.data.index(b"\0", start)].decode()

    def varint(self, at):
        value = shift = 0
        while True:
            byte = self.data[at]
            value |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                return value, at

    def line(self, function, address):
        """(file, line) of an address in a function, None if not known."""
        start, _, program = function
        if program == 0xFFFFFFFF:
            return None
        at, here, file, line, found = self.lines + program, start, 0, 0, None
        while True:
            step, at = self.varint(at)
            change, at = self.varint(at)
            if step == 0 and change == 0:
                return found
            here += step
            delta = change >> 1
            line += -((delta + 1) >> 1) if delta & 1 else delta >> 1
            if change & 1:
                file, at = self.varint(at)
            if here > address:
                return found
            found = (self.string(self.files[file]), line) if line else None


@pytest.fixture(scope="module", params=["release", "debug"])
def kernel(request, tmp_path_factory):
    elf = os.path.join(build_dir(request.param), "kernel.elf")
    raw = tmp_path_factory.mktemp("ksyms") / "table"
    subprocess.run(["objcopy", "-O", "binary", "--only-section=.ksyms", elf, raw], check=True)
    return elf, Ksyms(raw.read_bytes())


def test_functions_are_sorted_and_closed(kernel):
    _, table = kernel
    addresses = [function[0] for function in table.funcs]
    assert addresses == sorted(set(addresses))
    assert table.string(table.funcs[-1][1]) == ""


def test_sampled_lines_agree_with_addr2line(kernel):
    elf, table = kernel
    chooser = random.Random(1)
    samples = []
    for i in chooser.choices(range(len(table.funcs) - 1), k=SAMPLES):
        function, end = table.funcs[i], table.funcs[i + 1][0]
        samples.append((function, chooser.randrange(function[0], end)))
    dump = subprocess.run(["addr2line", "-e", elf], text=True, check=True, capture_output=True,
                          input="".join(f"{address:#x}\n" for _, address in samples))
    differ, compared = [], 0
    for (function, address), answer in zip(samples, dump.stdout.splitlines()):
        ours = table.line(function, address)
        path, line = answer.split(" ")[0].rsplit(":", 1)
        if line in ("?", "0") or ours is None:
            continue
        compared += 1
        if (os.path.basename(path), int(line)) != (os.path.basename(ours[0]), ours[1]):
            differ.append((hex(address), table.string(function[1]), ours, answer))
    assert compared >= SAMPLES // 2
    # The two may choose differently among rows of one address, rarely.
    assert len(differ) <= SAMPLES // 50, differ
