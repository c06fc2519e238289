/* SPDX-License-Identifier: MIT */
/* The auxiliary vector: behind the environment the kernel made. */
#include <errno.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Must be called before the environment is changed, as it looks behind it. */
unsigned long getauxval(unsigned long type)
{
	char **entry = environ;
	const struct abi_auxv *aux;

	while (*entry)
		entry++;
	for (aux = (const struct abi_auxv *)(entry + 1); aux->a_type != AT_NULL; aux++) {
		if (aux->a_type == type)
			return aux->a_val;
	}
	errno = ENOENT;
	return 0;
}
