/* The floor: as little as a server can do and still do the work. One thread for the wire, one for commits. */
#ifndef FLOOR_H
#define FLOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEATS 12
#define KEY 64

struct seat {
    char id[64], cookie[128], key[128];
    int member, fd;              /* fd: -1 while nobody is connected */
    bool on[3], kept_on[3];      /* as tapped, and as it is on disk: nobody is shown anything else */
    unsigned long number, kept_number, joins;
    char last_tap[96];           /* acknowledged already: the same again changes nothing */
    struct job *pending;         /* its tap that is on its way to the disk */
    struct session *session;
};

struct session {
    char id[64];
    unsigned long revision;
    struct seat seats[SEATS];
    int seat_count;
};

/* What one tap leaves to be done: kept first, then said. */
struct job {
    struct job *next;
    struct session *session;
    struct seat *seat;
    unsigned long revision;
    char tap[96], *document;
    unsigned long number, joins; /* of the acknowledgement, and of the connection that waits for it */
    int panel_count;
    struct { struct seat *seat; unsigned long number; int bytes, what; bool on[3]; } panels[SEATS];
};

extern struct session *sessions;
extern int session_count, document_bytes, whole_bytes[SEATS];
extern struct { int seat, bytes; } deliveries[6][8][SEATS];

void read_work(const char *path);
struct seat *seat_of_cookie(const char *cookie, size_t length);
struct job *apply(struct seat *seat, const char *tap, size_t tap_length, int step, unsigned long number);
char *document_of(const struct session *session);

void open_store(const char *path);
void keep(struct job *job);
struct job *kept(void);          /* those that are on disk now, in order */
int kept_bell(void);

void accept_key(const char *key, char *into);

#endif
