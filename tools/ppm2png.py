#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ppm2png.py FROM TO: a screendump of QEMU (binary PPM) as PNG (RFC 2083), lossless."""

import re
import struct
import sys
import zlib


def read_ppm(data):
    """Width, height and the rows, three bytes a pixel."""
    head = re.match(rb"P6\s+(?:#.*\s+)*(\d+)\s+(\d+)\s+255\s", data)
    if not head:
        sys.exit("ppm2png: not a binary PPM with 255 levels")
    width, height = int(head[1]), int(head[2])
    pixels = data[head.end():]
    if len(pixels) < width * height * 3:
        sys.exit("ppm2png: the file is cut off")
    return width, height, [pixels[y * width * 3:(y + 1) * width * 3] for y in range(height)]


def chunk(kind, data):
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def write_png(width, height, rows):
    """With a palette when there are few colours, as on a text screen."""
    colours = sorted({row[x:x + 3] for row in rows for x in range(0, len(row), 3)})
    depth, kind, palette = 8, 2, b""
    if len(colours) <= 256:
        index = {colour: number for number, colour in enumerate(colours)}
        rows = [bytes(index[row[x:x + 3]] for x in range(0, len(row), 3)) for row in rows]
        kind, palette = 3, chunk(b"PLTE", b"".join(colours))
    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + palette + chunk(b"IDAT", body) +
            chunk(b"IEND", b""))


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: ppm2png.py FROM TO")
    with open(sys.argv[1], "rb") as file:
        width, height, rows = read_ppm(file.read())
    with open(sys.argv[2], "wb") as file:
        file.write(write_png(width, height, rows))


main()
