/* SPDX-License-Identifier: MIT */
/* The system calls POSIX files under "unistd", and getopt. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4

#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2

#define _POSIX_VERSION 200809L

enum {
	_SC_ARG_MAX,
	_SC_CHILD_MAX,
	_SC_CLK_TCK,
	_SC_NGROUPS_MAX,
	_SC_OPEN_MAX,
	_SC_PAGESIZE = 30,
	_SC_PAGE_SIZE = _SC_PAGESIZE,
	_SC_NPROCESSORS_CONF = 83,
	_SC_NPROCESSORS_ONLN = 84,
	_SC_PHYS_PAGES = 85,
	_SC_AVPHYS_PAGES = 86,
};

int open(const char *path, int flags, ...);
int close(int fd);
ssize_t read(int fd, void *to, size_t count);
ssize_t write(int fd, const void *from, size_t count);
ssize_t pread(int fd, void *to, size_t count, off_t offset);
ssize_t pwrite(int fd, const void *from, size_t count, off_t offset);
off_t lseek(int fd, off_t offset, int whence);
int dup(int fd);
int dup2(int from, int to);
int dup3(int from, int to, int flags);
int pipe(int fds[2]);
int pipe2(int fds[2], int flags);
int isatty(int fd);
char *ttyname(int fd);

int access(const char *path, int mode);
int faccessat(int dir_fd, const char *path, int mode, int flags);
int chdir(const char *path);
int fchdir(int fd);
char *getcwd(char *to, size_t size);
int link(const char *from, const char *to);
int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags);
int symlink(const char *target, const char *path);
int symlinkat(const char *target, int dir_fd, const char *path);
ssize_t readlink(const char *restrict path, char *restrict to, size_t size);
ssize_t readlinkat(int dir_fd, const char *restrict path, char *restrict to, size_t size);
int unlink(const char *path);
int unlinkat(int dir_fd, const char *path, int flags);
int rmdir(const char *path);
int chown(const char *path, uid_t uid, gid_t gid);
int fchown(int fd, uid_t uid, gid_t gid);
int lchown(const char *path, uid_t uid, gid_t gid);
int fchownat(int dir_fd, const char *path, uid_t uid, gid_t gid, int flags);
int truncate(const char *path, off_t length);
int ftruncate(int fd, off_t length);
int fsync(int fd);
int fdatasync(int fd);
void sync(void);
int syncfs(int fd);

pid_t fork(void);
pid_t vfork(void) __attribute__((returns_twice));
int execve(const char *path, char *const argv[], char *const envp[]);
int execv(const char *path, char *const argv[]);
int execvp(const char *name, char *const argv[]);
int execvpe(const char *name, char *const argv[], char *const envp[]);
int execl(const char *path, const char *arg, ...);
int execlp(const char *name, const char *arg, ...);
int execle(const char *path, const char *arg, ...);
_Noreturn void _exit(int status);

pid_t getpid(void);
int nice(int step);
pid_t getppid(void);
pid_t gettid(void);
int pause(void);
unsigned int alarm(unsigned int seconds);
pid_t getpgid(pid_t pid);
pid_t getpgrp(void);
int setpgid(pid_t pid, pid_t pgid);
pid_t getsid(pid_t pid);
pid_t setsid(void);
pid_t tcgetpgrp(int fd);
int tcsetpgrp(int fd, pid_t pgid);
uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
int setuid(uid_t uid);
int setgid(gid_t gid);
int seteuid(uid_t uid);
int setegid(gid_t gid);
int setreuid(uid_t ruid, uid_t euid);
int setregid(gid_t rgid, gid_t egid);
int setresuid(uid_t ruid, uid_t euid, uid_t suid);
int setresgid(gid_t rgid, gid_t egid, gid_t sgid);
int getresuid(uid_t *ruid, uid_t *euid, uid_t *suid);
int getresgid(gid_t *rgid, gid_t *egid, gid_t *sgid);
int getgroups(int count, gid_t groups[]);

unsigned int sleep(unsigned int seconds);
int usleep(unsigned int microseconds);
int brk(void *end);
void *sbrk(intptr_t change);
long sysconf(int name);
int getpagesize(void);
int gethostname(char *to, size_t size);
int sethostname(const char *name, size_t length);
int chroot(const char *path);

/* Any system call by number, arguments as longs: sets errno as the others do. */
long syscall(long number, ...);

/* The environment, "NAME=VALUE" strings ended by NULL. */
extern char **environ;

/* Options as in GNU's getopt: operands are moved behind the options unless the
 * option string begins with '+'. */
int getopt(int argc, char *const argv[], const char *options);
extern char *optarg;
extern int optind, opterr, optopt;
