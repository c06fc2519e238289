/* SPDX-License-Identifier: MIT */
/* exec in the making: a struct program is built beside the running one, and
 * everything that can fail happens to it. Only then is it put in place, which
 * cannot fail (exec.c, program_commit).
 */
#ifndef PROC_EXEC_H
#define PROC_EXEC_H

#include <abi/elf.h>

#include "proc/process.h"
#include "vm/space.h"

enum {
	PROGRAM_HEADER = 512, /* bytes of the file that are looked at first */
	SCRIPT_LINE = 256,    /* of them a #! line may fill, as in Linux */
	SCRIPT_DEPTH = 5,
	ARG_STRING_MAX = 32 * PAGE_SIZE, /* one argument, with its 0 */
	ARG_TOTAL_MIN = 32 * PAGE_SIZE,  /* always allowed in all */
	ARG_TOTAL_MAX = 6 << 20,         /* never more */
};

#define STACK_TOP USER_MAX
#define PIE_BASE 0x56555000u       /* position-independent programs go here */
#define STACK_GAP_MIN (128u << 20) /* address space kept free for the stack */
#define STACK_GAP_MAX 0x9ffff000u

/* Random words of a program: AT_RANDOM's, then how many pages each place is shifted
 * (no more than the mask says), so that nobody can guess addresses.
 */
enum program_random {
	RANDOM_FOR_PROGRAM = 0,
	RANDOM_STACK = 4,
	RANDOM_MAPPINGS,
	RANDOM_HEAP,
	RANDOM_IMAGE, /* position-independent programs */
	RANDOM_WORDS,
	RANDOM_STACK_MASK = 0x7ff,
	RANDOM_MAPPINGS_MASK = 0xfff,
	RANDOM_HEAP_MASK = 0x1fff,
	RANDOM_IMAGE_MASK = 0xfff,
};

/* The top of the new stack while it is written, in pages that nobody maps yet:
 * page[0] ends at top, page[1] below it ... While the strings are copied,
 * whose total nobody knows yet, page[0] is instead the lowest one.
 *
 *   top ->        4 bytes of 0
 *                 strings: argv, envp, name of the file
 *                 "i686", 16 random bytes
 *                 auxv, envp, argv pointers
 *   sp ->         argc
 */
struct stack_image {
	vaddr_t top;        /* [o] STACK_TOP, less what chance says */
	struct page **page; /* [o] kmalloc'ed; each page referenced */
	unsigned pages, room;
	unsigned argc, envc;
	uint32_t bytes;             /* of strings so far */
	uint32_t limit;             /* of strings and pointers */
	vaddr_t strings;            /* address of the first, once known */
	vaddr_t args, env, env_end; /* of argv's strings, of envp's, of what follows */
	vaddr_t sp;
};

void stack_image_init(struct stack_image *s, vaddr_t top, uint32_t limit);
void stack_image_free(struct stack_image *s);

/* Append strings. -E2BIG, -EFAULT, -ENOMEM. */
int stack_push_string(struct stack_image *s, const char *string) __must_check;
int stack_push_user_strings(struct stack_image *s, uaddr_t vector, unsigned skip,
			    unsigned *count) __must_check;

struct program;

/* All strings are there: writes the rest. -ENOMEM. */
int stack_image_finish(struct stack_image *s, const struct program *prog) __must_check;

/* Maps the pages into the program's space. -ENOMEM. */
int stack_image_map(struct stack_image *s, struct program *prog) __must_check;

struct program {
	struct process *process;   /* whose program it will be */
	struct vnode *vnode;       /* its file: referenced, write denied */
	struct vnode *interpreter; /* PT_INTERP's: the same; or NULL */
	struct space *space;
	struct stack_image stack;
	const char *name; /* the path that exec was given */
	uint32_t entry;   /* where it starts: its own or the interpreter's */
	uint32_t own_entry;
	uint32_t phdr, phnum; /* its program headers in memory */
	uint32_t interpreter_base;
	uint32_t brk; /* end of its data */
	bool stack_exec;
	uint32_t random[RANDOM_WORDS]; /* places: 0 where nothing is to be random */
	struct cred cred;              /* as it will run */
	bool secure;                   /* gained rights by it */
	const char *path;              /* of vnode: prog->name or a script's interpreter */
	struct script_line *lines;     /* #! lines, innermost first */
	uint32_t header_size;
	uint8_t header[PROGRAM_HEADER] __aligned(4);
};

/* script.c: follows #! lines until prog->vnode is something else. */
struct script_line {
	struct script_line *outer;
	const char *script;   /* path of the script */
	const char *argument; /* NULL: none */
	const char *interpreter;
	char text[SCRIPT_LINE];
};
int script_resolve(struct program *prog) __must_check;
/* argv[0] and what stands before the program's own argv[1]. */
int script_push_arguments(struct program *prog) __must_check;
void script_free(struct program *prog);

/* exec.c: by how many bytes chance shifts a place. */
uint32_t program_shift(const struct program *prog, enum program_random which, uint32_t mask);

/* exec.c: opens path and reads the header. */
int program_open(struct program *prog, const char *path) __must_check;

/* Ends the use of a file that was open for execution; NULL: none. May sleep. */
void program_close(struct vnode *v);

/* elf.c: checks the file and maps it into prog->space. -ENOEXEC, -EINVAL,
 * -ENOMEM, -EIO, or what opening the interpreter gave.
 */
int elf_load(struct program *prog) __must_check;

#endif
