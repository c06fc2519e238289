/* SPDX-License-Identifier: MIT */
/* Threads: making, ending, their memory. The first word a new thread pops from
 * its stack is where it starts (entry.asm):
 *
 *	user:    | edi esi ebx ebp | user_first_run    | trap frame | top
 *	kernel:  | edi esi ebx ebp | kthread_first_run | top
 */
#include "sched/thread.h"
#include "core/panic.h"
#include "core/percpu.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "sched/boot_thread.h"
#include "sched/dispatch.h"
#include "sched/kstack.h"
#include "sched/waitq.h"
#include "x86/boot_tables.h"
#include "x86/switch.h"

enum { SWITCH_WORDS = 4 }; /* edi esi ebx ebp */

static struct slab_cache thread_cache = SLAB_CACHE("thread", struct thread);

/* What runs from the first line of C on; it becomes CPU 0's idle thread. */
struct thread boot_thread = {
	.ctx = { .cpu = &cpus[0], .irq_depth = 1, .kstack = (vaddr_t)boot_stack },
	.name = "idle/0",
	.state = THREAD_RUNNING,
	.refs = ATOMIC_INIT(1),
};

static uint32_t *stack_top(const struct thread *t)
{
	return (uint32_t *)(t->ctx.kstack + KSTACK_SIZE - KSTACK_TOP_RESERVE);
}

/* The first switch to t pops zeros and returns to `start` with esp = `above`. */
static void set_first_run(struct thread *t, void (*start)(void), uint32_t *above)
{
	uint32_t *sp = above;

	*--sp = (uint32_t)start;
	for (int i = 0; i < SWITCH_WORDS; i++)
		*--sp = 0;
	t->ctx.esp = (uint32_t)sp;
}

/* t runs for the first time with the run-queue lock held, as if it had slept. */
static void init_context(struct thread *t, vaddr_t stack)
{
	struct context **top_word;

	t->ctx = (struct context){ .cpu = this_cpu(), .irq_depth = 1, .kstack = stack };
	top_word = (struct context **)(stack + KSTACK_SIZE - sizeof(*top_word));
	*top_word = &t->ctx;
}

struct thread *thread_create(const char *name)
{
	struct thread *t = slab_alloc(&thread_cache);
	vaddr_t stack;

	if (!t)
		return NULL;
	stack = kstack_alloc();
	if (!stack)
		goto no_stack;
	memset(t, 0, sizeof(*t));
	init_context(t, stack);
	strlcpy(t->name, name, sizeof(t->name));
	t->state = THREAD_NEW;
	t->affinity = UINT32_MAX;
	atomic_set(&t->refs, 1);
	list_init(&t->run_link);
	list_init(&t->process_link);
	list_init(&t->sig_pending.queue);
	set_first_run(t, kthread_first_run, stack_top(t));
	return t;
no_stack:
	slab_free(&thread_cache, t);
	return NULL;
}

void thread_set_user_entry(struct thread *t)
{
	t->frame = (struct trapframe *)stack_top(t) - 1;
	fpu_state_init(&t->fpu);
	set_first_run(t, user_first_run, (uint32_t *)t->frame);
}

void thread_copy_fpu(struct thread *t)
{
	fpu_save(&current->fpu);
	t->fpu = current->fpu;
}

/* From entry.asm: the body of every kernel thread. */
void kthread_main(void)
{
	current->entry(current->arg);
	thread_exit();
}

int kthread_start(const char *name, void (*fn)(void *), void *arg)
{
	struct thread *t = thread_create(name);

	if (!t)
		return -ENOMEM;
	t->entry = fn;
	t->arg = arg;
	thread_start(t);
	thread_put(t); /* the scheduler's reference keeps it until it ends */
	return 0;
}

void thread_exit(void)
{
	dispatch_dead();
}

void thread_get(struct thread *t)
{
	atomic_inc(&t->refs);
}

void thread_put(struct thread *t)
{
	if (!atomic_dec_and_test(&t->refs))
		return;
	assert(t->state == THREAD_DEAD || t->state == THREAD_NEW);
	kstack_free(t->ctx.kstack);
	slab_free(&thread_cache, t);
}

int thread_sleep_until(ktime_t deadline, bool interruptible)
{
	struct spinlock lock = SPINLOCK_INIT(LOCK_WAITQ);
	struct waitq never = WAITQ_INIT(never);
	int error;

	spin_lock(&lock);
	do
		error = waitq_wait(&never, &lock,
				   interruptible ? WAIT_INTERRUPTIBLE : WAIT_UNINTERRUPTIBLE,
				   deadline);
	while (error == 0);
	spin_unlock(&lock);
	return error == -ETIMEDOUT ? 0 : error;
}

static void describe(const struct context *c)
{
	const struct thread *t = (const struct thread *)c;

	kprintf("thread %d \"%s\"%s\n", t->tid, t->name, t->process ? "" : " (kernel)");
}

void threads_init(void)
{
	static struct panic_describer describer = { .describe = describe };

	list_init(&boot_thread.run_link);
	list_init(&boot_thread.process_link);
	boot_thread.affinity = UINT32_MAX;
	kstacks_init();
	panic_add_describer(&describer);
}
