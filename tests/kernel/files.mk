# Tests inside the kernel: in every kernel, run when it is booted with `selftest`.
kernel-src += tests/kernel/ktest.c		# runs them, prints KTAP
kernel-src += tests/kernel/test_lib.c		# lib and mem* as the kernel compiles them
kernel-src += tests/kernel/test_page.c		# the page allocator
kernel-src += tests/kernel/test_slab.c		# slab caches, kmalloc
kernel-src += tests/kernel/test_pagetable.c	# user page tables
kernel-src += tests/kernel/test_time.c		# clock, timers
kernel-src += tests/kernel/test_sched.c		# threads, wait queues, mutexes
kernel-src += tests/kernel/test_block.c		# block devices
kernel-src += tests/kernel/test_queue.c		# the request queue, on a made-up disk
kernel-src += tests/kernel/test_pci.c		# the list of PCI functions
kernel-src += tests/kernel/test_fs.c		# vnodes, names, descriptors, pipes
kernel-src += tests/kernel/test_vm.c		# address spaces, user copies, file mappings
kernel-src += tests/kernel/test_vm_smp.c	# one address space on several CPUs
kernel-src += tests/kernel/test_vm_model.c	# random mappings against a model
kernel-src += tests/kernel/test_kmap.c		# W^X, device windows
kernel-src += tests/kernel/test_proc.c		# a new program's stack, accounting, times
