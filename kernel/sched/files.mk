# sched: threads, switching, waiting
kernel-src += kernel/sched/stats.c	# what processors do, load averages
kernel-src += kernel/sched/thread.c       # making and ending threads
kernel-src += kernel/sched/kstack.c       # kernel stacks with guard pages
kernel-src += kernel/sched/reclaimd.c     # frees caches in the background
kernel-src += kernel/sched/dispatch.c     # the mechanism: how to switch
kernel-src += kernel/sched/balance.c      # which CPU a thread runs on
kernel-src += kernel/sched/cputime.c      # user and system time
kernel-src += kernel/sched/ready.c        # a ready queue as one list
kernel-src += kernel/sched/policy_rr.c    # round robin
kernel-src += kernel/sched/policy_coop.c  # cooperative: no preemption
kernel-src += kernel/sched/waitq.c        # waiting for a condition or a deadline
kernel-src += kernel/sched/multiwait.c    # waiting on many queues at once
kernel-src += kernel/sched/mutex.c        # sleeping mutual exclusion
kernel-src += kernel/sched/workq.c        # work left for later
