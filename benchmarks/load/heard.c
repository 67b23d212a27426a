/* What a server says: pings, greetings, acknowledgements and panels. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

static const char *find(const char *text, size_t length, const char *what)
{
    return memmem(text, length, what, strlen(what));
}

/* The servers write the number first or last; in the middle it could only be somebody's words. */
static const char *value_of(const char *text, size_t length, const char *name)
{
    size_t near = length < 160 ? length : 160;
    const char *found = find(text, near, name);
    if (!found)
        found = find(text + length - near, near, name);
    if (!found)
        return NULL;
    found += strlen(name);
    while (*found == ' ')
        found++;
    return found;
}

static void keep_whole(struct client *client, const char *text, size_t length)
{
    client->whole = client->number;
    if (world.wholes) {
        fprintf(world.wholes, "%zu\t", (size_t)(client - world.clients));
        fwrite(text, 1, length, world.wholes);
        fputc('\n', world.wholes);
    }
}

static void arrived_in(struct client *client)
{
    if (client->state == IN)
        return;
    client->state = IN;
    world.coming--;
    world.in++;
    if (client->tap && !client->acknowledged)
        tap_send_again(client);
}

static void count_delivery(struct client *client)
{
    struct session *session = &world.sessions[client->session];
    world.counts.deliveries++;
    if (world.recording && session->since)
        sample(&world.all, now_ns() - session->since);
}

static void panel(struct client *client, const char *text, size_t length)
{
    const char *number = value_of(text, length, "\"number\":"), *whole = value_of(text, length, "\"whole\":");
    long seen = number ? strtol(number, NULL, 10) : -1, before = client->number;
    bool is_whole = whole && *whole == 't';
    if (seen < 0 || !whole) {
        world.counts.broken++;
        return;
    }
    if (seen < before || (seen == before && !is_whole))
        world.counts.regressed++;
    else if (!is_whole && before >= 0 && seen > before + 1)
        world.counts.skipped++;
    client->number = seen;
    world.last_news = now_ns();
    if (client->tap && !client->seen_at && seen > client->number_before)
        client->seen_at = now_ns();
    if (!is_whole)
        count_delivery(client);
    else if (world.keep_wholes)
        keep_whole(client, text, length);
    arrived_in(client);
    tap_done_perhaps(client);
}

static void answer(struct client *client, const char *text, size_t length)
{
    uint64_t tap = strtoull(text, NULL, 10);
    world.last_news = now_ns();
    if (tap != client->tap || client->acknowledged) {
        world.counts.broken++;
        return;
    }
    if (!find(text, length, "\"ok\":true") && !find(text, length, "\"ok\": true")) {
        world.counts.refused++;
        snprintf(world.counts.refusal, sizeof world.counts.refusal, "%.*s", (int)(length < 250 ? length : 250), text);
    } else {
        world.counts.acknowledged++;
    }
    client->acknowledged = true;
    tap_done_perhaps(client);
}

void heard(struct client *client, const char *text, size_t length)
{
    char join[512];
    if (length == 1 && text[0] == '2') {
        client_say(client, "3", 1);
    } else if (length && text[0] == '0') {
        client->state = JOINING;
        client_say(client, join, (size_t)snprintf(join, sizeof join, "40%s", client->auth));
    } else if (length > 3 && !memcmp(text, "42[", 3)) {
        if (find(text, length < 16 ? length : 16, "\"panel\""))
            panel(client, text, length);
    } else if (length > 3 && !memcmp(text, "43", 2)) {
        answer(client, text + 2, length - 2);
    } else if (length >= 2 && !memcmp(text, "44", 2)) {
        snprintf(world.counts.refusal, sizeof world.counts.refusal, "%.*s", (int)(length < 250 ? length : 250), text);
        /* the server closes; coming back is counted there */
    }
}
