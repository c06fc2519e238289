/* SPDX-License-Identifier: MIT */
/* The 16550 serial port COM1, the terminal ttyS0. */
#ifndef DEV_UART_H
#define DEV_UART_H

#include "dev/tty.h"

/* Programs the chip (115200 8N1, FIFO on) and registers ttyS0. NULL: no chip there.
 * Until uart_enable_interrupts (the interrupt controller is up) output polls.
 */
struct tty *uart_init(void);
void uart_enable_interrupts(void);

/* For the log, whose lines end in \n alone: behind what programs wrote before. Polls;
 * any context.
 */
void uart_write_log(const char *s, size_t n);

/* Waits, polling, until all that was written has left the chip, or a second. */
void uart_flush(void);

#endif
