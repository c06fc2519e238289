/* SPDX-License-Identifier: MIT */
/* Lines typed before. */

#include "history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"

enum { FILE_MODE = 0600, FILE_SLACK = 2 /* the file may hold so many times the limit */ };

static void forget(struct history *history, size_t index)
{
	free(history->lines[index]);
	memmove(history->lines + index, history->lines + index + 1,
		(history->count - index - 1) * sizeof(*history->lines));
	history->count--;
}

static void remember(struct history *history, const char *line)
{
	for (size_t i = 0; i < history->count; i++) {
		if (strcmp(history->lines[i], line) == 0) {
			forget(history, i);
			break;
		}
	}
	if (history->count == history->limit)
		forget(history, 0);
	history->lines[history->count++] = must_copy(line);
}

static void append(int fd, const char *line)
{
	struct text whole = { 0 };

	text_add_bytes(&whole, line, strlen(line));
	text_add(&whole, '\n');
	/* A full disk costs the line, not the session. */
	if (write(fd, whole.data, whole.length) < 0)
		whole.length = 0;
	text_free(&whole);
}

/* How many lines the file has. */
static size_t read_file(struct history *history)
{
	FILE *file = history->path ? fopen(history->path, "r") : NULL;
	size_t lines = 0;
	size_t room = 0;
	char *line = NULL;
	ssize_t length;

	if (!file)
		return 0;
	while ((length = getline(&line, &room, file)) > 0) {
		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		if (*line)
			remember(history, line);
		lines++;
	}
	free(line);
	fclose(file);
	return lines;
}

static int open_file(const struct history *history, int flags)
{
	if (!history->path)
		return -1;
	return open(history->path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, FILE_MODE);
}

static void rewrite_file(const struct history *history)
{
	int fd = open_file(history, O_TRUNC);

	for (size_t i = 0; fd >= 0 && i < history->count; i++)
		append(fd, history->lines[i]);
	if (fd >= 0)
		close(fd);
}

void history_open(struct history *history, const char *path, size_t limit)
{
	*history = (struct history){ .limit = limit > 0 ? limit : 1 };
	history->lines = must_alloc(history->limit * sizeof(*history->lines));
	history->path = path ? must_copy(path) : NULL;
	if (read_file(history) > FILE_SLACK * history->limit)
		rewrite_file(history);
}

void history_add(struct history *history, const char *line)
{
	int fd;

	if (line[strspn(line, " \t")] == '\0')
		return;
	if (history->count > 0 && strcmp(history->lines[history->count - 1], line) == 0)
		return;
	remember(history, line);
	fd = open_file(history, O_APPEND);
	if (fd < 0)
		return;
	append(fd, line);
	close(fd);
}

size_t history_search(const struct history *history, size_t index, const char *text)
{
	for (size_t i = index; i > 0; i--) {
		if (strstr(history->lines[i - 1], text))
			return i - 1;
	}
	return index;
}
