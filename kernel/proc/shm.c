/* SPDX-License-Identifier: MIT */
/* System V shared memory. A segment is a shared memory object (vm) with a key, an
 * owner and permissions. How many map it is how many refer to the object, less our
 * own reference. Removing only marks; a sweep frees what nobody maps.
 *
 * A number is index + SEGMENTS * sequence, so that an old one does not name a new
 * segment. Lock: table.lock (rank OBJECT) guards all of it.
 */
#include "proc/shm.h"

#include "core/time.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "proc/process.h"
#include "vm/shared_memory.h"
#include "vm/space.h"

enum {
	SEGMENTS = 128,
	SEQUENCES = 0x7fff,
	MEMORY_SHARE = 2,
	PERMISSIONS = 0777,
	SHIFT_USER = 6,
	SHIFT_GROUP = 3,
	WANT_READ = 4,
	WANT_WRITE = 2,
};

struct segment {
	struct pagecache *memory;   /* referenced; NULL: free place */
	struct abi_shmid_ds status; /* but nattch */
	uint32_t sequence;          /* stays when the place becomes free */
};

static struct {
	struct spinlock lock;
	struct segment segment[SEGMENTS];
	unsigned removed; /* segments marked SHM_DEST */
	uint64_t bytes;   /* of all segments: at most half of memory */
} table = { .lock = SPINLOCK_INIT(LOCK_OBJECT) };

/* ---- caller holds table.lock ---- */

static int32_t segment_id(const struct segment *g)
{
	return (int32_t)(g->sequence * SEGMENTS + (uint32_t)(g - table.segment));
}

static struct segment *segment_by_id(int32_t id)
{
	struct segment *g = &table.segment[(uint32_t)id % SEGMENTS];

	return id >= 0 && g->memory && segment_id(g) == id ? g : NULL;
}

static struct segment *segment_by_key(int32_t key)
{
	for (struct segment *g = table.segment; g < table.segment + SEGMENTS; g++)
		if (g->memory && g->status.shm_perm.key == key && key != IPC_PRIVATE)
			return g;
	return NULL;
}

static bool is_owner(const struct segment *g, const struct cred *c)
{
	return c->euid == 0 || c->euid == g->status.shm_perm.uid ||
	       c->euid == g->status.shm_perm.cuid;
}

static bool is_allowed(const struct segment *g, unsigned want)
{
	const struct abi_ipc_perm *p = &g->status.shm_perm;
	const struct cred *c = &process_current()->cred;
	unsigned granted = p->mode;

	if (c->euid == 0)
		return true;
	if (c->euid == p->uid || c->euid == p->cuid)
		granted >>= SHIFT_USER;
	else if (cred_in_group(c, p->gid) || cred_in_group(c, p->cgid))
		granted >>= SHIFT_GROUP;
	return (granted & want) == want;
}

static uint32_t attached(const struct segment *g)
{
	return shared_memory_users(g->memory) - 1;
}

static uint32_t now(void)
{
	return (uint32_t)(ktime_real() / NSEC_PER_SEC);
}

/* Nobody's end would free more: a segment stays until it is removed. */
static uint64_t memory_limit(void)
{
	struct page_stats memory;

	page_stats(&memory);
	return ((uint64_t)memory.total << PAGE_SHIFT) / MEMORY_SHARE;
}

/* Finds a place for new memory and fills it in. Its number, or -ENOSPC. */
static int segment_new(int32_t key, uint32_t size, uint32_t flags, struct pagecache *memory)
{
	const struct cred *c = &process_current()->cred;
	struct segment *g = table.segment;

	while (g < table.segment + SEGMENTS && g->memory)
		g++;
	if (g == table.segment + SEGMENTS || table.bytes + size > memory_limit())
		return -ENOSPC;
	table.bytes += size;
	g->memory = memory;
	g->sequence = (g->sequence + 1) & SEQUENCES;
	g->status = (struct abi_shmid_ds){
		.shm_perm = { .key = key,
			      .uid = c->euid,
			      .gid = c->egid,
			      .cuid = c->euid,
			      .cgid = c->egid,
			      .mode = flags & PERMISSIONS,
			      .seq = (uint16_t)g->sequence },
		.shm_segsz = size,
		.shm_ctime = now(),
		.shm_cpid = process_current()->id,
	};
	return segment_id(g);
}

/* shmget of a segment that is there. */
static int segment_open(struct segment *g, uint32_t size, uint32_t flags)
{
	unsigned want = (flags >> SHIFT_USER) & (WANT_READ | WANT_WRITE);

	if ((flags & IPC_CREAT) && (flags & IPC_EXCL))
		return -EEXIST;
	if (size > g->status.shm_segsz)
		return -EINVAL;
	return is_allowed(g, want) ? segment_id(g) : -EACCES;
}

/* ---- the calls ---- */

static int get_existing(int32_t key, uint32_t size, uint32_t flags)
{
	struct segment *g;
	int result;

	spin_lock(&table.lock);
	g = segment_by_key(key);
	result = g ? segment_open(g, size, flags) : -ENOENT;
	spin_unlock(&table.lock);
	return result;
}

static int get_new(int32_t key, uint32_t size, uint32_t flags)
{
	struct pagecache *memory;
	struct segment *g;
	int result;

	if (!size || size > USER_MAX)
		return -EINVAL;
	memory = shared_memory_create(ALIGN_UP((uint64_t)size, PAGE_SIZE));
	if (!memory)
		return -ENOMEM;
	spin_lock(&table.lock);
	g = segment_by_key(key); /* somebody may have been faster */
	result = g ? segment_open(g, size, flags) : segment_new(key, size, flags, memory);
	spin_unlock(&table.lock);
	if (g || result < 0)
		memory->ops->release(memory);
	return result;
}

int shm_get(int32_t key, uint32_t size, uint32_t flags)
{
	int result = -ENOENT;

	shm_sweep();
	if (key != IPC_PRIVATE)
		result = get_existing(key, size, flags);
	if (result == -ENOENT && (key == IPC_PRIVATE || (flags & IPC_CREAT)))
		result = get_new(key, size, flags);
	return result;
}

/* The memory of a segment that the caller may map like that, held. */
static int hold_memory(int32_t id, uint32_t flags, struct pagecache **out, uint32_t *size)
{
	unsigned want = flags & SHM_RDONLY ? WANT_READ : WANT_READ | WANT_WRITE;
	struct segment *g;
	int err = -EINVAL;

	spin_lock(&table.lock);
	g = segment_by_id(id);
	if (g)
		err = is_allowed(g, want) ? 0 : -EACCES;
	if (!err) {
		*out = g->memory;
		*size = g->status.shm_segsz;
		g->memory->ops->hold(g->memory);
		g->status.shm_atime = now();
		g->status.shm_lpid = process_current()->id;
	}
	spin_unlock(&table.lock);
	return err;
}

int shm_attach(int32_t id, vaddr_t at, uint32_t flags, vaddr_t *out)
{
	struct map_request r = { .addr = flags & SHM_RND ? ALIGN_DOWN(at, (vaddr_t)PAGE_SIZE) : at,
				 .region_flags = REGION_SHARED | REGION_SEGMENT,
				 .prot = REGION_READ };
	int err;

	if (!IS_ALIGNED(r.addr, PAGE_SIZE) || ((flags & SHM_REMAP) && !r.addr))
		return -EINVAL;
	err = hold_memory(id, flags, &r.file, &r.length);
	if (err)
		return err;
	r.fixed = r.addr != 0;
	r.noreplace = !(flags & SHM_REMAP);
	if (flags & SHM_EXEC)
		r.prot |= REGION_EXEC;
	if (flags & SHM_RDONLY)
		r.region_flags |= REGION_READ_ONLY;
	else
		r.prot |= REGION_WRITE;
	err = space_map(process_current()->space, &r, out);
	r.file->ops->release(r.file);
	return err == -EEXIST ? -EINVAL : err;
}

static void note_detach(const struct pagecache *memory)
{
	spin_lock(&table.lock);
	for (struct segment *g = table.segment; g < table.segment + SEGMENTS; g++) {
		if (g->memory != memory)
			continue;
		g->status.shm_dtime = now();
		g->status.shm_lpid = process_current()->id;
	}
	spin_unlock(&table.lock);
}

int shm_detach(vaddr_t at)
{
	struct pagecache *memory;
	int err = space_detach(process_current()->space, at, &memory);

	if (err)
		return err;
	note_detach(memory); /* as a number only: it may be gone */
	shm_sweep();
	return 0;
}

int shm_stat(int32_t id, struct abi_shmid_ds *out)
{
	struct segment *g;
	int err = -EINVAL;

	spin_lock(&table.lock);
	g = segment_by_id(id);
	if (g)
		err = is_allowed(g, WANT_READ) ? 0 : -EACCES;
	if (!err) {
		*out = g->status;
		out->shm_nattch = attached(g);
	}
	spin_unlock(&table.lock);
	return err;
}

/* What only the owner may do with a segment. Caller holds table.lock. */
static int owned_segment(int32_t id, struct segment **out)
{
	struct segment *g = segment_by_id(id);

	if (!g)
		return -EINVAL;
	*out = g;
	return is_owner(g, &process_current()->cred) ? 0 : -EPERM;
}

int shm_set(int32_t id, const struct abi_shmid_ds *new)
{
	struct segment *g;
	int err;

	spin_lock(&table.lock);
	err = owned_segment(id, &g);
	if (!err) {
		struct abi_ipc_perm *p = &g->status.shm_perm;

		p->uid = new->shm_perm.uid;
		p->gid = new->shm_perm.gid;
		p->mode = (uint16_t)((p->mode & ~PERMISSIONS) | (new->shm_perm.mode &PERMISSIONS));
		g->status.shm_ctime = now();
	}
	spin_unlock(&table.lock);
	return err;
}

int shm_remove(int32_t id)
{
	struct segment *g;
	int err;

	spin_lock(&table.lock);
	err = owned_segment(id, &g);
	if (!err && !(g->status.shm_perm.mode & SHM_DEST)) {
		g->status.shm_perm.mode |= SHM_DEST;
		g->status.shm_perm.key = IPC_PRIVATE;
		table.removed++;
	}
	spin_unlock(&table.lock);
	shm_sweep();
	return err;
}

int shm_set_locked(int32_t id, bool locked)
{
	struct segment *g;
	int err;

	spin_lock(&table.lock);
	err = owned_segment(id, &g);
	if (!err) /* without swap all memory stays: only the mark is to be kept */
		g->status.shm_perm.mode = (uint16_t)((g->status.shm_perm.mode & ~SHM_LOCKED) |
						     (locked ? SHM_LOCKED : 0));
	spin_unlock(&table.lock);
	return err;
}

/* Takes one removed and unused segment out of the table; NULL: there is none. */
static struct pagecache *take_unused(void)
{
	struct pagecache *memory = NULL;

	spin_lock(&table.lock);
	for (struct segment *g = table.segment; !memory && g < table.segment + SEGMENTS; g++) {
		if (!g->memory || !(g->status.shm_perm.mode & SHM_DEST) || attached(g))
			continue;
		memory = g->memory;
		g->memory = NULL;
		table.bytes -= g->status.shm_segsz;
		table.removed--;
	}
	spin_unlock(&table.lock);
	return memory;
}

void shm_sweep(void)
{
	struct pagecache *memory;

	if (likely(!READ_ONCE(table.removed)))
		return;
	while ((memory = take_unused()))
		memory->ops->release(memory);
}
