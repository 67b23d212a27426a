"""Keys from a terminal: which there are, a new one while the service runs, and throwing an old one away."""

from __future__ import annotations

import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from companion.commands_line.organising import NotFound
from companion.records import tag_of
from companion.service import audit
from companion.service.deps import Deps
from companion.service.staff import accounts
from companion.settings import BadSetting
from companion.store import SqlStore
from companion.store.keys import KeyRing, new_master, read_masters, write_masters
from companion.store.rotation import CannotRotate, seal_again, waiting

SETTLED_SECONDS = 60  # by then every process on this machine has read the key file again


def add_parsers(commands: Any) -> None:
    """``companion keys …``."""
    keys = commands.add_parser("keys", help="list, change and drop the keys that everything is sealed with")
    acts = keys.add_subparsers(required=True, metavar="command")
    acts.add_parser("list", help="which keys there are, never the keys themselves").set_defaults(act=show)
    add = acts.add_parser("add", help="put a new key last: to be copied to every other machine before it seals")
    add.set_defaults(act=add_key)
    rotate = acts.add_parser("rotate", help="seal everything with a new key, while the service runs")
    rotate.add_argument("--to", metavar="KEY", help="a key of the list to use, in the place of a new one")
    rotate.add_argument("--again", action="store_true", help="go on with one that was cut short")
    rotate.set_defaults(act=rotate_keys)
    acts.add_parser("drop-old", help="throw away every key but the first, once nothing needs it").set_defaults(
        act=drop_old
    )


def show(deps: Deps, args: Namespace) -> None:
    """What stands for each key, today's first, and what still needs an older one."""
    store = _store(deps)
    for place, tag in enumerate(store.keys.tags()):
        print(f"{tag}  {'seals everything new' if place == 0 else 'opens what is older'}")
    if len(store.keys.tags()) > 1:
        print(_still_needed(deps))


def add_key(deps: Deps, args: Namespace) -> None:
    """A new key that opens and does not seal yet."""
    path = _file(_store(deps))
    fresh = new_master()
    write_masters(path, [*read_masters(path), fresh])
    print(f"{_tag(fresh)} stands last in {path}. Copy the file to every machine, then: keys rotate --to {_tag(fresh)}")


def rotate_keys(deps: Deps, args: Namespace) -> None:
    """A new first key, and everything sealed with it. The old ones stay, to open what people still hold."""
    store = _store(deps)
    if not args.again and store.keys.file is not None:
        _put_first(store.keys.file, args.to)
        store.keys.look_again()
    elif not args.again:
        print("The keys come from COMPANION_SECRET_KEY: put a new one in its first line and start every node again.")
    try:
        made = seal_again(store, progress=lambda table, count: print(f"{count:>6}  {table}"))
    except CannotRotate as broken:
        raise NotFound(
            "The audit does not fit together: companion audit check. Its digests were left alone."
        ) from broken
    accounts.index_anew(deps)
    if made:
        audit.note(deps, "rotated_keys", by="terminal")
    print(f"{made} rows are sealed with {store.keys.tags()[0]} now. Keep a copy of the key file elsewhere.")
    print(_still_needed(deps))


def drop_old(deps: Deps, args: Namespace) -> None:
    """Only the first key stays, if nothing needs another."""
    store = _store(deps)
    path = _file(store)
    if len(store.keys.tags()) == 1:
        raise NotFound("There is only one key.")
    if time.time() - path.stat().st_mtime < SETTLED_SECONDS:
        raise NotFound("The key file has just changed. Wait a minute, until every process has noticed.")
    if not waiting(store, deps.clock()).nothing:
        raise NotFound(_still_needed(deps))
    write_masters(path, read_masters(path)[:1])
    store.keys.look_again()
    audit.note(deps, "dropped_key", by="terminal")
    print(f"Only {store.keys.tags()[0]} is left. Backups of the key file and of the database go with the old ones.")


def _put_first(path: Path, wanted: str | None) -> None:
    known = read_masters(path)
    if wanted is None:
        write_masters(path, [new_master(), *known])
        return
    chosen = [master for master in known if _tag(master) == wanted]
    if not chosen:
        raise NotFound(f"There is no key {wanted}; keys list shows every one.")
    write_masters(path, [*chosen, *(master for master in known if master not in chosen)])


def _still_needed(deps: Deps) -> str:
    left = waiting(_store(deps), deps.clock())
    if left.nothing:
        return "Nothing needs an older key: companion keys drop-old"
    told = (
        (left.cells, "cells to seal again (keys rotate --again)"),
        (left.links, "links that still open"),
        (left.browsers, "browsers that are in"),
        (left.staff, "colleagues who have not logged in since"),
        (left.live, "sessions that go on"),
    )
    return "Older keys are still needed by " + ", ".join(f"{count} {what}" for count, what in told if count) + "."


def _store(deps: Deps) -> SqlStore:
    assert isinstance(deps.store, SqlStore)  # noqa: S101 - a terminal has no other
    return deps.store


def _file(store: SqlStore) -> Path:
    if store.keys.file is None:
        raise BadSetting("The keys come from COMPANION_SECRET_KEY: change its lines there, today's first.")
    return store.keys.file


def _tag(master: str) -> str:
    return tag_of(KeyRing([master]).subkey("key name"))
