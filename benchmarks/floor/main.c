/* floor WORK DATABASE PORT: raw WebSocket frames with just enough of Socket.IO in them for the generator. */
#include "floor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

struct wire {
    int fd;
    struct seat *seat;
    bool upgraded, joined;
    size_t held;
    char in[2048];
};

static const char *const STEP[6] = {"request_turn", "raise_break_signal", "open_ticket",
                                    "withdraw_turn", "settle_break_signal", "withdraw_ticket"};
static char message[1 << 18];

/* A person who does not read fast enough is cut: her page comes back for a whole panel. */
static void say(int fd, size_t length)
{
    char head[10] = {(char)0x81};
    size_t head_length = 2;
    if (length < 126) {
        head[1] = (char)length;
    } else if (length < 65536) {
        head[1] = 126, head[2] = (char)(length >> 8), head[3] = (char)length;
        head_length = 4;
    } else {
        head[1] = 127;
        for (int i = 0; i < 8; i++)
            head[2 + i] = (char)((uint64_t)length >> (56 - 8 * i));
        head_length = 10;
    }
    memcpy(message + 16 - head_length, head, head_length);
    if (fd >= 0 && send(fd, message + 16 - head_length, head_length + length, MSG_NOSIGNAL) != (ssize_t)(head_length + length))
        shutdown(fd, SHUT_RDWR);
}

static void say_text(int fd, const char *text)
{
    size_t length = strlen(text);
    memcpy(message + 16, text, length);
    say(fd, length);
}

static void say_panel(struct seat *seat, unsigned long number, const bool on[3], int what, int bytes)
{
    static const char *const region[] = {"turn", "break", "help", "room"};
    size_t length = (size_t)snprintf(message + 16, 512,
                                     "42[\"panel\",{\"number\":%lu,\"whole\":%s,\"views\":{\"%s\":{\"turn\":%d,\"break\":%d,"
                                     "\"ticket\":%d,\"rest\":\"",
                                     number, what == 3 ? "true" : "false", region[what], on[0], on[1], on[2]);
    if ((int)length + 4 < bytes) {
        memset(message + 16 + length, 'x', (size_t)bytes - length - 4);
        length = (size_t)bytes - 4;
    }
    memcpy(message + 16 + length, "\"}}}]", 5);
    say(seat->fd, length + 5);
}

static void say_whole(struct seat *seat)
{
    say_panel(seat, seat->kept_number, seat->kept_on, 3, whole_bytes[seat - seat->session->seats]);
}

static void finish(void)
{
    char text[64];
    for (struct job *job = kept(), *next; job; job = next) {
        next = job->next;
        strcpy(job->seat->last_tap, job->tap);
        job->seat->pending = NULL;
        snprintf(text, sizeof text, "43%lu[{\"ok\":true}]", job->number);
        if (job->joins == job->seat->joins)
            say_text(job->seat->fd, text);
        for (int i = 0; i < job->panel_count; i++) {
            job->panels[i].seat->kept_number = job->panels[i].number;
            memcpy(job->panels[i].seat->kept_on, job->panels[i].on, sizeof job->panels[i].on);
            say_panel(job->panels[i].seat, job->panels[i].number, job->panels[i].on, job->panels[i].what, job->panels[i].bytes);
        }
        free(job->document);
        free(job);
    }
}

static void tap(struct wire *wire, const char *text)
{
    char answer[64], id[81], name[41];
    unsigned long number;
    int step = 5;
    if (sscanf(text, "42%lu[\"tap\",{\"id\":\"%80[A-Za-z0-9_.-]\",\"name\":\"%40[a-z_]\"", &number, id, name) != 3)
        return (void)shutdown(wire->fd, SHUT_RDWR);
    while (step >= 0 && strcmp(STEP[step], name))
        step--;
    bool again = !strcmp(id, wire->seat->last_tap);
    struct job *job = wire->seat->pending;
    if (job && !strcmp(job->tap, id)) {  /* sent again on a new connection, while it is on its way to the disk */
        job->number = number;
        job->joins = wire->seat->joins;
        return;
    }
    job = again ? NULL : apply(wire->seat, id, strlen(id), step, number);
    if (job) {
        job->joins = wire->seat->joins;
        wire->seat->pending = job;
        return keep(job);
    }
    snprintf(answer, sizeof answer, "43%lu[{\"ok\":%s}]", number, again ? "true" : "false");
    say_text(wire->fd, answer);
}

static void join(struct wire *wire, const char *text)
{
    const char *key = strstr(text, "\"key\":\"");
    size_t length = strlen(wire->seat->key);
    if (!key || strncmp(key + 7, wire->seat->key, length) || key[7 + length] != '"')
        return say_text(wire->fd, "44{\"message\":\"no_access\"}");
    wire->joined = true;
    wire->seat->fd = wire->fd;
    wire->seat->joins++;
    say_text(wire->fd, "40{\"sid\":\"floor\"}");
    say_whole(wire->seat);
}

static void take(struct wire *wire, const char *text)
{
    if (!strncmp(text, "40", 2))
        join(wire, text);
    else if (wire->joined && !strncmp(text, "42[\"whole\"]", 11))
        say_whole(wire->seat);
    else if (wire->joined && !strncmp(text, "42", 2))
        tap(wire, text);
}

static bool upgrade(struct wire *wire)
{
    char answer[256], accepted[29];
    wire->in[wire->held] = 0;
    const char *key = strstr(wire->in, "Sec-WebSocket-Key: "), *cookie = strstr(wire->in, "Cookie: id=");
    if (!strstr(wire->in, "\r\n\r\n"))
        return true;
    wire->held = 0;
    if (!key || !cookie || !(wire->seat = seat_of_cookie(cookie + 11, strcspn(cookie + 11, ";\r")))) {
        send(wire->fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nready", 43, MSG_NOSIGNAL);
        return false;
    }
    accept_key(key + 19, accepted);
    int length = snprintf(answer, sizeof answer,
                          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: %s\r\n\r\n", accepted);
    wire->upgraded = send(wire->fd, answer, (size_t)length, MSG_NOSIGNAL) == length;
    say_text(wire->fd, "0{\"sid\":\"floor\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000}");
    return wire->upgraded;
}

/* One frame of fewer than 1,900 bytes, masked as the standard asks; how long it was, or 0 if it has not come whole. */
static size_t one_frame(struct wire *wire, size_t at)
{
    unsigned char *byte = (unsigned char *)wire->in + at;
    size_t left = wire->held - at, head = 6, length;
    char text[2048];
    if (left < 8)
        return 0;
    length = byte[1] & 127;
    if (length == 126) {
        length = (size_t)byte[2] << 8 | byte[3];
        head = 8;
    }
    if (length > 1900 || !(byte[1] & 0x80))
        shutdown(wire->fd, SHUT_RDWR);
    if (length > 1900 || left < head + length)
        return 0;
    for (size_t i = 0; i < length; i++)
        text[i] = (char)(byte[head + i] ^ byte[head - 4 + (i & 3)]);
    text[length] = 0;
    if ((byte[0] & 0xf) == 1)
        take(wire, text);
    return head + length;
}

static bool read_some(struct wire *wire)
{
    size_t used = 0, size;
    ssize_t more = recv(wire->fd, wire->in + wire->held, sizeof wire->in - 1 - wire->held, 0);
    if (more < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (more <= 0)
        return false;
    wire->held += (size_t)more;
    if (!wire->upgraded)
        return upgrade(wire);
    while ((size = one_frame(wire, used)))
        used += size;
    memmove(wire->in, wire->in + used, wire->held -= used);
    return true;
}

static void end(struct wire *wire)
{
    if (wire->seat && wire->seat->fd == wire->fd)
        wire->seat->fd = -1;
    close(wire->fd);
    free(wire);
}

static int listen_on(int port)
{
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 4096)) {
        perror("listen");
        exit(1);
    }
    return fd;
}

static void accept_all(int epoll, int listener)
{
    int fd, yes = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct wire *wire = calloc(1, sizeof *wire);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = wire};
        wire->fd = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

int main(int argc, char **argv)
{
    struct rlimit files;
    static int listening, bell;
    if (argc != 4)
        return 2;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    read_work(argv[1]);
    open_store(argv[2]);
    int epoll = epoll_create1(0), listener = listen_on(atoi(argv[3]));
    struct epoll_event events[256], listens = {.events = EPOLLIN, .data.ptr = &listening}, rings = {.events = EPOLLIN, .data.ptr = &bell};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &listens);
    epoll_ctl(epoll, EPOLL_CTL_ADD, kept_bell(), &rings);
    for (;;) {
        int count = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == &listening)
                accept_all(epoll, listener);
            else if (events[i].data.ptr == &bell)
                finish();
            else if (!read_some(events[i].data.ptr))
                end(events[i].data.ptr);
        }
    }
}
