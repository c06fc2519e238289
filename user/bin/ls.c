/* SPDX-License-Identifier: MIT */
/* ls: what directories hold, sorted by name, one per line. Owners are numbers. */

#include <dirent.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "prog.h"

enum {
	LINK_BYTES = 1024,
	DATE_BYTES = 32,
	MODE_CHARS = 11,
	HALF_YEAR_SECONDS = 365 * 86400 / 2,
	BLOCKS_PER_KIB = 2,
	TROUBLE = 2 /* exit status if a named file is not there */
};

struct entry {
	char *name; /* as printed */
	char *path;
	struct stat st;
};

struct listing {
	struct entry *entries;
	size_t count;
	size_t room;
};

static struct {
	bool all;       /* -a */
	bool directory; /* -d: the directory itself, not what it holds */
	bool inode;     /* -i */
	bool lengthy;   /* -l */
	bool reverse;   /* -r */
	bool recursive; /* -R */
	bool by_time;   /* -t */
} option;

static int status;

static void complain(const char *what)
{
	prog_warn(what);
	status = 1;
}

/* Owns `path` from here on. */
static void listing_add(struct listing *listing, const char *name, char *path,
			const struct stat *st)
{
	if (listing->count == listing->room) {
		listing->room = listing->room ? listing->room * 2 : 32;
		listing->entries = realloc(listing->entries, listing->room * sizeof(struct entry));
		if (!listing->entries)
			prog_die(path);
	}
	listing->entries[listing->count++] =
		(struct entry){ .name = strdup(name), .path = path, .st = *st };
}

static void listing_free(struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++) {
		free(listing->entries[i].name);
		free(listing->entries[i].path);
	}
	free(listing->entries);
}

static int compare(const void *a, const void *b)
{
	const struct entry *left = a;
	const struct entry *right = b;
	int order = 0;

	if (option.by_time && left->st.st_mtime != right->st.st_mtime)
		order = left->st.st_mtime < right->st.st_mtime ? 1 : -1;
	if (order == 0)
		order = strcmp(left->name, right->name);
	return option.reverse ? -order : order;
}

static char type_letter(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return 'd';
	case S_IFLNK:
		return 'l';
	case S_IFCHR:
		return 'c';
	case S_IFBLK:
		return 'b';
	case S_IFIFO:
		return 'p';
	case S_IFSOCK:
		return 's';
	default:
		return '-';
	}
}

/* "drwxr-xr-x", with s and t where set-id and sticky bits show. */
static void format_mode(mode_t mode, char text[MODE_CHARS])
{
	static const char letters[] = "rwxrwxrwx";

	text[0] = type_letter(mode);
	for (int i = 0; i < 9; i++)
		text[i + 1] = mode & (1U << (8 - i)) ? letters[i] : '-';
	if (mode & S_ISUID)
		text[3] = mode & S_IXUSR ? 's' : 'S';
	if (mode & S_ISGID)
		text[6] = mode & S_IXGRP ? 's' : 'S';
	if (mode & S_ISVTX)
		text[9] = mode & S_IXOTH ? 't' : 'T';
	text[10] = '\0';
}

/* The time of day for the last half year, else the year. */
static void print_date(time_t when)
{
	time_t now = time(NULL);
	bool recent = when <= now && now - when < HALF_YEAR_SECONDS;
	struct tm *tm = gmtime(&when);
	char text[DATE_BYTES] = "?";

	if (tm)
		strftime(text, sizeof(text), recent ? "%b %e %H:%M" : "%b %e  %Y", tm);
	printf(" %s ", text);
}

static void print_target(const char *path)
{
	static char target[LINK_BYTES];
	ssize_t length = readlink(path, target, sizeof(target) - 1);

	if (length < 0) {
		complain(path);
		return;
	}
	printf(" -> %.*s", (int)length, target);
}

static void print_attributes(const struct stat *st)
{
	char mode[MODE_CHARS];

	format_mode(st->st_mode, mode);
	printf("%s %3lu %5lu %5lu ", mode, (unsigned long)st->st_nlink, (unsigned long)st->st_uid,
	       (unsigned long)st->st_gid);
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		printf("%3u, %4u", (unsigned int)major(st->st_rdev),
		       (unsigned int)minor(st->st_rdev));
	else
		printf("%9lld", (long long)st->st_size);
	print_date(st->st_mtime);
}

static void print_entry(const struct entry *entry)
{
	if (option.inode)
		printf("%7llu ", (unsigned long long)entry->st.st_ino);
	if (option.lengthy)
		print_attributes(&entry->st);
	fputs(entry->name, stdout);
	if (option.lengthy && S_ISLNK(entry->st.st_mode))
		print_target(entry->path);
	putchar('\n');
}

static void print_listing(struct listing *listing)
{
	if (listing->count > 0)
		qsort(listing->entries, listing->count, sizeof(struct entry), compare);
	for (size_t i = 0; i < listing->count; i++)
		print_entry(&listing->entries[i]);
}

static void print_total(const struct listing *listing)
{
	unsigned long long blocks = 0;

	for (size_t i = 0; i < listing->count; i++)
		blocks += (unsigned long long)listing->entries[i].st.st_blocks;
	printf("total %llu\n", blocks / BLOCKS_PER_KIB);
}

/* Attributes are only asked for when something shows them. */
static void read_directory(const char *path, DIR *directory, struct listing *listing)
{
	bool need = option.lengthy || option.inode || option.by_time || option.recursive;
	struct dirent *entry;

	while ((errno = 0, entry = readdir(directory)) != NULL) {
		struct stat st = { 0 };
		char *whole;

		if (entry->d_name[0] == '.' && !option.all)
			continue;
		whole = prog_join(path, entry->d_name);
		if (need && lstat(whole, &st) < 0) {
			complain(whole);
			free(whole);
			continue;
		}
		listing_add(listing, entry->d_name, whole, &st);
	}
	if (errno)
		complain(path);
}

/* `title`: say whose contents these are. */
static void list_directory(const char *path, bool title)
{
	static bool printed;
	struct listing listing = { 0 };
	DIR *directory = opendir(path);

	if (!directory) {
		complain(path);
		return;
	}
	read_directory(path, directory, &listing);
	closedir(directory);
	if (title)
		printf("%s%s:\n", printed ? "\n" : "", path);
	printed = true;
	if (option.lengthy)
		print_total(&listing);
	print_listing(&listing);
	for (size_t i = 0; option.recursive && i < listing.count; i++) {
		struct entry *entry = &listing.entries[i];

		if (S_ISDIR(entry->st.st_mode) && strcmp(entry->name, ".") != 0 &&
		    strcmp(entry->name, "..") != 0)
			list_directory(entry->path, true);
	}
	listing_free(&listing);
}

/* Files that were named come first, then the directories with their contents. */
static void list_arguments(char **names, int n)
{
	struct listing files = { 0 };
	struct listing directories = { 0 };

	for (int i = 0; i < n; i++) {
		bool follow = !option.lengthy && !option.directory;
		struct stat st;

		if ((follow ? stat(names[i], &st) : lstat(names[i], &st)) < 0 &&
		    lstat(names[i], &st) < 0) {
			complain(names[i]);
			status = TROUBLE;
			continue;
		}
		listing_add(S_ISDIR(st.st_mode) && !option.directory ? &directories : &files,
			    names[i], strdup(names[i]), &st);
	}
	print_listing(&files);
	if (files.count > 0 && directories.count > 0)
		putchar('\n');
	if (directories.count > 0)
		qsort(directories.entries, directories.count, sizeof(struct entry), compare);
	for (size_t i = 0; i < directories.count; i++)
		list_directory(directories.entries[i].path, n > 1 || option.recursive);
	listing_free(&files);
	listing_free(&directories);
}

static void parse_option(int letter)
{
	switch (letter) {
	case 'a':
		option.all = true;
		break;
	case 'd':
		option.directory = true;
		break;
	case 'i':
		option.inode = true;
		break;
	case 'l':
	case 'n':
		option.lengthy = true;
		break;
	case 'r':
		option.reverse = true;
		break;
	case 'R':
		option.recursive = true;
		break;
	case 't':
		option.by_time = true;
		break;
	case '1':
		break;
	default:
		prog_usage(2);
	}
}

int main(int argc, char **argv)
{
	static char here[] = ".";
	char *default_names[] = { here };
	int letter;

	prog_begin("ls", "[-1adilnrRt] [FILE]...", argc, argv);
	while ((letter = getopt(argc, argv, "1adilnrRt")) != -1)
		parse_option(letter);
	if (optind < argc)
		list_arguments(argv + optind, argc - optind);
	else
		list_arguments(default_names, 1);
	return prog_finish(status);
}
