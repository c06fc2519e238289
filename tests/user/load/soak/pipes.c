/* SPDX-License-Identifier: MIT */
/* Processes that talk. */
#include "soak.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHUNK = 8192 };

/* So many bytes of a stream in pieces of any size. */
static int send(int fd, size_t bytes, struct random *r)
{
	unsigned char buffer[CHUNK];
	uint32_t seed = r->state;

	for (size_t sent = 0; sent < bytes;) {
		size_t piece = 1 + random_below(r, CHUNK);
		ssize_t n;

		if (piece > bytes - sent)
			piece = bytes - sent;
		stream_fill(buffer, piece, seed, sent);
		n = write(fd, buffer, piece);
		if (n <= 0)
			return CHILD_WRONG;
		sent += (size_t)n;
	}
	return CHILD_FINE;
}

static bool pipe_bulk(struct random *r)
{
	size_t bytes = random_below(r, 200000), got = 0;
	unsigned char buffer[CHUNK];
	struct random theirs = *r;
	int fds[2];
	pid_t child;
	ssize_t n;

	CHECK(pipe(fds) == 0);
	child = fork();
	if (child == 0) {
		close(fds[0]);
		_exit(send(fds[1], bytes, &theirs));
	}
	close(fds[1]);
	while ((n = read(fds[0], buffer, 1 + random_below(r, CHUNK))) > 0) {
		CHECK(stream_matches(buffer, (size_t)n, theirs.state, got));
		got += (size_t)n;
	}
	close(fds[0]);
	CHECK(n == 0);
	CHECK(got == bytes);
	return soak_child_ends(child, 0);
}

static bool pipe_pingpong(struct random *r)
{
	int there[2], back[2];
	unsigned int rounds = 1 + random_below(r, 100), word;
	pid_t child;

	CHECK(pipe(there) == 0);
	CHECK(pipe(back) == 0);
	child = fork();
	if (child == 0) {
		close(there[1]);
		while (read(there[0], &word, sizeof(word)) == sizeof(word)) {
			word ^= 0x5a5a5a5a;
			write(back[1], &word, sizeof(word));
		}
		_exit(CHILD_FINE);
	}
	close(there[0]);
	for (unsigned int i = 0; i < rounds; i++) {
		CHECK(write(there[1], &i, sizeof(i)) == sizeof(i));
		CHECK(read(back[0], &word, sizeof(word)) == sizeof(word));
		CHECK(word == (i ^ 0x5a5a5a5a));
	}
	close(there[1]);
	close(back[0]);
	close(back[1]);
	return soak_child_ends(child, 0);
}

/* Many writers, one reader: small writes are never mixed. */
static bool pipe_of_many(struct random *r)
{
	enum { WRITERS = 4, LINES = 20 };
	unsigned int seen[WRITERS] = { 0 }, line[4];
	pid_t child[WRITERS];
	int fds[2];

	(void)r;
	CHECK(pipe(fds) == 0);
	for (unsigned int i = 0; i < WRITERS; i++) {
		child[i] = fork();
		if (child[i] == 0) {
			for (unsigned int n = 0; n < LINES; n++) {
				unsigned int words[4] = { i, n, ~i, ~n };

				if (write(fds[1], words, sizeof(words)) != sizeof(words))
					_exit(CHILD_WRONG);
			}
			_exit(CHILD_FINE);
		}
	}
	close(fds[1]);
	while (read(fds[0], line, sizeof(line)) == sizeof(line)) {
		CHECK(line[0] < WRITERS && line[2] == ~line[0] && line[3] == ~line[1]);
		CHECK(line[1] == seen[line[0]]++);
	}
	close(fds[0]);
	for (unsigned int i = 0; i < WRITERS; i++) {
		CHECK(seen[i] == LINES);
		CHECK(soak_child_ends(child[i], 0));
	}
	return true;
}

static bool poll_for_a_child(struct random *r)
{
	struct pollfd polled[2];
	int fds[2][2];
	unsigned int which = random_below(r, 2), delay = random_below(r, 2000);
	char c;
	pid_t child;

	CHECK(pipe(fds[0]) == 0);
	CHECK(pipe(fds[1]) == 0);
	child = fork();
	if (child == 0) {
		usleep(delay);
		_exit(write(fds[which][1], "p", 1) == 1 ? CHILD_FINE : CHILD_WRONG);
	}
	for (unsigned int i = 0; i < 2; i++)
		polled[i] = (struct pollfd){ .fd = fds[i][0], .events = POLLIN };
	CHECK(poll(polled, 2, -1) == 1);
	CHECK(polled[which].revents == POLLIN);
	CHECK(read(fds[which][0], &c, 1) == 1 && c == 'p');
	for (unsigned int i = 0; i < 4; i++)
		close(fds[i / 2][i % 2]);
	return soak_child_ends(child, 0);
}

static bool nobody_reads(struct random *r)
{
	static char page[4096];
	int fds[2];
	pid_t child;

	(void)r;
	CHECK(pipe(fds) == 0);
	child = fork();
	if (child == 0) {
		close(fds[0]);
		for (;;)
			write(fds[1], page, sizeof(page));
	}
	close(fds[1]);
	CHECK(read(fds[0], page, 1) == 1);
	close(fds[0]);
	return soak_child_ends(child, SIGPIPE);
}

const struct operation pipe_operations[] = {
	{ "pipe_bulk", pipe_bulk, 6 },       { "pipe_pingpong", pipe_pingpong, 8 },
	{ "pipe_of_many", pipe_of_many, 3 }, { "poll_for_a_child", poll_for_a_child, 5 },
	{ "nobody_reads", nobody_reads, 4 }, { NULL, NULL, 0 },
};
