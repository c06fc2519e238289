/* SPDX-License-Identifier: MIT */
/* The 16550 serial port COM1: polled output, interrupt input. */
#ifndef DEV_UART_H
#define DEV_UART_H

#include "lib/types.h"

/* Programs the chip (115200 8N1, FIFO on), makes it the sink of the kernel log and
 * registers ttyS0, console and tty. False: no chip there. Interrupts on from
 * uart_enable_input (after the interrupt controller is up).
 */
bool uart_init(void);
int uart_enable_input(void);
void uart_write(const char *s, size_t n); /* polled, any context */

#endif
