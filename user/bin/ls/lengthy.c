/* SPDX-License-Identifier: MIT */
/* ls -l: a line for each file, numbers and names in columns just wide enough. */

#include <limits.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "../human.h"
#include "../modetext.h"
#include "../owner.h"
#include "ls.h"

enum { DATE_BYTES = 32, SIZE_BYTES = 28, LINKS_BYTES = 12, HALF_YEAR_SECONDS = 31556952 / 2 };

/* One line as text. */
struct fields {
	char mode[MODETEXT_BYTES];
	char links[LINKS_BYTES];
	char user[OWNER_BYTES];
	char group[OWNER_BYTES];
	char size[SIZE_BYTES];
	char date[DATE_BYTES];
};

struct widths {
	size_t links;
	size_t user;
	size_t group;
	size_t size;
};

/* The time of day for the last half year, else the year. */
static void format_date(time_t when, char text[DATE_BYTES])
{
	time_t now = time(NULL);
	bool recent = when <= now && now - when < HALF_YEAR_SECONDS;
	const struct tm *tm = localtime(&when);

	strcpy(text, "?");
	if (tm)
		strftime(text, DATE_BYTES, recent ? "%b %e %H:%M" : "%b %e  %Y", tm);
}

static void format_size(const struct stat *st, char text[SIZE_BYTES])
{
	char human[HUMAN_BYTES];

	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		snprintf(text, SIZE_BYTES, "%u, %3u", (unsigned)major(st->st_rdev),
			 (unsigned)minor(st->st_rdev));
	else if (option.human)
		strcpy(text, human_size((unsigned long long)st->st_size, human));
	else
		snprintf(text, SIZE_BYTES, "%lld", (long long)st->st_size);
}

static void format_fields(const struct stat *st, struct fields *fields)
{
	modetext(st->st_mode, fields->mode);
	snprintf(fields->links, LINKS_BYTES, "%lu", (unsigned long)st->st_nlink);
	if (option.numeric) {
		snprintf(fields->user, OWNER_BYTES, "%lu", (unsigned long)st->st_uid);
		snprintf(fields->group, OWNER_BYTES, "%lu", (unsigned long)st->st_gid);
	} else {
		owner_user(st->st_uid, fields->user);
		owner_group(st->st_gid, fields->group);
	}
	format_size(st, fields->size);
	format_date(st->st_mtime, fields->date);
}

static void widen(size_t *width, const char *text)
{
	if (strlen(text) > *width)
		*width = strlen(text);
}

static void print_target(const char *path)
{
	static char target[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof(target) - 1);

	if (length < 0)
		complain(path, 1);
	else
		printf(" -> %.*s", (int)length, target);
}

static void print_entry(const struct entry *entry, const struct widths *widths)
{
	struct fields fields;

	format_fields(&entry->st, &fields);
	printf("%s %*s %-*s %-*s %*s %s ", fields.mode, (int)widths->links, fields.links,
	       (int)widths->user, fields.user, (int)widths->group, fields.group, (int)widths->size,
	       fields.size, fields.date);
	print_name(entry);
	if (S_ISLNK(entry->st.st_mode))
		print_target(entry->path);
	putchar('\n');
}

void print_lengthy(const struct listing *listing)
{
	struct widths widths = { 0 };
	struct fields fields;

	for (size_t i = 0; i < listing->count; i++) {
		format_fields(&listing->entries[i].st, &fields);
		widen(&widths.links, fields.links);
		widen(&widths.user, fields.user);
		widen(&widths.group, fields.group);
		widen(&widths.size, fields.size);
	}
	for (size_t i = 0; i < listing->count; i++)
		print_entry(&listing->entries[i], &widths);
}
