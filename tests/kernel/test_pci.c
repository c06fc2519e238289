/* SPDX-License-Identifier: MIT */
/* The list of PCI functions against what configuration space says. */
#include "dev/pci.h"
#include "ktest.h"

enum { NO_VENDOR = 0xffff, MAX_FUNCTIONS = 64 };

static struct pci_device *seen[MAX_FUNCTIONS];
static unsigned count;

static void collect(struct pci_device *dev, void *ctx)
{
	(void)ctx;
	if (count < MAX_FUNCTIONS)
		seen[count++] = dev;
}

static bool same_place(const struct pci_device *a, const struct pci_device *b)
{
	return a->bus == b->bus && a->slot == b->slot && a->function == b->function;
}

static void check_bars(const struct pci_device *dev)
{
	for (unsigned i = 0; i < PCI_BARS; i++) {
		const struct pci_bar *bar = &dev->bar[i];

		KEXPECT((bar->size & (bar->size - 1)) == 0);
		KEXPECT(bar->size == 0 ? bar->base == 0 : (bar->base & (bar->size - 1)) == 0);
		KEXPECT(!bar->is_io || bar->base + bar->size <= UINT16_MAX + 1);
	}
}

KTEST(pci_functions_are_listed_once_and_answer)
{
	count = 0;
	pci_for_each(collect, NULL);
	if (count == 0) {
		ktest_skip("no PCI");
		return;
	}
	for (unsigned i = 0; i < count; i++) {
		KEXPECT(seen[i]->vendor != NO_VENDOR);
		KEXPECT_EQ(pci_read32(seen[i], PCI_VENDOR),
			   seen[i]->vendor | (uint32_t)seen[i]->device << 16);
		KEXPECT_EQ(pci_read8(seen[i], PCI_INTERRUPT_LINE), seen[i]->irq_line);
		check_bars(seen[i]);
		for (unsigned j = 0; j < i; j++)
			KEXPECT(!same_place(seen[i], seen[j]));
	}
}

KTEST(pci_finds_functions_by_class_one_after_the_other)
{
	unsigned bridges = 0;

	count = 0;
	pci_for_each(collect, NULL);
	for (unsigned i = 0; i < count; i++)
		bridges += seen[i]->class == PCI_CLASS_HOST_BRIDGE;
	for (struct pci_device *d = pci_find_class(PCI_CLASS_HOST_BRIDGE, NULL); d;
	     d = pci_find_class(PCI_CLASS_HOST_BRIDGE, d))
		bridges--;
	KEXPECT_EQ(bridges, 0);
	KEXPECT(!pci_find_class(PCI_ANY, NULL));
}
