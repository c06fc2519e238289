# SPDX-License-Identifier: MIT
#
# Programs for tests/boot/test_oom.py.

user-test += oom/hog	# no KTAP: takes all memory, in the way that is asked for
