/* SPDX-License-Identifier: MIT */
/* false: exit with status 1. */

#include "answer.h"

int main(int argc, char **argv)
{
	return answer_help(argc, argv, "usage: false\n") ? 0 : 1;
}
