/* SPDX-License-Identifier: MIT */
/* Files with a record a line and colons between fields: /etc/passwd and /etc/group. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct database {
	const char *path;
	FILE *file; /* NULL: to be opened by the next database_next() */
	char *line; /* its fields are cut out of it */
	size_t room;
};

static inline void database_rewind(struct database *database)
{
	if (database->file)
		fclose(database->file);
	database->file = NULL;
}

/* Reads lines up to one that has at least so many fields, and cuts it into them. The last field
 * keeps what follows. False at the end, and if there is no file. */
static inline bool database_next(struct database *database, char *fields[], size_t count)
{
	ssize_t length;

	if (!database->file)
		database->file = fopen(database->path, "re");
	while (database->file &&
	       (length = getline(&database->line, &database->room, database->file)) > 0) {
		char *at = database->line;
		size_t found = 1;

		if (at[length - 1] == '\n')
			at[length - 1] = '\0';
		fields[0] = at;
		while (found < count && (at = strchr(at, ':')) != NULL) {
			*at++ = '\0';
			fields[found++] = at;
		}
		if (found == count)
			return true;
	}
	return false;
}
