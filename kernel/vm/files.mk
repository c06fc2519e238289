# vm: user address spaces, page caches, access to user memory
kernel-src += kernel/vm/space.c		# create, fork, end, switch
kernel-src += kernel/vm/region.c	# tree and list of regions: find, cut, join
kernel-src += kernel/vm/map.c		# mmap, munmap, mprotect, brk
kernel-src += kernel/vm/remap.c		# mremap
kernel-src += kernel/vm/advise.c	# msync, madvise, mincore, mlock
kernel-src += kernel/vm/limit.c	# how much a space may map
kernel-src += kernel/vm/fault.c		# page faults: zero-fill, copy-on-write, file pages
kernel-src += kernel/vm/pagecache.c	# pages of files: find, lock
kernel-src += kernel/vm/pagecache_read.c	# reading in, also ahead
kernel-src += kernel/vm/pagecache_write.c	# writing back
kernel-src += kernel/vm/pagecache_drop.c	# truncation and reclaim
kernel-src += kernel/vm/rmap.c		# from a page of a file to the page tables that map it
kernel-src += kernel/vm/shared_memory.c	# memory that several processes share, without a file
kernel-src += kernel/vm/usercopy.c	# copies to and from user memory
kernel-src += kernel/vm/uio.c		# cursors over the segments of a read or write
kernel-src += kernel/vm/swap_pages.c	# a change without a flush, to show what comes of it
kernel-src += kernel/vm/inspect.c	# a space seen from outside: usage, reading
