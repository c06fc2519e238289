/* SPDX-License-Identifier: MIT */
/* What the operations of soak share. An operation does one thing of the mix in a directory of its
 * worker's own, checks what came out, and leaves nothing behind. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>

/* Random numbers from a seed: the same mix on every machine. */
struct random {
	uint32_t state;
};

static inline uint32_t random_next(struct random *r)
{
	r->state ^= r->state << 13;
	r->state ^= r->state >> 17;
	r->state ^= r->state << 5;
	return r->state;
}

/* From 0 to below. */
static inline unsigned int random_below(struct random *r, unsigned int below)
{
	return (unsigned int)((uint64_t)random_next(r) * below >> 32);
}

/* The nth byte of a stream that sender and receiver know. */
static inline unsigned char stream_byte(uint32_t seed, size_t n)
{
	return (unsigned char)((seed + n) * 2654435761U >> 24);
}

static inline void stream_fill(unsigned char *buffer, size_t bytes, uint32_t seed, size_t from)
{
	for (size_t i = 0; i < bytes; i++)
		buffer[i] = stream_byte(seed, from + i);
}

static inline bool stream_matches(const unsigned char *buffer, size_t bytes, uint32_t seed,
				  size_t from)
{
	for (size_t i = 0; i < bytes; i++) {
		if (buffer[i] != stream_byte(seed, from + i))
			return false;
	}
	return true;
}

/* Says what was wrong. False, to be returned. */
bool soak_failed(const char *file, int line, const char *what);

/* Ends an operation that went wrong. */
#define CHECK(condition) \
	do { \
		if (!(condition)) \
			return soak_failed(__FILE__, __LINE__, #condition); \
	} while (0)

/* A killed child took so long to end. */
void soak_note_end(long long ns);

/* The child ends with that status as wait4 gives it. */
bool soak_child_ends(pid_t child, int status);

/* A child that may fail: its exit status tells. */
enum { CHILD_FINE = 0, CHILD_WRONG = 90 };

struct operation {
	const char *name;
	bool (*run)(struct random *r);
	unsigned int weight; /* how often beside the others */
};

extern const struct operation process_operations[], pipe_operations[], memory_operations[],
	file_operations[], signal_operations[],
	thread_operations[]; /* each ends with an empty one */
