/* SPDX-License-Identifier: MIT */
/* The first page(s) of a new program's stack: argument and environment strings
 * and what points to them, as the System V i386 ABI (fig. 3-31) and Linux lay
 * them out. Written before exec's commit point, into pages of our own: the old
 * program's memory is still there to copy from. One thread: no locks.
 */
#include <abi/auxv.h>
#include <abi/time.h>

#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "proc/exec.h"
#include "x86/cpu.h"

enum {
	FIRST_ROOM = 16,
	TOP_GAP = 4, /* Linux's null pointer above the strings */
	STACK_ALIGN = 16,
	AUXV_MAX = 20,
	WORD = 4,
};

static const char platform[2 * WORD] = "i686";

void stack_image_init(struct stack_image *s, vaddr_t top, uint32_t limit)
{
	*s = (struct stack_image){ .top = top, .limit = limit };
}

void stack_image_free(struct stack_image *s)
{
	for (unsigned i = 0; i < s->pages; i++)
		page_put(s->page[i]);
	kfree(s->page);
	s->page = NULL;
	s->pages = 0;
}

static int stack_add_page(struct stack_image *s)
{
	unsigned room = s->room ? s->room * 2 : FIRST_ROOM;
	struct page **grown;

	if (s->pages == s->room) {
		grown = kmalloc(room * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		if (s->pages)
			memcpy(grown, s->page, s->pages * sizeof(*grown));
		kfree(s->page);
		s->page = grown;
		s->room = room;
	}
	s->page[s->pages] = page_alloc_anon(true);
	if (!s->page[s->pages])
		return -ENOMEM;
	s->pages++;
	return 0;
}

/* Room behind the last string: a pointer, and how much lies before the page
 * ends.
 */
static int stack_room(struct stack_image *s, char **at, uint32_t *room)
{
	uint32_t offset = s->bytes & PAGE_MASK;
	int err = 0;

	if (s->bytes + TOP_GAP + 2 * WORD > s->limit)
		return -E2BIG;
	if (s->bytes == s->pages * PAGE_SIZE)
		err = stack_add_page(s);
	if (err)
		return err;
	*at = (char *)page_to_virt(s->page[s->pages - 1]) + offset;
	*room = PAGE_SIZE - offset;
	return 0;
}

int stack_push_string(struct stack_image *s, const char *string)
{
	uint32_t left = strlen(string) + 1, room, n;
	char *at;
	int err;

	while (left) {
		err = stack_room(s, &at, &room);
		if (err)
			return err;
		n = MIN(left, room);
		memcpy(at, string, n);
		string += n;
		left -= n;
		s->bytes += n;
	}
	return 0;
}

/* Relies on string_from_user leaving what it copied when there was no 0 yet. */
static int stack_push_user_string(struct stack_image *s, uaddr_t string)
{
	uint32_t room, length = 0;
	char *at;
	int n;

	for (;;) {
		n = stack_room(s, &at, &room);
		if (n)
			return n;
		n = string_from_user(at, string, room);
		if (n >= 0) {
			s->bytes += (uint32_t)n + 1;
			return length + (uint32_t)n < ARG_STRING_MAX ? 0 : -E2BIG;
		}
		if (n != -ENAMETOOLONG)
			return n;
		s->bytes += room;
		string += room;
		length += room;
		if (length >= ARG_STRING_MAX)
			return -E2BIG;
	}
}

int stack_push_user_strings(struct stack_image *s, uaddr_t vector, unsigned skip, unsigned *count)
{
	uint32_t string;
	int err;

	while (vector) {
		err = get_user32(&string, vector);
		if (err)
			return err;
		if (!string)
			break;
		vector += WORD;
		if (skip) {
			skip--;
			continue;
		}
		err = stack_push_user_string(s, string);
		if (err)
			return err;
		(*count)++;
		s->limit -= MIN(s->limit, (uint32_t)WORD); /* its pointer counts as well */
	}
	return 0;
}

/* Where an address of the finished image is in kernel memory. */
static char *stack_at(struct stack_image *s, vaddr_t va)
{
	unsigned i = (s->top - 1 - va) >> PAGE_SHIFT;

	return (char *)page_to_virt(s->page[i]) + (va & PAGE_MASK);
}

/* The strings' pages get their places: the last one copied ends at the top.
 * A single page is filled from its end, so that what comes below fits there too.
 */
static void stack_place_strings(struct stack_image *s)
{
	struct page *swap;
	char *base;

	if (s->pages == 1 && s->bytes + TOP_GAP <= PAGE_SIZE) {
		s->strings = s->top - ALIGN_UP(s->bytes + TOP_GAP, WORD);
		base = page_to_virt(s->page[0]);
		memmove(base + (s->strings & PAGE_MASK), base, s->bytes);
		memset(base, 0, MIN(s->bytes, s->strings & PAGE_MASK));
		return;
	}
	s->strings = s->top - s->pages * PAGE_SIZE;
	for (unsigned i = 0; i < s->pages / 2; i++) {
		swap = s->page[i];
		s->page[i] = s->page[s->pages - 1 - i];
		s->page[s->pages - 1 - i] = swap;
	}
}

/* Adds pages below until `low` is covered. */
static int stack_extend(struct stack_image *s, vaddr_t low)
{
	int err = 0;

	while (!err && s->top - s->pages * PAGE_SIZE > low)
		err = stack_add_page(s);
	return err;
}

static void stack_put_word(struct stack_image *s, vaddr_t *va, uint32_t word)
{
	*(uint32_t *)stack_at(s, *va) = word;
	*va += WORD;
}

static void stack_put_words(struct stack_image *s, vaddr_t va, const void *src, unsigned n)
{
	const uint32_t *from = src;

	for (unsigned i = 0; i < n; i++)
		stack_put_word(s, &va, from[i]);
}

/* The address behind the 0 of the string at va. */
static vaddr_t stack_skip_string(struct stack_image *s, vaddr_t va)
{
	while (*stack_at(s, va) != 0)
		va++;
	return va + 1;
}

/* Pointers to `count` strings from *string on, and a NULL. */
static void stack_put_pointers(struct stack_image *s, vaddr_t *at, unsigned count, vaddr_t *string)
{
	while (count--) {
		stack_put_word(s, at, *string);
		*string = stack_skip_string(s, *string);
	}
	stack_put_word(s, at, 0);
}

static unsigned auxv_fill(struct abi_auxv *aux, const struct program *prog, vaddr_t random,
			  vaddr_t platform_at)
{
	const struct cred *c = &prog->cred;
	const struct abi_auxv all[] = {
		{ AT_HWCAP, cpu_features.edx1 },
		{ AT_PAGESZ, PAGE_SIZE },
		{ AT_CLKTCK, ABI_USER_HZ },
		{ AT_PHDR, prog->phdr },
		{ AT_PHENT, sizeof(struct abi_elf_phdr) },
		{ AT_PHNUM, prog->phnum },
		{ AT_BASE, prog->interpreter_base },
		{ AT_FLAGS, 0 },
		{ AT_ENTRY, prog->own_entry },
		{ AT_UID, c->uid },
		{ AT_EUID, c->euid },
		{ AT_GID, c->gid },
		{ AT_EGID, c->egid },
		{ AT_SECURE, prog->secure },
		{ AT_RANDOM, random },
		{ AT_PLATFORM, platform_at },
	};

	memcpy(aux, all, sizeof(all));
	return ARRAY_SIZE(all);
}

int stack_image_finish(struct stack_image *s, const struct program *prog)
{
	struct abi_auxv aux[AUXV_MAX];
	vaddr_t random_at, platform_at, at, string;
	unsigned n, words;
	int err;

	stack_place_strings(s);
	random_at = ALIGN_DOWN(s->strings - ABI_AT_RANDOM_BYTES, WORD);
	platform_at = random_at - sizeof(platform);
	n = auxv_fill(aux, prog, random_at, platform_at);
	words = 1 + s->argc + 1 + s->envc + 1 + 2 * (n + 2);
	s->sp = ALIGN_DOWN(platform_at - words * WORD, STACK_ALIGN);
	err = stack_extend(s, s->sp);
	if (err)
		return err;
	stack_put_words(s, random_at, &prog->random[RANDOM_FOR_PROGRAM],
			ABI_AT_RANDOM_BYTES / WORD);
	stack_put_words(s, platform_at, platform, sizeof(platform) / WORD);
	at = s->sp;
	string = s->strings;
	stack_put_word(s, &at, s->argc);
	s->args = string;
	stack_put_pointers(s, &at, s->argc, &string);
	s->env = string;
	stack_put_pointers(s, &at, s->envc, &string);
	s->env_end = string;
	aux[n++] = (struct abi_auxv){ AT_EXECFN, string }; /* the last string */
	aux[n++] = (struct abi_auxv){ AT_NULL, 0 };
	stack_put_words(s, at, aux, n * 2);
	return 0;
}

int stack_image_map(struct stack_image *s, struct program *prog)
{
	struct space *space = prog->space;
	uint64_t bits = PTE_PRESENT | PTE_USER | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY | pte_nx;
	struct map_request r = {
		.addr = s->top - s->pages * PAGE_SIZE,
		.length = s->pages * PAGE_SIZE,
		.prot = REGION_READ | REGION_WRITE | (prog->stack_exec ? REGION_EXEC : 0),
		.region_flags = REGION_STACK,
		.fixed = true,
		.noreplace = true, /* -EEXIST: the file claims the stack's place */
	};
	vaddr_t at;
	int err = space_map(space, &r, &at);

	space->args = s->args;
	space->env = s->env;
	space->env_end = s->env_end;
	mutex_lock(&space->lock);
	while (!err && s->pages) {
		err = pagetable_map(&space->pt, s->top - s->pages * PAGE_SIZE,
				    s->page[s->pages - 1], bits);
		if (!err)
			s->pages--;
	}
	mutex_unlock(&space->lock);
	return err;
}
