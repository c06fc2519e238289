# SPDX-License-Identifier: MIT
#
# Every call with hostile values; tests/boot/test_sweep.py runs it and compares with Linux.

user-test += sweep/sweep	# every call, every argument, twelve hostile values
