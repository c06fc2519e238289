/* SPDX-License-Identifier: MIT */
/* The exec family beside execve: argument lists, and looking in PATH. */
#include <alloca.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_PATH "/bin:/usr/bin"

/* A file that the kernel does not know is a script for the shell. */
static void exec_script(const char *path, char *const argv[], char *const envp[])
{
	char **words;
	int count = 0;

	while (argv[count])
		count++;
	words = alloca((count + 3) * sizeof(*words));
	words[0] = (char *)"sh";
	words[1] = (char *)path;
	for (int i = 1; i <= count; i++)
		words[i + 1] = argv[i];
	words[count + 1] = NULL;
	execve("/bin/sh", words, envp);
}

/* Puts "directory/name" in path, where directory ends at a colon or zero.
 * Returns 0 when it is too long. */
static int path_join(char path[PATH_MAX], const char *dir, const char *name)
{
	size_t dir_length = strcspn(dir, ":");
	size_t name_length = strlen(name);

	if (dir_length + name_length + 2 > PATH_MAX)
		return 0;
	memcpy(path, dir, dir_length);
	if (dir_length)
		path[dir_length++] = '/';
	memcpy(path + dir_length, name, name_length + 1);
	return 1;
}

/* The directory after this one, or NULL. */
static const char *path_next(const char *dir)
{
	const char *colon = strchr(dir, ':');

	return colon ? colon + 1 : NULL;
}

/* Tries one file. Returns whether the search may go on. */
static int exec_try(const char *path, char *const argv[], char *const envp[])
{
	execve(path, argv, envp);
	if (errno == ENOEXEC)
		exec_script(path, argv, envp);
	return errno == ENOENT || errno == ENOTDIR || errno == EACCES;
}

int execvpe(const char *name, char *const argv[], char *const envp[])
{
	const char *dir = getenv("PATH");
	char path[PATH_MAX];
	int denied = 0;

	if (!*name) {
		errno = ENOENT;
		return -1;
	}
	if (strchr(name, '/')) {
		exec_try(name, argv, envp);
		return -1;
	}
	for (dir = dir ? dir : DEFAULT_PATH; dir; dir = path_next(dir)) {
		if (!path_join(path, dir, name))
			continue;
		if (!exec_try(path, argv, envp))
			return -1;
		denied |= errno == EACCES;
	}
	errno = denied ? EACCES : ENOENT;
	return -1;
}

int execvp(const char *name, char *const argv[])
{
	return execvpe(name, argv, environ);
}

/* Counts the words of a list from first to NULL. */
static int list_count(va_list args)
{
	int count = 1;

	while (va_arg(args, char *))
		count++;
	return count;
}

/* Fills words[] from first, args and a final NULL. */
static void list_copy(char **words, const char *first, va_list args)
{
	words[0] = (char *)first;
	for (int i = 0; words[i]; i++)
		words[i + 1] = va_arg(args, char *);
}

#define LIST_WORDS(words, first) \
	do { \
		va_list args_; \
		int count_ = 0; \
		if (first) { \
			va_start(args_, first); \
			count_ = list_count(args_); \
			va_end(args_); \
		} \
		words = alloca((count_ + 1) * sizeof(*words)); \
		va_start(args_, first); \
		list_copy(words, first, args_); \
		va_end(args_); \
	} while (0)

int execl(const char *path, const char *arg, ...)
{
	char **words;

	LIST_WORDS(words, arg);
	return execv(path, words);
}

int execlp(const char *name, const char *arg, ...)
{
	char **words;

	LIST_WORDS(words, arg);
	return execvp(name, words);
}

/* The environment follows the list's NULL. */
int execle(const char *path, const char *arg, ...)
{
	char **words, *const *envp;
	va_list args;

	LIST_WORDS(words, arg);
	va_start(args, arg);
	for (int i = 1; arg && words[i - 1]; i++)
		(void)va_arg(args, char *);
	envp = va_arg(args, char *const *);
	va_end(args);
	return execve(path, words, envp);
}
