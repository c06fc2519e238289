/* SPDX-License-Identifier: MIT */
/* Access to user memory. The range is checked here; the copy itself is x86's,
 * with an exception table: a page fault in it is resolved like the program's own,
 * or ends the copy (at once while ctx.nofault is set). No state, no lock.
 */
#include "vm/usercopy.h"

#include "lib/errno.h"
#include "lib/string.h"
#include "vm/space.h"
#include "x86/extable.h"

static inline bool user_range_ok(uaddr_t addr, size_t n)
{
	return n <= USER_MAX && addr <= USER_MAX - n;
}

int copy_from_user(void *dst, uaddr_t src, size_t n)
{
	if (unlikely(!user_range_ok(src, n)) || x86_copy_user(dst, (const void *)src, n))
		return -EFAULT;
	return 0;
}

int copy_to_user(uaddr_t dst, const void *src, size_t n)
{
	if (unlikely(!user_range_ok(dst, n)) || x86_copy_user((void *)dst, src, n))
		return -EFAULT;
	return 0;
}

int clear_user(uaddr_t dst, size_t n)
{
	if (unlikely(!user_range_ok(dst, n)) || x86_clear_user((void *)dst, n))
		return -EFAULT;
	return 0;
}

int string_from_user(char *dst, uaddr_t src, size_t size)
{
	size_t max;
	int32_t len;

	if (src >= USER_MAX)
		return -EFAULT;
	max = MIN(size, (size_t)(USER_MAX - src));
	len = x86_strncpy_user(dst, (const char *)src, max);
	if (len < 0)
		return -EFAULT;
	if ((size_t)len < max)
		return len;
	return max < size ? -EFAULT : -ENAMETOOLONG; /* ran into the kernel, or too long */
}

int get_user32(uint32_t *out, uaddr_t src)
{
	if (unlikely(!user_range_ok(src, sizeof(*out))) || x86_get_user32(out, (const void *)src))
		return -EFAULT;
	return 0;
}

int put_user32(uaddr_t dst, uint32_t value)
{
	if (unlikely(!user_range_ok(dst, sizeof(value))) || x86_put_user32((void *)dst, value))
		return -EFAULT;
	return 0;
}

int cmpxchg_user32(uaddr_t dst, uint32_t *expected, uint32_t new)
{
	if (unlikely(!user_range_ok(dst, sizeof(new))) ||
	    x86_cmpxchg_user32((void *)dst, expected, new))
		return -EFAULT;
	return 0;
}

/* Entries may be read without the space's lock, as tables stay. */
static bool page_ready(struct space *s, uaddr_t va, bool write)
{
	uint64_t *e = pagetable_find(&s->pt, va);
	uint32_t want = PTE_PRESENT | PTE_USER | (write ? PTE_WRITE : 0);

	return e && (pte_low(e) & want) == want;
}

int user_prefault(uaddr_t addr, size_t n, bool write)
{
	struct space *s = space_current();
	uaddr_t va = ALIGN_DOWN(addr, (uaddr_t)PAGE_SIZE);
	int code;

	if (!s || !user_range_ok(addr, n))
		return -EFAULT;
	for (; va < addr + n; va += PAGE_SIZE)
		if (!page_ready(s, va, write) &&
		    space_fault(s, va, write ? FAULT_WRITE : FAULT_READ, &code))
			return -EFAULT;
	return 0;
}
