/* SPDX-License-Identifier: MIT */
/* The parts of ls: main.c says what to list, listing.c reads and sorts it, lengthy.c and
 * columns.c print it, name.c prints one name. */
#ifndef USER_BIN_LS_H
#define USER_BIN_LS_H

#include <sys/stat.h>

#include "../prog.h"

struct entry {
	char *name; /* as printed */
	char *path;
	struct stat st; /* only the type if nothing else is needed */
};

struct listing {
	struct entry *entries;
	size_t count;
	size_t room;
};

enum order { ORDER_NAME, ORDER_SIZE, ORDER_TIME };
enum layout { LAYOUT_LINES, LAYOUT_COLUMNS, LAYOUT_LENGTHY };

struct options {
	bool all;       /* -a, -A: names that begin with a dot */
	bool dots;      /* -a: even . and .. */
	bool classify;  /* -F */
	bool colour;    /* --color */
	bool directory; /* -d: the directory itself, not what it holds */
	bool human;     /* -h */
	bool inode;     /* -i */
	bool numeric;   /* -n */
	bool printable; /* -q: ? for what is no character; so on a terminal */
	bool recursive; /* -R */
	bool reverse;   /* -r */
	enum order order;
	enum layout layout;
};

extern struct options option;

/* Says what errno says about `path`; the exit status will be at least `status`. */
void complain(const char *path, int status);

/* Adds an entry, which owns `path` from here on. */
void listing_add(struct listing *listing, const char *name, char *path, const struct stat *st);
void listing_read(struct listing *listing, const char *path);
void listing_sort(struct listing *listing);
void listing_free(struct listing *listing);

/* Prints what is in the listing, in order. */
void print_lengthy(const struct listing *listing);
void print_columns(const struct listing *listing);

/* One name with what -i, -F and --color add to it; returns the columns it took. */
size_t print_name(const struct entry *entry);
/* How many it will take. */
size_t name_width(const struct entry *entry);

#endif
