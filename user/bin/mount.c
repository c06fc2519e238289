/* SPDX-License-Identifier: MIT */
/* mount: makes a file system part of the tree, or shows what is mounted. */

#include <sys/mount.h>

#include "mounts.h"

enum { LINE_BYTES = 1024, FAILED = 32 };

static const struct {
	const char *name;
	unsigned set, clear;
} words[] = {
	{ "defaults", 0, 0 },         { "ro", MS_RDONLY, 0 },         { "rw", 0, MS_RDONLY },
	{ "nosuid", MS_NOSUID, 0 },   { "suid", 0, MS_NOSUID },       { "nodev", MS_NODEV, 0 },
	{ "dev", 0, MS_NODEV },       { "noexec", MS_NOEXEC, 0 },     { "exec", 0, MS_NOEXEC },
	{ "remount", MS_REMOUNT, 0 }, { "relatime", MS_RELATIME, 0 }, { "noatime", MS_NOATIME, 0 },
	{ "bind", MS_BIND, 0 },
};

/* One of the words of -o; the end if nobody knows it. */
static void add_option(const char *word, unsigned *flags)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].name, word) == 0) {
			*flags = (*flags & ~words[i].clear) | words[i].set;
			return;
		}
	}
	prog_diex("%s: unknown option", word);
}

static void add_options(char *list, unsigned *flags)
{
	for (char *word = strtok(list, ","); word; word = strtok(NULL, ","))
		add_option(word, flags);
}

/* As "/dev/ram0 on / type ext2 (rw)". */
static int show(const char *type)
{
	struct mount_line line;
	FILE *file = mounts_open();

	while (mounts_next(file, &line)) {
		if (!type || strcmp(type, line.type) == 0)
			printf("%s on %s type %s (%s)\n", line.source, line.dir, line.type,
			       line.options);
	}
	fclose(file);
	return prog_finish(0);
}

/* The types that need a device, one after the other. */
static int try_types(const char *source, const char *dir, unsigned flags)
{
	char line[LINE_BYTES], type[LINE_BYTES];
	FILE *file = fopen("/proc/filesystems", "r");
	int result = -1;

	errno = ENODEV;
	while (file && result < 0 && fgets(line, sizeof(line), file)) {
		if (line[0] != '\t' || sscanf(line, "%1023s", type) != 1)
			continue;
		result = mount(source, dir, type, flags, NULL);
		if (errno != EINVAL)
			break;
	}
	if (file)
		fclose(file);
	return result;
}

int main(int argc, char **argv)
{
	const char *type = NULL, *source = "none";
	unsigned flags = 0;
	int letter, result;

	prog_begin("mount",
		   "[-t TYPE] [-r|-w] [-o OPTION[,OPTION]...] [SOURCE DIRECTORY]\n"
		   "  -t  ext2, proc, devtmpfs ... (default: what is on the device)\n"
		   "  -r  read-only, as -o ro\n"
		   "  -o  ro rw nosuid nodev noexec remount\n"
		   "Without a directory it shows what is mounted. With -o remount the directory\n"
		   "is enough.",
		   argc, argv);
	while ((letter = getopt(argc, argv, "t:o:rw")) != -1) {
		if (letter == '?')
			prog_usage(1);
		if (letter == 't')
			type = optarg;
		else if (letter == 'o')
			add_options(optarg, &flags);
		else
			flags = letter == 'r' ? flags | MS_RDONLY : flags & ~MS_RDONLY;
	}
	if (optind == argc)
		return show(type);
	if (argc - optind == 2)
		source = argv[optind++];
	else if (argc - optind > 2 || !(flags & MS_REMOUNT))
		prog_usage(1);
	if (type || (flags & MS_REMOUNT))
		result = mount(source, argv[optind], type, flags, NULL);
	else
		result = try_types(source, argv[optind], flags);
	if (result == 0)
		return 0;
	prog_warnx("%s on %s: %s", source, argv[optind], strerror(errno));
	return FAILED;
}
