/* SPDX-License-Identifier: MIT */
/* The entries of a directory: read, put in order, forgotten. */

#include <dirent.h>

#include "ls.h"

enum { FIRST_ROOM = 32, TYPE_SHIFT = 12 /* from d_type to the type bits of a mode */ };

void listing_add(struct listing *listing, const char *name, char *path, const struct stat *st)
{
	if (listing->count == listing->room) {
		listing->room = listing->room ? listing->room * 2 : FIRST_ROOM;
		listing->entries = prog_grow(listing->entries,
					     listing->room * sizeof(struct entry));
	}
	listing->entries[listing->count++] =
		(struct entry){ .name = prog_copy(name), .path = path, .st = *st };
}

void listing_free(struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++) {
		free(listing->entries[i].name);
		free(listing->entries[i].path);
	}
	free(listing->entries);
}

/* Newest and biggest first. */
static int compare_attributes(const struct stat *a, const struct stat *b)
{
	if (option.order == ORDER_SIZE)
		return a->st_size < b->st_size ? 1 : -(a->st_size > b->st_size);
	if (option.order == ORDER_NAME)
		return 0;
	if (a->st_mtim.tv_sec != b->st_mtim.tv_sec)
		return a->st_mtim.tv_sec < b->st_mtim.tv_sec ? 1 : -1;
	return a->st_mtim.tv_nsec < b->st_mtim.tv_nsec ? 1
						       : -(a->st_mtim.tv_nsec > b->st_mtim.tv_nsec);
}

static int compare(const void *a, const void *b)
{
	const struct entry *left = a;
	const struct entry *right = b;
	int order = compare_attributes(&left->st, &right->st);

	if (order == 0)
		order = strcmp(left->name, right->name);
	return option.reverse ? -order : order;
}

void listing_sort(struct listing *listing)
{
	if (listing->count > 0)
		qsort(listing->entries, listing->count, sizeof(struct entry), compare);
}

static bool is_hidden(const char *name)
{
	if (name[0] != '.' || option.dots)
		return false;
	return !option.all || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The directory itself tells the type; more is only asked for when something shows it. */
static bool need_attributes(const struct dirent *entry)
{
	if (option.layout == LAYOUT_LENGTHY || option.order != ORDER_NAME || option.inode)
		return true;
	if (entry->d_type == DT_UNKNOWN)
		return true;
	return (option.classify || option.colour) && entry->d_type == DT_REG;
}

void listing_read(struct listing *listing, const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;

	if (!directory) {
		complain(path, 1);
		return;
	}
	while ((errno = 0, entry = readdir(directory)) != NULL) {
		struct stat st = { .st_mode = (mode_t)entry->d_type << TYPE_SHIFT };
		char *whole;

		if (is_hidden(entry->d_name))
			continue;
		whole = prog_join(path, entry->d_name);
		if (need_attributes(entry) && lstat(whole, &st) < 0) {
			complain(whole, 1);
			free(whole);
			continue;
		}
		listing_add(listing, entry->d_name, whole, &st);
	}
	if (errno)
		complain(path, 1);
	closedir(directory);
}
