# proc/procfs: what the files of /proc say
kernel-src += kernel/proc/procfs/root.c		# the tree: read this first
kernel-src += kernel/proc/procfs/subject.c	# finding the process of a file, and a picture of it
kernel-src += kernel/proc/procfs/process.c	# stat, status, statm, limits and others of a process
kernel-src += kernel/proc/procfs/memory.c	# maps, cmdline, environ
kernel-src += kernel/proc/procfs/pages.c	# smaps, pagetable
kernel-src += kernel/proc/procfs/links.c	# cwd, root, exe, fd, self
kernel-src += kernel/proc/procfs/cpu.c		# stat, loadavg, uptime, sched, interrupts, cpuinfo
kernel-src += kernel/proc/procfs/meminfo.c	# meminfo, vmstat, slabinfo, buddyinfo, zoneinfo
kernel-src += kernel/proc/procfs/system.c	# disks, mounts, log, sys/
