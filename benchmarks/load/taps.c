/* Who taps what, and when a tap is done: acknowledged, and its own panel seen. */
#include "load.h"

#include <string.h>

static const char *const STEP[STEPS] = {
    "\"request_turn\",\"fields\":{}",
    "\"raise_break_signal\",\"fields\":{\"strength\":\"few_minutes\"}",
    "\"open_ticket\",\"fields\":{\"kind\":\"cannot_hear\"}",
    "\"withdraw_turn\",\"fields\":{}",
    "\"settle_break_signal\",\"fields\":{}",
    "\"withdraw_ticket\",\"fields\":{}",
};

/* Neighbours begin with different taps, so that a server that does few has done some of each kind. */
static const char *step_of(const struct client *client)
{
    unsigned kind = (client->steps + (unsigned)client->member) % 3;
    return STEP[client->steps % STEPS < 3 ? kind : 3 + kind];
}

static bool may_tap(const struct client *client, int64_t now)
{
    int64_t oldest = client->sent[(client->sent_at + world.reserve) % BUDGET];
    return client->state == IN && !client->tap && (world.unlimited || !oldest || now - oldest > BUDGET_NS);
}

static void say_tap(struct client *client)
{
    char text[256];
    int length = snprintf(text, sizeof text, "42%llu[\"tap\",{\"id\":\"%s-%llu\",\"name\":%s}]",
                          (unsigned long long)client->tap, world.run, (unsigned long long)client->tap,
                          step_of(client));
    client_say(client, text, (size_t)length);
}

static void tap_now(struct client *client, int64_t since)
{
    struct session *session = &world.sessions[client->session];
    session->busy = true;
    session->since = since;
    client->tap = ++world.counts.taps;
    client->acknowledged = false;
    client->seen_at = 0;
    client->number_before = client->number;
    client->sent[client->sent_at++ % BUDGET] = now_ns();
    world.out++;
    say_tap(client);
}

/* The next member of this session who may. False if there is none just now. */
bool tap_some_member(struct session *session, int64_t since)
{
    int64_t now = now_ns();
    for (unsigned tried = 0; tried < MEMBERS; tried++) {
        struct client *client = &world.clients[session->members[session->next++ % MEMBERS]];
        if (may_tap(client, now)) {
            tap_now(client, since ? since : now);
            return true;
        }
    }
    return false;
}

/* She came back before her tap was answered: the same tap, with the same id. */
void tap_send_again(struct client *client)
{
    say_tap(client);
}

void tap_done_perhaps(struct client *client)
{
    struct session *session = &world.sessions[client->session];
    if (!client->tap || !client->acknowledged || !client->seen_at)
        return;
    if (world.recording)
        sample(&world.own, client->seen_at - session->since);
    client->tap = 0;
    client->steps++;
    session->busy = false;
    world.out--;
    if (world.freed)
        world.freed(session);
}
