/* SPDX-License-Identifier: MIT */
/* true: exit with status 0. */

#include "answer.h"

int main(int argc, char **argv)
{
	answer_help(argc, argv, "usage: true\n");
	return 0;
}
