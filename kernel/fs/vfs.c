/* SPDX-License-Identifier: MIT */
/* Start, end and the whole: sync, power-off, and dropping what is only cached. */
#include "fs/vfs.h"

#include "block/bcache.h"
#include "block/writeback.h"
#include "fs/devfs.h"
#include "fs/devpts.h"
#include "fs/namecache.h"
#include "fs/tmpfs.h"

void vfs_init(void)
{
	mount_init();
	vnode_table_init();
	namecache_init();
	devfs_init();
	devpts_init();
	tmpfs_init();
}

int vfs_sync(void)
{
	int err = vnode_sync_all(NULL);
	int err2 = mount_sync_all(true);

	return err ? err : err2;
}

static void write_back_all(void)
{
	/* errors stay with the files, the mounts and the buffers */
	(void)!vnode_sync_all(NULL);
	(void)!mount_sync_all(false);
}

int vfs_start_writeback(void)
{
	return writeback_start(write_back_all);
}

int vfs_shutdown(void)
{
	int err, err2;

	/* What is only unlinked but still cached by name must go before the end. */
	vfs_drop_caches();
	err = vfs_sync();
	mount_refuse_changes();
	err2 = vfs_sync(); /* what others did meanwhile */
	mount_end_all();
	return err ? err : err2;
}

static void drop_buffers(struct blkdev *dev, void *ctx)
{
	(void)ctx;
	bcache_drop_clean(dev);
}

/* A round for each level of the deepest path, as a directory is kept by those below it;
 * no more, as other CPUs may fill the caches again all the time.
 */
enum { DROP_ROUNDS = ABI_PATH_MAX / 2 };

void vfs_drop_names(void)
{
	unsigned rounds = 0;

	do {
		namecache_drop();
	} while (vnode_drop_cached(UINT32_MAX) > 0 && ++rounds < DROP_ROUNDS);
}

void vfs_drop_pages(void)
{
	vnode_drop_pages();
	blkdev_for_each(drop_buffers, NULL);
}

void vfs_drop_caches(void)
{
	vfs_drop_names();
	vfs_drop_pages();
}
