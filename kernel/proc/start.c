/* SPDX-License-Identifier: MIT */
/* The first process. It is built by a kernel thread, from outside, and has no
 * parent; when it ends, so does the machine.
 */
#include "fs/fdtable.h"
#include "fs/vfs.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "proc/futex.h"
#include "proc/process.h"
#include "proc/terminal.h"

enum { INIT_STRINGS = 16 };

static const char console[] = "/dev/console";
static const char *const usual_inits[] = { "/bin/init", "/sbin/init", "/etc/init", "/bin/sh" };

/* What the kernel's command line holds for the first program: words with a '='
 * are its environment, the others its arguments.
 */
struct init_words {
	const char *argv[INIT_STRINGS + 2];
	const char *envp[INIT_STRINGS + 3];
};

/* NAME=VALUE takes the place of what is there by that name, as in Linux. */
static void init_words_set(struct init_words *w, unsigned *count, const char *word)
{
	size_t name = (size_t)(strchr(word, '=') - word) + 1;
	unsigned i = 0;

	while (i < *count && strncmp(w->envp[i], word, name) != 0)
		i++;
	w->envp[i] = word;
	if (i == *count)
		(*count)++;
}

static void init_words_fill(struct init_words *w, const char *const words[])
{
	unsigned argc = 1, envc = 0;

	memset(w, 0, sizeof(*w));
	w->envp[envc++] = "HOME=/";
	w->envp[envc++] = "TERM=linux";
	for (unsigned i = 0; words && words[i] && i < INIT_STRINGS; i++) {
		if (strchr(words[i], '='))
			init_words_set(w, &envc, words[i]);
		else
			w->argv[argc++] = words[i];
	}
}

/* Descriptors 0, 1 and 2. */
static void init_open_console(struct process *p)
{
	unsigned limit = (unsigned)p->limits[RLIMIT_NOFILE].rlim_cur;
	struct file *f;
	int fd, err = vfs_open(&p->paths, NULL, console, O_RDWR, 0, &f);

	if (err) {
		kprintf("init: %s cannot be opened (error %d)\n", console, -err);
		return;
	}
	fd = fd_reserve(p->files, 0, limit, false);
	if (fd < 0)
		panic("no memory for the first process");
	fd_install(p->files, fd, f);
	if (fd_dup(p->files, fd, 1, limit, false) < 0 || fd_dup(p->files, fd, 2, limit, false) < 0)
		panic("no memory for the first process");
}

static struct thread *init_create(void)
{
	struct process *p = process_create(NULL);
	struct thread *t = thread_create("init");
	int err;

	if (!p || !t)
		panic("no memory for the first process");
	p->files = fdtable_create();
	if (!p->files)
		panic("no memory for the first process");
	assert(p->id == 1);
	thread_set_user_entry(t);
	t->tid = p->id;
	t->pid = p->pid;
	t->process = p;
	list_add_tail(&p->threads, &t->process_link);
	p->paths.root = mount_root_vnode();
	p->paths.cwd = mount_root_vnode();
	init_open_console(p);
	err = process_publish(p, NULL, false);
	assert(err == 0);
	process_init = p;
	return t;
}

/* True if t is ready to run the program at `path`. */
static bool init_exec(struct thread *t, const char *path, struct init_words *words)
{
	struct exec_request r = {
		.path = path,
		.kernel = true,
		.kernel_argv = words->argv,
		.kernel_envp = words->envp,
	};
	int err;

	words->argv[0] = path;
	err = process_exec_thread(t->process, t, &r);
	if (err)
		kprintf("init: %s cannot be run (error %d)\n", path, -err);
	return !err;
}

/* Which program: the one asked for and no other, or the first usual one. */
static void init_choose(struct thread *t, const char *path, struct init_words *words)
{
	if (*path) {
		if (!init_exec(t, path, words))
			panic("init=%s cannot be run", path);
		return;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(usual_inits); i++) {
		if (init_exec(t, usual_inits[i], words))
			return;
	}
	panic("no program to start: give init=");
}

void process_start_init(const char *path, const char *const words[])
{
	struct init_words w;
	struct thread *t;

	terminal_init();
	futex_init();
	t = init_create();
	init_words_fill(&w, words);
	init_choose(t, path, &w);
	thread_start(t);
}
