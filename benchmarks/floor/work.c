/* The work of one tap: the rule, what is stored, and whose view is another now. */
#include "floor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct session *sessions;
int session_count, document_bytes = 1000, whole_bytes[SEATS];
typeof(deliveries) deliveries;

static const char FLAG[3][8] = {"turn", "break", "ticket"};

static struct session *session_with(const char *id)
{
    if (session_count && !strcmp(sessions[session_count - 1].id, id))
        return &sessions[session_count - 1];
    snprintf(sessions[session_count].id, sizeof sessions->id, "%s", id);
    return &sessions[session_count++];
}

static void add_seat(const char *line)
{
    char id[64];
    struct seat seat = {.fd = -1};
    if (sscanf(line, "P %63s %63s %127s %127s %d", id, seat.id, seat.cookie, seat.key, &seat.member) != 5)
        exit(2);
    seat.session = session_with(id);
    seat.session->seats[seat.session->seat_count++] = seat;
}

static void add_delivery(const char *line)
{
    int step, member, seat, bytes, at = 0;
    if (sscanf(line, "D %d %d %d %d", &step, &member, &seat, &bytes) != 4)
        exit(2);
    while (deliveries[step][member][at].bytes)
        at++;
    deliveries[step][member][at].seat = seat;
    deliveries[step][member][at].bytes = bytes;
}

/* Lines made by the harness: N sessions, P people, D deliveries, W whole panels, B bytes of the document. */
void read_work(const char *path)
{
    char line[1024];
    int seat = 0, count = 0;
    FILE *file = fopen(path, "r");
    if (!file)
        exit(2);
    while (fgets(line, sizeof line, file)) {
        if (line[0] == 'N' && sscanf(line, "N %d", &count) == 1)
            sessions = calloc((size_t)count, sizeof *sessions);
        else if (line[0] == 'P')
            add_seat(line);
        else if (line[0] == 'D')
            add_delivery(line);
        else if (line[0] == 'W')
            whole_bytes[seat++] = atoi(line + 2);
        else if (line[0] == 'B')
            document_bytes = atoi(line + 2);
    }
    fclose(file);
}

/* Looked for one after the other: only who connects is looked for, never who taps. */
struct seat *seat_of_cookie(const char *cookie, size_t length)
{
    for (int i = 0; i < session_count; i++)
        for (int j = 0; j < sessions[i].seat_count; j++)
            if (strlen(sessions[i].seats[j].cookie) == length && !memcmp(sessions[i].seats[j].cookie, cookie, length))
                return &sessions[i].seats[j];
    return NULL;
}

char *document_of(const struct session *session)
{
    size_t room = (size_t)document_bytes + 4096, length;
    char *text = malloc(room);
    length = (size_t)snprintf(text, room, "{\"id\":\"%s\",\"revision\":%lu,\"seats\":[", session->id, session->revision);
    for (int i = 0; i < session->seat_count; i++) {
        const struct seat *seat = &session->seats[i];
        length += (size_t)snprintf(text + length, room - length, "%s{\"id\":\"%s\",\"number\":%lu", i ? "," : "", seat->id,
                                   seat->number);
        for (int flag = 0; flag < 3; flag++)
            length += (size_t)snprintf(text + length, room - length, ",\"%s\":%s", FLAG[flag], seat->on[flag] ? "true" : "false");
        text[length++] = '}';
    }
    length += (size_t)snprintf(text + length, room - length, "],\"rest\":\"");
    while (length < (size_t)document_bytes)
        text[length++] = 'x';
    memcpy(text + length, "\"}", 3);
    return text;
}

/* What is left to be done for a tap, or nothing: it is refused. */
struct job *apply(struct seat *seat, const char *tap, size_t tap_length, int step, unsigned long number)
{
    int what = step % 3;
    bool on = step < 3;
    if (step < 0 || seat->member < 0 || seat->on[what] == on || tap_length < 8 || tap_length > 80)
        return NULL;
    struct job *job = calloc(1, sizeof *job);
    seat->on[what] = on;
    job->session = seat->session;
    job->seat = seat;
    job->number = number;
    job->revision = ++seat->session->revision;
    memcpy(job->tap, tap, tap_length);
    for (int i = 0; i < SEATS && deliveries[step][seat->member][i].bytes; i++) {
        struct seat *seen = &seat->session->seats[deliveries[step][seat->member][i].seat];
        job->panels[i].seat = seen;
        job->panels[i].number = ++seen->number;
        job->panels[i].bytes = deliveries[step][seat->member][i].bytes;
        job->panels[i].what = what;
        memcpy(job->panels[i].on, seen->on, sizeof seen->on);
        job->panel_count++;
    }
    job->document = document_of(seat->session);
    return job;
}
