/* SQLite, WAL, synchronous=FULL, in a thread of its own: taps that come during a commit share the next one. */
#include "floor.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static sqlite3 *database;
static sqlite3_stmt *change, *add;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t news = PTHREAD_COND_INITIALIZER;
static struct job *waiting, **waiting_end = &waiting, *done, **done_end = &done;
static int bell;

static void run(const char *statement)
{
    if (sqlite3_exec(database, statement, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", statement, sqlite3_errmsg(database));
        exit(1);
    }
}

static sqlite3_stmt *prepared(const char *statement)
{
    sqlite3_stmt *made;
    if (sqlite3_prepare_v2(database, statement, -1, &made, NULL) != SQLITE_OK)
        exit(1);
    return made;
}

static void step(sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(database));
        exit(1);
    }
    sqlite3_reset(statement);
}

static void write_job(struct job *job)
{
    sqlite3_bind_int64(change, 1, (sqlite3_int64)job->revision);
    sqlite3_bind_text(change, 2, job->document, -1, SQLITE_STATIC);
    sqlite3_bind_text(change, 3, job->session->id, -1, SQLITE_STATIC);
    step(change);
    sqlite3_bind_text(add, 1, job->session->id, -1, SQLITE_STATIC);
    sqlite3_bind_text(add, 2, job->seat->id, -1, SQLITE_STATIC);
    sqlite3_bind_text(add, 3, job->tap, -1, SQLITE_STATIC);
    step(add);
}

static void *commit(void *nothing)
{
    for (;;) {
        pthread_mutex_lock(&guard);
        while (!waiting)
            pthread_cond_wait(&news, &guard);
        struct job *batch = waiting, **end = waiting_end;
        waiting = NULL;
        waiting_end = &waiting;
        pthread_mutex_unlock(&guard);
        run("BEGIN IMMEDIATE");
        for (struct job *job = batch; job; job = job->next)
            write_job(job);
        run("COMMIT");
        pthread_mutex_lock(&guard);
        *done_end = batch;
        done_end = end;
        pthread_mutex_unlock(&guard);
        eventfd_write(bell, 1);
    }
    return nothing;
}

void open_store(const char *path)
{
    pthread_t thread;
    if (sqlite3_open(path, &database) != SQLITE_OK)
        exit(1);
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
    run("CREATE TABLE sessions (id TEXT PRIMARY KEY, revision INTEGER, document TEXT)");
    run("CREATE TABLE taps (session TEXT, seat TEXT, tap TEXT, PRIMARY KEY (session, seat, tap)) WITHOUT ROWID");
    run("BEGIN");
    sqlite3_stmt *put = prepared("INSERT INTO sessions VALUES (?, 0, ?)");
    for (int i = 0; i < session_count; i++) {
        sqlite3_bind_text(put, 1, sessions[i].id, -1, SQLITE_STATIC);
        sqlite3_bind_text(put, 2, document_of(&sessions[i]), -1, free);
        step(put);
    }
    run("COMMIT");
    change = prepared("UPDATE sessions SET revision = ?, document = ? WHERE id = ?");
    add = prepared("INSERT INTO taps VALUES (?, ?, ?)");
    bell = eventfd(0, EFD_NONBLOCK);
    pthread_create(&thread, NULL, commit, NULL);
}

void keep(struct job *job)
{
    pthread_mutex_lock(&guard);
    *waiting_end = job;
    waiting_end = &job->next;
    pthread_cond_signal(&news);
    pthread_mutex_unlock(&guard);
}

struct job *kept(void)
{
    eventfd_t count;
    eventfd_read(bell, &count);
    pthread_mutex_lock(&guard);
    struct job *jobs = done;
    done = NULL;
    done_end = &done;
    pthread_mutex_unlock(&guard);
    return jobs;
}

int kept_bell(void)
{
    return bell;
}
