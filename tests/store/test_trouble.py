"""Full, vanished, broken, locked, unreachable: each is told as StoreDown, and nothing is half saved."""

from __future__ import annotations

import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text

from companion.ports import StoreDown
from companion.records import Saved, TapRecord
from companion.settings import BadSetting, Settings
from companion.store import SqlStore, engine, open_store
from companion.store.engine import sqlite_file
from tests.store.builders import NOW, a_group, a_letter, a_state

TAP = TapRecord("seat-1", "tap-1", "digest")
ONE_OF_EACH: dict[str, Callable[[SqlStore], object]] = {
    "load": lambda store: store.load("evening"),
    "save": lambda store: store.save("evening", 1, a_state(), None, TAP),
    "due": lambda store: store.due(NOW),
    "destroy": lambda store: store.destroy("evening"),
    "present": lambda store: store.present([("evening", "seat-1")]),
    "groups": lambda store: store.groups(),
    "save_group": lambda store: store.save_group(a_group()),
    "post": lambda store: store.post(a_letter()),
    "ready": lambda store: store.ready(),
}


def no_page_more(store: SqlStore) -> Iterator[None]:
    with store.database.reading() as db:
        pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()

    def limit(connection: sqlite3.Connection, record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    store.database.engine.dispose()
    event.listen(store.database.engine, "connect", limit)
    yield
    event.remove(store.database.engine, "connect", limit)
    store.database.engine.dispose()


def no_byte_more(store: SqlStore) -> Iterator[None]:
    # What a full disk does to a process: writes beyond this size fail, at whatever point they happen.
    log = sqlite_file(store.database.engine).with_name("companion.sqlite3-wal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 5000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("full", [no_page_more, no_byte_more])
def test_a_full_disk_takes_no_tap_and_loses_none(on_sqlite, full):
    on_sqlite.create(a_state(), NOW)

    with contextmanager(full)(on_sqlite):
        with pytest.raises(StoreDown):
            on_sqlite.save("evening", 1, a_state(members=200), None, TAP)
        with pytest.raises(StoreDown):
            on_sqlite.ready()
        assert on_sqlite.load("evening") == Saved(a_state(), 1)
        assert on_sqlite.seen_tap("evening", "seat-1", "tap-1") is None
        assert on_sqlite.due(NOW) == ["evening"]

    on_sqlite.ready()
    on_sqlite.save("evening", 1, a_state(members=200), None, TAP)
    assert on_sqlite.load("evening") == Saved(a_state(members=200), 2)


@pytest.mark.parametrize("use", ONE_OF_EACH.values(), ids=ONE_OF_EACH.keys())
def test_a_vanished_file_is_noticed_at_once_and_not_made_anew(on_sqlite, use):
    on_sqlite.create(a_state(), NOW)
    file = sqlite_file(on_sqlite.database.engine)
    aside = file.rename(file.with_name("aside"))

    with pytest.raises(StoreDown):
        use(on_sqlite)

    assert not file.exists()
    aside.rename(file)
    assert on_sqlite.load("evening") == Saved(a_state(), 1)


def test_a_restored_file_is_taken_up_without_a_restart(on_sqlite):
    on_sqlite.save_group(a_group(name="before"))
    file = sqlite_file(on_sqlite.database.engine)
    with sqlite3.connect(file) as live, sqlite3.connect(file.with_name("copy")) as copy:
        live.backup(copy)
    live.close()
    copy.close()
    on_sqlite.save_group(a_group(name="after"))

    for old in file.parent.glob(f"{file.name}*"):
        old.unlink()
    file.with_name("copy").rename(file)

    assert on_sqlite.group("tuesday") == a_group(name="before")


@pytest.mark.parametrize("what", ["garbage", "a folder"])
def test_a_file_that_is_no_database_is_refused(tmp_path, what):
    file = tmp_path / "companion.sqlite3"
    if what == "garbage":
        file.write_bytes(b"this is no database, but long enough to look like one" * 100)
    else:
        file.mkdir()

    with pytest.raises(StoreDown):
        open_store(Settings(data=tmp_path))


def test_a_folder_that_is_not_there_is_told(tmp_path):
    nowhere = f"sqlite:///{tmp_path / 'nowhere' / 'companion.sqlite3'}"

    with pytest.raises(BadSetting, match="cannot be made"):
        open_store(Settings(data=tmp_path, database_url=nowhere))


def test_a_database_that_another_program_holds_is_waited_for_and_then_given_up(on_sqlite, monkeypatch):
    monkeypatch.setattr(engine, "PATIENCE", 0.3)
    on_sqlite.create(a_state(), NOW)
    on_sqlite.database.engine.dispose()
    holder = sqlite3.connect(sqlite_file(on_sqlite.database.engine), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    began = time.monotonic()
    with pytest.raises(StoreDown):
        on_sqlite.save("evening", 1, a_state(), None, TAP)

    assert 0.2 < time.monotonic() - began < 2
    assert on_sqlite.load("evening") == Saved(a_state(), 1)
    holder.close()
    on_sqlite.save("evening", 1, a_state(), None, TAP)


def test_too_many_waiting_to_write_are_told_instead_of_waiting_for_ever(on_sqlite, monkeypatch):
    monkeypatch.setattr("companion.store.database.PATIENCE", 0.1)
    with on_sqlite.database.writing(), pytest.raises(StoreDown):
        on_sqlite.ready()

    on_sqlite.ready()


def test_an_error_tells_nothing_of_what_was_written(on_sqlite):
    file = sqlite_file(on_sqlite.database.engine)
    file.rename(file.with_name("aside"))

    with pytest.raises(StoreDown) as down:
        on_sqlite.post(a_letter(to="margaret@example.org"))

    chain = [down.value, down.value.__cause__, down.value.__cause__.__cause__]
    assert [each for each in chain if "margaret" in f"{each!r} {each}"] == []


@pytest.mark.postgres
def test_a_server_that_cut_our_connections_is_found_again(postgres_store):
    postgres_store.create(a_state(), NOW)
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    with pytest.raises(StoreDown), postgres_store.database.writing() as db:
        db.execute(text(others))

    postgres_store.save("evening", 1, a_state(), None, TAP)
    assert postgres_store.load("evening").revision == 2


@pytest.mark.postgres
def test_a_server_that_only_reads_is_down(postgres_store):
    postgres_store.create(a_state(), NOW)
    with postgres_store.database.writing() as db:
        name = db.execute(text("SELECT current_database()")).scalar_one()
        db.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    postgres_store.database.engine.dispose()

    with pytest.raises(StoreDown):
        postgres_store.save("evening", 1, a_state(), None, TAP)
    with pytest.raises(StoreDown):
        postgres_store.ready()


def test_a_server_that_is_not_there_is_down(tmp_path):
    nowhere = "postgresql+psycopg://companion@127.0.0.1:1/companion"

    with pytest.raises(StoreDown):
        open_store(Settings(data=tmp_path, database_url=nowhere))


@pytest.mark.postgres
def test_a_commit_waits_for_the_disk_whatever_the_server_is_set_to(postgres_store):
    with postgres_store.database.reading() as db:
        server = db.execute(text("SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit'")).scalar_one()
        ours = db.execute(text("SHOW synchronous_commit")).scalar_one()

    assert (server, ours) == ("off", "on")


def test_sqlite_commits_to_the_disk_and_zeroes_what_is_deleted(on_sqlite):
    names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
    with on_sqlite.database.reading() as db:
        found = {name: db.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names}

    assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
