/* The load generator: thousands of people on one core, speaking docs/protocol.md over WebSockets. */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define MEMBERS 8          /* of a session; the other seats only look on */
#define STEPS 6            /* of a member's round: three taps, and the three that take them back */
#define BUDGET 10          /* taps a person may send in ten seconds, as docs/protocol.md says */
#define BUDGET_NS 10200000000LL
#define RESERVE 3          /* of them, those that saturation leaves for what comes after it */
#define WAITING 64         /* taps that may wait for their session in open loop */

enum state { AWAY, CONNECTING, UPGRADING, GREETED, JOINING, IN };

struct client {
    int fd;
    enum state state;
    uint32_t session, source;    /* source: the loopback address it comes from, in network order */
    int member;                  /* 0 to 7, or -1 for somebody who never taps */
    char *cookie, *auth;
    char *held;                  /* a piece of a frame that has not come whole yet */
    size_t held_length, held_room;
    long number;                 /* of the newest panel */
    long number_before;          /* when the tap that is out was sent */
    unsigned steps;              /* taps acknowledged so far */
    uint64_t tap;                /* the tap that is out, or 0 */
    bool acknowledged;
    int64_t seen_at;             /* when her own panel showed it */
    int64_t sent[BUDGET];        /* when the last taps were sent */
    unsigned sent_at;
    long whole;                  /* the number of the whole panel that was asked for, or -1 */
    int64_t come_back_at;        /* when one that was refused tries again */
};

struct session {
    uint32_t members[MEMBERS];
    unsigned next;               /* whose turn to tap it is */
    bool busy;                   /* one tap at a time, so that a panel is known to be its tap's */
    int64_t since;               /* when the newest tap should have been sent */
    int64_t waiting[WAITING];    /* open loop: when those should have been sent that wait */
    unsigned waits_from, waits;
};

struct samples { uint32_t *microseconds; size_t count, room; };

/* What went wrong, and how much was done: all of it since the start, so that nothing is forgotten between phases. */
struct counts {
    uint64_t taps, acknowledged, deliveries, bytes, refused, regressed, skipped, lost, broken, again, overrun;
    char refusal[256];
};

struct world {
    int epoll, timer;
    uint16_t port;
    char run[32];
    struct client *clients;
    size_t client_count;
    struct session *sessions;
    size_t session_count;
    struct counts counts;
    struct samples own, all;     /* tap to the tapper's own panel; tap to every panel that it caused */
    bool recording, command_ready, keep_wholes, unlimited;
    unsigned reserve;
    size_t coming, in, out;      /* connections on their way; those that have their panel; taps that are out */
    int64_t last_news;
    FILE *wholes;
    void (*freed)(struct session *session);
};

extern struct world world;

int64_t now_ns(void);
void die(const char *what);
void sample(struct samples *samples, int64_t nanoseconds);

/* frames.c */
size_t frame_of_client(char *into, int opcode, const char *text, size_t length);
ptrdiff_t frame_of_server(const char *from, size_t length, int *opcode, const char **text, size_t *text_length);

/* client.c */
void client_connect(struct client *client);
void client_cut(struct client *client);
void client_say(struct client *client, const char *text, size_t length);
void client_event(struct client *client, uint32_t events);

/* heard.c */
void heard(struct client *client, const char *text, size_t length);

/* taps.c */
bool tap_some_member(struct session *session, int64_t since);
void tap_send_again(struct client *client);
void tap_done_perhaps(struct client *client);

/* phases.c */
void poll_once(int64_t until);
void obey(char *command);

#endif
