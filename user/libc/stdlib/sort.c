/* SPDX-License-Identifier: MIT */
/* Sorting (heap sort: in place, never worse than n log n) and searching. */
#include <stdlib.h>

typedef int (*compare_fn)(const void *, const void *);

static void swap(char *a, char *b, size_t size)
{
	while (size--) {
		char c = *a;

		*a++ = *b;
		*b++ = c;
	}
}

/* Lets the element at root sink to its place in the heap of count elements. */
static void sift_down(char *base, size_t root, size_t count, size_t size, compare_fn compare)
{
	size_t child;

	while ((child = 2 * root + 1) < count) {
		if (child + 1 < count &&
		    compare(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (compare(base + root * size, base + child * size) >= 0)
			return;
		swap(base + root * size, base + child * size, size);
		root = child;
	}
}

void qsort(void *base, size_t count, size_t size, compare_fn compare)
{
	for (size_t root = count / 2; root-- > 0;)
		sift_down(base, root, count, size, compare);
	while (count > 1) {
		count--;
		swap(base, (char *)base + count * size, size);
		sift_down(base, 0, count, size, compare);
	}
}

void *bsearch(const void *key, const void *base, size_t count, size_t size, compare_fn compare)
{
	while (count) {
		const char *middle = (const char *)base + count / 2 * size;
		int order = compare(key, middle);

		if (order == 0)
			return (void *)middle;
		if (order > 0) {
			base = middle + size;
			count--;
		}
		count /= 2;
	}
	return NULL;
}
