/* SPDX-License-Identifier: MIT */
/* Arena and growing strings. Blocks form a stack; only the top one has room. */

#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 4000, ALIGNMENT = 8, TEXT_FIRST_BYTES = 32 };

struct arena_block {
	struct arena_block *below;
	size_t used;
	size_t room;
	_Alignas(ALIGNMENT) char data[];
};

void *must_alloc(size_t bytes)
{
	static const char message[] = "sh: out of memory\n";
	void *memory = malloc(bytes);

	if (memory)
		return memory;
	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(3);
	_exit(2);
}

char *must_copy(const char *text)
{
	return strcpy(must_alloc(strlen(text) + 1), text);
}

static void push_block(struct arena *arena, size_t room)
{
	struct arena_block *block = must_alloc(sizeof(*block) + room);

	block->below = arena->top;
	block->used = 0;
	block->room = room;
	arena->top = block;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	struct arena_block *block;
	char *memory;

	bytes = (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (!arena->top || arena->top->room - arena->top->used < bytes)
		push_block(arena, bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES);
	block = arena->top;
	memory = block->data + block->used;
	block->used += bytes;
	return memset(memory, 0, bytes);
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	memcpy(copy, text, length);
	return copy;
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){ .top = arena->top, .used = arena->top ? arena->top->used : 0 };
}

void arena_release(struct arena *arena, struct arena_mark mark)
{
	while (arena->top != mark.top) {
		struct arena_block *below = arena->top->below;

		free(arena->top);
		arena->top = below;
	}
	if (arena->top)
		arena->top->used = mark.used;
}

static void text_grow(struct text *text, size_t need)
{
	size_t room = text->room ? text->room : TEXT_FIRST_BYTES;
	char *data;

	while (room < need)
		room *= 2;
	data = must_alloc(room);
	if (text->data)
		memcpy(data, text->data, text->length);
	free(text->data);
	text->data = data;
	text->room = room;
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
	if (text->length + length + 1 > text->room)
		text_grow(text, text->length + length + 1);
	memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void text_add(struct text *text, char c)
{
	text_add_bytes(text, &c, 1);
}

void text_free(struct text *text)
{
	free(text->data);
	*text = (struct text){ 0 };
}
