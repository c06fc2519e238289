/* SPDX-License-Identifier: MIT */
/* System calls: System V shared memory. The old gate ipc() leads to the same. */
#include "entry/decode.h"
#include "proc/shm.h"

SYSCALL_ABI int32_t sys_shmget(int32_t key, uint32_t size, uint32_t flags)
{
	return shm_get(key, size, flags);
}

SYSCALL_ABI int32_t sys_shmat(int32_t id, uaddr_t addr, uint32_t flags)
{
	vaddr_t at;
	int err = shm_attach(id, addr, flags, &at);

	return err ? err : (int32_t)at;
}

SYSCALL_ABI int32_t sys_shmdt(uaddr_t addr)
{
	return shm_detach(addr);
}

static int32_t control_stat(int32_t id, uaddr_t buf)
{
	struct abi_shmid_ds status;
	int err = shm_stat(id, &status);

	return err ? err : copy_to_user(buf, &status, sizeof(status));
}

static int32_t control_set(int32_t id, uaddr_t buf)
{
	struct abi_shmid_ds status;
	int err = copy_from_user(&status, buf, sizeof(status));

	return err ? err : shm_set(id, &status);
}

SYSCALL_ABI int32_t sys_shmctl(int32_t id, int32_t command, uaddr_t buf)
{
	switch (command) {
	case IPC_RMID:
		return shm_remove(id);
	case IPC_SET:
		return control_set(id, buf);
	case IPC_STAT:
		return control_stat(id, buf);
	case SHM_LOCK:
	case SHM_UNLOCK:
		return shm_set_locked(id, command == SHM_LOCK);
	default:
		return -EINVAL;
	}
}

/* shmat gives its address through a pointer here. */
static int32_t ipc_attach(int32_t id, uaddr_t addr, uint32_t flags, uaddr_t result)
{
	vaddr_t at;
	int err = shm_attach(id, addr, flags, &at);

	if (err)
		return err;
	err = put_user32(result, at);
	if (err)
		(void)!shm_detach(at); /* unless another thread has unmapped it */
	return err;
}

/* Without ABI_IPC_64 the program means structs older than any it can be linked with. */
static int32_t ipc_control(int32_t id, int32_t command, uaddr_t buf)
{
	bool with_struct = (command & ~ABI_IPC_64) != IPC_RMID;

	if (with_struct && !(command & ABI_IPC_64))
		return -EINVAL;
	return sys_shmctl(id, command & ~ABI_IPC_64, buf);
}

SYSCALL_ABI int32_t sys_ipc(uint32_t call, int32_t first, int32_t second, uint32_t third,
			    uaddr_t ptr)
{
	switch (call) {
	case ABI_IPC_SHMAT:
		return ipc_attach(first, ptr, (uint32_t)second, third);
	case ABI_IPC_SHMDT:
		return shm_detach(ptr);
	case ABI_IPC_SHMGET:
		return shm_get(first, (uint32_t)second, third);
	case ABI_IPC_SHMCTL:
		return ipc_control(first, second, ptr);
	default:
		return -ENOSYS;
	}
}
