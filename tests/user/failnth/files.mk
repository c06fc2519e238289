# SPDX-License-Identifier: MIT
#
# Every call with every allocation failing; tests/boot/test_failnth.py runs it on a debug kernel.

user-test += failnth/failnth	# every call, every allocation of it failing in turn
