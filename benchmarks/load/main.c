/* load PORT RUN PEOPLE limited|unlimited: one line of PEOPLE is session, loopback address, member (0 to 7 or -1), cookie and auth, with
 * tabs between them. Commands come in by standard input; see phases.c. */
#include "load.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct world world;

int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

void die(const char *what)
{
    perror(what);
    exit(1);
}

void sample(struct samples *samples, int64_t nanoseconds)
{
    if (samples->count == samples->room) {
        samples->room = samples->room ? samples->room * 2 : 65536;
        samples->microseconds = realloc(samples->microseconds, samples->room * sizeof(uint32_t));
        if (!samples->microseconds)
            die("memory");
    }
    samples->microseconds[samples->count++] = (uint32_t)(nanoseconds / 1000);
}

static struct client *one_more(void)
{
    if (world.client_count % 1024 == 0) {
        world.clients = realloc(world.clients, (world.client_count + 1024) * sizeof *world.clients);
        if (!world.clients)
            die("memory");
    }
    return memset(&world.clients[world.client_count++], 0, sizeof *world.clients);
}

static void read_people(const char *path)
{
    char source[32], cookie[512], auth[512];
    unsigned session;
    int member;
    FILE *file = fopen(path, "r");
    if (!file)
        die(path);
    while (fscanf(file, "%u\t%31s\t%d\t%511s\t%511[^\n]", &session, source, &member, cookie, auth) == 5) {
        struct client *client = one_more();
        *client = (struct client){.fd = -1, .session = session, .source = inet_addr(source), .member = member,
                                  .cookie = strdup(cookie), .auth = strdup(auth), .number = -1};
        if (session >= world.session_count)
            world.session_count = session + 1;
    }
    fclose(file);
}

static void seat_members(void)
{
    world.sessions = calloc(world.session_count, sizeof *world.sessions);
    for (size_t i = 0; i < world.client_count; i++)
        if (world.clients[i].member >= 0)
            world.sessions[world.clients[i].session].members[world.clients[i].member] = (uint32_t)i;
}

static void watch(int fd, void *pointer)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = pointer};
    if (epoll_ctl(world.epoll, EPOLL_CTL_ADD, fd, &event))
        die("epoll_ctl");
}

static void read_command(void)
{
    static char line[1024];
    static size_t length;
    ssize_t more = read(0, line + length, sizeof line - 1 - length);
    if (more <= 0)
        exit(0);
    length += (size_t)more;
    line[length] = 0;
    if (strchr(line, '\n')) {
        length = 0;
        obey(line);
    }
}

int main(int argc, char **argv)
{
    struct rlimit files;
    if (argc != 5)
        return 2;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    world.port = (uint16_t)atoi(argv[1]);
    snprintf(world.run, sizeof world.run, "%s", argv[2]);
    world.unlimited = !strcmp(argv[4], "unlimited");
    read_people(argv[3]);
    seat_members();
    world.epoll = epoll_create1(EPOLL_CLOEXEC);
    world.timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    watch(world.timer, NULL);
    watch(0, &world.command_ready);
    puts("{\"ready\":true}");
    fflush(stdout);
    for (;;) {
        poll_once(now_ns() + 1000000000LL);
        if (world.command_ready) {
            world.command_ready = false;
            read_command();
        }
    }
}
