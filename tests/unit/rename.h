/* SPDX-License-Identifier: MIT */
/* Forced into every file of a unit test, the kernel's and the test's: kernel functions that carry
 * a C library name get another one here, so that both can be in one program and be compared. */
#ifndef UNIT_RENAME_H
#define UNIT_RENAME_H

#define memchr kernel_memchr
#define snprintf kernel_snprintf
#define strchr kernel_strchr
#define strcmp kernel_strcmp
#define strlcat kernel_strlcat
#define strlcpy kernel_strlcpy
#define strlen kernel_strlen
#define strncmp kernel_strncmp
#define strnlen kernel_strnlen
#define strrchr kernel_strrchr
#define strstr kernel_strstr
#define vsnprintf kernel_vsnprintf

#endif
