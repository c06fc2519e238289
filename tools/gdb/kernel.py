# SPDX-License-Identifier: MIT
"""The kernel's data as Python sees it: numbers, lists, threads, processes. No command is here."""

import os
import re

import gdb

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RING_3 = 3  # of a selector


def read_source(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        return file.read()


def read_layout():
    """The #defines of x86/layout.h: debug information has no macros."""
    text = read_source("kernel/x86/layout.h")
    return {name: int(value, 16) for name, value in
            re.findall(r"^#define (\w+) (0x[0-9A-Fa-f]+)u$", text, re.MULTILINE)}


LAYOUT = read_layout()
KERNEL_BASE = LAYOUT["KERNEL_BASE"]


# ---- values

def unsigned(value):
    return int(value) & 0xFFFFFFFF


def address_of(symbol):
    """Of a function or an assembly label."""
    return unsigned(gdb.parse_and_eval(f"(unsigned long)&'{symbol}'"))


def constant(name):
    """An enumerator."""
    return int(gdb.parse_and_eval(name))


def static(file, name):
    """A static variable of a source file."""
    return gdb.parse_and_eval(f"'{file}'::{name}")


def pointer(address, type_name):
    return gdb.Value(unsigned(address)).cast(gdb.lookup_type(type_name).pointer())


def container(member, type_name, name):
    """The struct whose member `name` is at that address (container_of)."""
    offset = gdb.lookup_type(type_name)[name].bitpos // 8
    return pointer(unsigned(member) - offset, type_name)


def each_of_list(head, type_name, link):
    """Pointers to the structs on a struct list, first to last."""
    at = head["next"]
    while unsigned(at) not in (unsigned(head.address), 0):
        yield container(at, type_name, link)
        at = at["next"]


def atomic(value):
    """The number in an atomic_t."""
    return unsigned(value[value.type.fields()[0]])


def text(value):
    """A char array or const char * up to its 0."""
    return value.string(errors="replace")


def symbol_at(address):
    """ "name" or "name+4", "" where there is no symbol."""
    answer = gdb.execute(f"info symbol {unsigned(address):#x}", to_string=True)
    if answer.startswith("No symbol"):
        return ""
    return re.sub(r" \+ (\d+)", r"+\1", answer.split(" in section")[0].split(" of ")[0])


def short(enumerator):
    """THREAD_READY -> ready"""
    return str(enumerator).split("_", 1)[-1].lower()


# ---- processors and threads

def cpu_count():
    return int(gdb.parse_and_eval("cpu_count"))


def runq(cpu):
    return static("dispatch.c", "runqs")[cpu]


def selected_cpu():
    """QEMU shows each processor as a thread, numbered from 1."""
    return gdb.selected_thread().num - 1


def register(name):
    return unsigned(gdb.newest_frame().read_register(name))


def in_ring_3():
    return register("cs") & RING_3 == RING_3


def current_thread():
    """Of the selected CPU: in ring 0 the word above its kernel stack, as the kernel does."""
    if in_ring_3():
        return runq(selected_cpu())["running"]
    size = constant("KSTACK_SIZE")
    word = pointer((register("esp") | (size - 1)) - 3, "uint32_t").dereference()
    return pointer(word, "struct thread")


def free_stacks():
    at = unsigned(static("kstack.c", "free_list"))
    while at:
        yield at
        at = unsigned(pointer(at, "uint32_t").dereference())


def stack_slots(size):
    """Of kernel stacks that are mapped: below each lies its guard."""
    used = static("kstack.c", "slot_used")
    for index in range(used.type.range()[1] + 1):
        word = unsigned(used[index])
        for bit in range(32):
            if word >> bit & 1:
                yield LAYOUT["KSTACK_BASE"] + (index * 32 + bit) * 2 * size + size


def each_thread():
    """All there are. No list holds them all, but each has a kernel stack with its pointer on top;
    only the boot thread's lies elsewhere."""
    size, free = constant("KSTACK_SIZE"), set(free_stacks())
    found = {unsigned(runq(cpu)["idle"]) for cpu in range(cpu_count())}
    for stack in stack_slots(size):
        owner = unsigned(pointer(stack + size - 4, "uint32_t").dereference())
        if stack in free or owner < KERNEL_BASE:
            continue
        if unsigned(pointer(owner, "struct context")["kstack"]) == stack:
            found.add(owner)
    threads = [pointer(address, "struct thread") for address in found]
    return sorted(threads, key=lambda t: int(t["tid"]))


def is_running(thread):
    """On a CPU now: idle threads are in state RUNNING all the time."""
    return unsigned(runq(int(thread["ctx"]["cpu"]["id"]))["running"]) == unsigned(thread)


def name_of_thread(thread):
    return f'{text(thread["name"])}[{int(thread["tid"])}]'


def describe_context(address):
    """The holder of a lock, by its struct context."""
    return name_of_thread(pointer(address, "struct thread")) if address else "nobody"


# ---- processes

def each_process():
    yield from each_of_list(gdb.parse_and_eval("process_all"), "struct process", "all_link")


def threads_of(process):
    return list(each_of_list(process["threads"], "struct thread", "process_link"))


def process_by_id(argument):
    """The process of that number; the current one without a number."""
    if not argument.strip():
        process = current_thread()["process"]
        if not unsigned(process):
            raise gdb.GdbError("The current thread is the kernel's own; give a process number.")
        return process
    number = int(gdb.parse_and_eval(argument))
    for process in each_process():
        if int(process["id"]) == number:
            return process
    raise gdb.GdbError(f"There is no process {number}.")


def name_of_process(process):
    threads = threads_of(process)
    return text(threads[0]["name"]) if threads else "-"


def each_region(space):
    yield from each_of_list(space["in_order"], "struct region", "link")


# ---- page tables (PAE: SDM vol. 3A, 4.4)

PAGE_SHIFT, PD_SHIFT, PDPT_SHIFT, INDEX_MASK = 12, 21, 30, 511
FRAME = 0x000FFFFFFFFFF000
P, W, U, LARGE, COW, NX = 1, 2, 4, 0x80, 0x200, 1 << 63


def read_entry(physical):
    """A page-table entry, through the direct map."""
    return int(pointer(physical + KERNEL_BASE, "uint64_t").dereference())


def walk(cr3, va):
    """(level, address of the entry, entry) from the top down to where the walk ends."""
    table = cr3 & ~31
    for level, index in (("PDPT", va >> PDPT_SHIFT), ("directory", va >> PD_SHIFT & INDEX_MASK),
                         ("table", va >> PAGE_SHIFT & INDEX_MASK)):
        entry = read_entry(table + 8 * index)
        yield level, table + 8 * index, entry
        if not entry & P or level == "directory" and entry & LARGE:
            return
        table = entry & FRAME


def cr3_of(space):
    return unsigned(space["pt"]["pdpt"]) - KERNEL_BASE


# ---- trap frames

def interrupted_esp(frame):
    """A frame from ring 3 holds the program's esp; one from ring 0 ends where that field is."""
    if unsigned(frame["cs"]) & RING_3:
        return unsigned(frame["esp"])
    return unsigned(frame["esp"].address)


def gate_frame(gdb_frame):
    """The trap frame that the gate at this level of the backtrace made."""
    older = gdb_frame.older()
    if older is None:
        return None
    if unsigned(older.pc()) < KERNEL_BASE:
        return current_thread()["frame"]
    esp = unsigned(older.read_register("esp"))
    return pointer(esp - gdb.lookup_type("struct trapframe")["esp"].bitpos // 8,
                   "struct trapframe")


SYSCALL_NAMES = {int(number): name for number, name in
                 re.findall(r"^SYSCALL\((\d+), (\w+)", read_source("include/syscalls.def"),
                            re.MULTILINE)}


def vector_text(vector):
    name = str(gdb.Value(vector).cast(gdb.lookup_type("enum vector")))
    if name.startswith("VEC_"):
        return short(name)
    return f"ISA interrupt {vector - constant('VEC_IRQ_BASE')}" \
        if vector < constant("VEC_IRQ_END") else "?"


def entry_text(frame):
    """By which gate it came, of its orig_eax (x86/frame.h)."""
    number = int(frame["orig_eax"].cast(gdb.lookup_type("int")))
    if number >= 0:
        return f"system call {number} {SYSCALL_NAMES.get(number, '(unknown)')}"
    if number == -1:
        return "exception, or an answered system call"
    return f"interrupt, vector {~number & 0xff:#x} {vector_text(~number & 0xff)}"
