"""Backups from a terminal: make one while the service runs, put one in its place, remove what is old."""

from __future__ import annotations

import socket
from argparse import Namespace
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from companion.commands_line.organising import NotFound
from companion.core.values import replace
from companion.ports import Shelf, StoreDown
from companion.records import (
    Account,
    AuditEntry,
    AuditHead,
    Consent,
    Feed,
    Invite,
    Membership,
    Notice,
    Passkey,
    Person,
    PlannedSession,
    Reminder,
    Series,
    StandingInvite,
)
from companion.service import audit, erasing, people, retention
from companion.service.deps import Deps
from companion.settings import BadSetting, Settings
from companion.store import backups, open_store
from companion.store.backups import key_path
from companion.wiring import deps_with

REACHED = ("email", "phone", "contact", "contact_confirmed_at", "access_card", "left_at")


def add_parsers(commands: Any) -> None:
    """``companion backup``, ``restore``, ``purge``."""
    backup = commands.add_parser("backup", help="write a sealed copy of the database into a folder, while it is in use")
    backup.add_argument("folder", nargs="?", help="COMPANION_BACKUPS where none is given")
    backup.set_defaults(act=back_up)
    restore = commands.add_parser("restore", help="put a backup in the place of the database; stop the service first")
    restore.add_argument("file")
    restore.add_argument("--to", metavar="DUMP", help="PostgreSQL: write the dump there, for pg_restore")
    restore.set_defaults(with_settings=put_back)
    purge = commands.add_parser("purge", help="remove what is no longer needed, which the service does every day")
    purge.set_defaults(act=tidy_up)


def back_up(deps: Deps, args: Namespace) -> None:
    """Make a backup."""
    folder = Path(args.folder) if args.folder else deps.settings.backups
    if folder is None:
        raise NotFound("Say into which folder: companion backup /somewhere/else, or set COMPANION_BACKUPS.")
    made = backups.back_up(deps.settings, folder, deps.clock())
    audit.note_in_passing(deps, "backed_up", by="terminal")
    gone = backups.purge(folder, deps.clock())
    print(f"{made}")
    print(f"Its key is {key_path(deps.settings)}: keep a copy apart from the backups. {gone} old ones were removed.")


def put_back(settings: Settings, args: Namespace) -> None:
    """Put a backup in place. Whoever was erased since is erased again, and what was taken back stays so."""
    copy = backups.opened(settings, Path(args.file))
    if not settings.database.startswith("sqlite"):
        _write_dump(copy, args.to)
        return
    if _answers(settings):
        raise NotFound("Stop the service first: it would go on writing into the database that is replaced.")
    place = backups.put_in_place(settings, copy)
    restored, current = open_store(place), None
    with suppress(BadSetting, StoreDown):
        current = open_store(settings) if _is_there(settings) else None
    try:
        deps = _leaning(settings, restored)
        told = _as_known_since(deps, _leaning(settings, current)) if current else _trust_nothing(deps)
        audit.note_in_passing(deps, "restored", by="terminal")
        restored.scrub()
    finally:
        restored.dispose()
        if current:
            current.dispose()
    backups.use_it(settings, place)
    print(told)
    print(
        "The backup is in its place. The database from before stands beside it, as .before: remove it once all is well."
    )


def tidy_up(deps: Deps, args: Namespace) -> None:
    """Remove what is due now."""
    removed = retention.tidy(deps)
    folder = deps.settings.backups
    gone = backups.purge(folder, deps.clock()) if folder else 0
    print(f"{removed.visits} visits, {removed.people} people, {removed.letters} letters, {removed.audit} audit entries")
    print(f"{gone} backups" if folder else "Backups: set COMPANION_BACKUPS, and old ones are removed too.")


def _as_known_since(deps: Deps, current: Deps) -> str:
    # The database that is replaced knows what happened since the backup was made.
    erased = {entry.about.partition(" ")[2] for entry in audit.entries(current) if entry.what == "erased"}
    _take_over_audit(deps, current)
    again = [erasing.remove_rows(deps, person) for person in erased if deps.store.person(person)]
    for kind in (Invite, StandingInvite):
        _as_it_is_now(deps.store.shelf(kind), current.store.shelf(kind))
    _people_as_now(deps, current)
    _dates_as_now(deps, current)
    _staff_as_now(deps, current)
    return f"{len(again)} people were erased again, and every invite is as it was a moment ago."


def _as_it_is_now(shelf: Shelf[Any], now: Shelf[Any]) -> None:
    for one in shelf.find():
        since = now.get(one.id)
        if since is None:
            shelf.remove(id=one.id)
        else:
            shelf.put(since)


def _people_as_now(deps: Deps, current: Deps) -> None:
    # An address that she called unsafe since, or a word that she took back, must not come back.
    people = deps.store.shelf(Person)
    known = {person.id: person for person in people.find()}
    for since in current.store.shelf(Person).find(id=tuple(known)):
        people.put(replace(known[since.id], **{name: getattr(since, name) for name in REACHED}))
    _replace(deps.store.shelf(Consent), current.store.shelf(Consent), lambda one: one.person_id in known)


def _dates_as_now(deps: Deps, current: Deps) -> None:
    # People were told of the new times, and reminded.
    _where_both_have_it(deps.store.shelf(Series), current.store.shelf(Series))
    _where_both_have_it(deps.store.shelf(PlannedSession), current.store.shelf(PlannedSession))
    known = {session.id for session in deps.store.shelf(PlannedSession).find()}
    for kind in (Notice, Reminder):
        _replace(deps.store.shelf(kind), current.store.shelf(kind), lambda one: one.session_id in known)


def _where_both_have_it(shelf: Shelf[Any], now: Shelf[Any]) -> None:
    there = tuple(one.id for one in shelf.find())
    for since in now.find(id=there):
        shelf.put(since)


def _staff_as_now(deps: Deps, current: Deps) -> None:
    # Passwords, keys and roles that were changed or taken away since must not come back.
    _replace(deps.store.shelf(Account), current.store.shelf(Account))
    _replace(deps.store.shelf(Passkey), current.store.shelf(Passkey))
    for kind in (Membership, Feed):
        _as_it_is_now(deps.store.shelf(kind), current.store.shelf(kind))
    for held in current.store.shelf(Membership).find():
        if deps.store.group(held.group_id) is not None:
            deps.store.shelf(Membership).put(held)


def _trust_nothing(deps: Deps) -> str:
    shut = 0
    for shelf in (deps.store.shelf(Invite), deps.store.shelf(StandingInvite)):
        shut += _shut_all(shelf)
    for feed in deps.store.shelf(Feed).find():
        deps.store.shelf(Feed).remove(id=feed.id)
    for person in deps.store.shelf(Person).find():
        people.change(deps, person.id, lambda her: replace(her, contact_confirmed_at=None))
    return (
        f"Nothing tells what happened since: {shut} invites are taken back, so give new links. "
        "Ask everybody how she may be reached: nothing is sent before. "
        "Whoever was deleted since then has to be deleted once more."
    )


def _shut_all(shelf: Shelf[Any]) -> int:
    still_open = [one for one in shelf.find() if one.state != "revoked"]
    for one in still_open:
        shelf.put(replace(one, state="revoked"))
    return len(still_open)


def _take_over_audit(deps: Deps, current: Deps) -> None:
    if audit.check(current):
        return  # of two chains the whole one stays
    _replace(deps.store.shelf(AuditEntry), current.store.shelf(AuditEntry))
    _replace(deps.store.shelf(AuditHead), current.store.shelf(AuditHead))


def _replace(shelf: Shelf[Any], by: Shelf[Any], fits: Callable[[Any], bool] = lambda record: True) -> None:
    for old in shelf.find():
        shelf.remove(id=old.id)
    for record in filter(fits, by.find()):
        shelf.put(record)


def _write_dump(copy: bytes, to: str | None) -> None:
    if to is None:
        raise NotFound("PostgreSQL: say where to write the dump: companion restore FILE --to companion.dump")
    path = Path(to)
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(copy)
    print(f"pg_restore --clean --if-exists --no-owner --dbname=… {path}")
    print("Then delete the dump, take every invite back that was taken back since, and erase again whoever was erased.")
    print("Ask everybody again how she may be reached: an old address may be back.")


def _leaning(settings: Settings, store: Any) -> Deps:
    return deps_with(settings, store)


def _is_there(settings: Settings) -> bool:
    return (settings.data / "companion.sqlite3").exists() or bool(settings.database_url)


def _answers(settings: Settings) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", settings.port)) == 0
