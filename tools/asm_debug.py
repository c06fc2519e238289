#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes NASM's debug information the same wherever it was assembled.

    asm_debug.py OBJECT.o        rewritten in place

NASM notes the source's absolute directory in the compilation unit (DW_AT_comp_dir), and
offers no option against it. It becomes ".", as -ffile-prefix-map makes it for C: the name
beside it is relative to the top of the tree. NASM also lists a function without a name, whose
frame refers to an empty table and confuses readers: it is left out. (DWARF 2, sections 7.5.1 to
7.5.4; ELF, chapter 1.)
"""

import struct
import sys

HEADER_BYTES = 11  # of a unit: length, version, offset of the abbreviations, address size
DW_AT_COMP_DIR = 0x1B
DW_FORM_ADDR, DW_FORM_STRING = 0x01, 0x08
FORM_BYTES = {DW_FORM_ADDR: 4, 0x05: 2, 0x06: 4, 0x0B: 1}  # and data2, data4, data1
COMP_DIR = b".\0"


class Section:
    """A section of a little-endian ELF32 file, still in its place."""

    def __init__(self, image, head_at):
        self.image, self.head_at = image, head_at
        self.name_at, _, _, _, self.offset, self.size = struct.unpack_from("<6I", image, head_at)

    def data(self):
        return bytes(self.image[self.offset:self.offset + self.size])

    def shrink(self, data):
        self.image[self.offset:self.offset + len(data)] = data
        struct.pack_into("<I", self.image, self.head_at + 20, len(data))


def read_sections(image):
    heads, = struct.unpack_from("<I", image, 32)
    size, count, names = struct.unpack_from("<3H", image, 46)
    found = [Section(image, heads + size * i) for i in range(count)]
    strings = found[names].data()
    return {strings[s.name_at:strings.index(b"\0", s.name_at)].decode(): s for s in found}


def attributes(abbreviations):
    """(attribute, form) pairs of the first abbreviation, the unit's own: small numbers all."""
    at = 3  # its number, its tag, whether it has children
    while abbreviations[at]:
        yield abbreviations[at], abbreviations[at + 1]
        at += 2


def unit_alone(info, abbreviations):
    """The unit's own entry with the directory replaced and without children; how many of its
    bytes stay in their place."""
    at = HEADER_BYTES + 1  # the number of the abbreviation
    unit, same = info[:at], None
    for attribute, form in attributes(abbreviations):
        end = info.index(b"\0", at) + 1 if form == DW_FORM_STRING else at + FORM_BYTES[form]
        if attribute == DW_AT_COMP_DIR:
            same = at
        elif same and form == DW_FORM_ADDR:
            sys.exit("asm_debug: an address behind the directory: its relocation would move")
        unit += COMP_DIR if attribute == DW_AT_COMP_DIR else info[at:end]
        at = end
    return unit + b"\0", same or at


def keep_relocations(section, below):
    """Those of the unit's entry; the others were the children's."""
    data = section.data()
    entries = [data[at:at + 8] for at in range(0, len(data), 8)]
    section.shrink(b"".join(e for e in entries if struct.unpack_from("<I", e)[0] < below))


def main():
    path, = sys.argv[1:]
    with open(path, "rb") as file:
        image = bytearray(file.read())
    sections = read_sections(image)
    unit, same = unit_alone(sections[".debug_info"].data(), sections[".debug_abbrev"].data())
    sections[".debug_info"].shrink(struct.pack("<I", len(unit) - 4) + unit[4:])
    keep_relocations(sections[".rel.debug_info"], same)
    with open(path, "wb") as file:
        file.write(image)


if __name__ == "__main__":
    main()
