/* SPDX-License-Identifier: MIT */
/* Shell patterns. A star first matches nothing, then one character more each
 * time what follows it fails; only the last star needs to be tried again. */
#include <ctype.h>
#include <fnmatch.h>
#include <stddef.h>
#include <string.h>

static int fold(int c, int flags)
{
	return flags & FNM_CASEFOLD ? tolower(c) : c;
}

/* One character of a set, quoted or not. */
static int set_char(const char **p, int flags)
{
	if (**p == '\\' && !(flags & FNM_NOESCAPE) && (*p)[1])
		(*p)++;
	return fold((unsigned char)*(*p)++, flags);
}

/* "[:name:]" at *p, which is stepped over; 0 when it is none. */
static int class_match(const char **p, int c)
{
	static const struct {
		const char *name;
		int (*test)(int c);
	} classes[] = {
		{ "[:alnum:]", isalnum }, { "[:alpha:]", isalpha }, { "[:blank:]", isblank },
		{ "[:cntrl:]", iscntrl }, { "[:digit:]", isdigit }, { "[:graph:]", isgraph },
		{ "[:lower:]", islower }, { "[:print:]", isprint }, { "[:punct:]", ispunct },
		{ "[:space:]", isspace }, { "[:upper:]", isupper }, { "[:xdigit:]", isxdigit },
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		size_t length = strlen(classes[i].name);

		if (!strncmp(*p, classes[i].name, length)) {
			*p += length;
			return classes[i].test(c) ? 1 : -1;
		}
	}
	return 0;
}

/* The set behind '[' at p. Returns behind its ']', or NULL when there is none:
 * then '[' stands for itself. */
static const char *set_match(const char *p, int c, int flags, int *matched)
{
	int inverted = *p == '!' || *p == '^', found = 0, first, last, class;
	const char *start;

	p += inverted;
	for (start = p; *p && (*p != ']' || p == start);) {
		class = class_match(&p, c);
		if (class) {
			found |= class > 0;
			continue;
		}
		first = last = set_char(&p, flags);
		if (*p == '-' && p[1] && p[1] != ']') {
			p++;
			last = set_char(&p, flags);
		}
		found |= first <= fold(c, flags) && fold(c, flags) <= last;
	}
	*matched = found != inverted;
	return *p ? p + 1 : NULL;
}

/* One character of text against one item of the pattern, not a star. Returns
 * behind the item, or NULL for no match. */
static const char *item_match(const char *p, int c, int flags)
{
	const char *behind;
	int matched;

	if (c == '/' && (flags & FNM_PATHNAME) && *p != '/')
		return NULL;
	if (*p == '?')
		return p + 1;
	if (*p == '[') {
		behind = set_match(p + 1, c, flags, &matched);
		if (behind)
			return matched ? behind : NULL;
	}
	if (*p == '\\' && !(flags & FNM_NOESCAPE) && p[1])
		p++;
	return fold((unsigned char)*p, flags) == fold(c, flags) ? p + 1 : NULL;
}

/* A leading period that only a period may match. */
static int hidden(const char *text, const char *start, int flags)
{
	if (!(flags & FNM_PERIOD) || *text != '.')
		return 0;
	return text == start || ((flags & FNM_PATHNAME) && text[-1] == '/');
}

int fnmatch(const char *pattern, const char *text, int flags)
{
	const char *star = NULL, *star_text = NULL, *start = text, *behind;

	while (*text || *pattern == '*') {
		if (hidden(text, start, flags) && *pattern != '.' && *pattern != '\\')
			behind = NULL;
		else if (*pattern == '*') {
			star = ++pattern;
			star_text = text;
			continue;
		} else {
			behind = *pattern ? item_match(pattern, (unsigned char)*text, flags) : NULL;
		}
		if (behind) {
			pattern = behind;
			text++;
			continue;
		}
		if (!star || !*star_text || (*star_text == '/' && (flags & FNM_PATHNAME)) ||
		    hidden(star_text, start, flags))
			return FNM_NOMATCH;
		pattern = star;
		text = ++star_text;
	}
	return *pattern ? FNM_NOMATCH : 0;
}
