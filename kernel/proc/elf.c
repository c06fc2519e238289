/* SPDX-License-Identifier: MIT */
/* The ELF loader (System V ABI ch. 5, i386 supplement). Nothing of the file is
 * believed: every header is checked before anything is mapped, and all happens
 * in a space that nobody runs in yet. One thread: no locks of ours.
 */
#include "fs/vfs.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "proc/exec.h"

enum {
	PHDRS_MAX = 65536 / sizeof(struct abi_elf_phdr), /* Linux's limit, in bytes */
	INTERPRETER_NAME = 256,
};

/* One file being loaded: the program or its interpreter. */
struct image {
	struct vnode *vnode;
	struct space *space;
	const struct abi_elf_ehdr *ehdr;
	const struct abi_elf_phdr *phdr; /* phnum of them; kmalloc'ed or in a header */
	struct abi_elf_phdr *allocated;
	vaddr_t start, end; /* what its segments cover, pages, before the bias */
	vaddr_t base;       /* where it should go; 0: anywhere */
	uint32_t bias;      /* added to all its addresses */
};

static vaddr_t page_start(vaddr_t va)
{
	return ALIGN_DOWN(va, (vaddr_t)PAGE_SIZE);
}

static vaddr_t page_end(vaddr_t va)
{
	return ALIGN_UP(va, (vaddr_t)PAGE_SIZE);
}

static int elf_check_header(const struct abi_elf_ehdr *e, uint32_t size)
{
	uint32_t magic;

	memcpy(&magic, e->e_ident, sizeof(magic));
	if (size < sizeof(*e) || magic != ABI_ELF_MAGIC)
		return -ENOEXEC;
	if (e->e_ident[EI_CLASS] != ELFCLASS32 || e->e_ident[EI_DATA] != ELFDATA2LSB)
		return -ENOEXEC;
	if ((e->e_type != ET_EXEC && e->e_type != ET_DYN) || e->e_machine != EM_386)
		return -ENOEXEC;
	if (e->e_phentsize != sizeof(struct abi_elf_phdr))
		return -ENOEXEC;
	if (e->e_phnum == 0 || e->e_phnum > PHDRS_MAX)
		return -ENOEXEC;
	return 0;
}

/* Finds the program headers: in the bytes read already, or reads them. */
static int image_read_phdrs(struct image *im, const uint8_t *header, uint32_t size)
{
	const struct abi_elf_ehdr *e = im->ehdr;
	uint32_t bytes = e->e_phnum * (uint32_t)sizeof(struct abi_elf_phdr);
	ssize_t got;

	if (e->e_phoff <= size && bytes <= size - e->e_phoff && IS_ALIGNED(e->e_phoff, 4)) {
		im->phdr = (const struct abi_elf_phdr *)(header + e->e_phoff);
		return 0;
	}
	im->allocated = kmalloc(bytes);
	if (!im->allocated)
		return -ENOMEM;
	im->phdr = im->allocated;
	got = vnode_read_kernel(im->vnode, e->e_phoff, im->allocated, bytes);
	if (got < 0)
		return (int)got;
	return (uint32_t)got == bytes ? 0 : -ENOEXEC;
}

/* Sizes and places that make sense by themselves. */
static int segment_check(const struct abi_elf_phdr *ph)
{
	uint32_t end;

	if (ph->p_filesz > ph->p_memsz)
		return -EINVAL;
	if (__builtin_add_overflow(ph->p_vaddr, ph->p_memsz, &end) || end > USER_MAX)
		return -ENOMEM;
	if (__builtin_add_overflow(ph->p_offset, ph->p_filesz, &end))
		return -EINVAL;
	if ((ph->p_vaddr ^ ph->p_offset) & PAGE_MASK)
		return -EINVAL;
	return 0;
}

/* Segments in ascending order with no page in common. Sets im->start and end. */
static int image_check_segments(struct image *im)
{
	const struct abi_elf_phdr *ph = im->phdr;
	bool first = true;
	int err;

	for (unsigned i = 0; i < im->ehdr->e_phnum; i++, ph++) {
		if (ph->p_type != PT_LOAD || ph->p_memsz == 0)
			continue;
		err = segment_check(ph);
		if (err)
			return err;
		if (first)
			im->start = page_start(ph->p_vaddr);
		else if (page_start(ph->p_vaddr) < im->end)
			return -EINVAL;
		im->end = page_end(ph->p_vaddr + ph->p_memsz);
		first = false;
	}
	return first ? -ENOEXEC : 0;
}

/* Where a position-independent image goes: at its base, or wherever there is room
 * below the mappings' top.
 */
static int image_choose_bias(struct image *im)
{
	struct map_request r = { .length = im->end - im->start };
	vaddr_t at = im->base;
	int err;

	if (im->ehdr->e_type == ET_DYN && !im->base) {
		err = space_map(im->space, &r, &at);
		if (!err)
			err = space_unmap(im->space, at, r.length);
		if (err)
			return err;
	}
	im->bias = im->ehdr->e_type == ET_DYN ? at - im->start : 0;
	if (im->start + im->bias < USER_MIN || im->end - im->start > USER_MAX - STACK_GAP_MIN)
		return -ENOMEM;
	if (im->end + im->bias < im->start + im->bias || im->end + im->bias > USER_MAX)
		return -ENOMEM;
	return 0;
}

static uint8_t segment_prot(const struct abi_elf_phdr *ph)
{
	return (ph->p_flags & PF_R ? REGION_READ : 0) | (ph->p_flags & PF_W ? REGION_WRITE : 0) |
	       (ph->p_flags & PF_X ? REGION_EXEC : 0);
}

static int image_map(struct image *im, vaddr_t start, vaddr_t end, uint8_t prot,
		     const uint32_t *file_offset)
{
	struct map_request r = {
		.addr = start,
		.length = end - start,
		.prot = prot,
		.fixed = true,
		.file = file_offset ? &im->vnode->pages : NULL,
		.file_offset = file_offset ? *file_offset : 0,
	};
	vaddr_t at;

	return start < end ? space_map(im->space, &r, &at) : 0;
}

/* The page in which the file's bytes end and zeros begin: a copy, made now, as
 * most programs write to it at once and so that nothing is left to fail.
 */
static int image_map_tail(struct image *im, const struct abi_elf_phdr *ph)
{
	vaddr_t end = ph->p_vaddr + ph->p_filesz, va = page_start(end) + im->bias;
	uint32_t index = (ph->p_offset + ph->p_filesz) >> PAGE_SHIFT, keep = end & PAGE_MASK;
	uint64_t bits = PTE_PRESENT | PTE_USER | PTE_ACCESSED | PTE_DIRTY;
	struct page *from, *copy;
	int err;

	if (!ph->p_filesz || !keep || !(ph->p_flags & PF_R))
		return 0;
	err = pagecache_get(&im->vnode->pages, index, &from);
	if (err)
		return err;
	copy = page_alloc_anon(false);
	if (!copy) {
		page_put(from);
		return -ENOMEM;
	}
	memcpy(page_to_virt(copy), page_to_virt(from), keep);
	memset((char *)page_to_virt(copy) + keep, 0, PAGE_SIZE - keep);
	page_put(from);
	bits |= ph->p_flags & PF_W ? PTE_WRITE : 0;
	bits |= (ph->p_flags & (PF_X | PF_W)) == PF_X ? 0 : pte_nx; /* never both */
	mutex_lock(&im->space->lock);
	err = pagetable_map(&im->space->pt, va, copy, bits);
	mutex_unlock(&im->space->lock);
	if (err)
		page_put(copy);
	return err;
}

/*	p_vaddr          +filesz          +memsz
 *	| file pages ......|000|  zero pages  |
 */
static int image_map_segment(struct image *im, const struct abi_elf_phdr *ph)
{
	vaddr_t start = page_start(ph->p_vaddr) + im->bias;
	vaddr_t middle = page_end(ph->p_vaddr + ph->p_filesz) + im->bias;
	vaddr_t end = page_end(ph->p_vaddr + ph->p_memsz) + im->bias;
	uint32_t offset = ph->p_offset & ~(uint32_t)PAGE_MASK;
	uint8_t prot = segment_prot(ph);
	int err;

	if (!ph->p_filesz)
		return image_map(im, start, end, prot, NULL);
	err = image_map(im, start, middle, prot, &offset);
	if (!err && ph->p_memsz > ph->p_filesz)
		err = image_map_tail(im, ph);
	if (!err)
		err = image_map(im, middle, end, prot, NULL);
	return err;
}

/* Checks and maps a whole file. */
static int image_load(struct image *im, const uint8_t *header, uint32_t size)
{
	const struct abi_elf_phdr *ph;
	int err = elf_check_header(im->ehdr, size);

	if (!err)
		err = image_read_phdrs(im, header, size);
	if (!err)
		err = image_check_segments(im);
	if (!err)
		err = image_choose_bias(im);
	for (unsigned i = 0; !err && i < im->ehdr->e_phnum; i++) {
		ph = &im->phdr[i];
		if (ph->p_type == PT_LOAD && ph->p_memsz)
			err = image_map_segment(im, ph);
	}
	return err;
}

/* The program headers' address in memory, 0 if no segment holds them. */
static uint32_t image_phdr_address(const struct image *im)
{
	uint32_t off = im->ehdr->e_phoff;

	for (unsigned i = 0; i < im->ehdr->e_phnum; i++) {
		const struct abi_elf_phdr *ph = &im->phdr[i];

		if (ph->p_type == PT_LOAD && off >= ph->p_offset &&
		    off - ph->p_offset < ph->p_filesz)
			return ph->p_vaddr + (off - ph->p_offset) + im->bias;
	}
	return 0;
}

/* PT_INTERP's file is loaded beside the program and started in its place. */
static int interpreter_load(struct program *prog, const struct abi_elf_phdr *ph)
{
	struct image im = { .space = prog->space };
	uint8_t *header;
	ssize_t got;
	char *name;
	int err = -ENOMEM;

	if (ph->p_filesz < 2 || ph->p_filesz > INTERPRETER_NAME)
		return -ENOEXEC;
	header = kzalloc(PROGRAM_HEADER + INTERPRETER_NAME);
	if (!header)
		return -ENOMEM;
	name = (char *)header + PROGRAM_HEADER;
	got = vnode_read_kernel(prog->vnode, ph->p_offset, name, ph->p_filesz);
	if (got < 0)
		err = (int)got;
	else if ((uint32_t)got != ph->p_filesz || name[got - 1])
		err = -ENOEXEC;
	else
		err = vfs_open_exec(&prog->process->paths, NULL, name, &prog->interpreter);
	if (err)
		goto out;
	im.vnode = prog->interpreter;
	im.ehdr = (const struct abi_elf_ehdr *)header;
	got = vnode_read_kernel(im.vnode, 0, header, PROGRAM_HEADER);
	err = got < 0 ? (int)got : image_load(&im, header, (uint32_t)got);
	kfree(im.allocated);
	prog->interpreter_base = im.bias;
	prog->entry = im.ehdr->e_entry + im.bias;
out:
	kfree(header);
	return err;
}

/* What the other headers say. */
static int elf_read_notes(struct program *prog, const struct image *im)
{
	const struct abi_elf_phdr *interpreter = NULL;

	for (unsigned i = 0; i < im->ehdr->e_phnum; i++) {
		if (im->phdr[i].p_type == PT_GNU_STACK)
			prog->stack_exec = im->phdr[i].p_flags & PF_X;
		if (im->phdr[i].p_type == PT_INTERP && !interpreter)
			interpreter = &im->phdr[i];
	}
	return interpreter ? interpreter_load(prog, interpreter) : 0;
}

int elf_load(struct program *prog)
{
	struct image im = {
		.vnode = prog->vnode,
		.space = prog->space,
		.ehdr = (const struct abi_elf_ehdr *)prog->header,
		.base = PIE_BASE + program_shift(prog, RANDOM_IMAGE, RANDOM_IMAGE_MASK),
	};
	int err = image_load(&im, prog->header, prog->header_size);

	if (!err) {
		prog->own_entry = prog->entry = im.ehdr->e_entry + im.bias;
		prog->phdr = image_phdr_address(&im);
		prog->phnum = im.ehdr->e_phnum;
		prog->brk = im.end + im.bias;
		err = elf_read_notes(prog, &im);
	}
	kfree(im.allocated);
	return err;
}
