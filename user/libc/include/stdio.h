/* SPDX-License-Identifier: MIT */
/* Buffered streams and formatted text. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <sys/types.h>

#define EOF (-1)
#define BUFSIZ 4096
#define FILENAME_MAX 4096
#define FOPEN_MAX 1000

#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2

#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2

typedef struct __file FILE;

FILE *__stdin_file(void);
FILE *__stdout_file(void);
FILE *__stderr_file(void);

#define stdin __stdin_file()
#define stdout __stdout_file()
#define stderr __stderr_file()

#define __printf_like(text, first) __attribute__((format(printf, text, first)))
#define __scanf_like(text, first) __attribute__((format(scanf, text, first)))

FILE *fopen(const char *restrict path, const char *restrict mode);
FILE *fdopen(int fd, const char *mode);
FILE *freopen(const char *restrict path, const char *restrict mode, FILE *restrict f);
int fclose(FILE *f);
int fflush(FILE *f);
int fileno(FILE *f);
int feof(FILE *f);
int ferror(FILE *f);
void clearerr(FILE *f);
int setvbuf(FILE *restrict f, char *restrict buffer, int mode, size_t size);
void setbuf(FILE *restrict f, char *restrict buffer);
void setlinebuf(FILE *f);

size_t fread(void *restrict to, size_t size, size_t count, FILE *restrict f);
size_t fwrite(const void *restrict from, size_t size, size_t count, FILE *restrict f);
int fgetc(FILE *f);
int getc(FILE *f);
int getchar(void);
int ungetc(int c, FILE *f);
char *fgets(char *restrict to, int size, FILE *restrict f);
ssize_t getline(char **restrict line, size_t *restrict size, FILE *restrict f);
ssize_t getdelim(char **restrict line, size_t *restrict size, int end, FILE *restrict f);
int fputc(int c, FILE *f);
int putc(int c, FILE *f);
int putchar(int c);
int fputs(const char *restrict s, FILE *restrict f);
int puts(const char *s);
int fseek(FILE *f, long offset, int whence);
long ftell(FILE *f);
int fseeko(FILE *f, off_t offset, int whence);
off_t ftello(FILE *f);
void rewind(FILE *f);

#define getc_unlocked getc
#define getchar_unlocked getchar
#define putc_unlocked putc
#define putchar_unlocked putchar

/* d i u o x X c s p n %, flags - + space # 0, width and precision (also *),
 * lengths hh h l ll j z t. No floating point. */
int printf(const char *restrict format, ...) __printf_like(1, 2);
int fprintf(FILE *restrict f, const char *restrict format, ...) __printf_like(2, 3);
int dprintf(int fd, const char *restrict format, ...) __printf_like(2, 3);
int sprintf(char *restrict to, const char *restrict format, ...) __printf_like(2, 3);
int snprintf(char *restrict to, size_t size, const char *restrict format, ...) __printf_like(3, 4);
int asprintf(char **restrict to, const char *restrict format, ...) __printf_like(2, 3);
int vprintf(const char *restrict format, va_list args) __printf_like(1, 0);
int vfprintf(FILE *restrict f, const char *restrict format, va_list args) __printf_like(2, 0);
int vdprintf(int fd, const char *restrict format, va_list args) __printf_like(2, 0);
int vsprintf(char *restrict to, const char *restrict format, va_list args) __printf_like(2, 0);
int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list args)
	__printf_like(3, 0);
int vasprintf(char **restrict to, const char *restrict format, va_list args) __printf_like(2, 0);

/* d i u o x c s [ n %, width, *, lengths as printf. */
int sscanf(const char *restrict text, const char *restrict format, ...) __scanf_like(2, 3);
int vsscanf(const char *restrict text, const char *restrict format, va_list args)
	__scanf_like(2, 0);

void perror(const char *what);
int remove(const char *path);
int rename(const char *from, const char *to);
int renameat(int from_fd, const char *from, int to_fd, const char *to);
int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned int flags);

#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE 2
