/* SPDX-License-Identifier: MIT */
/* Files as the kernel keeps them: life times of vnodes, the name cache, descriptor tables, pipes
 * between threads. What programs can see is tested in tests/user.
 */
#include <abi/fcntl.h>

#include "dev/chacha20.h"
#include "fs/pipe.h"
#include "fs/vfs.h"
#include "ktest.h"
#include "lib/string.h"
#include "mm/reclaim.h"
#include "sched/thread.h"

enum { NO_LIMIT = 1024, BULK = 3 * PIPE_SIZE + 77, PIECE_MAX = 9000 };

static const struct cred root_cred;
static const struct cred somebody = {
	.uid = 7,
	.euid = 7,
	.fsuid = 7,
	.gid = 8,
	.egid = 8,
	.fsgid = 8,
	.ngroups = 1,
	.groups = { 9 },
};

/* The root directory as root and current directory; end with leave(). */
static struct path_context entered(void)
{
	struct path_context pc = { .cred = &root_cred };

	pc.root = mount_root_vnode();
	pc.cwd = mount_root_vnode();
	return pc;
}

static void leave(struct path_context *pc)
{
	vnode_put(pc->root);
	vnode_put(pc->cwd);
}

static ssize_t write_text(struct file *f, const char *text)
{
	struct uio u;

	uio_kernel(&u, (void *)text, strlen(text));
	return vfs_write(f, &u, VFS_NO_LIMIT);
}

static ssize_t read_text(struct file *f, char *buf, size_t size)
{
	struct uio u;

	uio_kernel(&u, buf, size);
	return vfs_read(f, &u);
}

static unsigned vnodes_in_use(void)
{
	struct vnode *root = mount_root_vnode();
	unsigned used;

	page_drop_caches(RECLAIM_PAGES | RECLAIM_OBJECTS);
	used = vnode_count_used(root->mount);
	vnode_put(root);
	return used;
}

KTEST(an_unlinked_file_goes_with_its_last_close)
{
	struct path_context pc = entered();
	unsigned before = vnodes_in_use(), files = file_count();
	struct abi_statfs64 free_before, free_after;
	struct file *f;
	char buf[8];

	KEXPECT_EQ(vfs_statfs(pc.root, &free_before), 0);
	KREQUIRE(vfs_open(&pc, NULL, "/tmp/ktest", O_RDWR | O_CREAT | O_EXCL, 0600, &f) == 0);
	KEXPECT_EQ(vfs_unlink(&pc, NULL, "/tmp/ktest"), 0);
	KEXPECT_EQ(vnodes_in_use(), before + 1);
	KEXPECT_EQ(write_text(f, "still"), 5);
	KEXPECT_EQ(vfs_seek(f, 0, SEEK_SET), 0);
	KEXPECT_EQ(read_text(f, buf, sizeof(buf)), 5);
	file_put(f);
	KEXPECT_EQ(vnodes_in_use(), before);
	KEXPECT_EQ(file_count(), files);
	KEXPECT_EQ(vfs_statfs(pc.root, &free_after), 0);
	KEXPECT_EQ(free_after.f_ffree, free_before.f_ffree);
	KEXPECT_EQ(free_after.f_bfree, free_before.f_bfree);
	leave(&pc);
}

KTEST(a_removed_directory_keeps_its_parents_while_used)
{
	struct path_context pc = entered();
	unsigned before = vnodes_in_use();
	struct vnode *deep, *up;
	char path[64];

	KEXPECT_EQ(vfs_mkdir(&pc, NULL, "/tmp/ka", 0755), 0);
	KEXPECT_EQ(vfs_mkdir(&pc, NULL, "/tmp/ka/kb", 0755), 0);
	KEXPECT_EQ(vfs_mkdir(&pc, NULL, "/tmp/ka/kb/kc", 0755), 0);
	KREQUIRE(namei(&pc, NULL, "/tmp/ka/kb/kc", 0, &deep) == 0);
	KEXPECT_EQ(vfs_rmdir(&pc, NULL, "/tmp/ka/kb/kc"), 0);
	KEXPECT_EQ(vfs_rmdir(&pc, NULL, "/tmp/ka/kb"), 0);
	KEXPECT_EQ(vfs_rmdir(&pc, NULL, "/tmp/ka"), 0);
	KREQUIRE(namei(&pc, deep, "../../..", 0, &up) == 0);
	vnode_put(pc.cwd);
	pc.cwd = up;
	KEXPECT_EQ(vnode_path(pc.cwd, pc.root, path, sizeof(path)), 5);
	KEXPECT_EQ(strcmp(path, "/tmp"), 0);
	KEXPECT_EQ(vfs_mkdir(&pc, deep, "new", 0755), -ENOENT);
	vnode_put(deep);
	vnode_put(pc.cwd);
	pc.cwd = mount_root_vnode();
	KEXPECT_EQ(vnodes_in_use(), before);
	leave(&pc);
}

KTEST(names_are_forgotten_when_they_change)
{
	struct path_context pc = entered();
	struct vnode *v;
	struct file *f;

	KEXPECT_EQ(namei(&pc, NULL, "/tmp/kn", 0, &v), -ENOENT);
	KEXPECT_EQ(namei(&pc, NULL, "/tmp/kn", 0, &v), -ENOENT); /* now from the cache */
	KREQUIRE(vfs_open(&pc, NULL, "/tmp/kn", O_WRONLY | O_CREAT, 0600, &f) == 0);
	file_put(f);
	KEXPECT_EQ(vfs_rename(&pc, NULL, "/tmp/kn", NULL, "/tmp/km", 0), 0);
	KEXPECT_EQ(namei(&pc, NULL, "/tmp/kn", 0, &v), -ENOENT);
	KREQUIRE(namei(&pc, NULL, "/tmp/km", 0, &v) == 0);
	vnode_put(v);
	KEXPECT_EQ(vfs_unlink(&pc, NULL, "/tmp/km"), 0);
	KEXPECT_EQ(namei(&pc, NULL, "/tmp/km", 0, &v), -ENOENT);
	leave(&pc);
}

KTEST(dot_dot_stops_at_the_callers_root)
{
	struct path_context pc = entered();
	struct vnode *tmp, *v;
	char path[64];

	KREQUIRE(namei(&pc, NULL, "/dev/..", 0, &v) == 0); /* up out of a mount */
	KEXPECT(v == pc.root);
	vnode_put(v);
	KREQUIRE(namei(&pc, NULL, "/tmp", LOOKUP_DIRECTORY, &tmp) == 0);
	vnode_put(pc.root);
	pc.root = tmp;
	KREQUIRE(namei(&pc, NULL, "/../../..", 0, &v) == 0);
	KEXPECT(v == tmp);
	KEXPECT_EQ(vnode_path(pc.cwd, pc.root, path, sizeof(path)), sizeof("(unreachable)/"));
	KEXPECT_EQ(strcmp(path, "(unreachable)/"), 0);
	vnode_put(v);
	leave(&pc);
}

KTEST(permissions_follow_owner_group_and_others)
{
	struct path_context pc = entered();
	struct vnode *v;
	struct file *f;

	KREQUIRE(vfs_open(&pc, NULL, "/tmp/kp", O_WRONLY | O_CREAT, 0640, &f) == 0);
	file_put(f);
	KREQUIRE(namei(&pc, NULL, "/tmp/kp", 0, &v) == 0);
	KEXPECT_EQ(cred_permission(&somebody, v, R_OK), -EACCES);
	KEXPECT_EQ(vfs_chown(&root_cred, v, 1, 9), 0); /* one of its other groups */
	KEXPECT_EQ(cred_permission(&somebody, v, R_OK), 0);
	KEXPECT_EQ(cred_permission(&somebody, v, W_OK), -EACCES);
	KEXPECT_EQ(vfs_chown(&root_cred, v, 7, 9), 0);
	KEXPECT_EQ(cred_permission(&somebody, v, R_OK | W_OK), 0);
	KEXPECT_EQ(vfs_chmod(&somebody, v, 0040), 0); /* the owner's bits count, not the group's */
	KEXPECT_EQ(cred_permission(&somebody, v, R_OK), -EACCES);
	KEXPECT_EQ(cred_permission(&root_cred, v, X_OK), -EACCES);
	KEXPECT_EQ(vfs_chown(&somebody, v, 1, 9), -EPERM);
	vnode_put(v);
	pc.cred = &somebody; /* /tmp is sticky, but the file is its own */
	KEXPECT_EQ(vfs_unlink(&pc, NULL, "/tmp/kp"), 0);
	leave(&pc);
}

KTEST(descriptors_grow_and_the_lowest_comes_first)
{
	struct path_context pc = entered();
	struct fdtable *t = fdtable_create(), *copy;
	unsigned files = file_count();
	struct file *f;

	KREQUIRE(t && vfs_open(&pc, NULL, "/dev/null", O_RDWR, 0, &f) == 0);
	fd_install(t, fd_reserve(t, 0, NO_LIMIT, false), f);
	for (int fd = 1; fd < 200; fd++)
		KEXPECT_EQ(fd_dup(t, 0, 0, NO_LIMIT, fd % 2), fd);
	KEXPECT_EQ(fd_dup(t, 0, 0, 200, false), -EMFILE);
	KEXPECT_EQ(fd_dup(t, 0, 200, 200, false), -EINVAL);
	KEXPECT_EQ(fd_close(t, 77), 0);
	KEXPECT_EQ(fd_close(t, 77), -EBADF);
	KEXPECT_EQ(fd_dup_to(t, 0, 900, NO_LIMIT, true), 900);
	copy = fdtable_fork(t);
	KREQUIRE(copy != NULL);
	KEXPECT_EQ(fd_dup(t, 0, 0, NO_LIMIT, false), 77);
	fdtable_close_on_exec(copy);
	KEXPECT_EQ(fdtable_open_count(copy),
		   100 - 1 + 1); /* the even ones; 77 was closed, 0 open */
	KEXPECT(fd_get(copy, 900) == NULL && fd_get(copy, 77) == NULL);
	fdtable_put(copy);
	fdtable_put(t);
	KEXPECT_EQ(file_count(), files);
	leave(&pc);
}

/* ---- pipes between threads ---- */

struct sender {
	struct file *end;
	struct waitq done_wait;
	struct spinlock lock;
	bool done;         /* [lock] */
	uint32_t checksum; /* [lock] valid when done */
	ssize_t result;    /* [lock] of the last write */
};

static uint32_t add_up(uint32_t sum, const uint8_t *p, size_t n)
{
	while (n-- > 0)
		sum = sum * 31 + *p++;
	return sum;
}

static void sender_finish(struct sender *s, uint32_t sum, ssize_t result)
{
	file_put(s->end);
	spin_lock(&s->lock);
	s->checksum = sum;
	s->result = result;
	s->done = true;
	waitq_wake_all(&s->done_wait);
	spin_unlock(&s->lock);
}

/* Sends BULK bytes in pieces of all sizes, or until nobody reads. */
static void send_bulk(void *arg)
{
	static uint8_t piece[PIECE_MAX];
	struct sender *s = arg;
	uint32_t sum = 0, left = BULK;
	ssize_t n = 0;

	while (left > 0) {
		uint32_t len = MIN(1 + ktest_random() % PIECE_MAX, left);
		struct uio u;

		for (uint32_t i = 0; i < len; i++)
			piece[i] = (uint8_t)(left - i);
		uio_kernel(&u, piece, len);
		n = vfs_write(s->end, &u, VFS_NO_LIMIT);
		if (n != (ssize_t)len)
			break;
		sum = add_up(sum, piece, len);
		left -= len;
	}
	sender_finish(s, sum, n);
}

static void sender_wait(struct sender *s)
{
	int interrupted = 0;

	spin_lock(&s->lock);
	while (!s->done && !interrupted)
		interrupted = waitq_wait(&s->done_wait, &s->lock, WAIT_UNINTERRUPTIBLE,
					 KTIME_NEVER);
	spin_unlock(&s->lock);
}

static struct sender sender;

static struct file *start_sender(void)
{
	struct file *end[2];

	if (pipe_create(0, end) != 0)
		return NULL;
	sender = (struct sender){ .end = end[1] };
	spin_init(&sender.lock, LOCK_OBJECT);
	waitq_init(&sender.done_wait);
	if (kthread_start("sender", send_bulk, &sender) != 0)
		return NULL;
	return end[0];
}

KTEST(a_pipe_carries_bytes_of_another_thread_unchanged)
{
	static uint8_t piece[PIECE_MAX];
	struct file *end = start_sender();
	uint32_t sum = 0, total = 0;

	KREQUIRE(end != NULL);
	for (;;) {
		struct uio u;
		ssize_t n;

		uio_kernel(&u, piece, 1 + ktest_random() % PIECE_MAX);
		n = vfs_read(end, &u);
		KEXPECT(n >= 0);
		if (n <= 0)
			break;
		sum = add_up(sum, piece, (size_t)n);
		total += (uint32_t)n;
	}
	sender_wait(&sender);
	KEXPECT_EQ(total, BULK);
	KEXPECT_EQ(sum, sender.checksum);
	file_put(end);
}

KTEST(a_writer_asleep_wakes_when_the_reader_goes)
{
	struct file *end = start_sender();

	KREQUIRE(end != NULL);
	KEXPECT_EQ(thread_sleep_until(ktime_now() + 20 * NSEC_PER_MS, false), 0);
	KEXPECT(!sender.done); /* the ring is full */
	file_put(end);
	sender_wait(&sender);
	KEXPECT(sender.result == -EPIPE || (sender.result >= 0 && sender.result < PIECE_MAX));
}

/* RFC 8439, appendix A.1, vectors 1 and 2: key and nonce all zero. */
KTEST(chacha20_gives_the_published_blocks)
{
	static const uint32_t zero_key[CHACHA20_KEY_WORDS];
	static const uint32_t first[] = { 0xade0b876, 0x903df1a0, 0xe56a5d40, 0x28bd8653 };
	static const uint32_t second[] = { 0xbee7079f, 0x7a385155, 0x7c97ba98, 0x0d082d73 };
	uint32_t block[CHACHA20_BLOCK_WORDS];

	chacha20_block(zero_key, 0, block);
	KEXPECT_EQ(memcmp(block, first, sizeof(first)), 0);
	chacha20_block(zero_key, 1, block);
	KEXPECT_EQ(memcmp(block, second, sizeof(second)), 0);
}
