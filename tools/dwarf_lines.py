# SPDX-License-Identifier: MIT
"""Reads the line tables of a linked little-endian 32-bit ELF file.

    rows(path) -> [(address, file, line)]      sorted; line 0: no code from here on

The formats are those of the DWARF standard, versions 2 to 5, section 6.2 in each. objdump
prints the same, but names the first file of a unit without its directory.
"""

import os
import struct

# Content types and forms of a version 5 file table (sections 7.22, 7.5.6).
LNCT_PATH, LNCT_DIRECTORY = 1, 2
FORM_BLOCK, FORM_DATA1, FORM_DATA2, FORM_DATA4, FORM_DATA8 = 0x09, 0x0B, 0x05, 0x06, 0x07
FORM_STRING, FORM_STRP, FORM_UDATA, FORM_DATA16, FORM_LINE_STRP = 0x08, 0x0E, 0x0F, 0x1E, 0x1F

# Standard and extended opcodes (section 7.22).
COPY, ADVANCE_PC, ADVANCE_LINE, SET_FILE, SET_COLUMN, NEGATE_STMT = 1, 2, 3, 4, 5, 6
SET_BASIC_BLOCK, CONST_ADD_PC, FIXED_ADVANCE_PC = 7, 8, 9
END_SEQUENCE, SET_ADDRESS = 1, 2


def sections(data):
    """{name: contents} of an ELF32 file."""
    offset, = struct.unpack_from("<I", data, 32)
    size, count, names = struct.unpack_from("<3H", data, 46)
    heads = [struct.unpack_from("<10I", data, offset + size * i) for i in range(count)]
    texts = heads[names]

    def name(at):
        start = texts[4] + at
        return data[start:data.index(b"\0", start)].decode()

    return {name(head[0]): data[head[4]:head[4] + head[5]] for head in heads}


class Reader:
    """A place in a section, moving forward."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def number(self, size):
        value = int.from_bytes(self.data[self.at:self.at + size], "little")
        self.at += size
        return value

    def signed(self, size):
        value = self.number(size)
        return value - (1 << 8 * size) if value >> (8 * size - 1) else value

    def string(self):
        end = self.data.index(b"\0", self.at)
        text = self.data[self.at:end].decode(errors="replace")
        self.at = end + 1
        return text

    def uleb(self):
        value = shift = 0
        while True:
            byte = self.number(1)
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def sleb(self):
        start = self.at
        value = self.uleb()
        bits = 7 * (self.at - start)
        return value - (1 << bits) if value >> (bits - 1) else value


class Unit:
    """One line program: its header, then its rows."""

    def __init__(self, tables, reader):
        self.tables, self.reader = tables, reader
        self.end = reader.number(4) + reader.at
        self.version = reader.number(2)
        if self.version >= 5:
            reader.number(2)  # sizes of an address and of a segment selector
        program = reader.number(4) + reader.at
        self.minimum = reader.number(1)
        if self.version >= 4:
            reader.number(1)  # operations an instruction: 1 on x86
        reader.number(1)  # is_stmt at the start
        self.line_base = reader.signed(1)
        self.line_range = reader.number(1)
        self.opcode_base = reader.number(1)
        self.lengths = [0] + [reader.number(1) for _ in range(self.opcode_base - 1)]
        self.files = self.read_files_5() if self.version >= 5 else self.read_files_4()
        reader.at = program

    def read_files_4(self):
        directories = ["."]
        while (text := self.reader.string()) != "":
            directories.append(text)
        files = [""]
        while (text := self.reader.string()) != "":
            directory = directories[self.reader.uleb()]
            self.reader.uleb()  # time
            self.reader.uleb()  # length
            files.append(os.path.join(directory, text))
        return files

    def read_files_5(self):
        directories = [entry.get(LNCT_PATH, "") for entry in self.entries()]
        return [os.path.join(directories[entry.get(LNCT_DIRECTORY, 0)], entry[LNCT_PATH])
                for entry in self.entries()]

    def entries(self):
        """A version 5 table: first the form of each column, then the rows."""
        form_count = self.reader.number(1)
        forms = [(self.reader.uleb(), self.reader.uleb()) for _ in range(form_count)]
        return [{kind: self.value(form) for kind, form in forms}
                for _ in range(self.reader.uleb())]

    def value(self, form):
        sizes = {FORM_DATA1: 1, FORM_DATA2: 2, FORM_DATA4: 4, FORM_DATA8: 8, FORM_DATA16: 16}
        if form in sizes:
            return self.reader.number(sizes[form])
        if form == FORM_STRING:
            return self.reader.string()
        if form == FORM_UDATA:
            return self.reader.uleb()
        if form == FORM_BLOCK:
            return self.reader.number(self.reader.uleb())
        table = {FORM_STRP: ".debug_str", FORM_LINE_STRP: ".debug_line_str"}[form]
        return Reader(self.tables[table], self.reader.number(4)).string()

    def path(self, number):
        path = self.files[number] if number < len(self.files) else ""
        return os.path.normpath(path) if path else ""

    def rows(self):
        """Yields (address, path, line), and (address, "", 0) where a sequence ends."""
        self.reset()
        while self.reader.at < self.end:
            opcode = self.reader.number(1)
            if opcode >= self.opcode_base:
                delta = opcode - self.opcode_base
                self.address += delta // self.line_range * self.minimum
                self.line += self.line_base + delta % self.line_range
                yield self.address, self.path(self.file), self.line
            elif opcode == 0:
                yield from self.extended()
            elif opcode == COPY:
                yield self.address, self.path(self.file), self.line
            else:
                self.standard(opcode)

    def reset(self):
        self.address, self.file, self.line = 0, 1, 1

    def extended(self):
        length = self.reader.uleb()
        behind = self.reader.at + length
        opcode = self.reader.number(1)
        if opcode == END_SEQUENCE:
            yield self.address, "", 0
            self.reset()
        elif opcode == SET_ADDRESS:
            self.address = self.reader.number(length - 1)
        self.reader.at = behind

    def standard(self, opcode):
        if opcode == ADVANCE_PC:
            self.address += self.reader.uleb() * self.minimum
        elif opcode == ADVANCE_LINE:
            self.line += self.reader.sleb()
        elif opcode == SET_FILE:
            self.file = self.reader.uleb()
        elif opcode == CONST_ADD_PC:
            self.address += (255 - self.opcode_base) // self.line_range * self.minimum
        elif opcode == FIXED_ADVANCE_PC:
            self.address += self.reader.number(2)
        else:
            for _ in range(self.lengths[opcode]):
                self.reader.uleb()


def rows(path):
    with open(path, "rb") as file:
        tables = sections(file.read())
    reader = Reader(tables.get(".debug_line", b""))
    found = {}
    while reader.at < len(reader.data):
        unit = Unit(tables, reader)
        for address, name, line in unit.rows():
            # Of several rows for an address the last counts, but an end never hides a start.
            if name or address not in found:
                found[address] = (name, line if name else 0)
        reader.at = unit.end
    return [(address, *found[address]) for address in sorted(found)]
