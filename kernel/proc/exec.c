/* SPDX-License-Identifier: MIT */
/* execve: builds a struct program beside the running one, then puts it in its
 * place. All that can fail comes before program_commit.
 */
#include "proc/exec.h"

#include <abi/mount.h>
#include <abi/personality.h>

#include "core/param.h"
#include "dev/random.h"
#include "fs/fdtable.h"
#include "fs/vfs.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "proc/oom.h"
#include "proc/shm.h"
#include "proc/times.h"

static struct slab_cache program_cache = SLAB_CACHE("program", struct program);

void program_close(struct vnode *v)
{
	if (!v)
		return;
	vnode_allow_write(v);
	vnode_put(v);
}

int program_open(struct program *prog, const char *path)
{
	ssize_t got;
	int err;

	program_close(prog->vnode);
	prog->vnode = NULL;
	prog->path = path;
	err = vfs_open_exec(&prog->process->paths, NULL, path, &prog->vnode);
	if (err)
		return err;
	got = vnode_read_kernel(prog->vnode, 0, prog->header, PROGRAM_HEADER);
	if (got < 0)
		return (int)got;
	prog->header_size = (uint32_t)got;
	return 0;
}

static void program_free(struct program *prog)
{
	program_close(prog->vnode);
	program_close(prog->interpreter);
	if (prog->space)
		space_put(prog->space);
	shm_sweep();
	stack_image_free(&prog->stack);
	script_free(prog);
	slab_free(&program_cache, prog);
}

/* A quarter of the stack may hold arguments (man 2 execve). */
static uint32_t argument_limit(const struct process *p)
{
	uint64_t quarter = p->limits[RLIMIT_STACK].rlim_cur / 4;

	return (uint32_t)MIN(MAX(quarter, (uint64_t)ARG_TOTAL_MIN), (uint64_t)ARG_TOTAL_MAX);
}

static int push_kernel_strings(struct stack_image *s, const char *const *strings, unsigned *count)
{
	int err = 0;

	for (; !err && strings && *strings; strings++) {
		err = stack_push_string(s, *strings);
		(*count)++;
	}
	return err;
}

static int program_push_strings(struct program *prog, const struct exec_request *r)
{
	struct stack_image *s = &prog->stack;
	bool script = prog->lines;
	int err = script_push_arguments(prog);

	if (!err && r->kernel)
		err = push_kernel_strings(s, r->kernel_argv + script, &s->argc);
	else if (!err)
		err = stack_push_user_strings(s, r->argv, script, &s->argc);
	if (!err && s->argc == 0) { /* a program may count on argv[0] */
		err = stack_push_string(s, "");
		s->argc = 1;
	}
	if (!err && r->kernel)
		err = push_kernel_strings(s, r->kernel_envp, &s->envc);
	else if (!err)
		err = stack_push_user_strings(s, r->envp, 0, &s->envc);
	if (!err)
		err = stack_push_string(s, prog->name);
	return err;
}

/* set-user-ID and set-group-ID bits. */
static void program_set_cred(struct program *prog)
{
	const struct vnode *v = prog->vnode;
	struct cred *c = &prog->cred;
	bool none = (v->mount->flags & MS_NOSUID) || prog->process->no_new_privileges;
	mode_t mode = none ? 0 : v->mode;

	*c = prog->process->cred;
	if (mode & S_ISUID)
		c->euid = v->uid;
	if ((mode & S_ISGID) && (mode & S_IXGRP))
		c->egid = v->gid;
	c->suid = c->fsuid = c->euid;
	c->sgid = c->fsgid = c->egid;
	prog->secure = c->uid != c->euid || c->gid != c->egid;
}

/* Set-id programs cannot be made predictable by who starts them. */
static void program_set_random(struct program *prog)
{
	bool fixed = (prog->process->personality & ADDR_NO_RANDOMIZE) && !prog->secure;

	random_bytes(prog->random, sizeof(prog->random));
	for (unsigned i = RANDOM_STACK; i < RANDOM_WORDS; i++)
		if (fixed || params.norandmaps)
			prog->random[i] = 0;
}

uint32_t program_shift(const struct program *prog, enum program_random which, uint32_t mask)
{
	return (prog->random[which] & mask) << PAGE_SHIFT;
}

/* An empty space, divided as Linux does: the heap above the program, mappings
 * down from below the stack's largest size.
 */
static int program_make_space(struct program *prog)
{
	uint64_t stack = prog->process->limits[RLIMIT_STACK].rlim_cur;
	uint32_t gap = (uint32_t)MIN(MAX(stack, (uint64_t)STACK_GAP_MIN), (uint64_t)STACK_GAP_MAX);
	struct space *space = space_create();

	if (!space)
		return -ENOMEM;
	prog->space = space;
	space->mmap_top = prog->stack.top - ALIGN_UP(gap, (uint32_t)PAGE_SIZE) -
			  program_shift(prog, RANDOM_MAPPINGS, RANDOM_MAPPINGS_MASK);
	for (unsigned i = 0; i < ABI_RLIMIT_COUNT; i++)
		space_set_limit(space, i, prog->process->limits[i].rlim_cur);
	return 0;
}

static int program_build(struct program *prog, const struct exec_request *r)
{
	int err;

	prog->name = r->path;
	err = program_open(prog, r->path);
	if (!err)
		err = script_resolve(prog);
	if (err)
		return err;
	program_set_cred(prog);
	program_set_random(prog);
	stack_image_init(&prog->stack,
			 STACK_TOP - program_shift(prog, RANDOM_STACK, RANDOM_STACK_MASK),
			 argument_limit(prog->process));
	if (!err)
		err = program_push_strings(prog, r);
	if (!err)
		err = program_make_space(prog);
	if (!err)
		err = elf_load(prog);
	if (err)
		return err;
	prog->space->brk_start = prog->space->brk = prog->brk + program_shift(prog, RANDOM_HEAP,
									      RANDOM_HEAP_MASK);
	err = stack_image_finish(&prog->stack, prog);
	if (!err)
		err = stack_image_map(&prog->stack, prog);
	return err;
}

/* Descriptors that other processes share are not ours to close. */
static int files_unshare(struct process *p)
{
	struct fdtable *own, *former;

	if (atomic_read(&p->files->users) == 1)
		return 0;
	own = fdtable_fork(p->files);
	if (!own)
		return -ENOMEM;
	former = p->files;
	spin_lock(&p->lock);
	p->files = own;
	spin_unlock(&p->lock);
	fdtable_put(former);
	return 0;
}

/* The registers a program starts with. */
static void frame_start(struct trapframe *f, const struct program *prog)
{
	*f = (struct trapframe){
		.ds = SEL_USER_DATA,
		.es = SEL_USER_DATA,
		.orig_eax = (uint32_t)-1,
		.eip = prog->entry,
		.cs = SEL_USER_CODE,
		.eflags = EFLAGS_FIXED | EFLAGS_INTERRUPT,
		.esp = prog->stack.sp,
		.ss = SEL_USER_DATA,
	};
}

static void program_set_name(char name[THREAD_NAME], const char *path)
{
	const char *slash = strrchr(path, '/');

	strlcpy(name, slash ? slash + 1 : path, THREAD_NAME);
}

/* What the thread has of its own starts anew. It may be the current one. */
static void program_commit_thread(struct program *prog, struct thread *t)
{
	program_set_name(t->name, prog->name);
	frame_start(t->frame, prog);
	memset(t->tls, 0, sizeof(t->tls));
	fpu_state_init(&t->fpu);
	memset(&t->sig_stack, 0, sizeof(t->sig_stack));
	t->restart.fn = NULL;
	if (t != current)
		return;
	fpu_restore(&t->fpu);
	irq_disable();
	gdt_load_tls(this_cpu()->id, t->tls);
	irq_enable();
}

/* Nothing fails from here. What was there before is left in prog, for
 * program_free.
 */
static void program_commit(struct program *prog, struct thread *t)
{
	struct process *p = prog->process;
	struct space *space = prog->space;
	struct vnode *vnode = prog->vnode;

	if (t == current) {
		thread_forget_memory(p);
		prog->space = space_switch(space);
	} else {
		t->pagetable = &space->pt;
		prog->space = p->space;
	}
	prog->vnode = p->program;
	program_commit_thread(prog, t);
	signal_state_exec(p);
	p->dumpable = !prog->secure;
	if (prog->secure) {
		p->personality &= ~(uint32_t)ADDR_NO_RANDOMIZE;
		p->death_signal = 0;
	}
	spin_lock(&p->lock);
	if (t == current)
		accounting_add_space(&p->used, prog->space);
	p->space = space;
	p->program = vnode;
	p->cred = prog->cred;
	program_set_name(p->name, prog->name);
	spin_unlock(&p->lock);
	fdtable_close_on_exec(p->files);
	spin_lock(&proctree_lock);
	threads_take_lead(p);
	p->execed = true;
	p->exit_signal = SIGCHLD;
	vfork_release(t);
	spin_unlock(&proctree_lock);
}

int process_exec_thread(struct process *p, struct thread *t, const struct exec_request *r)
{
	struct program *prog = slab_alloc_zero(&program_cache);
	int err;

	if (!prog)
		return -ENOMEM;
	prog->process = p;
	err = program_build(prog, r);
	if (!err && t == current)
		err = threads_end_others();
	if (!err)
		err = files_unshare(p);
	if (!err)
		program_commit(prog, t);
	program_free(prog);
	return err;
}

int process_exec(const struct exec_request *r)
{
	unsigned attempts = 0;
	int err;

	do
		err = process_exec_thread(process_current(), current, r);
	while (unlikely(oom_try_again(err, &attempts)));
	return err;
}
