/* One person's connection: opened, upgraded, read, cut. */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define AGAIN_NS 500000000LL  /* one that is refused comes back after half a second, as a page would after a while */

static char arrived[1 << 20];

static void leave(struct client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    if (client->state == IN)
        world.in--;
    else if (client->state != AWAY)
        world.coming--;
    client->fd = -1;
    client->state = AWAY;
    client->held_length = 0;
}

static void thrown_out(struct client *client)
{
    *(client->state == IN ? &world.counts.lost : &world.counts.again) += 1;
    leave(client);
    client->come_back_at = now_ns() + AGAIN_NS;
}

void client_connect(struct client *client)
{
    int yes = 1;
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = client->source};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(world.port)};
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = client};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client->fd < 0)
        die("socket");
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(client->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    if (bind(client->fd, (struct sockaddr *)&from, sizeof from))
        die("bind");
    client->state = CONNECTING;
    world.coming++;
    if (connect(client->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS)
        thrown_out(client);
    else if (epoll_ctl(world.epoll, EPOLL_CTL_ADD, client->fd, &event))
        die("epoll_ctl");
}

/* As when a phone loses the network for good: no farewell, a reset. */
void client_cut(struct client *client)
{
    struct linger none = {1, 0};
    if (client->fd >= 0)
        setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    leave(client);
}

static void write_all(struct client *client, const char *bytes, size_t length)
{
    if (send(client->fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length)
        thrown_out(client);
}

void client_say(struct client *client, const char *text, size_t length)
{
    char frame[4200];
    if (length + 14 > sizeof frame)
        die("too long a message");
    write_all(client, frame, frame_of_client(frame, 1, text, length));
}

static void upgrade(struct client *client)
{
    char request[1024];
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    int length = snprintf(request, sizeof request,
                          "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
                          "Host: 127.0.0.1:%u\r\nOrigin: http://127.0.0.1:%u\r\nCookie: %s\r\n"
                          "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: c2F5IHdoYXQgeW91IHNlZQ==\r\n\r\n",
                          world.port, world.port, client->cookie);
    client->state = UPGRADING;
    epoll_ctl(world.epoll, EPOLL_CTL_MOD, client->fd, &event);
    write_all(client, request, (size_t)length);
}

static size_t past_the_answer(struct client *client, const char *bytes, size_t length)
{
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end)
        return 0;
    if (length < 12 || memcmp(bytes + 9, "101", 3)) {
        thrown_out(client);
        return 0;
    }
    client->state = GREETED;
    return (size_t)(end - bytes) + 4;
}

static void take_frame(struct client *client, int opcode, const char *text, size_t length)
{
    char pong[160];
    if (opcode == 1)
        heard(client, text, length);
    else if (opcode == 9 && length < 126)
        write_all(client, pong, frame_of_client(pong, 10, text, length));
    else if (opcode == 8)
        thrown_out(client);
}

static size_t take(struct client *client, const char *bytes, size_t length)
{
    size_t used = client->state == UPGRADING ? past_the_answer(client, bytes, length) : 0;
    while (client->state > UPGRADING) {
        int opcode;
        const char *text;
        size_t text_length;
        ptrdiff_t size = frame_of_server(bytes + used, length - used, &opcode, &text, &text_length);
        if (size < 0) {
            world.counts.broken++;
            thrown_out(client);
        }
        if (size <= 0)
            break;
        used += (size_t)size;
        take_frame(client, opcode, text, text_length);
    }
    return used;
}

static void hold(struct client *client, const char *bytes, size_t length)
{
    if (length > client->held_room) {
        client->held_room = length * 2;
        client->held = realloc(client->held, client->held_room);
        if (!client->held)
            die("memory");
    }
    memmove(client->held, bytes, length);
    client->held_length = length;
}

static void read_some(struct client *client)
{
    size_t before = client->held_length;
    ssize_t more;
    memcpy(arrived, client->held, before);
    more = recv(client->fd, arrived + before, sizeof arrived - before, 0);
    if (more < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (more <= 0) {
        thrown_out(client);
        return;
    }
    world.counts.bytes += (uint64_t)more;
    size_t length = before + (size_t)more, used = take(client, arrived, length);
    if (client->fd < 0)
        return;
    hold(client, arrived + used, length - used);
    if (client->held_length == 0 && client->held_room) {
        free(client->held);  /* an idle person costs nothing here, and nothing that could hide what she costs there */
        client->held = NULL;
        client->held_room = 0;
    }
}

void client_event(struct client *client, uint32_t events)
{
    if (client->fd < 0)
        return;
    if (client->state != CONNECTING)
        read_some(client);
    else if (events & (EPOLLERR | EPOLLHUP))
        thrown_out(client);
    else if (events & EPOLLOUT)
        upgrade(client);
}
