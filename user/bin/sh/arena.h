/* SPDX-License-Identifier: MIT */
/* Memory that is given back all at once: a mark is taken, things are allocated, and the mark is
 * released. Running out of memory ends the shell, so no caller has to check. */
#ifndef USER_BIN_SH_ARENA_H
#define USER_BIN_SH_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *top;
};

struct arena_mark {
	struct arena_block *top;
	size_t used;
};

void *arena_alloc(struct arena *arena, size_t bytes); /* zeroed */
char *arena_copy(struct arena *arena, const char *text, size_t length);
struct arena_mark arena_mark(const struct arena *arena);
void arena_release(struct arena *arena, struct arena_mark mark);

/* malloc and strdup for what outlives a command; they too end the shell instead of failing. */
void *must_alloc(size_t bytes);
char *must_copy(const char *text);

/* A string that grows; `data` is always terminated once something was added. */
struct text {
	char *data;
	size_t length;
	size_t room;
};

void text_add(struct text *text, char c);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_free(struct text *text);

#endif
