/* SPDX-License-Identifier: MIT */
/* Runs data as code. Linux: SIGSEGV where the processor has NX; without NX the call just
 * returns. */

#include "hostile.h"

int main(void)
{
	static char data[] = "\xc3"; /* ret */
	void (*code)(void) = (void (*)(void))data;

	code();
	return survived("exec_data");
}
