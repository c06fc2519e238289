/* SPDX-License-Identifier: MIT */
/* lsblk: disks and their partitions, and where they are mounted. */

#include <ctype.h>

#include "human.h"
#include "mounts.h"

enum { KIB = 1024, NAME_BYTES = 64, LINE_BYTES = 256 };

/* Where /dev/NAME is mounted; empty: nowhere. */
static void find_mount(const char *name, char *dir, size_t size)
{
	struct mount_line line;
	FILE *file = mounts_open();

	dir[0] = '\0';
	while (mounts_next(file, &line)) {
		if (strncmp(line.source, "/dev/", 5) == 0 && strcmp(line.source + 5, name) == 0)
			snprintf(dir, size, "%s", line.dir);
	}
	fclose(file);
}

/* "hda1" is a partition of "hda", "ram0" of nothing: only if its disk came before. */
static bool is_partition(const char *name, const char *disk)
{
	size_t length = strlen(disk);

	return length > 0 && strncmp(name, disk, length) == 0 &&
	       isdigit((unsigned char)name[length]);
}

int main(int argc, char **argv)
{
	char line[LINE_BYTES], name[NAME_BYTES], disk[NAME_BYTES] = "", dir[MOUNTS_LINE];
	char size[HUMAN_BYTES], number[16];
	unsigned long long kib;
	unsigned major, minor;
	FILE *file;

	prog_begin("lsblk", "", argc, argv);
	if (argc > 1)
		prog_usage(1);
	file = fopen("/proc/partitions", "r");
	if (!file)
		prog_die("/proc/partitions");
	printf("%-8s %7s %6s %-4s MOUNTPOINT\n", "NAME", "MAJ:MIN", "SIZE", "TYPE");
	while (fgets(line, sizeof(line), file)) {
		bool part;

		if (sscanf(line, "%u %u %llu %63s", &major, &minor, &kib, name) != 4)
			continue;
		part = is_partition(name, disk);
		if (!part)
			strcpy(disk, name);
		find_mount(name, dir, sizeof(dir));
		snprintf(number, sizeof(number), "%u:%u", major, minor);
		printf("%s%-*s %7s %6s %-4s %s\n", part ? "- " : "", part ? 6 : 8, name, number,
		       human_size(kib * KIB, size), part ? "part" : "disk", dir);
	}
	fclose(file);
	return prog_finish(0);
}
