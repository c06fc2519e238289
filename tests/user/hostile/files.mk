# SPDX-License-Identifier: MIT
#
# Programs that do what a program must not; tests/user/faults.c runs them.

user-test += hostile/bad_selector	# loads a selector that names nothing
user-test += hostile/bad_stack	# faults with a stack pointer in the kernel
user-test += hostile/bad_stack_selector	# loads a stack selector that names nothing
user-test += hostile/clear_if	# pops flags with interrupts off and the direction reversed
user-test += hostile/div_overflow	# divides the lowest number by -1, which does not fit
user-test += hostile/div_zero	# divides by zero
user-test += hostile/exec_bound	# exceeds a bound
user-test += hostile/exec_cli	# turns interrupts off
user-test += hostile/exec_cr3	# changes the address space
user-test += hostile/exec_data	# runs data as code
user-test += hostile/exec_hlt	# halts the processor
user-test += hostile/exec_in	# reads from a port
user-test += hostile/exec_int3	# hits a breakpoint
user-test += hostile/exec_into	# traps on overflow
user-test += hostile/exec_invlpg	# drops a translation
user-test += hostile/exec_lidt	# loads an interrupt descriptor table
user-test += hostile/exec_out	# writes to a port
user-test += hostile/exec_rdmsr	# reads a model-specific register
user-test += hostile/exec_sgdt	# asks where the GDT is
user-test += hostile/exec_sidt	# asks where the IDT is
user-test += hostile/exec_sldt	# asks for the LDT's selector
user-test += hostile/exec_smsw	# asks for CR0
user-test += hostile/exec_str	# asks for the TSS's selector
user-test += hostile/exec_ud2	# executes what is no instruction
user-test += hostile/far_jump	# jumps to the kernel's code segment
user-test += hostile/fork_bomb	# forks as many children as it may
user-test += hostile/gate_closed	# raises vectors whose gates are not for ring 3
user-test += hostile/iret_kernel	# returns to ring 0 by an iret of its own
user-test += hostile/jump_kernel	# jumps into the kernel
user-test += hostile/kernel_pointers	# gives system calls pointers into the kernel and to nowhere
user-test += hostile/null_data_selector	# makes a system call with ds and es null
user-test += hostile/null_deref	# reads through a null pointer
user-test += hostile/null_selector	# uses the null selector
user-test += hostile/read_kernel	# reads the kernel's memory
user-test += hostile/set_ac	# sets AC and reads an odd address
user-test += hostile/set_ac_calls	# makes system calls with AC set, which would open the kernel's SMAP
user-test += hostile/single_step	# sets the trap flag
user-test += hostile/spin	# runs for ever, with no system call at all
user-test += hostile/stack_overflow	# recurses without end
user-test += hostile/write_kernel	# writes to the kernel's memory
user-test += hostile/write_text	# writes to its own code
