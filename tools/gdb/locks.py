# SPDX-License-Identifier: MIT
"""locks: who holds what. A spinlock's word is its holder, a mutex's too, in every build; so
whatever can be reached is looked at: all static variables, the processes and what they have open.
With DEBUG=1 each thread keeps a list as well, in the order of taking."""

import re

import gdb

import kernel
from command import command, table

SPINLOCK, MUTEX = "struct spinlock", "struct mutex"
VARIABLE = re.compile(r"^(?:\d+:)?\s+(?:static )?(struct \w+) (\w+)((?:\[\d+\])*);$")


def rank_name(rank):
    return kernel.short(gdb.Value(int(rank)).cast(gdb.lookup_type("enum lock_rank")))


def waiters(mutex):
    head = mutex["waiters"]["waiters"]
    count, node = 0, head["next"]
    while kernel.unsigned(node) not in (kernel.unsigned(head.address), 0):
        count, node = count + 1, node["next"]
    return count


def has_locks(kind, depth=4):
    """Whether a lock is embedded in that type."""
    kind = kind.strip_typedefs()
    if str(kind) in (SPINLOCK, MUTEX):
        return True
    if kind.code == gdb.TYPE_CODE_ARRAY:
        return has_locks(kind.target(), depth)
    if kind.code != gdb.TYPE_CODE_STRUCT or depth == 0:
        return False
    return any(has_locks(f.type, depth - 1) for f in kind.fields())


def find_locks(value, name):
    """(name, lock) of all that are embedded in the value."""
    kind = value.type.strip_typedefs()
    if str(kind) in (SPINLOCK, MUTEX):
        yield name, value
    if kind.code == gdb.TYPE_CODE_ARRAY:
        low, high = kind.range()
        for i in range(low, high + 1):
            yield from find_locks(value[i], f"{name}[{i}]")
    elif kind.code == gdb.TYPE_CODE_STRUCT:
        for field in kind.fields():
            if field.name and has_locks(field.type):
                yield from find_locks(value[field.name], f"{name}.{field.name}")


def static_variables():
    """(name, value) of all variables in which there is a lock."""
    file = None
    for line in gdb.execute("info variables -q", to_string=True).splitlines():
        head = re.match(r"File (\S+):$", line)
        file = head[1] if head else file
        match = VARIABLE.match(line)
        if not match or not has_locks(gdb.lookup_type(match[1])):
            continue
        try:
            yield match[2], kernel.static(file, match[2])
        except gdb.error:
            pass  # static inside a function


def process_values():
    for p in kernel.each_process():
        name = f'{kernel.name_of_process(p)}[{int(p["id"])}]'
        yield name, p.dereference()
        if kernel.unsigned(p["space"]):
            yield f"{name}.space", p["space"].dereference()
        files = p["files"]
        if not kernel.unsigned(files):
            continue
        yield f"{name}.files", files.dereference()
        for fd in range(int(files["capacity"])):
            file = files["files"][fd]
            if kernel.unsigned(file):
                yield f"{name}.file{fd}", file.dereference()
                if kernel.unsigned(file["vnode"]):
                    yield f'inode {int(file["vnode"]["ino"])}', file["vnode"].dereference()


def holder_of(lock):
    """The struct context of who holds it, 0: free. Bit 0 of a mutex says that somebody waits."""
    if str(lock.type.strip_typedefs()) == SPINLOCK:
        return kernel.atomic(lock["holder"])
    return kernel.atomic(lock["owner"]) & ~1


def lock_row(name, lock):
    is_mutex = str(lock.type.strip_typedefs()) == MUTEX
    return [f"{kernel.unsigned(lock.address):08x}", "mutex" if is_mutex else "spinlock",
            rank_name(lock["rank"]), kernel.describe_context(holder_of(lock)),
            waiters(lock) if is_mutex else "-", name]


@command("locks")
def locks(argument):
    """locks [all]: which locks are held, by whom, and how many threads wait for them.

Looks at the locks in static variables, processes, address spaces, open files and their inodes;
`all` lists the free ones as well. With DEBUG=1 also what each thread holds, in the order of taking,
wherever the lock lies."""
    rows, seen = [], set()
    for name, value in [*static_variables(), *process_values()]:
        for path, lock in find_locks(value, name):
            address = kernel.unsigned(lock.address)
            if address not in seen and (holder_of(lock) or argument.strip() == "all"):
                rows.append(lock_row(path, lock))
            seen.add(address)
    if rows:
        table("ADDRESS KIND RANK HOLDER WAITING NAME".split(), rows)
    print(f"{len(seen)} locks looked at, {sum(row[3] != 'nobody' for row in rows)} held")
    for thread in kernel.each_thread():
        context = thread["ctx"]
        held = [f'{rank_name(context["held_rank"][i])} {kernel.unsigned(context["held"][i]):08x}'
                for i in range(int(context["held_count"]))]
        if held:
            print(f"{kernel.name_of_thread(thread)} holds, in order: {', '.join(held)}")
