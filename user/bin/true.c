/* SPDX-License-Identifier: MIT */
/* true: exit with status 0. It does nothing else, not even `--help`: `bench` runs it to measure
 * what starting a program costs. */

int main(void)
{
	return 0;
}
