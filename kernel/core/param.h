/* SPDX-License-Identifier: MIT */
/* Kernel parameters (param.def), spelt as Linux spells them. */
#ifndef CORE_PARAM_H
#define CORE_PARAM_H

#include "lib/types.h"

enum { PARAM_LEN = 64, PARAM_INIT_ARGS = 16, PARAM_LINE = 512 };

struct params {
#define PARAM_STR(name, dflt, text) char name[PARAM_LEN];
#define PARAM_LIST(name, text) char name[PARAM_LEN];
#define PARAM_INT(name, dflt, text) int name;
#define PARAM_FLAG(name, text) bool name;
#include "core/param.def"
#undef PARAM_STR
#undef PARAM_LIST
#undef PARAM_INT
#undef PARAM_FLAG
	/* words the kernel does not know, and all after "--": init's arguments */
	const char *init_args[PARAM_INIT_ARGS + 1];
	char line[PARAM_LINE]; /* all of them as given, cut if longer */
};

extern struct params params; /* [I] after param_parse */

/* Parses `line` (kept, and cut into words in place). Reports unknown words. */
void param_parse(char *line);

#endif
