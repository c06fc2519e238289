# SPDX-License-Identifier: MIT
#
# The C library: POSIX names over `int 0x80`. Programs are hosted ones: main() may
# end without return, and the compiler knows what printf() and strlen() do.

user-cflags += -fhosted

libc-crt += user/libc/start/crt0.asm		# the first instruction

libc-src += user/libc/start/exit.c		# exit, _exit
libc-src += user/libc/start/atexit.c		# functions to call at exit

libc-src += user/libc/sys/syscall.asm		# six arguments, syscall(), vfork
libc-src += user/libc/sys/sigreturn.asm		# the way back from a signal handler
libc-src += user/libc/sys/errno.c		# where errno lives
libc-src += user/libc/sys/file.c		# descriptors
libc-src += user/libc/sys/advice.c		# sendfile, posix_fallocate, posix_fadvise
libc-src += user/libc/sys/path.c		# names, links, permissions
libc-src += user/libc/sys/getcwd.c		# the current directory
libc-src += user/libc/sys/stat.c		# the stat family, by statx
libc-src += user/libc/sys/utime.c		# setting file times
libc-src += user/libc/sys/dirent.c		# directory streams
libc-src += user/libc/sys/scandir.c		# whole directories
libc-src += user/libc/sys/process.c		# fork, execve, identities of processes
libc-src += user/libc/sys/exec.c		# the exec family, PATH
libc-src += user/libc/sys/poll.c		# poll and select
libc-src += user/libc/sys/epoll.c	# sets of files to wait for
libc-src += user/libc/sys/wait.c		# waiting for children
libc-src += user/libc/sys/ids.c			# users and groups
libc-src += user/libc/sys/resource.c		# limits and usage
libc-src += user/libc/sys/sched.c		# where threads run, and how long
libc-src += user/libc/sys/memory.c		# mappings and the break
libc-src += user/libc/sys/shm_open.c	# POSIX shared memory
libc-src += user/libc/sys/shm.c		# System V shared memory
libc-src += user/libc/sys/signal.c		# signals
libc-src += user/libc/sys/sigjmp.c		# jumps that keep the signal mask
libc-src += user/libc/sys/info.c		# uname, sysinfo, statfs, reboot
libc-src += user/libc/sys/sysconf.c		# limits and sizes
libc-src += user/libc/sys/terminal.c		# terminal settings
libc-src += user/libc/sys/pty.c		# pseudo-terminals
libc-src += user/libc/sys/ttyname.c		# a terminal's name

libc-src += user/libc/string/mem.asm		# memcpy memmove memset
libc-src += user/libc/string/search.c		# comparing and searching
libc-src += user/libc/string/copy.c		# copying and splitting
libc-src += user/libc/string/strings.c		# case-blind, and old names
libc-src += user/libc/string/ctype.c		# classes of characters
libc-src += user/libc/string/strerror.c		# texts of errors
libc-src += user/libc/string/strsignal.c	# texts of signals

libc-src += user/libc/stdlib/malloc.c		# the allocator
libc-src += user/libc/stdlib/alloc.c		# calloc and relatives
libc-src += user/libc/stdlib/strtol.c		# numbers from text
libc-src += user/libc/stdlib/arith.c		# abs, div, rand
libc-src += user/libc/stdlib/sort.c		# qsort, bsearch
libc-src += user/libc/stdlib/environ.c		# the environment
libc-src += user/libc/stdlib/auxv.c		# the auxiliary vector
libc-src += user/libc/stdlib/abort.c		# abort, assert
libc-src += user/libc/stdlib/system.c		# a command through the shell
libc-src += user/libc/stdlib/mktemp.c		# temporary files
libc-src += user/libc/stdlib/realpath.c		# absolute paths

libc-src += user/libc/stdio/files.c		# stdin, stdout, stderr
libc-src += user/libc/stdio/buffer.c		# between buffer and descriptor
libc-src += user/libc/stdio/open.c		# fopen, fclose
libc-src += user/libc/stdio/state.c		# feof, setvbuf
libc-src += user/libc/stdio/read.c		# bytes, lines, records in
libc-src += user/libc/stdio/write.c		# bytes, strings, records out
libc-src += user/libc/stdio/seek.c		# positions
libc-src += user/libc/stdio/format.c		# the formatter of printf
libc-src += user/libc/stdio/printf_to.c		# printf to streams
libc-src += user/libc/stdio/sprintf.c		# printf to memory
libc-src += user/libc/stdio/scan.c		# sscanf
libc-src += user/libc/stdio/perror.c		# perror
libc-src += user/libc/stdio/remove.c		# remove

libc-src += user/libc/time/clock.c		# clocks and sleeping
libc-src += user/libc/time/itimer.c	# timers that send signals
libc-src += user/libc/time/calendar.c		# dates
libc-src += user/libc/time/strftime.c		# dates as text

libc-src += user/libc/text/getopt.c		# options
libc-src += user/libc/text/getopt_long.c	# long options
libc-src += user/libc/text/libgen.c		# basename, dirname
libc-src += user/libc/text/fnmatch.c		# shell patterns
libc-src += user/libc/text/locale.c		# the C locale

libc-src += user/libc/regex/compile.c		# regular expressions: to a program
libc-src += user/libc/regex/match.c		# running it
libc-src += user/libc/regex/error.c		# what is wrong with one

libc-src += user/libc/users/passwd.c		# /etc/passwd
libc-src += user/libc/users/group.c		# /etc/group

libc-src += user/libc/thread/create.c		# threads: the main one, making, ending, joining
libc-src += user/libc/thread/clone.asm		# clone(), and a thread's last instructions
libc-src += user/libc/thread/cancel_call.asm	# calls at which threads are cancelled
libc-src += user/libc/thread/attr.c		# how one is to be made
libc-src += user/libc/thread/mutex.c		# mutexes
libc-src += user/libc/thread/cond.c		# condition variables
libc-src += user/libc/thread/barrier.c		# barriers, read-write locks, once
libc-src += user/libc/thread/semaphore.c	# semaphores
libc-src += user/libc/thread/key.c		# values by key
libc-src += user/libc/thread/cancel.c		# cancelling
libc-src += user/libc/thread/lock.c		# locks of streams and of malloc, fork

libc-src += user/libc/arch/setjmp.asm		# setjmp, longjmp
libc-src += user/libc/arch/div64.c		# 64-bit division

# What implements memset() or strlen() must not be compiled into a call of itself.
$(B)/obj/user/libc/string/%.o: user-cflags += -fno-builtin \
	$(if $(filter clang,$(CC_FAMILY)),,-fno-tree-loop-distribute-patterns)
# The same for calloc(): malloc() and memset() in a row are turned into one.
$(B)/obj/user/libc/stdlib/alloc.o: user-cflags += -fno-builtin
