/* SPDX-License-Identifier: MIT */
/* Redirections. For a command that runs in the shell itself, each descriptor it covers is first
 * moved out of the way, above SHELL_FD_FIRST, and moved back afterwards. */

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh.h"

enum { NEW_FILE_MODE = 0666, CLOSED = -1, FAILED = -2 };

struct saved_fd {
	struct saved_fd *next;
	int fd;
	int copy; /* CLOSED: it was not open */
};

/* A here-document goes through a pipe if it fits, else a child feeds it. */
static int open_here(struct shell *sh, const struct redirect *redirect)
{
	char *text = redirect->literal ? redirect->raw : expand_here(sh, redirect->raw);
	int ends[2];
	pid_t pid;

	if (!text || pipe(ends) < 0)
		return FAILED;
	pid = process_fork(sh);
	if (pid == 0) {
		size_t length = strlen(text);

		close(ends[0]);
		while (length > 0) {
			ssize_t done = write(ends[1], text, length);

			if (done <= 0)
				break;
			text += done;
			length -= (size_t)done;
		}
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}

/* n>&m: m, CLOSED for `-`. The result must not be closed by the caller. */
static int parse_source(struct shell *sh, const char *word)
{
	if (strcmp(word, "-") == 0)
		return CLOSED;
	for (const char *c = word; *c || c == word; c++) {
		if (!isdigit((unsigned char)*c)) {
			shell_complain(sh, word, "bad file descriptor number");
			return FAILED;
		}
	}
	return atoi(word);
}

static int open_flags(enum redirect_kind kind)
{
	switch (kind) {
	case REDIRECT_OUT:
	case REDIRECT_CLOBBER:
		return O_WRONLY | O_CREAT | O_TRUNC;
	case REDIRECT_APPEND:
		return O_WRONLY | O_CREAT | O_APPEND;
	case REDIRECT_BOTH:
		return O_RDWR | O_CREAT;
	default:
		return O_RDONLY;
	}
}

/* Under `set -C`: a regular file that is there is not replaced. */
static int open_new(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, NEW_FILE_MODE);
	struct stat st;

	if (fd >= 0 || errno != EEXIST)
		return fd;
	if (stat(name, &st) == 0 && S_ISREG(st.st_mode)) {
		errno = EEXIST;
		return -1;
	}
	return open(name, O_WRONLY);
}

static int open_file(struct shell *sh, enum redirect_kind kind, const char *name)
{
	int fd = kind == REDIRECT_OUT && sh->options[OPTION_noclobber]
			 ? open_new(name)
			 : open(name, open_flags(kind), NEW_FILE_MODE);

	if (fd >= 0)
		return fd;
	shell_complain(sh, name, strerror(errno));
	return FAILED;
}

static void save(int fd, struct saved_fd **saved)
{
	struct saved_fd *entry = must_alloc(sizeof(*entry));

	entry->fd = fd;
	entry->copy = fcntl(fd, F_DUPFD_CLOEXEC, SHELL_FD_FIRST);
	entry->next = *saved;
	*saved = entry;
}

/* Makes `fd` what `source` is, and closes source if it was opened just for that. */
static bool put(struct shell *sh, int fd, int source, bool owned, const char *word)
{
	if (source == CLOSED) {
		close(fd);
		return true;
	}
	if (source != fd && dup2(source, fd) < 0) {
		shell_complain(sh, word, strerror(errno));
		if (owned)
			close(source);
		return false;
	}
	if (owned && source != fd)
		close(source);
	return true;
}

static bool apply_one(struct shell *sh, const struct redirect *redirect, struct saved_fd **saved)
{
	bool owned = redirect->kind != REDIRECT_DUP;
	char *word = "here-document";
	int source;

	if (redirect->kind == REDIRECT_HERE) {
		source = open_here(sh, redirect);
	} else {
		word = expand_text(sh, redirect->raw);
		if (!word)
			return false;
		source = owned ? open_file(sh, redirect->kind, word) : parse_source(sh, word);
	}
	if (source == FAILED)
		return false;
	if (saved && source != redirect->fd)
		save(redirect->fd, saved);
	return put(sh, redirect->fd, source, owned, word);
}

/* In order, left to right. With `saved` (may be NULL) they can be undone, also after a failure. */
bool redirect_apply(struct shell *sh, const struct redirect *list, struct saved_fd **saved)
{
	if (saved)
		*saved = NULL;
	if (list)
		fflush(stdout);
	for (; list; list = list->next) {
		if (!apply_one(sh, list, saved))
			return false;
	}
	return true;
}

/* Back to how it was, last one first. */
void redirect_undo(struct saved_fd *saved)
{
	fflush(stdout);
	while (saved) {
		struct saved_fd *next = saved->next;

		if (saved->copy == CLOSED) {
			close(saved->fd);
		} else {
			dup2(saved->copy, saved->fd);
			close(saved->copy);
		}
		free(saved);
		saved = next;
	}
}

/* They stay (`exec >file`): only the copies go. */
void redirect_keep(struct saved_fd *saved)
{
	while (saved) {
		struct saved_fd *next = saved->next;

		if (saved->copy != CLOSED)
			close(saved->copy);
		free(saved);
		saved = next;
	}
}
