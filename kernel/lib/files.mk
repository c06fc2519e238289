# lib: pure code, no state, tested on the host
kernel-src += kernel/lib/bitmap.c	# find and count bits
kernel-src += kernel/lib/div64.c	# 64-bit division that the compiler calls
kernel-src += kernel/lib/fmt.c		# the one formatter behind printf
kernel-src += kernel/lib/hash.c		# hash of bytes
kernel-src += kernel/lib/parse.c	# text to number
kernel-src += kernel/lib/radix.c	# index -> pointer, for the page cache
kernel-src += kernel/lib/rbtree.c	# ordered sets: timers, regions
kernel-src += kernel/lib/ring.c		# byte ring
kernel-src += kernel/lib/string.c	# str* and memchr
