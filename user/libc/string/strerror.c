/* SPDX-License-Identifier: MIT */
/* Texts and names of error numbers, from errno.def. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *error_text(int number)
{
	switch (number) {
	case 0:
		return "Success";
#define ERRNO(value, name, text) \
	case value: \
		return text;
#include <errno.def>
#undef ERRNO
	}
	return NULL;
}

const char *strerrorname_np(int number)
{
	switch (number) {
	case 0:
		return "0";
#define ERRNO(value, name, text) \
	case value: \
		return #name;
#include <errno.def>
#undef ERRNO
	}
	return NULL;
}

char *strerror(int number)
{
	static char unknown[32];
	const char *text = error_text(number);

	if (text)
		return (char *)text;
	snprintf(unknown, sizeof(unknown), "Unknown error %d", number);
	return unknown;
}

int strerror_r(int number, char *buffer, size_t size)
{
	return strlcpy(buffer, strerror(number), size) < size ? 0 : ERANGE;
}
