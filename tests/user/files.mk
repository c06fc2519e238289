# SPDX-License-Identifier: MIT
#
# KTAP programs that run in user space, installed in /tests: one per line, NAME.c
# or NAME/*.c. Each passes on Linux too: `make test-user` runs them on this host.

user-test += fork_wait		# fork, vfork, clone, exit, wait
user-test += threads		# what threads of a process share, their numbers
user-test += thread_ends	# how threads and their processes end
user-test += thread_signals	# who takes a signal; when all have stopped
user-test += thread_children	# whose children are those of threads
user-test += thread_storm	# many threads in each other's way
user-test += futex		# waiting for words of memory
user-test += pthreads/pthreads	# no KTAP: POSIX threads, for tests/boot/test_threads.py
user-test += robust		# locks whose owner ends
user-test += faults		# each of hostile/ ends as on Linux
user-test += shell		# the language of sh
user-test += shell_language	# the language of sh, from a table
user-test += programs		# the programs of /bin
user-test += programs_text	# those that work on lines and characters
user-test += programs_files	# those that make, name and run files
user-test += programs_ls	# those that show and set attributes
user-test += programs_find	# find and xargs
user-test += programs_copy	# cp, mv, rm, tail and sort
user-test += programs_sums	# those that show, copy and sum up bytes
user-test += programs_sed	# sed and diff
user-test += programs_system	# ps, top, df, mount and the like
user-test += files		# regular files
user-test += descriptors	# numbers, duplicates, flags, devices
user-test += locks		# locks on files and on ranges of them
user-test += copies		# sendfile, copy_file_range, fallocate, advice
user-test += prctl		# what a process says about itself
user-test += dirs		# directories and the *at calls
user-test += links		# hard and symbolic links
user-test += rename		# what replaces what
user-test += stat		# stat, modes, owners, times, nodes, statfs
user-test += exec		# execve
user-test += memory		# brk, mmap, mprotect, copy on write, stack
user-test += mappings		# mmap of files and shared memory, mremap, msync, madvise
user-test += mapping_flags	# rare flags, limits, writers
user-test += tlb_torture	# no processor uses a translation that is gone
user-test += shm			# System V shared memory
user-test += tmpfs		# files in memory
user-test += layout		# random addresses
user-test += signals		# default actions, ignoring, masks, sending
user-test += handlers		# what signal handlers are given
user-test += frames		# what is kept over a handler, and faults
user-test += sigreturn	# leaving handlers, spoiled frames, calls of older programs
user-test += sigqueue	# signals that wait, with values; waiting for them; SIGCHLD
user-test += itimers	# alarm, setitimer, the limit of processor time
user-test += restart		# interrupted calls: EINTR, or made again
user-test += killing		# kill -9 in every state, within a second
user-test += ids		# users, groups, process groups, sessions
user-test += sessions		# sessions, controlling terminals, foreground groups
user-test += pty			# pseudo-terminals: both sides
user-test += pty_ends		# ... and their ends, packet mode
user-test += job_control	# signals of terminals
user-test += job_ends		# what the ends of leaders, groups and terminals do
user-test += terminals		# modes and requests of a terminal
user-test += info		# uname, sysinfo, limits, usage, random, log, ioctl
user-test += sched		# affinity, niceness, processor time
user-test += clocks		# clocks and sleeping
user-test += tls		# segments of a thread
user-test += procfs		# what /proc says
user-test += procfs_memory	# what /proc says of memory
user-test += meminfo		# what /proc says of all memory
user-test += procfs_storm	# reading /proc while processes come and go
user-test += mounts		# mount, umount, chroot, the host name
user-test += badargs		# bad arguments for every call
user-test += libc_text		# the C library: strings, numbers, formats
user-test += libc_system	# the C library: streams, memory, environment
user-test += libc_regex	# the C library: regular expressions, users and groups
user-test += libc_misc		# the C library: options, dates, sorting, jumps, division
user-test += file_model		# random operations on a file against an array
user-test += tree_stress	# many processes in the same directories
user-test += process_stress	# many processes at once
user-test += exhaust		# running out of descriptors, processes, disk, memory
user-test += exec_fuzz		# programs with damaged headers
user-test += leaks		# other tests, run over and over: nothing is lost
user-test += poll		# poll, select, waitid, pause
user-test += epoll		# sets of files to wait for
user-test += pipes		# pipes and FIFOs
user-test += load/soak		# no KTAP: a mix of everything, for tests/boot/test_soak.py
user-test += load/speedup	# no KTAP: for tests/boot/test_speedup.py
user-test += table/signal_table	# no KTAP: signal x source x disposition, for tests/boot/test_signal_table.py
user-test += disk/diskload	# no KTAP: files large and small, for tests/boot/test_ata.py
user-test += disk/mapload	# no KTAP: a large file, mapped, for tests/boot/test_memory.py
user-test += disk/syncload	# no KTAP: says what it knows to be on the disk, for tests/boot/test_diskfault.py

include tests/user/failnth/files.mk	# every allocation of every call fails, see tests/boot/test_failnth.py
include tests/user/oom/files.mk	# programs that take all memory
include tests/user/hostile/files.mk	# programs that misbehave, run by faults

user-test-names := $(foreach t,$(user-test),$(if $(findstring /,$(t)),,$(t)))

.PHONY: test-user
test-user: $(user-test:%=$(B)/tests/user/%) ## the user-space tests, on this Linux
	$(Q)tests/user/run-on-host $(B)/tests/user $(user-test-names)

own-program-tests := $(filter programs%,$(user-test-names))

.PHONY: test-own-programs
test-own-programs: $(programs) $(own-program-tests:%=$(B)/tests/user/%) ## our programs, on this Linux
	$(Q)tests/user/run-on-host -b $(B)/user/bin $(B)/tests/user $(own-program-tests)
