/* SPDX-License-Identifier: MIT */
/* Thread-local segments: set_thread_area, get_thread_area, set_tid_address. */
#define _GNU_SOURCE
#include "ktap.h"

#include <abi/ldt.h>
#include <sched.h>
#include <sys/syscall.h>

static int word_at_gs_0(void)
{
	int word;

	asm volatile("movl %%gs:0, %0" : "=r"(word));
	return word;
}

static void load_gs(unsigned int selector)
{
	asm volatile("movw %w0, %%gs" : : "r"(selector));
}

static unsigned int store_gs(void)
{
	unsigned int selector;

	asm volatile("movw %%gs, %w0" : "=r"(selector));
	return selector & 0xffff;
}

/* Selectors of the GDT for ring 3. */
static unsigned int selector_of(unsigned int entry)
{
	return entry << 3 | 3;
}

static struct abi_user_desc description(unsigned int entry, const void *base)
{
	return (struct abi_user_desc){
		.entry_number = entry,
		.base_addr = (unsigned int)(unsigned long)base,
		.limit = 0xfffff,
		.seg_32bit = 1,
		.limit_in_pages = 1,
		.useable = 1,
	};
}

static int values[4] = { 11, 22, 33, 44 };

/* Sets a new entry with that base and loads gs with it. */
static unsigned int use(const void *base)
{
	struct abi_user_desc desc = description(ABI_TLS_ANY_ENTRY, base);

	EXPECT_OK(syscall(SYS_set_thread_area, &desc));
	EXPECT(desc.entry_number >= 6 && desc.entry_number <= 14);
	load_gs(selector_of(desc.entry_number));
	return desc.entry_number;
}

static void forget(unsigned int entry)
{
	struct abi_user_desc desc = { .entry_number = entry,
				      .read_exec_only = 1,
				      .seg_not_present = 1 };

	load_gs(0);
	EXPECT_OK(syscall(SYS_set_thread_area, &desc));
}

static void an_entry_gives_a_segment_of_its_own(void)
{
	unsigned int entry = use(&values[0]);

	EXPECT_EQ(word_at_gs_0(), 11);
	forget(entry);
}

static void the_segment_survives_switches_and_calls(void)
{
	unsigned int entry = use(&values[1]);

	for (int i = 0; i < 20; i++) {
		sched_yield();
		usleep(1000);
		EXPECT_EQ(word_at_gs_0(), 22);
		EXPECT_EQ(store_gs(), selector_of(entry));
	}
	forget(entry);
}

static void child_sees_22_then_sets_33(void)
{
	EXPECT_EQ(word_at_gs_0(), 22);
	use(&values[2]);
	EXPECT_EQ(word_at_gs_0(), 33);
	usleep(10000);
	EXPECT_EQ(word_at_gs_0(), 33);
}

static void a_child_inherits_the_segment_and_changes_its_own(void)
{
	unsigned int entry = use(&values[1]);

	EXPECT_EXIT(ktap_child(child_sees_22_then_sets_33), 0);
	EXPECT_EQ(word_at_gs_0(), 22);
	forget(entry);
}

static void an_entry_is_changed_by_its_number(void)
{
	unsigned int entry = use(&values[0]);
	struct abi_user_desc desc = description(entry, &values[3]);

	EXPECT_OK(syscall(SYS_set_thread_area, &desc));
	load_gs(selector_of(entry));
	EXPECT_EQ(word_at_gs_0(), 44);
	desc.base_addr = 0;
	EXPECT_OK(syscall(SYS_get_thread_area, &desc));
	EXPECT_EQ(desc.base_addr, (unsigned int)(unsigned long)&values[3]);
	EXPECT_EQ(desc.limit, 0xfffff);
	EXPECT_EQ(desc.seg_32bit, 1);
	EXPECT_EQ(desc.limit_in_pages, 1);
	forget(entry);
}

static void three_entries_and_no_more(void)
{
	struct abi_user_desc desc = description(ABI_TLS_ANY_ENTRY, values);
	unsigned int entries[4], count = 0;

	for (; count < 4; count++) {
		desc.entry_number = ABI_TLS_ANY_ENTRY;
		if (syscall(SYS_set_thread_area, &desc))
			break;
		entries[count] = desc.entry_number;
	}
	EXPECT_EQ(errno, ESRCH);
	EXPECT_EQ(count, 3);
	while (count--)
		forget(entries[count]);
}

static void entries_outside_the_range_give_einval(void)
{
	struct abi_user_desc desc = description(1, values);

	EXPECT_ERR(syscall(SYS_set_thread_area, &desc), EINVAL);
	EXPECT_ERR(syscall(SYS_get_thread_area, &desc), EINVAL);
	desc.entry_number = 300;
	EXPECT_ERR(syscall(SYS_set_thread_area, &desc), EINVAL);
	EXPECT_ERR(syscall(SYS_get_thread_area, &desc), EINVAL);
	EXPECT_ERR(syscall(SYS_set_thread_area, 16), EFAULT);
}

static void set_tid_address_gives_the_thread_number(void)
{
	static int tid;

	EXPECT_EQ(syscall(SYS_set_tid_address, &tid), getpid());
	EXPECT_EQ(syscall(SYS_set_tid_address, NULL), getpid());
}

static const struct ktap_test tests[] = {
	KTAP(an_entry_gives_a_segment_of_its_own),
	KTAP(the_segment_survives_switches_and_calls),
	KTAP(a_child_inherits_the_segment_and_changes_its_own),
	KTAP(an_entry_is_changed_by_its_number),
	KTAP(three_entries_and_no_more),
	KTAP(entries_outside_the_range_give_einval),
	KTAP(set_tid_address_gives_the_thread_number),
};

KTAP_MAIN(tests)
