# fs/ext2: the file system on disks
kernel-src += kernel/fs/ext2/super.c	# mount, sync, unmount, state of the superblock
kernel-src += kernel/fs/ext2/check.c	# what an image claims, checked at mount
kernel-src += kernel/fs/ext2/balloc.c	# block bitmaps
kernel-src += kernel/fs/ext2/ialloc.c	# inode bitmaps
kernel-src += kernel/fs/ext2/inode.c	# inodes in memory and on the disk
kernel-src += kernel/fs/ext2/orphan.c	# unlinked but open inodes, deletion
kernel-src += kernel/fs/ext2/map.c	# file block to disk block
kernel-src += kernel/fs/ext2/truncate.c	# freeing blocks
kernel-src += kernel/fs/ext2/file.c	# pages, blocks for writes, attributes
kernel-src += kernel/fs/ext2/dir.c	# directory entries
kernel-src += kernel/fs/ext2/namei.c	# lookup, create, link, unlink, rmdir
kernel-src += kernel/fs/ext2/rename.c	# rename
kernel-src += kernel/fs/ext2/symlink.c	# symbolic links
