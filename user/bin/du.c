/* SPDX-License-Identifier: MIT */
/* du: the room that files and trees take on the disk. A file with several names counts once. */

#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>

#include "human.h"

enum { BLOCK_BYTES = 512, KIB = 1024, SEEN_BUCKETS = 1024 };

static struct {
	bool all;        /* -a: lines for files, too */
	bool human;      /* -h */
	bool total;      /* -c */
	bool same_disk;  /* -x */
	long long depth; /* -d */
} option = { .depth = LLONG_MAX };

static int status;

/* Files with several names that were counted. */
struct seen {
	struct seen *next;
	dev_t device;
	ino_t inode;
};
static struct seen *seen[SEEN_BUCKETS];

static bool seen_before(const struct stat *st)
{
	struct seen **bucket = &seen[st->st_ino % SEEN_BUCKETS], *s;

	for (s = *bucket; s; s = s->next) {
		if (s->inode == st->st_ino && s->device == st->st_dev)
			return true;
	}
	s = prog_grow(NULL, sizeof(*s));
	*s = (struct seen){ .next = *bucket, .device = st->st_dev, .inode = st->st_ino };
	*bucket = s;
	return false;
}

static void put(unsigned long long bytes, const char *path)
{
	char text[HUMAN_BYTES];

	if (option.human)
		printf("%s\t%s\n", human_size(bytes, text), path);
	else
		printf("%llu\t%s\n", (bytes + KIB - 1) / KIB, path);
}

static unsigned long long measure(const char *path, long long depth, dev_t disk);

static unsigned long long measure_entries(const char *path, long long depth, dev_t disk)
{
	DIR *directory = opendir(path);
	unsigned long long sum = 0;
	struct dirent *entry;

	if (!directory) {
		prog_warn(path);
		status = 1;
		return 0;
	}
	while ((entry = readdir(directory)) != NULL) {
		char *inner;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		inner = prog_join(path, entry->d_name);
		sum += measure(inner, depth + 1, disk);
		free(inner);
	}
	closedir(directory);
	return sum;
}

/* The bytes of all there is below; disk 0: the argument itself. */
static unsigned long long measure(const char *path, long long depth, dev_t disk)
{
	unsigned long long sum;
	struct stat st;
	bool is_dir;

	if (lstat(path, &st) < 0) {
		prog_warn(path);
		status = 1;
		return 0;
	}
	is_dir = S_ISDIR(st.st_mode);
	if (option.same_disk && depth > 0 && st.st_dev != disk)
		return 0;
	if (!is_dir && st.st_nlink > 1 && seen_before(&st))
		return 0;
	sum = (unsigned long long)st.st_blocks * BLOCK_BYTES;
	if (is_dir)
		sum += measure_entries(path, depth, st.st_dev);
	if (depth == 0 || (depth <= option.depth && (is_dir || option.all)))
		put(sum, path);
	return sum;
}

int main(int argc, char **argv)
{
	static char here[] = ".";
	char *default_names[] = { here, NULL };
	unsigned long long total = 0;
	int letter;

	prog_begin("du",
		   "[-achksx] [-d DEPTH] [FILE]...\n"
		   "  -a  lines for files, not only for directories\n"
		   "  -c  a total at the end\n"
		   "  -d  no lines for what is deeper; -s as -d 0\n"
		   "  -h  sizes like 1.5M; -k in KiB (default)\n"
		   "  -x  stay on one file system",
		   argc, argv);
	while ((letter = getopt(argc, argv, "acd:hksx")) != -1) {
		if (letter == '?')
			prog_usage(1);
		option.all |= letter == 'a';
		option.total |= letter == 'c';
		option.same_disk |= letter == 'x';
		if (letter == 'h' || letter == 'k')
			option.human = letter == 'h';
		if (letter == 's')
			option.depth = 0;
		if (letter == 'd')
			option.depth = prog_count(optarg, 1);
	}
	for (char **name = optind < argc ? argv + optind : default_names; *name; name++)
		total += measure(*name, 0, 0);
	if (option.total)
		put(total, "total");
	return prog_finish(status);
}
