# block: block devices and the cache of metadata blocks
kernel-src += kernel/block/blkdev.c	# registry, transfers and waiting for them
kernel-src += kernel/block/queue.c	# request queue: merging, order, errors
kernel-src += kernel/block/bcache.c	# buffer cache
kernel-src += kernel/block/bcache_write.c	# ... what is dirty, and writing it
kernel-src += kernel/block/part.c	# partitions of a disk
kernel-src += kernel/block/batch.c	# many transfers for one waiter
kernel-src += kernel/block/writeback.c	# when to write back: the thread
kernel-src += kernel/block/ramdisk.c	# ram0: the boot loader's module
