/* The commands that the harness gives, one a line, each answered by one line of JSON. */
#include "load.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>

#define SECOND 1000000000LL
#define QUIET_NS (300 * SECOND / 1000)
#define DRAIN_NS (15 * SECOND)

static size_t most_out;          /* closed loop: how many taps are out at a time */
static int64_t sending_until;
static size_t *free_sessions, free_from, free_count;
static bool starved;

static void set_timer(int64_t at)
{
    struct itimerspec when = {.it_value = {at / SECOND, at % SECOND}};
    timerfd_settime(world.timer, TFD_TIMER_ABSTIME, &when, NULL);
}

/* Waits for news until then, and takes what there is. */
void poll_once(int64_t until)
{
    struct epoll_event events[512];
    set_timer(until > now_ns() ? until : 1);
    int count = epoll_wait(world.epoll, events, 512, -1);
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr == &world.command_ready)
            world.command_ready = true;
        else if (events[i].data.ptr)
            client_event(events[i].data.ptr, events[i].events);
    }
}

static int by_size(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

static void say_samples(const char *name, struct samples *samples)
{
    size_t n = samples->count;
    qsort(samples->microseconds, n, sizeof(uint32_t), by_size);
#define AT(share) (n ? samples->microseconds[(size_t)((double)(n - 1) * (share))] / 1000.0 : 0.0)
    printf(",\"%s\":{\"count\":%zu,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"max\":%.3f}", name, n, AT(.5), AT(.9),
           AT(.99), AT(1));
#undef AT
}

static int64_t own_cpu(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * SECOND + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000;
}

static struct counts counts_before;
static int64_t began_at, ended_at, cpu_before, cpu_after;

static void begin(void)
{
    counts_before = world.counts;
    world.own.count = world.all.count = 0;
    world.recording = true;
    starved = false;
    began_at = now_ns();
    cpu_before = own_cpu();
}

static void stop_sending(void)
{
    world.freed = NULL;
    ended_at = now_ns();
    cpu_after = own_cpu();
}

static void say(struct counts at_end)
{
    const struct counts *c = &world.counts;
    double seconds = (double)(ended_at - began_at) / SECOND;
    world.recording = false;
    printf("{\"seconds\":%.6f,\"acknowledged\":%llu,\"deliveries\":%llu,\"bytes\":%llu,\"generator\":%.4f,\"starved\":%s",
           seconds, (unsigned long long)(at_end.acknowledged - counts_before.acknowledged),
           (unsigned long long)(at_end.deliveries - counts_before.deliveries),
           (unsigned long long)(at_end.bytes - counts_before.bytes), (double)(cpu_after - cpu_before) / SECOND / seconds,
           starved ? "true" : "false");
    say_samples("own", &world.own);
    say_samples("all", &world.all);
    printf(",\"so_far\":{\"taps\":%llu,\"acknowledged\":%llu,\"deliveries\":%llu,\"bytes\":%llu,\"refused\":%llu,"
           "\"regressed\":%llu,\"skipped\":%llu,\"lost\":%llu,\"broken\":%llu,\"again\":%llu,\"overrun\":%llu,"
           "\"in\":%zu,\"out\":%zu},\"refusal\":\"",
           (unsigned long long)c->taps, (unsigned long long)c->acknowledged, (unsigned long long)c->deliveries,
           (unsigned long long)c->bytes, (unsigned long long)c->refused, (unsigned long long)c->regressed,
           (unsigned long long)c->skipped, (unsigned long long)c->lost, (unsigned long long)c->broken,
           (unsigned long long)c->again, (unsigned long long)c->overrun, world.in, world.out);
    for (const char *at = c->refusal; *at; at++)
        putchar(*at == '"' || *at == '\\' || (unsigned char)*at < ' ' ? '\'' : *at);
    puts("\"}");
    fflush(stdout);
}

static void drain(int64_t at_most)
{
    int64_t until = now_ns() + at_most;
    while (world.out && now_ns() < until)
        poll_once(until);
}

static void settle(void)
{
    int64_t until = now_ns() + DRAIN_NS;
    drain(DRAIN_NS);
    while (now_ns() - world.last_news < QUIET_NS && now_ns() < until)
        poll_once(world.last_news + QUIET_NS);
}

/* Everybody who is away comes, so many at a time; who is refused comes again. */
static void bring(size_t at_once, double seconds)
{
    int64_t until = now_ns() + (int64_t)(seconds * SECOND);
    size_t next = 0;
    while (world.in < world.client_count && now_ns() < until) {
        int64_t now = now_ns();
        for (; world.coming < at_once && next < world.client_count; next++)
            if (world.clients[next].state == AWAY && world.clients[next].come_back_at <= now)
                client_connect(&world.clients[next]);
        poll_once(now + SECOND / 20);
        if (next == world.client_count && world.coming < at_once && world.in + world.coming < world.client_count)
            next = 0;
    }
}

static void give(struct session *session)
{
    free_sessions[(free_from + free_count++) % world.session_count] = (size_t)(session - world.sessions);
}

static struct session *take_free(void)
{
    struct session *session = &world.sessions[free_sessions[free_from]];
    free_from = (free_from + 1) % world.session_count;
    free_count--;
    return session;
}

/* Keeps so many taps out, from those sessions first that have waited longest. */
static void fill(void)
{
    for (size_t tries = free_count; tries && world.out < most_out && now_ns() < sending_until; tries--) {
        struct session *session = take_free();
        if (!tap_some_member(session, 0)) {
            give(session);
            starved = starved || tries == 1;
        }
    }
}

static void freed_closed(struct session *session)
{
    give(session);
    fill();
}

static void closed(size_t out, double seconds)
{
    begin();
    most_out = out;
    world.reserve = RESERVE;
    sending_until = began_at + (int64_t)(seconds * SECOND);
    free_from = free_count = 0;
    for (size_t i = 0; i < world.session_count; i++)
        give(&world.sessions[i]);
    world.freed = freed_closed;
    for (fill(); !starved && now_ns() < sending_until;)
        poll_once(sending_until);
    stop_sending();
    world.reserve = 0;
    struct counts at_end = world.counts;
    settle();
    say(at_end);
}

static void freed_open(struct session *session)
{
    if (session->waits && tap_some_member(session, session->waiting[session->waits_from % WAITING])) {
        session->waits--;
        session->waits_from++;
    }
}

static void tap_or_wait(struct session *session, int64_t since)
{
    if (!session->busy && !session->waits && tap_some_member(session, since))
        return;
    if (session->waits == WAITING)
        world.counts.overrun++;
    else
        session->waiting[(session->waits_from + session->waits++) % WAITING] = since;
}

/* Taps come when they come, whether or not the server keeps up; each counts from when it should have been sent. */
static void open_loop(double rate, double seconds)
{
    size_t sent = 0, all = (size_t)(rate * seconds), stride = world.session_count * 5 / 8 | 1;
    begin();
    world.freed = freed_open;
    while (sent < all) {
        int64_t due = began_at + (int64_t)((double)sent / rate * SECOND);
        while (now_ns() < due)
            poll_once(due);
        tap_or_wait(&world.sessions[sent++ * stride % world.session_count], due);
    }
    settle();
    for (size_t i = 0; i < world.session_count; i++)
        world.counts.overrun += world.sessions[i].waits;
    stop_sending();
    say(world.counts);
}

/* The whole panel of everybody, for comparing it with what is on disk. */
static void wholes(const char *path)
{
    size_t left = world.client_count;
    int64_t until = now_ns() + 2 * DRAIN_NS;
    begin();
    world.keep_wholes = true;
    world.wholes = fopen(path, "w");
    for (size_t i = 0; i < world.client_count; i++)
        world.clients[i].whole = -1;
    for (size_t i = 0; i < world.client_count; i++) {
        if (world.clients[i].state == IN)
            client_say(&world.clients[i], "42[\"whole\"]", 11);
        if (i % 32 == 31)
            poll_once(now_ns() + SECOND / 500);
    }
    while (left && now_ns() < until) {
        poll_once(now_ns() + SECOND / 50);
        for (left = world.client_count; left && world.clients[left - 1].whole >= 0;)
            left--;
    }
    stop_sending();
    world.keep_wholes = false;
    fclose(world.wholes);
    world.wholes = NULL;
    say(world.counts);
}

static void numbers(const char *path)
{
    FILE *file = fopen(path, "w");
    for (size_t i = 0; file && i < world.client_count; i++)
        fprintf(file, "%ld %u\n", world.clients[i].number, world.clients[i].steps);
    begin();
    if (file)
        fclose(file);
    stop_sending();
    say(world.counts);
}

/* All are cut at once, some with a tap just sent, and all come back at once. */
static void storm(size_t with_taps, double seconds)
{
    for (size_t i = 0; i < world.session_count && i < with_taps; i++)
        tap_some_member(&world.sessions[i], 0);
    begin();
    for (size_t i = 0; i < world.client_count; i++) {
        client_cut(&world.clients[i]);
        world.clients[i].come_back_at = 0;
    }
    bring(world.client_count, seconds);
    stop_sending();
    settle();
    say(world.counts);
}

void obey(char *command)
{
    double a = 0, b = 0;
    char word[16] = "", path[512] = "";
    free_sessions = free_sessions ? free_sessions : calloc(world.session_count, sizeof *free_sessions);
    if (sscanf(command, "%15s %lf %lf", word, &a, &b) < 1)
        return;
    sscanf(command, "%*s %511s", path);
    if (!strcmp(word, "connect")) {
        begin();
        bring((size_t)a, b);
        stop_sending();
        settle();
        say(world.counts);
    } else if (!strcmp(word, "closed")) {
        closed((size_t)a, b);
    } else if (!strcmp(word, "open")) {
        open_loop(a, b);
    } else if (!strcmp(word, "storm")) {
        storm((size_t)a, b);
    } else if (!strcmp(word, "wholes")) {
        wholes(path);
    } else if (!strcmp(word, "numbers")) {
        numbers(path);
    } else {
        exit(0);
    }
}
