/* SPDX-License-Identifier: MIT */
/* The PCI bus (PCI Local Bus Specification 3.0): which functions there are, what
 * they ask for, and which driver has which. Addresses and interrupt lines are
 * taken as the firmware assigned them. The list is made once, at start-up.
 */
#ifndef DEV_PCI_H
#define DEV_PCI_H

#include "lib/list.h"
#include "lib/types.h"

/* Configuration registers, section 6.1. */
enum pci_register {
	PCI_VENDOR = 0x00,
	PCI_DEVICE = 0x02,
	PCI_COMMAND = 0x04,
	PCI_STATUS = 0x06,
	PCI_REVISION = 0x08,
	PCI_CLASS = 0x08, /* the whole word: class, subclass, interface, revision */
	PCI_HEADER_TYPE = 0x0e,
	PCI_BAR0 = 0x10,
	PCI_SECONDARY_BUS = 0x19, /* of a bridge (PCI-to-PCI Bridge 1.2, section 3.2.5.4) */
	PCI_SUBSYSTEM = 0x2c,     /* vendor, then device */
	PCI_CAPABILITIES = 0x34,
	PCI_INTERRUPT_LINE = 0x3c,
	PCI_INTERRUPT_PIN = 0x3d,
};

enum pci_command {
	PCI_COMMAND_IO = 1 << 0,
	PCI_COMMAND_MEMORY = 1 << 1,
	PCI_COMMAND_MASTER = 1 << 2,
	PCI_COMMAND_INTX_OFF = 1 << 10,
};

enum pci_class { /* appendix D: class << 8 | subclass */
		 PCI_CLASS_IDE = 0x0101,
		 PCI_CLASS_HOST_BRIDGE = 0x0600,
		 PCI_CLASS_PCI_BRIDGE = 0x0604,
};

enum { PCI_BARS = 6, PCI_ANY = 0xffff };

/* A base address register (section 6.2.5.1); size 0: none there. */
struct pci_bar {
	uint64_t base; /* port number or physical address; 0: not assigned */
	uint64_t size; /* bytes, a power of two */
	bool is_io;
};

struct pci_driver;

/* One function. All [I] after pci_init() but `driver`. */
struct pci_device {
	struct list link;
	uint8_t bus, slot, function;
	uint16_t vendor, device;
	uint16_t subsystem_vendor, subsystem;
	uint16_t class;                  /* enum pci_class */
	uint8_t interface;               /* register-level programming interface */
	uint8_t irq_pin;                 /* 1 to 4: INTA to INTD; 0: uses none */
	uint8_t irq_line;                /* ISA line that the firmware routed it to; >= 16: none */
	struct pci_bar bar[PCI_BARS];    /* of a 64-bit one the second is empty */
	const struct pci_driver *driver; /* start-up thread only */
};

struct pci_driver {
	const char *name;
	uint16_t vendor, device; /* PCI_ANY: all */
	uint16_t class;          /* PCI_ANY: all */
	/* Takes the function (0) or leaves it to others (-errno, which is logged). */
	int (*probe)(struct pci_device *dev);
};

/* Finds all functions and logs a line for each; says so if there is no PCI. */
void pci_init(void);

/* Offers each matching function that has no driver yet. Start-up only. */
void pci_attach(const struct pci_driver *driver);

void pci_for_each(void (*fn)(struct pci_device *dev, void *ctx), void *ctx);
/* The first one of the class behind `after` (NULL: of all), or NULL. */
struct pci_device *pci_find_class(uint16_t class, struct pci_device *after);

/* Configuration space of a function; reg aligned to its width. Any context. */
uint8_t pci_read8(const struct pci_device *dev, unsigned reg);
uint16_t pci_read16(const struct pci_device *dev, unsigned reg);
uint32_t pci_read32(const struct pci_device *dev, unsigned reg);
void pci_write16(const struct pci_device *dev, unsigned reg, uint16_t value);
void pci_write32(const struct pci_device *dev, unsigned reg, uint32_t value);

/* Register of the next capability `id` behind register `after` (0: the first),
 * 0: none (section 6.7).
 */
unsigned pci_find_capability(const struct pci_device *dev, uint8_t id, unsigned after);

/* Lets it answer to its BARs, read and write memory by itself and raise INTx. */
void pci_enable(const struct pci_device *dev);

#endif
