# SPDX-License-Identifier: MIT
"""trace-switch: one switch from program to program, made by the timer, with every value real.

The machine is stopped at the first instruction of the timer's vector, when the policy is about to
take the CPU from one program and another waits that was interrupted in the same way. From there on
it is stepped, an instruction at a time, until iret has landed in the other program; so the counts
are exact. While it is stepped no interrupt comes (QEMU holds them back)."""

import textwrap

import gdb

import kernel
from command import command
from processes import UserSymbols

PATIENCE = 200  # timer interrupts to look at before giving up
STEPS = 20000    # instructions a switch may take
WIDTHS = (28, 37, 20)  # 100 columns with what stands between
HEADS = ("hardware", "operating system", "program")
HARDWARE, OS, PROGRAM = range(3)
GENERAL = "eax ebx ecx edx esi edi ebp".split()


class Timeline:
    """Rows of three columns, and the instructions that each took."""

    def __init__(self):
        self.row("instr", HEADS)
        print("-" * 6 + "".join("+" + "-" * (width + 2) for width in WIDTHS))

    def row(self, count, cells):
        wrapped = [sum((textwrap.wrap(line, width, subsequent_indent="  ")
                        for line in cell.splitlines()), [])
                   for cell, width in zip(cells, WIDTHS)]
        for i in range(max(map(len, wrapped))):
            line = f'{count if i == 0 else "":>5} '
            for lines, width in zip(wrapped, WIDTHS):
                line += "| " + (lines[i] if i < len(lines) else "").ljust(width + 1)
            print(line.rstrip())

    def say(self, column, text, count=""):
        self.row(count, [text if i == column else "" for i in range(len(HEADS))])


class Stepper:
    """Steps the processor and counts."""

    def __init__(self):
        self.total = 0

    def until(self, arrived):
        """Steps until arrived(pc); returns how many instructions that were."""
        count = 0
        while not arrived(kernel.unsigned(gdb.newest_frame().pc())):
            gdb.execute("stepi", to_string=True)
            count += 1
            if self.total + count > STEPS:
                raise gdb.GdbError(f"Not there after {STEPS} instructions.")
        self.total += count
        return count

    def to(self, symbol):
        address = symbol if isinstance(symbol, int) else kernel.address_of(symbol)
        return self.until(lambda pc: pc == address)


def tss():
    return kernel.static("gdt.c", "tables")[0]["tss"]


def esp0():
    return kernel.unsigned(tss()["esp0"])


def fields(frame):
    names = [field.name for field in frame.type.target().fields()]
    return {name: kernel.unsigned(frame[name]) for name in names}


def place(address):
    """An address in a program, with its symbol."""
    return f"{address:08x} {kernel.symbol_at(address)}".strip()


def ready_threads():
    return list(kernel.each_of_list(kernel.runq(0)["ready"]["threads"], "struct thread",
                                    "run_link"))


def is_the_one():
    """At the timer's vector: a program is interrupted whose slice this tick ends, and the next in
    line was interrupted, too (and has not to make its very first step)."""
    thread, ready = kernel.runq(0)["running"], ready_threads()
    if not kernel.unsigned(thread["process"]) or not ready or int(thread["slice_left"]) > 1:
        return False
    pushed = kernel.pointer(kernel.register("esp"), "uint32_t")
    return kernel.unsigned(pushed[1]) & kernel.RING_3 == kernel.RING_3 \
        and kernel.unsigned(ready[0]["process"]) and int(ready[0]["run_ns"]) > 0 \
        and int(ready[0]["frame"]["orig_eax"].cast(gdb.lookup_type("int"))) < -1


def run_until(address, arrived):
    """Lets the machine run until it is at address and arrived() holds."""
    gdb.execute(f"break *{address:#x}", to_string=True)
    stop = gdb.breakpoints()[-1]
    try:
        for _ in range(PATIENCE):
            gdb.execute("continue", to_string=True)
            if arrived():
                return
    finally:
        stop.delete()
    raise gdb.GdbError(f"No switch between programs in {PATIENCE} timer interrupts. Do two of "
                       "them compute, and does the policy take the CPU away (sched=rr)?")


def show_interrupt(line):
    """The CPU's own work: what it pushed lies at esp."""
    at = kernel.register("esp")
    pushed = kernel.pointer(at, "uint32_t")
    words = dict(zip(("eip", "cs", "eflags", "esp", "ss"), (kernel.unsigned(pushed[i])
                                                            for i in range(5))))
    thread = kernel.runq(0)["running"]
    UserSymbols.load(kernel.text(thread["name"]))
    line.say(PROGRAM, f'{kernel.name_of_thread(thread)} in ring 3\n'
                      f'eip {place(words["eip"])}\nesp {words["esp"]:08x}')
    line.say(HARDWARE, f"timer interrupt, vector {kernel.constant('VEC_TIMER'):#x}\n"
                       f"ring 3 -> 0, interrupts off\nTSS: esp0 is {esp0():08x}\n"
                       f'pushes ss     {words["ss"]:08x}\n'
                       f'       esp    {words["esp"]:08x}\n'
                       f'       eflags {words["eflags"]:08x}\n'
                       f'       cs     {words["cs"]:08x}\n'
                       f'       eip    {words["eip"]:08x}\n'
                       f"esp is now    {at:08x}\n"
                       f"IDT: goes to {kernel.symbol_at(kernel.register('eip'))}")
    return thread


def registers_text(frame, names):
    return "\n".join("  " + "  ".join(f"{name} {frame[name]:08x}" for name in names[i:i + 2])
                     for i in range(0, len(names), 2))


def show_save(line, steps, thread):
    count = steps.to("irq_entry")
    frame = fields(thread["frame"])
    line.say(OS, f"interrupt_entry pushes registers:\n"
                 f"trap frame at {kernel.unsigned(thread['frame']):08x}\n"
                 f"{registers_text(frame, GENERAL)}\n"
                 f"  and ds es fs gs", count)


def show_tick(line, steps, thread, policy):
    before = int(thread["slice_left"])
    count = steps.to(kernel.unsigned(policy["tick"]))
    line.say(OS, "irq_entry, the timer's handler, tick:\nis the turn over?", count)
    count = steps.to("return_to_user.irqs_off")
    line.say(OS, f'policy {kernel.text(policy["name"])}: slice {before} -> '
                 f'{int(thread["slice_left"])} ticks: yes\n'
                 f"EXIT_RESCHED for {kernel.name_of_thread(thread)}\n"
                 "interrupt acknowledged", count)


def show_choice(line, steps, thread, policy):
    count = steps.to("thread_preempt")
    line.say(OS, "return_to_user sees it and calls\nthread_preempt", count)
    count = steps.to(kernel.unsigned(policy["pick"]))
    queue = " ".join(map(kernel.name_of_thread, ready_threads()))
    chosen = ready_threads()[0]
    line.say(OS, f"{kernel.name_of_thread(thread)} joins the ready queue:\n  {queue}", count)
    return chosen


def show_switch_of_space(line, steps, old, chosen):
    """From the choice to context_switch(): FPU, cr3, esp0, TLS change hands."""
    old_cr3, old_esp0 = kernel.register("cr3"), esp0()
    start = kernel.address_of("context_switch")
    before = steps.until(lambda pc: pc == start or kernel.register("cr3") != old_cr3)
    table = kernel.cr3_of(chosen["process"]["space"])
    line.say(OS, f"the policy picks {kernel.name_of_thread(chosen)}\n"
                 f"  its page table is {table:08x}\n"
                 f"FPU registers of {kernel.name_of_thread(old)} saved", before)
    line.say(HARDWARE, f"cr3 {old_cr3:08x} -> {kernel.register('cr3'):08x}\n(empties the TLB)")
    count = steps.to("context_switch")
    line.say(OS, f"FPU registers of {kernel.name_of_thread(chosen)} loaded\n"
                 f"TSS: esp0 {old_esp0:08x} -> {esp0():08x}\n"
                 "its TLS segments into the GDT", count)


def show_context_switch(line, steps, old, new):
    stack = kernel.register("esp") >> 13
    count = steps.until(lambda _: kernel.register("esp") >> 13 != stack)
    saved = kernel.unsigned(old["ctx"]["esp"])
    line.say(OS, "context_switch pushes ebp ebx esi edi\n"
                 f"  {kernel.name_of_thread(old)}: esp {saved:08x} saved\n"
                 f"  {kernel.name_of_thread(new)}: esp {kernel.register('esp'):08x} loaded\n"
                 "this is the other thread now", count)
    count = steps.until(lambda pc: not kernel.symbol_at(pc).startswith("context_switch"))
    line.say(OS, "pops edi esi ebx ebp, returns where\n"
                 f"{kernel.name_of_thread(new)} once called it", count)
    return saved


def show_way_out(line, steps, new):
    frame = fields(new["frame"])
    count = steps.to("return_to_user.restore")
    line.say(OS, "dispatch_finish: run queue unlocked\nreturn_to_user: no work is left", count)
    count = steps.until(lambda pc: pc < kernel.KERNEL_BASE) - 1
    line.say(OS, f"pops the frame at {kernel.unsigned(new['frame']):08x}:\n"
                 f"{registers_text(frame, GENERAL)}\n  and gs fs es ds", count)
    line.say(HARDWARE, "iret pops\n" + "\n".join(f"       {name:6} {frame[name]:08x}" for name in
                                                 ("eip", "cs", "eflags", "esp", "ss"))
             + "\nring 0 -> 3, interrupts on", 1)
    UserSymbols.load(kernel.text(new["name"]))
    line.say(PROGRAM, f"{kernel.name_of_thread(new)} in ring 3\n"
                      f"eip {place(kernel.register('eip'))}\nesp {kernel.register('esp'):08x}")


def show_return(line, old, saved):
    """Later the first program gets the CPU back: its stack pointer is the saved one."""
    run_until(kernel.address_of("context_switch"),
              lambda: kernel.register("edx") == kernel.unsigned(old))
    Stepper().until(lambda _: kernel.register("esp") >> 13 == saved >> 13)
    esp = kernel.register("esp")
    Stepper().until(lambda pc: pc < kernel.KERNEL_BASE)
    UserSymbols.load(kernel.text(old["name"]))
    line.say(OS, f"... later {kernel.name_of_thread(old)} gets it back:\n"
                 f"  {kernel.name_of_thread(old)}: esp {esp:08x} loaded")
    line.say(PROGRAM, f"{kernel.name_of_thread(old)} goes on\neip {place(kernel.register('eip'))}\n"
                      f"esp {kernel.register('esp'):08x}")


def connect(target):
    try:
        gdb.execute(f"target remote {target}", to_string=True)
    except gdb.error as error:
        raise gdb.GdbError(f"trace-switch: the machine did not start: {error}") from error


def end_machine():
    try:
        gdb.execute("kill", to_string=True)
    except gdb.error:
        pass  # the machine has closed the pipe before gdb did


def show():
    policy, steps, line = kernel.static("dispatch.c", "policy"), Stepper(), Timeline()
    old = show_interrupt(line)
    show_save(line, steps, old)
    show_tick(line, steps, old, policy)
    new = show_choice(line, steps, old, policy)
    show_switch_of_space(line, steps, old, new)
    saved = show_context_switch(line, steps, old, new)
    show_way_out(line, steps, new)
    print(f"{steps.total:>5} instructions from the interrupt to the other program")
    show_return(line, old, saved)


@command("trace-switch")
def trace_switch(argument):
    """trace-switch [TARGET]: show the next switch that the timer makes between two programs.

In three columns: hardware, operating system, program. On the left the instructions of each step.

Wants a machine with one processor where two programs compute; `make trace-switch` makes one. With a
target (as of `target remote`) gdb connects to it first, and ends it afterwards."""
    gdb.execute("set suppress-cli-notifications on")  # not a line for each step
    if argument:
        connect(argument)
    if len(gdb.selected_inferior().threads()) > 1:
        raise gdb.GdbError("Please give the machine one processor (CPUS=1).")
    UserSymbols.automatic = False  # a look at every step would take its time
    try:
        run_until(kernel.address_of(f"vector_{kernel.constant('VEC_TIMER')}"), is_the_one)
        show()
    finally:
        if argument:
            end_machine()
        gdb.execute("set suppress-cli-notifications off")
