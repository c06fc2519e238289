/* SPDX-License-Identifier: MIT */
/* Virtual consoles: each is an emulator (vt.h) and a terminal (tty.h); the one that
 * is shown has its changed rows drawn. Lock: vc_lock (rank CONSOLE) guards the
 * emulators, which is shown, and the screen; a panic goes without.
 */
#include "dev/vc.h"

#include "core/log.h"
#include "core/spinlock.h"
#include "dev/kbd.h"
#include "dev/vga.h"
#include "dev/vt.h"
#include "lib/string.h"
#include "sched/workq.h"

enum { TTY0_MINOR = 0, FIRST_MINOR = 1, TTY0_MODE = 0620 };

struct vc {
	struct tty tty;
	struct vt vt;            /* [vc_lock] */
	unsigned back;           /* [vc_lock] lines that the view is up in the history */
	struct work answer_work; /* vt's replies to programs become input */
};

static struct spinlock vc_lock = SPINLOCK_INIT(LOCK_CONSOLE);
static struct vc vcs[VC_COUNT];
static struct vc *shown; /* [vc_lock] NULL: no screen */

static_assert((int)VT_ROWS == (int)VGA_ROWS && (int)VT_COLUMNS == (int)VGA_COLUMNS,
	      "a console fills the screen");

/* True if the lock was taken: a dying machine goes without. */
static bool vc_enter(void)
{
	if (log_is_unlocked())
		return false;
	spin_lock(&vc_lock);
	return true;
}

static void vc_leave(bool locked)
{
	if (locked)
		spin_unlock(&vc_lock);
}

/* ---- the screen; the caller has called vc_enter ---- */

static void draw(struct vc *vc)
{
	const struct vt *vt = &vc->vt;

	if (vc != shown)
		return;
	for (unsigned row = 0; row < VT_ROWS; row++) {
		if (vt->dirty & BIT(row))
			vga_draw_row(row, vt_row(vt, row, vc->back));
	}
	vc->vt.dirty = 0;
	vga_set_cursor(vt->at.row, vt->at.column, !vt->cursor_hidden && vc->back == 0);
}

static void look_back(struct vc *vc, unsigned lines)
{
	if (vc->back == lines)
		return;
	vc->back = lines;
	vc->vt.dirty = UINT32_MAX;
}

static void show(struct vc *vc)
{
	shown = vc;
	vc->vt.dirty = UINT32_MAX;
	draw(vc);
}

/* ---- the terminal's side ---- */

static struct vc *vc_of(struct tty *t)
{
	return container_of(t, struct vc, tty);
}

static void screen_write(struct tty *t, const char *s, size_t n)
{
	struct vc *vc = vc_of(t);
	bool locked = vc_enter(), answers;

	look_back(vc, 0);
	vt_write(&vc->vt, s, n);
	answers = vc->vt.reply_length > 0;
	draw(vc);
	vc_leave(locked);
	if (answers)
		work_queue(&vc->answer_work);
}

static const struct tty_driver screen_driver = { .write = screen_write };

/* In a thread: what the emulator answered is as if it had been typed. */
static void take_answers(struct work *w)
{
	struct vc *vc = container_of(w, struct vc, answer_work);
	uint8_t bytes[VT_REPLY];
	bool locked = vc_enter();
	unsigned n = vc->vt.reply_length;

	memcpy(bytes, vc->vt.reply, n);
	vc->vt.reply_length = 0;
	vc_leave(locked);
	tty_input(&vc->tty, bytes, n);
}

/* In the default colours, and not as part of a sequence that a program has begun. */
void vc_write_log(const char *s, size_t n)
{
	static const struct vt_pen plain = { .fg = 7 };
	struct vc *vc = &vcs[0];
	bool locked = vc_enter();
	struct vt_pen pen = vc->vt.at.pen;
	enum vt_state state = vc->vt.state;

	look_back(vc, 0);
	vc->vt.at.pen = plain;
	vc->vt.state = VT_GROUND;
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\n')
			vt_write(&vc->vt, "\r", 1);
		vt_write(&vc->vt, s + i, 1);
	}
	vc->vt.at.pen = pen;
	vc->vt.state = state;
	draw(vc);
	vc_leave(locked);
}

/* ---- the keyboard's side ---- */

void vc_input(const uint8_t *bytes, size_t n)
{
	bool locked = vc_enter();
	struct vc *vc = shown;

	look_back(vc, 0);
	draw(vc);
	vc_leave(locked);
	tty_input(&vc->tty, bytes, n);
}

void vc_switch(unsigned number)
{
	bool locked = vc_enter();

	show(&vcs[number]);
	vc_leave(locked);
}

void vc_scroll(bool up)
{
	bool locked = vc_enter();
	unsigned back = shown->back, half = VT_ROWS / 2;

	look_back(shown, up ? MIN(back + half, shown->vt.history) : back - MIN(back, half));
	draw(shown);
	vc_leave(locked);
}

bool vc_application_keys(void)
{
	return READ_ONCE(READ_ONCE(shown)->vt.application_keys);
}

/* ---- start ---- */

static int open_shown(struct char_io *io)
{
	io->dev = &READ_ONCE(shown)->tty.chardev;
	return io->dev->ops->open(io);
}

static const struct chardev_ops tty0_ops = { .open = open_shown };
static struct chardev tty0 = { .name = "tty0", .mode = TTY0_MODE, .ops = &tty0_ops };

struct tty *vc_init(void)
{
	static const char *const names[VC_COUNT] = { "tty1", "tty2", "tty3", "tty4", "tty5" };

	if (!vga_init())
		return NULL;
	tty0.dev = dev_make(TTY_MAJOR, TTY0_MINOR);
	chardev_register(&tty0);
	for (unsigned i = 0; i < VC_COUNT; i++) {
		struct vc *vc = &vcs[i];

		tty_register(&vc->tty, names[i], FIRST_MINOR + i, &screen_driver);
		vc->tty.winsize.ws_row = VT_ROWS;
		vc->tty.termios.c_iflag |= IUTF8;
		vt_init(&vc->vt);
		work_init(&vc->answer_work, take_answers);
	}
	vc_switch(0);
	kbd_init();
	return &vcs[0].tty;
}
