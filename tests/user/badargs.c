/* SPDX-License-Identifier: MIT */
/* Bad arguments for every system call, by what syscalls.def says of them: a
 * pointer to nowhere is EFAULT, a closed descriptor EBADF, a missing name
 * ENOENT, one too long ENAMETOOLONG. Exceptions are listed with their reason. */
#define _GNU_SOURCE
#include "calls.h"
#include "ktap.h"

/* Arguments that are not looked at with the values given here. */
static const struct {
	const char *call;
	const char *argument;
} exceptions[] = {
	{ "waitpid", "status" }, /* no child: ECHILD first */
	{ "wait4", "status" },
	{ "wait4", "usage" },
	{ "waitid", "info" },
	{ "waitid", "usage" },
	{ "clone", "parent_tid" }, /* would make a process */
	{ "clone", "child_tid" },
	{ "getgroups32", "groups" }, /* there may be none */
	{ "setgroups32", "groups" }, /* permission first */
	{ "syslog", "buf" },
	{ "nanosleep", "remaining" }, /* written when interrupted only */
	{ "clock_nanosleep", "remaining" },
	{ "clock_nanosleep_time64", "remaining" },
	{ "sethostname", "name" },      /* permission first */
	{ "sigaltstack", "old_stack" }, /* zeros are too small a stack */
	{ "rt_sigtimedwait", "info" },  /* nothing comes */
	{ "rt_sigtimedwait_time64", "info" },
	{ "epoll_wait", "events" }, /* 0 is no count of them */
	{ "epoll_pwait", "events" },
	{ "epoll_pwait2", "events" },
	{ "symlink", "target" }, /* any text will do */
	{ "symlinkat", "target" },
};

static int excepted(const struct call *call, const struct argument *argument)
{
	for (unsigned int i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++) {
		if (!strcmp(call->name, exceptions[i].call) &&
		    !strcmp(argument->name, exceptions[i].argument))
			return 1;
	}
	return 0;
}

static char block[DIRENT_BYTES]; /* zeros: a good object of any type */
static int zero_device, directory, file;

static long descriptor_for(const struct call *call, const char *name)
{
	if (strstr(name, "dir_fd"))
		return AT_FDCWD;
	if (call->number == SYS_getdents64)
		return directory;
	/* A device need not look at what it is given. */
	return call->number == SYS_write || call->number == SYS_pwrite64 ? file : zero_device;
}

static long good_value(const struct call *call, const struct argument *argument)
{
	switch (argument->kind) {
	case DESCRIPTOR:
		return descriptor_for(call, argument->name);
	case STRING:
		return (long)path_for(call, argument->name);
	case POINTER:
		if (!strcmp(argument->name, "new_limit"))
			return 0; /* zeros would be a limit */
		return (long)block;
	case STRINGS:
		return (long)block;
	default:
		return number_for(call, argument->name);
	}
}

/* Makes the call with one argument replaced; anything but error is a failure. */
static void try(const struct call *call, int which, long value, int error)
{
	long v[6] = { 0 }, result;

	memset(block, 0, sizeof(block)); /* the calls before wrote there */
	for (int i = 0; i < call->count; i++)
		v[i] = good_value(call, &call->arguments[i]);
	v[which] = value;
	errno = 0;
	result = syscall(call->number, v[0], v[1], v[2], v[3], v[4], v[5]);
	if (result == -1 && errno == error)
		return;
	ktap_failures++;
	printf("# %s: %s = %#lx gives %ld, %s\n", call->name, call->arguments[which].name, value,
	       result, strerror(errno));
}

/* Tries value for every argument of a kind, in every call. */
static void try_all(enum kind kind, long value, int error)
{
	const struct argument *argument;

	for (int c = 0; c < CALLS; c++) {
		for (int i = 0; i < calls[c].count; i++) {
			argument = &calls[c].arguments[i];
			if (argument->kind == kind && !excepted(&calls[c], argument))
				try(&calls[c], i, value, error);
		}
	}
}

static void set_up(void)
{
	zero_device = open("/dev/zero", O_RDWR);
	directory = open(".", O_RDONLY | O_DIRECTORY);
	file = open("file", O_RDWR | O_CREAT, 0600);
	EXPECT_OK(symlink("file", "link"));
}

static void clean_up(void)
{
	close(zero_device);
	close(directory);
	close(file);
	unlink("file");
	unlink("link");
}

/* Just above zero, the kernel's first and last pages, the last byte. (The stack of a 32-bit program
 * on a 64-bit Linux lies between these.) */
static const unsigned long nowhere[] = { 16, 0xc0000000, 0xfffff000, 0xffffffff };

static void pointers_to_nowhere_give_efault(void)
{
	set_up();
	for (unsigned int i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
		try_all(POINTER, (long)nowhere[i], EFAULT);
	clean_up();
}

static void paths_from_nowhere_give_efault(void)
{
	set_up();
	for (unsigned int i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
		try_all(STRING, (long)nowhere[i], EFAULT);
	clean_up();
}

static void empty_paths_give_enoent(void)
{
	set_up();
	try_all(STRING, (long)"", ENOENT);
	clean_up();
}

static void paths_through_nothing_give_enoent(void)
{
	set_up();
	try_all(STRING, (long)"none/name", ENOENT);
	clean_up();
}

static void paths_through_a_file_give_enotdir(void)
{
	set_up();
	try_all(STRING, (long)"file/name", ENOTDIR);
	clean_up();
}

static void paths_too_long_give_enametoolong(void)
{
	static char path[4200];

	set_up();
	memset(path, 'a', 4100);
	try_all(STRING, (long)path, ENAMETOOLONG);
	path[256] = '\0';
	try_all(STRING, (long)path, ENAMETOOLONG);
	clean_up();
}

/* Descriptors that may not be looked at: no mapping of a file is asked for;
 * open() and its like take an absolute path from anywhere. */
static int needs_descriptor(const struct call *call)
{
	return call->number != SYS_mmap2;
}

static void closed_descriptors_give_ebadf(void)
{
	static const long closed[] = { -1, 63, 1000000, 0x7fffffff };

	set_up();
	for (int c = 0; c < CALLS; c++) {
		for (int i = 0; i < calls[c].count; i++) {
			if (calls[c].arguments[i].kind != DESCRIPTOR ||
			    !needs_descriptor(&calls[c]))
				continue;
			if (!strcmp(calls[c].arguments[i].name, "new_fd"))
				continue; /* of dup2 and dup3: tried in files.c */
			for (int k = 0; k < 4; k++)
				try(&calls[c], i, closed[k], EBADF);
		}
	}
	clean_up();
}

static const struct ktap_test tests[] = {
	KTAP(pointers_to_nowhere_give_efault),   KTAP(paths_from_nowhere_give_efault),
	KTAP(empty_paths_give_enoent),           KTAP(paths_through_nothing_give_enoent),
	KTAP(paths_through_a_file_give_enotdir), KTAP(paths_too_long_give_enametoolong),
	KTAP(closed_descriptors_give_ebadf),
};

KTAP_MAIN(tests)
