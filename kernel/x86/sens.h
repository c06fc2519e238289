/* SPDX-License-Identifier: MIT */
/* Every privileged or sensitive instruction of the kernel is written through
 * SENS(), which notes its address in section .sens: a guest build of the kernel
 * replaces exactly these, and `make check` finds any that is not noted.
 */
#ifndef X86_SENS_H
#define X86_SENS_H

#define SENS(insn) \
	"661: " insn "\n\t" \
	".pushsection .sens, \"a\"\n\t" \
	".long 661b\n\t" \
	".popsection"

#endif
