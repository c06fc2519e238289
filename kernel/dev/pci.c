/* SPDX-License-Identifier: MIT */
/* Walks the PCI buses through configuration mechanism #1: two ports, one for the
 * address and one for the data (PCI 3.0, section 3.2.2.3.2). Lock: config_lock
 * (rank DEVICE) holds the pair together.
 */
#include "dev/pci.h"

#include "core/spinlock.h"
#include "lib/errno.h"
#include "lib/fmt.h"
#include "lib/kprintf.h"
#include "mm/slab.h"
#include "x86/cpu.h"

enum {
	PORT_ADDRESS = 0xcf8,
	PORT_DATA = 0xcfc,
	ADDRESS_BUS_SHIFT = 16,
	ADDRESS_SLOT_SHIFT = 11,
	ADDRESS_FUNCTION_SHIFT = 8,

	BUSES = 256,
	SLOTS = 32,
	FUNCTIONS = 8,
	NO_VENDOR = 0xffff,
	HEADER_MULTI = 0x80,
	HEADER_KIND = 0x7f,
	HEADER_DEVICE = 0,
	HEADER_BRIDGE = 1,
	BRIDGE_BARS = 2,
	CLASS_SHIFT = 16,
	INTERFACE_SHIFT = 8,

	BAR_IO = 1 << 0,
	BAR_IO_BITS = 3,
	BAR_MEMORY_BITS = 0xf,
	BAR_MEMORY_TYPE = 6,
	BAR_MEMORY_64 = 4,
	BAR_IO_PORTS = 0xffff,

	STATUS_CAPABILITIES = 1 << 4,
	CAPABILITIES_START = 0x40,
	CAPABILITIES_MAX = 48, /* as many fit: a longer chain is a loop */
	NO_LINE = 0xff,
};
#define ADDRESS_ENABLE (1u << 31)

static struct spinlock config_lock = SPINLOCK_INIT(LOCK_DEVICE);
static struct list functions = LIST_INIT(functions); /* [I] after pci_init */

/* ---- configuration space ---- */

/* Caller holds config_lock. */
static void select_register(const struct pci_device *dev, unsigned reg)
{
	io_outl(PORT_ADDRESS, ADDRESS_ENABLE | (uint32_t)dev->bus << ADDRESS_BUS_SHIFT |
				      (uint32_t)dev->slot << ADDRESS_SLOT_SHIFT |
				      (uint32_t)dev->function << ADDRESS_FUNCTION_SHIFT |
				      (reg & ~3u));
}

uint32_t pci_read32(const struct pci_device *dev, unsigned reg)
{
	uint32_t value;

	spin_lock(&config_lock);
	select_register(dev, reg);
	value = io_inl(PORT_DATA);
	spin_unlock(&config_lock);
	return value;
}

uint16_t pci_read16(const struct pci_device *dev, unsigned reg)
{
	return (uint16_t)(pci_read32(dev, reg) >> 8 * (reg & 2));
}

uint8_t pci_read8(const struct pci_device *dev, unsigned reg)
{
	return (uint8_t)(pci_read32(dev, reg) >> 8 * (reg & 3));
}

void pci_write32(const struct pci_device *dev, unsigned reg, uint32_t value)
{
	spin_lock(&config_lock);
	select_register(dev, reg);
	io_outl(PORT_DATA, value);
	spin_unlock(&config_lock);
}

/* Only these 16 bits: a write of the other half could clear status bits. */
void pci_write16(const struct pci_device *dev, unsigned reg, uint16_t value)
{
	spin_lock(&config_lock);
	select_register(dev, reg);
	io_outw((uint16_t)(PORT_DATA + (reg & 2)), value);
	spin_unlock(&config_lock);
}

unsigned pci_find_capability(const struct pci_device *dev, uint8_t id, unsigned after)
{
	unsigned at;

	if (!(pci_read16(dev, PCI_STATUS) & STATUS_CAPABILITIES))
		return 0;
	at = pci_read8(dev, after ? after + 1 : (unsigned)PCI_CAPABILITIES) & ~3u;
	for (unsigned n = 0; at >= CAPABILITIES_START && n < CAPABILITIES_MAX; n++) {
		if (pci_read8(dev, at) == id)
			return at;
		at = pci_read8(dev, at + 1) & ~3u;
	}
	return 0;
}

void pci_enable(const struct pci_device *dev)
{
	uint16_t command = pci_read16(dev, PCI_COMMAND);

	command |= PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	pci_write16(dev, PCI_COMMAND, command & ~(unsigned)PCI_COMMAND_INTX_OFF);
}

/* ---- base address registers ---- */

/* The bits of a BAR that can be set tell its size: what it reads after ones were
 * written to it.
 */
static uint32_t bar_mask(const struct pci_device *dev, unsigned reg)
{
	uint32_t was = pci_read32(dev, reg), mask;

	pci_write32(dev, reg, UINT32_MAX);
	mask = pci_read32(dev, reg);
	pci_write32(dev, reg, was);
	return mask;
}

/* Decodes BAR i; returns how many registers it takes, 1 or 2. */
static unsigned decode_bar(struct pci_device *dev, unsigned i)
{
	struct pci_bar *bar = &dev->bar[i];
	unsigned reg = PCI_BAR0 + 4 * i;
	uint32_t low = pci_read32(dev, reg), mask = bar_mask(dev, reg);
	uint64_t wide = 0;

	if (mask == 0)
		return 1;
	bar->is_io = low & BAR_IO;
	if (bar->is_io) {
		mask &= BAR_IO_PORTS; /* the upper half need not be there */
		bar->base = low & BAR_IO_PORTS & ~(uint32_t)BAR_IO_BITS;
		bar->size = (~(mask & ~(uint32_t)BAR_IO_BITS) & BAR_IO_PORTS) + 1;
		return 1;
	}
	bar->base = low & ~(uint32_t)BAR_MEMORY_BITS;
	wide = UINT64_MAX << 32;
	if ((low & BAR_MEMORY_TYPE) == BAR_MEMORY_64) {
		bar->base |= (uint64_t)pci_read32(dev, reg + 4) << 32;
		wide = (uint64_t)bar_mask(dev, reg + 4) << 32;
	}
	bar->size = ~(wide | (mask & ~(uint32_t)BAR_MEMORY_BITS)) + 1;
	return (low & BAR_MEMORY_TYPE) == BAR_MEMORY_64 ? 2 : 1;
}

/* With decoding off: half a BAR must not answer to somebody else's address. */
static void decode_bars(struct pci_device *dev, unsigned count)
{
	uint16_t command = pci_read16(dev, PCI_COMMAND);

	pci_write16(dev, PCI_COMMAND, command & ~(unsigned)(PCI_COMMAND_IO | PCI_COMMAND_MEMORY));
	for (unsigned i = 0; i < count;)
		i += decode_bar(dev, i);
	pci_write16(dev, PCI_COMMAND, command);
}

/* ---- finding what there is ---- */

static void log_function(const struct pci_device *dev)
{
	char line[12] = "";

	if (dev->irq_pin && dev->irq_line != NO_LINE)
		snprintf(line, sizeof(line), " irq %u", dev->irq_line);
	kprintf("pci: %02x:%02x.%u %04x:%04x class %04x%s\n", dev->bus, dev->slot, dev->function,
		dev->vendor, dev->device, dev->class, line);
}

static void read_header(struct pci_device *dev, unsigned kind)
{
	uint32_t class = pci_read32(dev, PCI_CLASS);

	dev->class = (uint16_t)(class >> CLASS_SHIFT);
	dev->interface = (uint8_t)(class >> INTERFACE_SHIFT);
	dev->irq_pin = pci_read8(dev, PCI_INTERRUPT_PIN);
	dev->irq_line = pci_read8(dev, PCI_INTERRUPT_LINE);
	if (kind == HEADER_DEVICE) {
		dev->subsystem_vendor = pci_read16(dev, PCI_SUBSYSTEM);
		dev->subsystem = pci_read16(dev, PCI_SUBSYSTEM + 2);
	}
	/* A host bridge may stop memory from working while its BARs are off. */
	if (kind <= HEADER_BRIDGE && dev->class != PCI_CLASS_HOST_BRIDGE)
		decode_bars(dev, kind == HEADER_DEVICE ? PCI_BARS : BRIDGE_BARS);
}

/* Adds the function at this place, and notes the bus behind a bridge. Returns the
 * header type, or -ENODEV.
 */
static int scan_function(unsigned bus, unsigned slot, unsigned function, bool *bus_known)
{
	struct pci_device at = {
		.bus = (uint8_t)bus,
		.slot = (uint8_t)slot,
		.function = (uint8_t)function,
	};
	struct pci_device *dev;
	uint8_t header;

	at.vendor = pci_read16(&at, PCI_VENDOR);
	if (at.vendor == NO_VENDOR)
		return -ENODEV;
	at.device = pci_read16(&at, PCI_DEVICE);
	header = pci_read8(&at, PCI_HEADER_TYPE);
	read_header(&at, header & HEADER_KIND);
	if ((header & HEADER_KIND) == HEADER_BRIDGE)
		bus_known[pci_read8(&at, PCI_SECONDARY_BUS)] = true;
	dev = kmalloc(sizeof(*dev));
	if (!dev)
		panic("no memory for the list of PCI functions");
	*dev = at;
	list_add_tail(&functions, &dev->link);
	log_function(dev);
	return header;
}

/* Function 0 says whether there are others (section 6.2.1). */
static void scan_slot(unsigned bus, unsigned slot, bool *bus_known)
{
	int header = scan_function(bus, slot, 0, bus_known);

	if (header < 0 || !(header & HEADER_MULTI))
		return;
	for (unsigned f = 1; f < FUNCTIONS; f++)
		(void)!scan_function(bus, slot, f, bus_known);
}

static bool mechanism_1_works(void)
{
	uint32_t was = io_inl(PORT_ADDRESS), is;

	io_outl(PORT_ADDRESS, ADDRESS_ENABLE);
	is = io_inl(PORT_ADDRESS);
	io_outl(PORT_ADDRESS, was);
	return is == ADDRESS_ENABLE;
}

/* The bus behind a bridge has a higher number than the bridge's own, so one round
 * upwards finds all, and no loop of bridges can catch us.
 */
void pci_init(void)
{
	bool bus_known[BUSES] = { true };

	if (!mechanism_1_works()) {
		kprintf("pci: none\n");
		return;
	}
	for (unsigned bus = 0; bus < BUSES; bus++) {
		for (unsigned slot = 0; bus_known[bus] && slot < SLOTS; slot++)
			scan_slot(bus, slot, bus_known);
	}
}

/* ---- drivers ---- */

static bool matches(const struct pci_driver *driver, const struct pci_device *dev)
{
	return (driver->vendor == PCI_ANY || driver->vendor == dev->vendor) &&
	       (driver->device == PCI_ANY || driver->device == dev->device) &&
	       (driver->class == PCI_ANY || driver->class == dev->class);
}

void pci_attach(const struct pci_driver *driver)
{
	struct pci_device *dev;

	list_for_each_entry(dev, &functions, link) {
		int error;

		if (dev->driver || !matches(driver, dev))
			continue;
		error = driver->probe(dev);
		if (!error)
			dev->driver = driver;
		else
			kprintf("pci: %02x:%02x.%u: %s cannot use it (%d)\n", dev->bus, dev->slot,
				dev->function, driver->name, error);
	}
}

void pci_for_each(void (*fn)(struct pci_device *dev, void *ctx), void *ctx)
{
	struct pci_device *dev;

	list_for_each_entry(dev, &functions, link)
		fn(dev, ctx);
}

struct pci_device *pci_find_class(uint16_t class, struct pci_device *after)
{
	struct list *at = after ? after->link.next : functions.next;

	for (; at != &functions; at = at->next) {
		struct pci_device *dev = list_entry(at, struct pci_device, link);

		if (dev->class == class)
			return dev;
	}
	return NULL;
}
