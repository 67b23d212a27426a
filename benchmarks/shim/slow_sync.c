/* Lets every fsync and fdatasync of a process take as long as SLOW_SYNC_MICROSECONDS says, for all servers alike: what
 * the file itself takes is part of it, and only the rest is slept. The thread sleeps; it does not burn its core. */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

static long least;

__attribute__((constructor)) static void begin(void)
{
    const char *given = getenv("SLOW_SYNC_MICROSECONDS");
    least = given ? atol(given) : 0;
}

static int slowly(const char *name, int fd)
{
    struct timespec until;
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    clock_gettime(CLOCK_MONOTONIC, &until);
    int result = real(fd);
    if (result || !least)
        return result;
    until.tv_nsec += least % 1000000 * 1000;
    until.tv_sec += least / 1000000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    prctl(PR_SET_TIMERSLACK, 1);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL))
        ;
    return 0;
}

int fsync(int fd)
{
    return slowly("fsync", fd);
}

int fdatasync(int fd)
{
    return slowly("fdatasync", fd);
}
