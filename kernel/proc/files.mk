# SPDX-License-Identifier: MIT
# Processes: control blocks, fork, exec, exit, wait, signals.
kernel-src += kernel/proc/pid.c     # process numbers
kernel-src += kernel/proc/process.c # the control block; groups and sessions
kernel-src += kernel/proc/fork.c    # fork, vfork, clone
kernel-src += kernel/proc/threads.c # several threads of one process
kernel-src += kernel/proc/futex.c   # waiting for words of user memory
kernel-src += kernel/proc/robust.c  # locks whose owner ends
kernel-src += kernel/proc/exec.c    # execve: build beside, then commit
kernel-src += kernel/proc/script.c  # #! lines
kernel-src += kernel/proc/elf.c     # the ELF loader
kernel-src += kernel/proc/stack.c   # a new program's stack: argv, envp, auxv
kernel-src += kernel/proc/exit.c    # the end: zombie, orphans, parent
kernel-src += kernel/proc/wait.c    # wait4
kernel-src += kernel/proc/signal.c  # signals: sending
kernel-src += kernel/proc/signal_queue.c  # what is pending, and what is known of it
kernel-src += kernel/proc/signal_act.c    # receiving: default actions, faults
kernel-src += kernel/proc/signal_mask.c   # masks, waiting, the alternate stack
kernel-src += kernel/proc/signal_action.c # what programs asked for
kernel-src += kernel/proc/kill.c    # who may signal whom
kernel-src += kernel/proc/terminal.c # sessions and their controlling terminals
kernel-src += kernel/proc/cred.c    # set*id rules
kernel-src += kernel/proc/limit.c   # resource limits
kernel-src += kernel/proc/oom.c     # no memory on a page fault
kernel-src += kernel/proc/shm.c     # System V shared memory
kernel-src += kernel/proc/times.c   # accounting
kernel-src += kernel/proc/uts.c     # names of the system
kernel-src += kernel/proc/start.c   # process 1
