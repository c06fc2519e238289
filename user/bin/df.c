/* SPDX-License-Identifier: MIT */
/* df: how much room file systems have. */

#include <sys/stat.h>
#include <sys/statfs.h>

#include "human.h"
#include "mounts.h"

enum { KIB = 1024, PERCENT = 100, SOURCE_COLUMN = 16, SIZE_COLUMN = 10 };

static struct {
	bool all;    /* -a: those without blocks, too */
	bool human;  /* -h */
	bool inodes; /* -i */
	bool type;   /* -T */
} option;

static void put_head(void)
{
	printf("%-*s ", SOURCE_COLUMN, "Filesystem");
	if (option.type)
		printf("%-8s ", "Type");
	printf("%*s %*s %*s %5s Mounted on\n", SIZE_COLUMN,
	       option.inodes  ? "Inodes"
	       : option.human ? "Size"
			      : "1K-blocks",
	       SIZE_COLUMN, option.inodes ? "IUsed" : "Used", SIZE_COLUMN,
	       option.inodes ? "IFree" : "Available", option.inodes ? "IUse%" : "Use%");
}

static void put_number(unsigned long long n)
{
	char text[HUMAN_BYTES];

	if (option.inodes)
		printf("%*llu ", SIZE_COLUMN, n);
	else if (option.human)
		printf("%*s ", SIZE_COLUMN, human_size(n, text));
	else
		printf("%*llu ", SIZE_COLUMN, (n + KIB - 1) / KIB);
}

/* Used of what a user could use, rounded up. */
static void put_share(unsigned long long used, unsigned long long left)
{
	if (used + left == 0)
		printf("%5s ", "-");
	else
		printf("%4llu%% ", (used * PERCENT + used + left - 1) / (used + left));
}

static void put_line(const struct mount_line *line, const struct statfs *fs)
{
	unsigned long long unit = option.inodes ? 1 : (unsigned long long)fs->f_bsize;
	unsigned long long total = option.inodes ? fs->f_files : fs->f_blocks;
	unsigned long long unused = option.inodes ? fs->f_ffree : fs->f_bfree;
	unsigned long long left = option.inodes ? fs->f_ffree : fs->f_bavail;

	printf("%-*s ", SOURCE_COLUMN, line->source);
	if (option.type)
		printf("%-8s ", line->type);
	put_number(total * unit);
	put_number((total - unused) * unit);
	put_number(left * unit);
	put_share(total - unused, left);
	printf("%s\n", line->dir);
}

/* The mount that `path` is on; NULL: all of them. */
static bool show(const char *path)
{
	struct mount_line line;
	struct stat wanted, here;
	struct statfs fs;
	bool found = false;
	FILE *file;

	if (path && stat(path, &wanted) < 0) {
		prog_warn(path);
		return false;
	}
	file = mounts_open();
	while (mounts_next(file, &line)) {
		if (statfs(line.dir, &fs) < 0 || stat(line.dir, &here) < 0)
			continue;
		if (path && here.st_dev != wanted.st_dev)
			continue;
		if (!path && fs.f_blocks == 0 && !option.all)
			continue;
		put_line(&line, &fs);
		found = true;
		if (path)
			break;
	}
	fclose(file);
	return found;
}

int main(int argc, char **argv)
{
	int letter, status = 0;

	prog_begin("df",
		   "[-ahikT] [FILE]...\n"
		   "  -a  also file systems that take no room\n"
		   "  -h  sizes like 1.5M; -k in KiB (default)\n"
		   "  -i  inodes instead of room\n"
		   "  -T  their types",
		   argc, argv);
	while ((letter = getopt(argc, argv, "ahikT")) != -1) {
		if (letter == '?')
			prog_usage(1);
		option.all |= letter == 'a';
		option.inodes |= letter == 'i';
		option.type |= letter == 'T';
		if (letter == 'h' || letter == 'k')
			option.human = letter == 'h';
	}
	put_head();
	if (optind == argc)
		status = show(NULL) ? 0 : 1;
	for (; optind < argc; optind++)
		status |= show(argv[optind]) ? 0 : 1;
	return prog_finish(status);
}
