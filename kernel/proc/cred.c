/* SPDX-License-Identifier: MIT */
/* User and group identities. Users and groups follow the same rules on a triple
 * of real, effective and saved number; only which field they live in differs.
 */
#include "proc/cred.h"

#include "lib/errno.h"
#include "lib/string.h"
#include "proc/process.h"

enum { ID_NONE = -1 }; /* the number that nobody has: "leave it" */

struct triple {
	uint32_t real, effective, saved;
};

static bool is_none(uint32_t id)
{
	return id == (uint32_t)ID_NONE;
}

uid_t cred_current_uid(void)
{
	const struct process *p = process_current();

	return p ? p->cred.fsuid : 0;
}

static bool is_privileged(void)
{
	return process_current()->cred.euid == 0;
}

static struct triple users(void)
{
	const struct cred *c = &process_current()->cred;

	return (struct triple){ c->uid, c->euid, c->suid };
}

static struct triple groups(void)
{
	const struct cred *c = &process_current()->cred;

	return (struct triple){ c->gid, c->egid, c->sgid };
}

/* Who became another may know what that one must not see. */
static void effective_changed(struct process *p)
{
	p->dumpable = false;
	p->death_signal = 0;
}

/* Others look at our numbers under the lock (kill). */
static int users_set(const struct triple *t)
{
	struct process *p = process_current();

	spin_lock(&p->lock);
	if (p->cred.euid != t->effective)
		effective_changed(p);
	p->cred.uid = t->real;
	p->cred.euid = p->cred.fsuid = t->effective;
	p->cred.suid = t->saved;
	spin_unlock(&p->lock);
	return 0;
}

static int groups_set(const struct triple *t)
{
	struct process *p = process_current();

	spin_lock(&p->lock);
	if (p->cred.egid != t->effective)
		effective_changed(p);
	p->cred.gid = t->real;
	p->cred.egid = p->cred.fsgid = t->effective;
	p->cred.sgid = t->saved;
	spin_unlock(&p->lock);
	return 0;
}

/* setuid: all three for the privileged, else the effective one, to a number that
 * is the real or saved one.
 */
static int triple_set(struct triple *t, uint32_t id)
{
	if (is_none(id))
		return -EINVAL;
	if (is_privileged())
		t->real = t->saved = id;
	else if (id != t->real && id != t->saved)
		return -EPERM;
	t->effective = id;
	return 0;
}

/* setreuid: real to the real or effective one, effective to any of the three; the
 * saved one follows when the real one is set or the effective leaves it.
 */
static int triple_set_two(struct triple *t, uint32_t real, uint32_t effective)
{
	struct triple old = *t;

	if (!is_none(real)) {
		if (!is_privileged() && real != old.real && real != old.effective)
			return -EPERM;
		t->real = real;
	}
	if (!is_none(effective)) {
		if (!is_privileged() && effective != old.real && effective != old.effective &&
		    effective != old.saved)
			return -EPERM;
		t->effective = effective;
	}
	if (!is_none(real) || (!is_none(effective) && effective != old.real))
		t->saved = t->effective;
	return 0;
}

static bool triple_has(const struct triple *t, uint32_t id)
{
	return is_none(id) || id == t->real || id == t->effective || id == t->saved;
}

static int triple_set_three(struct triple *t, uint32_t real, uint32_t effective, uint32_t saved)
{
	if (!is_privileged() &&
	    !(triple_has(t, real) && triple_has(t, effective) && triple_has(t, saved)))
		return -EPERM;
	if (!is_none(real))
		t->real = real;
	if (!is_none(effective))
		t->effective = effective;
	if (!is_none(saved))
		t->saved = saved;
	return 0;
}

int cred_setuid(uid_t uid)
{
	struct triple t = users();
	int err = triple_set(&t, uid);

	return err ? err : users_set(&t);
}

int cred_setgid(gid_t gid)
{
	struct triple t = groups();
	int err = triple_set(&t, gid);

	return err ? err : groups_set(&t);
}

int cred_setreuid(uid_t ruid, uid_t euid)
{
	struct triple t = users();
	int err = triple_set_two(&t, ruid, euid);

	return err ? err : users_set(&t);
}

int cred_setregid(gid_t rgid, gid_t egid)
{
	struct triple t = groups();
	int err = triple_set_two(&t, rgid, egid);

	return err ? err : groups_set(&t);
}

int cred_setresuid(uid_t ruid, uid_t euid, uid_t suid)
{
	struct triple t = users();
	int err = triple_set_three(&t, ruid, euid, suid);

	return err ? err : users_set(&t);
}

int cred_setresgid(gid_t rgid, gid_t egid, gid_t sgid)
{
	struct triple t = groups();
	int err = triple_set_three(&t, rgid, egid, sgid);

	return err ? err : groups_set(&t);
}

int cred_setgroups(const gid_t *list, unsigned n)
{
	struct process *p = process_current();

	if (!is_privileged())
		return -EPERM;
	if (n > CRED_GROUPS)
		return -EINVAL;
	spin_lock(&p->lock);
	memcpy(p->cred.groups, list, n * sizeof(list[0]));
	p->cred.ngroups = n;
	spin_unlock(&p->lock);
	return 0;
}
