#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints compile_commands.json for clangd.

compile_commands.py COMMAND SOURCE... [-- COMMAND SOURCE...]...
"""

import itertools
import json
import os
import sys


def groups(words):
    for is_separator, group in itertools.groupby(words, lambda w: w == "--"):
        if not is_separator:
            yield list(group)


def main():
    entries = []
    for command, *sources in groups(sys.argv[1:]):
        for source in sources:
            entries.append({
                "directory": os.getcwd(),
                "file": source,
                "arguments": command.split() + ["-c", source],
            })
    json.dump(entries, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
