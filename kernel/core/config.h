/* SPDX-License-Identifier: MIT */
/* Build configuration as constants: `if (CONFIG_DEBUG)` keeps both sides
 * compiling. The Makefile defines GATEHOUSE_DEBUG to 0 or 1.
 */
#ifndef CORE_CONFIG_H
#define CORE_CONFIG_H

enum { CONFIG_DEBUG = GATEHOUSE_DEBUG };

#endif
