# SPDX-License-Identifier: MIT
"""Commands for a Gatehouse machine: gdb -nx -x tools/gdb/gatehouse.py build/kernel.elf

`make gdb` does it. README.md lists them; each has its help text."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# pylint: disable=wrong-import-position,unused-import
import locks
import machine
import processes
import protection
import trace_switch
