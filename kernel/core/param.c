/* SPDX-License-Identifier: MIT */
/* Kernel parameters: NAME=VALUE and flags, words separated by blanks. Unknown
 * words, and all words after "--", go to init.
 */
#include "core/param.h"
#include "lib/kprintf.h"
#include "lib/string.h"

struct params params = {
#define PARAM_STR(name, dflt, text) .name = dflt,
#define PARAM_INT(name, dflt, text) .name = dflt,
#define PARAM_FLAG(name, text)
#define PARAM_LIST(name, text)
#include "core/param.def"
#undef PARAM_STR
#undef PARAM_LIST
#undef PARAM_INT
#undef PARAM_FLAG
};

enum param_kind { KIND_STR, KIND_LIST, KIND_INT, KIND_FLAG };

static const struct param {
	const char *name;
	enum param_kind kind;
	void *value;
} table[] = {
#define PARAM_STR(name, dflt, text) { #name, KIND_STR, params.name },
#define PARAM_INT(name, dflt, text) { #name, KIND_INT, &params.name },
#define PARAM_FLAG(name, text) { #name, KIND_FLAG, &params.name },
#define PARAM_LIST(name, text) { #name, KIND_LIST, params.name },
#include "core/param.def"
#undef PARAM_STR
#undef PARAM_LIST
#undef PARAM_INT
#undef PARAM_FLAG
};

static unsigned init_arg_count;

static void add_init_arg(const char *word)
{
	if (init_arg_count < PARAM_INIT_ARGS)
		params.init_args[init_arg_count++] = word;
	else
		kprintf("parameter %s: too many for init, left out\n", word);
}

static void set_param(const struct param *p, const char *value)
{
	uint64_t n;

	switch (p->kind) {
	case KIND_LIST:
		if (*(char *)p->value)
			strlcat(p->value, " ", PARAM_LEN);
		if (strlcat(p->value, value, PARAM_LEN) >= PARAM_LEN)
			kprintf("parameter %s: more than %u characters, cut\n", p->name,
				PARAM_LEN - 1);
		break;
	case KIND_STR:
		if (strlcpy(p->value, value, PARAM_LEN) >= PARAM_LEN)
			kprintf("parameter %s: value cut to %u characters\n", p->name,
				PARAM_LEN - 1);
		break;
	case KIND_INT:
		if (parse_u64(value, 10, &n) == 0 && n <= INT32_MAX)
			*(int *)p->value = (int)n;
		else
			kprintf("parameter %s: %s is not a number, ignored\n", p->name, value);
		break;
	case KIND_FLAG:
		*(bool *)p->value = true;
		break;
	}
}

static const struct param *find(const char *word, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (strlen(table[i].name) == len && memcmp(table[i].name, word, len) == 0)
			return &table[i];
	}
	return NULL;
}

static void parse_word(char *word)
{
	char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	const struct param *p = find(word, len);

	if (p && (p->kind == KIND_FLAG) == !equals) {
		set_param(p, equals ? equals + 1 : "");
		return;
	}
	kprintf("parameter %s is not the kernel's: handed to init\n", word);
	add_init_arg(word);
}

/* QEMU passes the kernel's file name in front of the parameters, GRUB does not. */
static char *skip_file_name(char *line)
{
	char *end = line;

	for (; *end && *end != ' '; end++) {
		if (*end == '=')
			return line;
	}
	return memchr(line, '/', (size_t)(end - line)) ? end : line;
}

void param_parse(char *line)
{
	bool for_init = false;
	char *next = skip_file_name(line);

	while (*next == ' ')
		next++;
	strlcpy(params.line, next, sizeof(params.line));
	while (*next) {
		char *word = next;

		while (*next && *next != ' ')
			next++;
		while (*next == ' ')
			*next++ = '\0';
		if (*word == '\0')
			continue;
		if (for_init)
			add_init_arg(word);
		else if (strcmp(word, "--") == 0)
			for_init = true;
		else
			parse_word(word);
	}
}
