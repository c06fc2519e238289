/* SPDX-License-Identifier: MIT */
/* Runs every program of tests/user/hostile and checks that it ends as it does on Linux: by the
 * right signal, without harm to this one. They are looked for beside this program, then in
 * hostile/. */

#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_BYTES = 256, CANNOT_RUN = 99, SURVIVED = 1 };

/* What a fault needs that not every processor has; QEMU's own lacks the last two. */
enum needs { NEEDS_NOTHING, NEEDS_NX, NEEDS_UMIP, NEEDS_ALIGNMENT_CHECK, NEEDS_NULL_CHECK };

static const struct {
	const char *program;
	int signal; /* 0: it ends by itself, with status 0 */
	enum needs needs;
	const char *sentence;
} cases[] = {
	{ "null_deref", SIGSEGV, NEEDS_NOTHING, "reading_through_null_is_sigsegv" },
	{ "read_kernel", SIGSEGV, NEEDS_NOTHING, "reading_the_kernel_is_sigsegv" },
	{ "write_kernel", SIGSEGV, NEEDS_NOTHING, "writing_the_kernel_is_sigsegv" },
	{ "jump_kernel", SIGSEGV, NEEDS_NOTHING, "jumping_into_the_kernel_is_sigsegv" },
	{ "write_text", SIGSEGV, NEEDS_NOTHING, "writing_code_is_sigsegv" },
	{ "exec_data", SIGSEGV, NEEDS_NX, "executing_data_is_sigsegv" },
	{ "stack_overflow", SIGSEGV, NEEDS_NOTHING, "stack_over_its_limit_is_sigsegv" },
	{ "bad_stack", SIGSEGV, NEEDS_NOTHING, "push_with_kernel_stack_pointer_is_sigsegv" },
	{ "exec_cli", SIGSEGV, NEEDS_NOTHING, "cli_is_sigsegv" },
	{ "exec_hlt", SIGSEGV, NEEDS_NOTHING, "hlt_is_sigsegv" },
	{ "exec_in", SIGSEGV, NEEDS_NOTHING, "reading_a_port_is_sigsegv" },
	{ "exec_out", SIGSEGV, NEEDS_NOTHING, "writing_a_port_is_sigsegv" },
	{ "exec_lidt", SIGSEGV, NEEDS_NOTHING, "lidt_is_sigsegv" },
	{ "exec_cr3", SIGSEGV, NEEDS_NOTHING, "loading_cr3_is_sigsegv" },
	{ "exec_rdmsr", SIGSEGV, NEEDS_NOTHING, "rdmsr_is_sigsegv" },
	{ "exec_invlpg", SIGSEGV, NEEDS_NOTHING, "invlpg_is_sigsegv" },
	{ "exec_sgdt", SIGSEGV, NEEDS_UMIP, "asking_where_the_gdt_is_is_sigsegv" },
	{ "exec_sidt", SIGSEGV, NEEDS_UMIP, "asking_where_the_idt_is_is_sigsegv" },
	{ "exec_sldt", SIGSEGV, NEEDS_UMIP, "asking_for_the_ldt_is_sigsegv" },
	{ "exec_str", SIGSEGV, NEEDS_UMIP, "asking_for_the_tss_is_sigsegv" },
	{ "exec_smsw", SIGSEGV, NEEDS_UMIP, "asking_for_cr0_is_sigsegv" },
	{ "exec_ud2", SIGILL, NEEDS_NOTHING, "undefined_instruction_is_sigill" },
	{ "exec_int3", SIGTRAP, NEEDS_NOTHING, "breakpoint_is_sigtrap" },
	{ "single_step", SIGTRAP, NEEDS_NOTHING, "trap_flag_is_sigtrap" },
	{ "exec_into", SIGSEGV, NEEDS_NOTHING, "into_is_sigsegv" },
	{ "exec_bound", SIGSEGV, NEEDS_NOTHING, "bound_is_sigsegv" },
	{ "gate_closed", SIGSEGV, NEEDS_NOTHING, "int_through_a_closed_gate_is_sigsegv" },
	{ "far_jump", SIGSEGV, NEEDS_NOTHING, "far_jump_to_kernel_code_is_sigsegv" },
	{ "iret_kernel", SIGSEGV, NEEDS_NOTHING, "iret_to_kernel_code_is_sigsegv" },
	{ "bad_selector", SIGSEGV, NEEDS_NOTHING, "bad_data_selector_is_sigsegv" },
	{ "bad_stack_selector", SIGSEGV, NEEDS_NOTHING, "bad_stack_selector_is_sigsegv" },
	{ "null_selector", SIGSEGV, NEEDS_NULL_CHECK, "null_selector_is_sigsegv_when_used" },
	{ "null_data_selector", SIGSEGV, NEEDS_NULL_CHECK, "system_call_with_null_ds_works" },
	{ "div_zero", SIGFPE, NEEDS_NOTHING, "division_by_zero_is_sigfpe" },
	{ "div_overflow", SIGFPE, NEEDS_NOTHING, "division_overflow_is_sigfpe" },
	{ "set_ac", SIGBUS, NEEDS_ALIGNMENT_CHECK, "unaligned_access_with_ac_is_sigbus" },
	{ "set_ac_calls", 0, NEEDS_NOTHING, "system_calls_with_ac_set_work" },
	{ "clear_if", 0, NEEDS_NOTHING, "popf_cannot_turn_interrupts_off" },
	{ "kernel_pointers", 0, NEEDS_NOTHING, "kernel_pointers_are_efault" },
	{ "fork_bomb", 0, NEEDS_NOTHING, "many_children_end_in_eagain_at_worst" },
};

enum { CASES = sizeof(cases) / sizeof(cases[0]) };

static char directory[PATH_BYTES];

/* In the child. */
static _Noreturn void run(const char *program)
{
	static char path[2 * PATH_BYTES];
	static char name[PATH_BYTES];
	char *argv[] = { name, NULL };
	int nowhere;

	snprintf(name, sizeof(name), "%s", program);
	/* What it says itself would stand between our lines. */
	nowhere = open("/dev/null", O_RDWR);
	if (nowhere >= 0) {
		dup2(nowhere, STDOUT_FILENO);
		dup2(nowhere, STDERR_FILENO);
	}
	snprintf(path, sizeof(path), "%s/%s", directory, program);
	execv(path, argv);
	snprintf(path, sizeof(path), "%s/hostile/%s", directory, program);
	execv(path, argv);
	_exit(CANNOT_RUN);
}

/* True if the program ended as it has to; else says how it did end. */
static bool ended_right(size_t number, int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == cases[number].signal)
		return true;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && cases[number].signal == 0)
		return true;
	if (WIFSIGNALED(status))
		printf("# %s died by signal %d\n", cases[number].program, WTERMSIG(status));
	else
		printf("# %s exited with %d\n", cases[number].program, WEXITSTATUS(status));
	return false;
}

/* Why surviving may be right on this machine, NULL if it is not. */
static const char *excuse(size_t number, int status)
{
	if (!WIFEXITED(status) || WEXITSTATUS(status) != SURVIVED)
		return NULL;
	if (cases[number].needs == NEEDS_NX)
		return " # SKIP no NX";
	if (cases[number].needs == NEEDS_UMIP)
		return " # SKIP no UMIP, or Linux answers in its place";
	if (cases[number].needs == NEEDS_ALIGNMENT_CHECK)
		return " # SKIP no alignment check";
	if (cases[number].needs == NEEDS_NULL_CHECK)
		return " # SKIP null selectors work here";
	return NULL;
}

static bool check(size_t number)
{
	const char *skip = NULL;
	bool good;
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		run(cases[number].program);
	good = pid > 0 && waitpid(pid, &status, 0) == pid;
	if (good) {
		skip = excuse(number, status);
		good = skip || ended_right(number, status);
	}
	printf("%sok %u - %s%s\n", good ? "" : "not ", (unsigned int)number + 1,
	       cases[number].sentence, good && skip ? skip : "");
	return good;
}

int main(int argc, char **argv)
{
	static char self[PATH_BYTES];
	int failures = 0;

	snprintf(self, sizeof(self), "%s", argc > 0 ? argv[0] : "");
	snprintf(directory, sizeof(directory), "%s", dirname(self));
	printf("TAP version 14\n1..%u\n", (unsigned int)CASES);
	for (size_t i = 0; i < CASES; i++)
		failures += !check(i);
	return failures != 0;
}
