# SPDX-License-Identifier: MIT
"""wxcheck: is anything writable and executable at the same time, anywhere?"""

import collections
import struct

import gdb

import kernel
from command import command

ENTRIES = 512
USER_PDPT_ENTRIES = 3
KERNEL_PDPT_ENTRY = 3
SHOWN = 20  # violations listed

Page = collections.namedtuple("Page", "va entry rights")


def read_table(physical):
    data = gdb.selected_inferior().read_memory(physical + kernel.KERNEL_BASE, 8 * ENTRIES)
    return struct.unpack(f"<{ENTRIES}Q", bytes(data))


def rights(*levels):
    """What all levels together allow: a bit that forbids on one of them is enough."""
    may = "r"
    may += "w" if all(e & kernel.W for e in levels) else "-"
    may += "-" if any(e & kernel.NX for e in levels) else "x"
    return may + ("u" if all(e & kernel.U for e in levels) else "k")


def pages_of_directory(directory, base):
    """Every present page below a page directory: 2 MiB ones and 4 KiB ones."""
    for i, entry in enumerate(read_table(directory)):
        va = base + (i << kernel.PD_SHIFT)
        if not entry & kernel.P:
            continue
        if entry & kernel.LARGE:
            yield Page(va, entry, rights(entry))
            continue
        for j, page in enumerate(read_table(entry & kernel.FRAME)):
            if page & kernel.P:
                yield Page(va + (j << kernel.PAGE_SHIFT), page, rights(entry, page))


def pages_of_space(cr3):
    pdpt = struct.unpack("<4Q", bytes(gdb.selected_inferior().read_memory(
        (cr3 & ~31) + kernel.KERNEL_BASE, 32)))
    for i in range(USER_PDPT_ENTRIES):
        if pdpt[i] & kernel.P:
            yield from pages_of_directory(pdpt[i] & kernel.FRAME, i << kernel.PDPT_SHIFT)


def spaces():
    """{cr3: whose}: of all processes, and what the processors have loaded."""
    found = {}
    for process in kernel.each_process():
        if kernel.unsigned(process["space"]):
            found[kernel.cr3_of(process["space"])] = \
                f'process {int(process["id"])} {kernel.name_of_process(process)}'
    selected = gdb.selected_thread()
    for cpu in gdb.selected_inferior().threads():
        cpu.switch()
        found.setdefault(kernel.register("cr3") & ~31, f"loaded on CPU {cpu.num - 1}")
    selected.switch()
    return found


@command("wxcheck")
def wxcheck(_):
    """wxcheck: walks all page tables there are, of every process and the kernel's own, and counts
pages by what may be done with them: r(ead), w(rite), x(ecute) by u(ser programs) or the k(ernel).

Lists those that are writable and executable: there must be none."""
    counts, wrong, all_spaces = collections.Counter(), [], spaces()
    kernel_pd = kernel.unsigned(gdb.parse_and_eval("kernel_pd")) - kernel.KERNEL_BASE
    areas = [("kernel", pages_of_directory(kernel_pd, KERNEL_PDPT_ENTRY << kernel.PDPT_SHIFT))]
    areas += [(whose, pages_of_space(cr3)) for cr3, whose in all_spaces.items()]
    for whose, pages in areas:
        for page in pages:
            counts[page.rights] += 1
            if page.rights.startswith("rwx"):
                wrong.append((whose, page))
    print(f"{len(all_spaces)} address spaces and the kernel, {sum(counts.values())} pages: "
          + ", ".join(f"{n} {may}" for may, n in sorted(counts.items())))
    for whose, page in wrong[:SHOWN]:
        print(f"WRITABLE AND EXECUTABLE: {whose}: {page.va:08x} {page.entry:016x}")
    print(f"writable and executable: {len(wrong)}")
