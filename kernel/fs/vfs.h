/* SPDX-License-Identifier: MIT */
/* What a system call does with files: one function per call, on kernel strings
 * and open files. `start` is where a relative path begins (the *at calls'
 * descriptor), NULL: pc->cwd. Everything may sleep; no lock may be held.
 * Results are 0 or a count, or -errno with Linux's meaning. Signals (SIGPIPE on
 * -EPIPE, SIGXFSZ on -EFBIG) are raised by the gate.
 */
#ifndef FS_VFS_H
#define FS_VFS_H

#include "fs/fdtable.h"
#include "fs/mount.h"
#include "fs/namei.h"

#define VFS_NO_LIMIT UINT64_MAX /* RLIMIT_FSIZE: none */

/* ---- start and end (vfs.c, mount.c) ---- */
void vfs_init(void);                        /* before the first mount; devices are registered */
int vfs_start_writeback(void) __must_check; /* the thread for it; -ENOMEM */
int vfs_sync(void) __must_check;            /* all dirty data and metadata to the disks */
int vfs_shutdown(void) __must_check;        /* sync, unmount all, mark clean: for power-off */
void vfs_drop_names(void);                  /* names, and vnodes that nobody uses */

/* ---- open files (open.c, rw.c) ---- */

/* open, openat, creat: O_ flags; mode is reduced by pc->umask here. */
int vfs_open(const struct path_context *pc, struct vnode *start, const char *path, unsigned flags,
	     mode_t mode, struct file **out) __must_check;
/* The file of a program to run: regular, executable, not open for writing
 * (-EACCES, -ETXTBSY); write is denied until vnode_allow_write(v). v referenced.
 */
int vfs_open_exec(const struct path_context *pc, struct vnode *start, const char *path,
		  struct vnode **out) __must_check;

/* -EBADF when not open for it, -EISDIR, -EINVAL. u holds at most INT32_MAX bytes (the
 * gate cuts). At and advancing f->pos:
 */
ssize_t vfs_read(struct file *f, struct uio *u) __must_check;
ssize_t vfs_write(struct file *f, struct uio *u, uint64_t fsize_limit) __must_check;
/* At off (-ESPIPE where there is no position, -EINVAL when negative): */
ssize_t vfs_pread(struct file *f, struct uio *u, int64_t off) __must_check;
ssize_t vfs_pwrite(struct file *f, struct uio *u, int64_t off, uint64_t fsize_limit) __must_check;
int64_t vfs_seek(struct file *f, int64_t off, int whence) __must_check;
int vfs_ioctl(struct file *f, unsigned cmd, uaddr_t arg) __must_check;
/* struct abi_dirent64 entries to user memory: bytes, 0 at the end; -ENOTDIR, -EINVAL
 * (no room for one), -ENOENT (removed directory), -EFAULT.
 */
ssize_t vfs_getdents64(struct file *f, uaddr_t buf, size_t size) __must_check;
int vfs_fsync(struct file *f, bool data_only) __must_check;
int vfs_syncfs(struct file *f) __must_check;

/* Bytes [off, off+n) of a regular file into kernel memory: count (short at the
 * end of file) or -errno. For exec.
 */
ssize_t vnode_read_kernel(struct vnode *v, uint64_t off, void *buf, size_t n) __must_check;

/* Copies inside the kernel (copy.c). */
struct copy_request {
	struct file *in, *out; /* readable with positions, writable */
	int64_t in_pos;        /* advances */
	int64_t out_pos;       /* advances; -1: the file's own */
	uint64_t fsize_limit;
};
/* Bytes moved, 0 at the end, or -errno. A signal ends it early. */
ssize_t vfs_copy(struct copy_request *r, size_t count) __must_check;
/* Brings in pages of a regular file; advice: some of them, or none. -EINVAL. */
int vfs_readahead(struct file *f, int64_t off, uint64_t len) __must_check;
int vfs_fadvise(struct file *f, int64_t off, uint64_t len, int advice) __must_check;
/* fallocate(2), mode 0 only (-EOPNOTSUPP): blocks for all of the range, zeros where nothing was;
 * the file grows to hold it. On an error its size is as before.
 */
int vfs_allocate(struct file *f, unsigned mode, int64_t off, int64_t len,
		 uint64_t fsize_limit) __must_check;

/* ---- attributes (attr.c); v from namei or file->vnode ---- */
void vnode_stat64(struct vnode *v, struct abi_stat64 *out);
void vnode_statx(struct vnode *v, struct abi_statx *out);
void file_stat64(struct file *f, struct abi_stat64 *out); /* pipes have no vnode */
void file_statx(struct file *f, struct abi_statx *out);
int vfs_statfs(struct vnode *v, struct abi_statfs64 *out) __must_check;
int file_statfs(struct file *f, struct abi_statfs64 *out) __must_check;
int vfs_chmod(const struct cred *c, struct vnode *v, mode_t mode) __must_check;
/* (uid_t)-1, (gid_t)-1: unchanged */
int vfs_chown(const struct cred *c, struct vnode *v, uid_t uid, gid_t gid) __must_check;
int vfs_truncate(const struct cred *c, struct vnode *v, int64_t size,
		 uint64_t fsize_limit) __must_check; /* by path: checks the permission */
int vfs_ftruncate(struct file *f, int64_t size, uint64_t fsize_limit) __must_check;
/* access, faccessat2: mode R_OK|W_OK|X_OK, at_flags AT_EACCESS, AT_SYMLINK_NOFOLLOW,
 * AT_EMPTY_PATH (others: -EINVAL).
 */
int vfs_access(const struct path_context *pc, struct vnode *start, const char *path, unsigned mode,
	       unsigned at_flags) __must_check;

/* One time of utimensat. */
enum time_kind { TIME_SET, TIME_NOW, TIME_OMIT };
struct time_change {
	enum time_kind kind;
	ktime_t value;
};
/* t[0] access, t[1] modification; t == NULL: both now (write permission is enough). */
int vfs_utimens(const struct cred *c, struct vnode *v, const struct time_change t[2]) __must_check;

/* ---- names (dirops.c) ---- */
int vfs_mkdir(const struct path_context *pc, struct vnode *start, const char *path,
	      mode_t mode) __must_check;
int vfs_mknod(const struct path_context *pc, struct vnode *start, const char *path, mode_t mode,
	      dev_t rdev) __must_check;
int vfs_unlink(const struct path_context *pc, struct vnode *start, const char *path) __must_check;
int vfs_rmdir(const struct path_context *pc, struct vnode *start, const char *path) __must_check;
int vfs_symlink(const struct path_context *pc, const char *target, struct vnode *start,
		const char *path) __must_check;
/* at_flags: AT_SYMLINK_FOLLOW, AT_EMPTY_PATH */
int vfs_link(const struct path_context *pc, struct vnode *old_start, const char *old_path,
	     struct vnode *new_start, const char *new_path, unsigned at_flags) __must_check;
/* flags: RENAME_NOREPLACE; others -EINVAL */
int vfs_rename(const struct path_context *pc, struct vnode *old_start, const char *old_path,
	       struct vnode *new_start, const char *new_path, unsigned flags) __must_check;
/* Into kernel memory, not 0-terminated, cut to size. Length. -EINVAL: no link. */
int vfs_readlink(const struct path_context *pc, struct vnode *start, const char *path, char *buf,
		 unsigned size) __must_check;

#endif
