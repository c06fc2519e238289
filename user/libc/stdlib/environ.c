/* SPDX-License-Identifier: MIT */
/* The environment. The array is the kernel's until something is added, then
 * ours, kept in owned; strings made by setenv() are never freed, as callers
 * may still hold what getenv() gave them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char **environ;
static char **owned;

/* The entry of that name, its length given, or NULL. */
static char **entry_find(const char *name, size_t length)
{
	for (char **entry = environ; entry && *entry; entry++) {
		if (!strncmp(*entry, name, length) && (*entry)[length] == '=')
			return entry;
	}
	return NULL;
}

char *getenv(const char *name)
{
	size_t length = strlen(name);
	char **entry = entry_find(name, length);

	return entry ? *entry + length + 1 : NULL;
}

/* Appends text to an array of our own. */
static int entry_append(char *text)
{
	size_t count = 0;
	char **bigger;

	while (environ && environ[count])
		count++;
	bigger = realloc(owned, (count + 2) * sizeof(*bigger));
	if (!bigger)
		return -1;
	if (environ && environ != owned)
		memcpy(bigger, environ, count * sizeof(*bigger));
	bigger[count] = text;
	bigger[count + 1] = NULL;
	environ = owned = bigger;
	return 0;
}

static int name_is_bad(const char *name, size_t length)
{
	if (length && name[length] == '\0')
		return 0;
	errno = EINVAL;
	return 1;
}

int setenv(const char *name, const char *value, int overwrite)
{
	size_t length = strcspn(name, "="), value_size = strlen(value) + 1;
	char **entry, *text;

	if (name_is_bad(name, length))
		return -1;
	entry = entry_find(name, length);
	if (entry && !overwrite)
		return 0;
	text = malloc(length + 1 + value_size);
	if (!text)
		return -1;
	memcpy(text, name, length);
	text[length] = '=';
	memcpy(text + length + 1, value, value_size);
	if (!entry)
		return entry_append(text);
	*entry = text;
	return 0;
}

int unsetenv(const char *name)
{
	size_t length = strcspn(name, "=");
	char **entry;

	if (name_is_bad(name, length))
		return -1;
	while ((entry = entry_find(name, length))) {
		for (; *entry; entry++)
			entry[0] = entry[1];
	}
	return 0;
}

/* The string itself becomes the entry; without '=' the name is removed. */
int putenv(char *text)
{
	size_t length = strcspn(text, "=");
	char **entry;

	if (!text[length])
		return unsetenv(text);
	entry = entry_find(text, length);
	if (!entry)
		return entry_append(text);
	*entry = text;
	return 0;
}

int clearenv(void)
{
	environ = NULL;
	return 0;
}
