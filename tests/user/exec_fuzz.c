/* SPDX-License-Identifier: MIT */
/* Programs with damaged headers. A tiny program that only exits is changed byte by
 * byte, then at random; each result is run. It may be refused, die or work, but
 * nothing else may suffer: not this process, not the machine. */
#define _GNU_SOURCE
#include "ktap.h"

#include <abi/elf.h>
#include <signal.h>
#include <time.h>

enum {
	BASE = 0x08048000,
	DATA = 0x0804a000,
	PAGE = 4096,
	REFUSED = 99,
	GOOD = 7,
	RANDOM_RUNS = 600,
	PATIENCE_MS = 2000,
};

/* exit(7): push 7, pop ebx, push 1, pop eax, int 0x80, and a loop never reached. */
static const unsigned char code[] = { 0x6a, GOOD, 0x5b, 0x6a, 1, 0x58, 0xcd, 0x80, 0xeb, 0xfe };

struct image {
	struct abi_elf_ehdr head;
	struct abi_elf_phdr text, data, stack;
	unsigned char code[sizeof(code)];
};

enum { HEADERS = offsetof(struct image, code) };

static struct image image_make(void)
{
	struct image image = {
		.head = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_EXEC,
			.e_machine = EM_386,
			.e_version = EV_CURRENT,
			.e_entry = BASE + HEADERS,
			.e_phoff = offsetof(struct image, text),
			.e_ehsize = sizeof(struct abi_elf_ehdr),
			.e_phentsize = sizeof(struct abi_elf_phdr),
			.e_phnum = 3,
		},
		.text = {
			.p_type = PT_LOAD,
			.p_vaddr = BASE,
			.p_paddr = BASE,
			.p_filesz = sizeof(struct image),
			.p_memsz = sizeof(struct image),
			.p_flags = PF_R | PF_X,
			.p_align = PAGE,
		},
		.data = {
			.p_type = PT_LOAD,
			.p_vaddr = DATA,
			.p_paddr = DATA,
			.p_filesz = 16,
			.p_memsz = 3 * PAGE,
			.p_flags = PF_R | PF_W,
			.p_align = PAGE,
		},
		.stack = { .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W },
	};

	memcpy(image.code, code, sizeof(code));
	return image;
}

/* Waits, but not for ever: damaged code may loop. */
static int wait_patiently(pid_t child)
{
	struct timespec moment = { .tv_nsec = 1000000 };
	int status;

	for (int i = 0; i < PATIENCE_MS; i++) {
		if (waitpid(child, &status, WNOHANG) == child)
			return status;
		nanosleep(&moment, NULL);
	}
	EXPECT_OK(kill(child, SIGKILL));
	EXPECT_EQ(waitpid(child, &status, 0), child);
	return status;
}

/* Runs the image from a new file each time: the old one may still be mapped. */
static int run(const struct image *image)
{
	char *const words[] = { (char *)"damaged", NULL };
	int fd = open("damaged", O_WRONLY | O_CREAT | O_TRUNC, 0700);
	pid_t child;
	int status;

	EXPECT_EQ(write(fd, image, sizeof(*image)), sizeof(*image));
	close(fd);
	child = fork();
	if (child == 0) {
		execve("damaged", words, words + 1);
		_exit(REFUSED);
	}
	status = wait_patiently(child);
	EXPECT_OK(unlink("damaged"));
	return status;
}

static void an_undamaged_image_runs(void)
{
	struct image image = image_make();

	EXPECT_EXIT(run(&image), GOOD);
}

static void every_single_byte_damaged(void)
{
	static const unsigned char masks[] = { 0x01, 0x80, 0xff };
	struct image image;
	int good = 0, refused = 0, killed = 0;

	for (unsigned int at = 0; at < HEADERS; at++) {
		for (unsigned int i = 0; i < sizeof(masks); i++) {
			int status;

			image = image_make();
			((unsigned char *)&image)[at] ^= masks[i];
			status = run(&image);
			good += status == GOOD << 8;
			refused += status == REFUSED << 8;
			killed += WIFSIGNALED(status);
		}
	}
	printf("# %d ran, %d refused, %d killed\n", good, refused, killed);
	EXPECT(refused > 0 && good > 0);
	an_undamaged_image_runs();
}

static unsigned int seed;

static unsigned int random_below(unsigned int limit)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % limit;
}

/* Words that make sums overflow, or lie at borders. */
static uint32_t random_word(void)
{
	static const uint32_t words[] = { 0,          1,          0xffff,     0x10000,
					  PAGE - 1,   PAGE,       BASE,       0x7fffffff,
					  0x80000000, 0xbffff000, 0xbfffffff, 0xc0000000,
					  0xffc00000, 0xfffff000, 0xffffffff };

	return random_below(4) ? words[random_below(sizeof(words) / sizeof(words[0]))]
			       : random_below(UINT32_MAX);
}

static void words_damaged_at_random(void)
{
	struct image image;

	seed = 4711 + ktap_seed() * 7919;
	for (int i = 0; i < RANDOM_RUNS; i++) {
		image = image_make();
		for (unsigned int k = 0; k <= random_below(3); k++) {
			uint32_t word = random_word();
			unsigned int at = offsetof(struct image, text);

			at += random_below(3 * sizeof(struct abi_elf_phdr) / 4) * 4;
			memcpy((char *)&image + at, &word, sizeof(word));
		}
		run(&image);
	}
	an_undamaged_image_runs();
}

static void scripts_of_random_bytes(void)
{
	char *const words[] = { (char *)"script", NULL };
	char text[64];

	seed = 99 + ktap_seed() * 7919;
	for (int i = 0; i < 200; i++) {
		int fd = open("script", O_WRONLY | O_CREAT | O_TRUNC, 0700), status;
		pid_t child;

		memcpy(text, "#!", 2);
		for (unsigned int k = 2; k < sizeof(text); k++)
			text[k] = " \t\n/.#!xa\0"[random_below(10)];
		EXPECT_EQ(write(fd, text, 2 + random_below(sizeof(text) - 2)) > 0, 1);
		close(fd);
		child = fork();
		if (child == 0) {
			execve("script", words, words + 1);
			_exit(REFUSED);
		}
		status = wait_patiently(child);
		EXPECT_EXIT(status, REFUSED);
		EXPECT_OK(unlink("script"));
	}
}

static const struct ktap_test tests[] = {
	KTAP(an_undamaged_image_runs),
	KTAP(every_single_byte_damaged),
	KTAP(words_damaged_at_random),
	KTAP(scripts_of_random_bytes),
};

KTAP_MAIN(tests)
