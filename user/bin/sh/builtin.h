/* SPDX-License-Identifier: MIT */
/* The functions behind builtins.def; argv[0] is the name. The result is the status. */
#ifndef USER_BIN_SH_BUILTIN_H
#define USER_BIN_SH_BUILTIN_H

struct shell;

#define BUILTIN(name, function, kind) int builtin_##function(struct shell *sh, char **argv);
#include "builtins.def"
#undef BUILTIN

/* builtin.c: the number in argv[1], or `otherwise` if there is none; -1 after a complaint. */
int builtin_number(struct shell *sh, char **argv, int otherwise);

#endif
