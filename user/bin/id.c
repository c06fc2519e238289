/* SPDX-License-Identifier: MIT */
/* id: who one is, as numbers and names. */

#include "groups.h"

static void put_named(const char *head, unsigned long id, const char *name)
{
	printf("%s%lu", head, id);
	if (strtoul(name, NULL, 10) != id || name[0] < '0' || name[0] > '9')
		printf("(%s)", name);
}

static void put_all(const struct membership *m)
{
	char name[OWNER_BYTES];

	put_named("uid=", m->uid, owner_user(m->uid, name));
	put_named(" gid=", m->gid, owner_group(m->gid, name));
	if (m->euid != m->uid)
		put_named(" euid=", m->euid, owner_user(m->euid, name));
	if (m->egid != m->gid)
		put_named(" egid=", m->egid, owner_group(m->egid, name));
	for (size_t i = 0; i < m->count; i++)
		put_named(i ? "," : " groups=", m->groups[i], owner_group(m->groups[i], name));
	putchar('\n');
}

static void put_one(char what, bool by_name, bool real, const struct membership *m)
{
	unsigned long id = what == 'u' ? (real ? m->uid : m->euid) : real ? m->gid : m->egid;
	char name[OWNER_BYTES];

	if (!by_name)
		printf("%lu", id);
	else if (what == 'u')
		printf("%s", owner_user((uid_t)id, name));
	else
		printf("%s", owner_group((gid_t)id, name));
	putchar('\n');
}

static void put_groups(bool by_name, const struct membership *m)
{
	char name[OWNER_BYTES];

	for (size_t i = 0; i < m->count; i++) {
		printf("%s", i ? " " : "");
		if (by_name)
			printf("%s", owner_group(m->groups[i], name));
		else
			printf("%lu", (unsigned long)m->groups[i]);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	bool by_name = false, real = false;
	struct membership m;
	char what = '\0';
	int letter;

	prog_begin("id",
		   "[-u|-g|-G] [-n] [-r] [USER]\n"
		   "  -u user only, -g group only, -G all groups\n"
		   "  -n names, -r the real ids rather than the effective ones",
		   argc, argv);
	while ((letter = getopt(argc, argv, "ugGnr")) != -1) {
		if (letter == '?')
			prog_usage(1);
		if (letter == 'n')
			by_name = true;
		else if (letter == 'r')
			real = true;
		else
			what = (char)letter;
	}
	if (argc - optind > 1 || (!what && (by_name || real)))
		prog_usage(1);
	if (optind < argc)
		groups_of_user(argv[optind], &m);
	else
		groups_of_process(&m);
	if (what == 'G')
		put_groups(by_name, &m);
	else if (what)
		put_one(what, by_name, real, &m);
	else
		put_all(&m);
	return prog_finish(0);
}
