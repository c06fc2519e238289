# mm: physical memory and page tables
kernel-src += kernel/mm/page.c		# buddy allocator, per-CPU stashes, struct page
kernel-src += kernel/mm/zeroed.c		# pages zeroed ahead
kernel-src += kernel/mm/reclaim.c	# who gives pages back when memory is short
kernel-src += kernel/mm/slab.c		# caches of equal objects
kernel-src += kernel/mm/kmalloc.c	# any size: a cache per size class, or pages
kernel-src += kernel/mm/pagetable.c	# user page tables
kernel-src += kernel/mm/tlb.c		# loading page tables, TLB shootdown
kernel-src += kernel/mm/vmevent.c	# counters for /proc/vmstat
kernel-src += kernel/mm/kmap.c		# the kernel's own mappings, W^X
