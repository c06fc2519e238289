# SPDX-License-Identifier: MIT
# The gates: exceptions and system calls.
kernel-src += kernel/entry/trap.c        # exceptions
kernel-src += kernel/entry/syscall.c     # dispatch table, way back to ring 3
kernel-src += kernel/entry/decode.c      # paths of programs
kernel-src += kernel/entry/sys_process.c # fork, execve, wait4, ids
kernel-src += kernel/entry/sys_tls.c     # set_thread_area
kernel-src += kernel/entry/sys_futex.c   # futex, robust lists
kernel-src += kernel/entry/sys_file.c    # read, write, dup, pipe ...
kernel-src += kernel/entry/sys_copy.c    # sendfile, fallocate, fadvise ...
kernel-src += kernel/entry/sys_lock.c    # fcntl64, flock
kernel-src += kernel/entry/sys_poll.c    # poll, select
kernel-src += kernel/entry/sys_epoll.c   # epoll
kernel-src += kernel/entry/sys_path.c    # open, mkdir, rename ...
kernel-src += kernel/entry/sys_mount.c   # mount, umount, chroot
kernel-src += kernel/entry/sys_attr.c    # stat, chmod, utimensat ...
kernel-src += kernel/entry/sys_memory.c  # brk, mmap2, mprotect
kernel-src += kernel/entry/sys_prctl.c   # prctl
kernel-src += kernel/entry/sys_time.c    # clocks and sleeping
kernel-src += kernel/entry/sys_sched.c   # affinity, niceness, policies
kernel-src += kernel/entry/sys_signal.c  # kill, sigaction, masks, waiting
kernel-src += kernel/entry/sys_itimer.c  # alarm, setitimer
kernel-src += kernel/entry/signal_frame.c # how handlers are entered and left
kernel-src += kernel/entry/sys_cred.c    # setuid and relatives
kernel-src += kernel/entry/sys_limit.c   # resource limits
kernel-src += kernel/entry/sys_info.c    # uname, sysinfo, getrandom, reboot
kernel-src += kernel/entry/sys_shm.c     # System V shared memory
