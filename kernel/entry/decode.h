/* SPDX-License-Identifier: MIT */
/* What many system calls need to decode their arguments: the current process's
 * parts, paths and open files.
 */
#ifndef ENTRY_DECODE_H
#define ENTRY_DECODE_H

#include <abi/fcntl.h>

#include "entry/syscall.h"
#include "fs/fdtable.h"
#include "fs/namei.h"
#include "proc/process.h"

enum { PATH_SHORT = 128 };

/* A program's path in kernel memory, and where it starts. On the stack, between
 * user_path_get and user_path_put.
 */
struct user_path {
	const char *name;
	struct vnode *start; /* referenced; NULL: the working directory */
	char *long_name;     /* storage of a long one; NULL */
	char short_name[PATH_SHORT];
};

/* flags: AT_EMPTY_PATH lets "" pass. -EFAULT, -ENAMETOOLONG, -ENOENT, -EBADF,
 * -ENOTDIR, -ENOMEM.
 */
int user_path_get(struct user_path *path, int dir_fd, uaddr_t addr, unsigned flags) __must_check;
void user_path_put(struct user_path *path);

/* The vnode of a program's path, referenced; flags as the *at calls have them:
 * AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH.
 */
int user_path_vnode(int dir_fd, uaddr_t addr, unsigned flags, struct vnode **out) __must_check;

static inline struct fdtable *current_files(void)
{
	return process_current()->files;
}

static inline const struct path_context *current_paths(void)
{
	return &process_current()->paths;
}

static inline const struct cred *current_cred(void)
{
	return &process_current()->cred;
}

/* The soft limit of a resource. */
static inline uint64_t current_limit(unsigned resource)
{
	return process_current()->limits[resource].rlim_cur;
}

/* Descriptors are below this. */
static inline unsigned current_fd_limit(void)
{
	return (unsigned)MIN(current_limit(RLIMIT_NOFILE), (uint64_t)FDTABLE_MAX);
}

/* sys_file.c: the result of a call that wrote n bytes, or -errno. Some errors come with a
 * signal (SIGPIPE, SIGXFSZ), and -EINTR makes the call again.
 */
int32_t write_result(int32_t n);

static inline int64_t offset64(uint32_t low, uint32_t high)
{
	return (int64_t)((uint64_t)high << 32 | low);
}

#endif
