# SPDX-License-Identifier: MIT
#
# KTAP programs that run in user space, installed in /tests: one per line, NAME.c
# or NAME/*.c. Each passes on Linux too: `make test-user` runs them on this host.

user-test += fork_wait		# fork, vfork, clone, exit, wait
user-test += faults		# each of hostile/ ends as on Linux
user-test += files		# regular files and devices
user-test += dirs		# directories and the *at calls
user-test += links		# hard and symbolic links
user-test += rename		# what replaces what
user-test += stat		# stat, modes, owners, times, nodes, statfs
user-test += exec		# execve
user-test += pipes		# pipes and FIFOs

include tests/user/hostile/files.mk	# programs that misbehave, run by faults

user-test-names := $(foreach t,$(user-test),$(if $(findstring /,$(t)),,$(t)))

.PHONY: test-user
test-user: $(user-test:%=$(B)/tests/user/%) ## the user-space tests, on this Linux
	$(Q)tests/user/run-on-host $(B)/tests/user $(user-test-names)
