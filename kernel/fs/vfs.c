/* SPDX-License-Identifier: MIT */
/* Start, end and the whole: sync, power-off, and dropping what is only cached. */
#include "fs/vfs.h"

#include "block/writeback.h"
#include "fs/devfs.h"
#include "fs/devpts.h"
#include "fs/namecache.h"
#include "fs/tmpfs.h"
#include "mm/reclaim.h"

static unsigned reclaim_names(unsigned want);

static struct page_reclaimer names_reclaimer = {
	.name = "names", .reclaim = reclaim_names, .kinds = RECLAIM_OBJECTS, .sleeps = true
};

void vfs_init(void)
{
	mount_init();
	vnode_table_init();
	namecache_init();
	devfs_init();
	devpts_init();
	tmpfs_init();
	page_reclaimer_add(&names_reclaimer);
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
	page_drop_caches(RECLAIM_PAGES | RECLAIM_OBJECTS);
	err = vfs_sync();
	mount_refuse_changes();
	err2 = vfs_sync(); /* what others did meanwhile */
	mount_end_all();
	return err ? err : err2;
}

static unsigned reclaim_names(unsigned want)
{
	unsigned freed = vnode_drop_cached(want);

	/* What the name cache holds counts as used: it lets go when nothing else does. */
	if (freed == 0 || want == RECLAIM_ALL)
		freed += namecache_drop();
	return freed;
}

/* A round for each level of the deepest path, as a directory is kept by those below it;
 * no more, as other CPUs may fill the caches again all the time.
 */
enum { DROP_ROUNDS = ABI_PATH_MAX / 2 };

void vfs_drop_names(void)
{
	for (unsigned i = 0; i < DROP_ROUNDS && reclaim_names(RECLAIM_ALL) > 0; i++)
		continue;
}
