# SPDX-License-Identifier: MIT
"""How a command is declared: a function whose doc string is its help text."""

import gdb


def command(name, completer=gdb.COMPLETE_NONE):
    """Decorator: makes fn(argument) the gdb command `name`."""
    def declare(fn):
        class Declared(gdb.Command):
            __doc__ = fn.__doc__

            def invoke(self, argument, _from_tty):
                try:
                    fn(argument)
                except gdb.MemoryError as error:
                    raise gdb.GdbError(f"{name}: {error}. Is paging on yet?") from error

        Declared(name, gdb.COMMAND_STATUS, completer)
        return fn
    return declare


def table(heads, rows):
    """Columns as wide as they need to be; numbers to the right."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max([len(head)] + [len(row[i]) for row in rows]) for i, head in enumerate(heads)]
    for row in [list(heads)] + rows:
        cells = [cell.rjust(width) if rows and rows[0][i].isdigit() else cell.ljust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        print("  ".join(cells).rstrip())
