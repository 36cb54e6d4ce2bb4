// System V message queues, semaphores and shared memory.
#include "check.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

union semun {
    int val;
    struct semid_ds *buf;
    unsigned short *array;
    struct seminfo *info;
};

static void messages(void)
{
    struct { long type; char text[16]; } out = {3, "third"}, in;
    struct msqid_ds about;
    int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    CHECK(queue >= 0);
    CHECK(msgsnd(queue, &out, 6, 0) == 0);
    out.type = 1;
    strcpy(out.text, "first");
    CHECK(msgsnd(queue, &out, 6, 0) == 0);
    CHECK(msgctl(queue, IPC_STAT, &about) == 0);
    CHECK(about.msg_qnum == 2 && about.msg_lspid == getpid() && about.msg_perm.mode == 0600);
    CHECK(about.msg_perm.uid == geteuid() && about.msg_ctime > 1000000000);
    CHECK(msgrcv(queue, &in, sizeof in.text, 1, 0) == 6 && in.type == 1 && strcmp(in.text, "first") == 0);
    FAILS(msgrcv(queue, &in, 3, 0, 0), E2BIG);
    CHECK(msgrcv(queue, &in, 3, 0, MSG_NOERROR) == 3 && in.type == 3 && memcmp(in.text, "thi", 3) == 0);
    FAILS(msgrcv(queue, &in, sizeof in.text, 0, IPC_NOWAIT), ENOMSG);
    FAILS(syscall(SYS_msgrcv, queue, &in, -1L, 0, IPC_NOWAIT), EINVAL);
    FAILS(msgsnd(queue, NOWHERE, 6, 0), EFAULT);
    FAILS(msgsnd(queue, &out, -1L, 0), EINVAL);
    out.type = 0;
    FAILS(msgsnd(queue, &out, 6, 0), EINVAL);
    FAILS(msgctl(queue, IPC_STAT, NOWHERE), EFAULT);
    FAILS(msgctl(queue, IPC_STAT, OUTSIDE), EFAULT);
    about.msg_perm.mode = 0640;
    CHECK(msgctl(queue, IPC_SET, &about) == 0);
    CHECK(msgctl(queue, IPC_STAT, &about) == 0 && about.msg_perm.mode == 0640);
    struct msginfo limits;
    CHECK(msgctl(0, IPC_INFO, (void *)&limits) >= 0 && limits.msgmax > 0);
    CHECK(msgctl(queue, IPC_RMID, NULL) == 0);
    FAILS(msgctl(queue, IPC_STAT, &about), EINVAL);
}

static void semaphores(void)
{
    struct semid_ds about = {0};
    unsigned short values[3] = {1, 2, 3}, back[3];
    int set = semget(IPC_PRIVATE, 3, IPC_CREAT | 0600);
    CHECK(set >= 0);
    CHECK_RISCV(sizeof about == 88);
    CHECK(semctl(set, 0, SETALL, (union semun){.array = values}) == 0);
    CHECK(semctl(set, 0, GETALL, (union semun){.array = back}) == 0 && memcmp(values, back, sizeof back) == 0);
    CHECK(semctl(set, 1, GETVAL) == 2);
    CHECK(semctl(set, 1, SETVAL, (union semun){.val = 7}) == 0 && semctl(set, 1, GETVAL) == 7);
    CHECK(semctl(set, 0, IPC_STAT, (union semun){.buf = &about}) == 0);
    CHECK(about.sem_nsems == 3 && about.sem_perm.mode == 0600 && about.sem_ctime > 1000000000 && about.sem_otime == 0);
    struct sembuf take = {0, -1, 0}, give = {0, 1, 0}, zero = {0, 0, IPC_NOWAIT};
    CHECK(semop(set, &take, 1) == 0 && semop(set, &zero, 1) == 0);
    CHECK(semctl(set, 0, IPC_STAT, (union semun){.buf = &about}) == 0 && about.sem_otime > 1000000000);
    take.sem_flg = IPC_NOWAIT;
    FAILS(semop(set, &take, 1), EAGAIN);
    take.sem_flg = 0;
    struct timespec soon = {0, 20000000};
    FAILS(semtimedop(set, &take, 1, &soon), EAGAIN);
    FAILS(semop(set, NOWHERE, 1), EFAULT);
    FAILS(semop(set, &take, 0), EINVAL);
    soon.tv_nsec = -1;
    FAILS(semtimedop(set, &take, 1, &soon), EINVAL);
    FAILS(semctl(set, 0, IPC_STAT, (union semun){.buf = NOWHERE}), EFAULT);
    FAILS(semctl(set, 9, GETVAL), EINVAL);

    // A child takes what the parent gives.
    pid_t child = fork();
    if (child == 0)
        _exit(semop(set, &take, 1) == 0 ? 0 : 1);
    while (semctl(set, 0, GETNCNT) == 0)
        sched_yield();
    int status;
    CHECK(semop(set, &give, 1) == 0 && waitpid(child, &status, 0) == child && status == 0);
    CHECK(semctl(set, 0, GETPID) == child);
    about.sem_perm.mode = 0644;
    CHECK(semctl(set, 0, IPC_SET, (union semun){.buf = &about}) == 0);
    CHECK(semctl(set, 0, IPC_STAT, (union semun){.buf = &about}) == 0 && about.sem_perm.mode == 0644);
    struct seminfo limits;
    CHECK(semctl(0, 0, IPC_INFO, (union semun){.info = &limits}) >= 0 && limits.semmsl > 0);
    CHECK(semctl(set, 0, IPC_RMID) == 0);
    FAILS(semctl(set, 0, GETVAL), EINVAL);
}

static int is_mapped(const void *at)
{
    unsigned char in_core;
    return mincore((void *)at, 4096, &in_core) == 0;
}

static void segments(void)
{
    struct shmid_ds about;
    int id = shmget(IPC_PRIVATE, 5000, IPC_CREAT | 0600);
    CHECK(id >= 0);
    char *p = shmat(id, NULL, 0);
    CHECK(p != (void *)-1 && p[0] == 0 && p[8191] == 0);
    char *q = shmat(id, NULL, SHM_RDONLY);
    CHECK(q != (void *)-1 && q != p);
    strcpy(p, "seen");
    CHECK(strcmp(q, "seen") == 0);
    int zero = open("/dev/zero", O_RDONLY);
    FAILS(read(zero, q, 1), EFAULT);
    CHECK(shmctl(id, IPC_STAT, &about) == 0);
    CHECK(about.shm_segsz == 5000 && about.shm_nattch == 2 && about.shm_cpid == getpid() && about.shm_atime > 1000000000);

    pid_t child = fork();
    if (child == 0) {
        strcpy(p + 4096, "child");
        CHECK(shmdt(p) == 0);
        _exit(strcmp(q + 4096, "child") == 0 ? 0 : 1);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0 && strcmp(p + 4096, "child") == 0);

    // Addresses: given, rounded, taken, and in the middle of other memory.
    CHECK(shmdt(q) == 0 && !is_mapped(q));
    CHECK(shmat(id, q, 0) == q && strcmp(q, "seen") == 0);
    FAILS((long)shmat(id, q, 0), EINVAL);
    FAILS((long)shmat(id, p + 1, 0), EINVAL);
    FAILS((long)shmat(id, NULL, SHM_REMAP), EINVAL);
    FAILS((long)shmat(-1, NULL, 0), EINVAL);
    FAILS(shmdt(p + 4096), EINVAL);
    FAILS(shmdt(p + 1), EINVAL);
    CHECK(shmdt(q) == 0);
    char *room = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(room, 'r', 4 * 4096);
    CHECK(shmat(id, room + 4096 + 77, SHM_RND | SHM_REMAP) == room + 4096);
    CHECK(strcmp(room + 4096, "seen") == 0 && room[4095] == 'r' && room[3 * 4096] == 'r');
    // A part is protected, another one is mapped over: what is left is detached.
    CHECK(mprotect(room + 4096, 4096, PROT_READ) == 0);
    CHECK(mmap(room + 2 * 4096, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == room + 2 * 4096);
    CHECK(shmctl(id, IPC_STAT, &about) == 0 && about.shm_nattch == 2);
    CHECK(shmdt(room + 4096) == 0 && !is_mapped(room + 4096) && is_mapped(room + 2 * 4096));
    FAILS(shmdt(room + 4096), EINVAL);
    FAILS(shmdt(room), EINVAL);
    CHECK(shmctl(id, IPC_STAT, &about) == 0 && about.shm_nattch == 1);

    CHECK(shmctl(id, IPC_RMID, NULL) == 0);
    CHECK(strcmp(p, "seen") == 0 && shmdt(p) == 0);
    FAILS((long)shmat(id, NULL, 0), EINVAL);
    FAILS(shmctl(id, IPC_STAT, &about), EINVAL);
    struct shminfo limits;
    CHECK(shmctl(0, IPC_INFO, (void *)&limits) >= 0 && limits.shmmni > 0);
}

int main(void)
{
    messages();
    semaphores();
    segments();
    return 0;
}
