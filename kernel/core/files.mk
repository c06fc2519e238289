# core: what everything needs
kernel-src += kernel/core/log.c       # kprintf, the log ring, consoles as sinks
kernel-src += kernel/core/panic.c     # panic, backtrace, dumps by NMI, double fault
kernel-src += kernel/core/ksyms.c     # address -> function, file and line
kernel-src += kernel/core/spinlock.c  # the slow path of spinlocks; the CPUs
kernel-src += kernel/core/lockrank.c  # the order of locks, checked with DEBUG=1
kernel-src += kernel/core/irq.c       # who handles which vector
kernel-src += kernel/core/timer.c     # deadlines in a tree per CPU
kernel-src += kernel/core/time.c      # nanoseconds from the time-stamp counter
kernel-src += kernel/core/param.c     # kernel parameters
