/* SPDX-License-Identifier: MIT */
/* Shared by getopt() and getopt_long(): finding the next option word. */
#pragma once

/* What stands at optind. */
enum option_word { OPTION_NONE, OPTION_SHORT, OPTION_LONG };

/* Moves operands behind the next option word (unless in_order) and says what
 * it is. Letters of a word already begun come first. */
enum option_word __option_find(int argc, char *const argv[], int in_order);

/* The next letter, in the word that __option_find() found. */
int __option_letter(int argc, char *const argv[], const char *options);

/* Takes the word behind the option word, as its argument; NULL: there is none. */
char *__option_take_word(int argc, char *const argv[]);

/* Forgets the letters of a word that was taken whole. */
void __option_reset(void);
