"""The whole store, and how it is opened: folder, database, migrations, keys."""

from __future__ import annotations

from sqlalchemy import select, update

from companion.settings import BadSetting, Settings
from companion.store.accesses import Accesses
from companion.store.connections import Connections
from companion.store.database import Database, troubles_as_store_down
from companion.store.engine import make_engine
from companion.store.groups import Groups
from companion.store.keys import KeyRing, find_keys, key_file, make_keys
from companion.store.looking import Looking
from companion.store.migrating import upgrade
from companion.store.outbox import Outbox
from companion.store.plans import Plans
from companion.store.rotation import fill_indexes
from companion.store.rows import insert_for
from companion.store.sealing import CannotOpen, Sealer
from companion.store.shelves import Shelves
from companion.store.tables import installations, metadata

_BALLAST = bytes(16_384)  # the size of a live document: a database with no room for it cannot take a tap


class SqlStore(Looking, Connections, Groups, Plans, Accesses, Outbox, Shelves):
    """ports.Store on SQLite or PostgreSQL. ``keys`` gives other parts their sub-keys."""

    def ready(self) -> None:
        with self.database.writing() as connection:
            connection.execute(update(installations).values(ballast=_BALLAST))
            connection.execute(update(installations).values(ballast=b""))

    def scrub(self) -> None:
        self.database.scrub(*(metadata.tables))

    def dispose(self) -> None:
        """Close all connections to the database."""
        self.database.engine.dispose()


def open_store(settings: Settings) -> SqlStore:
    """The store of this installation, made or brought up to date. Raises BadSetting or StoreDown."""
    _make_folder(settings)
    engine = make_engine(settings.database)
    try:
        with troubles_as_store_down():
            upgrade(engine)
        database = Database(engine)
        store = SqlStore(database, _keys_of(database, settings))
        fill_indexes(store)
        return store
    except OSError as error:
        engine.dispose()
        raise BadSetting(f"The database file cannot be made: {error}.") from error
    except BaseException:
        engine.dispose()
        raise


def _make_folder(settings: Settings) -> None:
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"The data folder {settings.data} cannot be made: {error}.") from error


def _keys_of(database: Database, settings: Settings) -> KeyRing:
    # A lost key file must not be replaced in silence: everything sealed before would be unreadable for ever.
    keys = find_keys(settings)
    if keys is None and _key_check(database) is not None:
        raise BadSetting(
            f"The key file {key_file(settings)} is missing, and this database is sealed with it. "
            "Put it back from where you keep it, or copy it from the other node."
        )
    keys = keys or make_keys(settings)
    sealer = Sealer.of(keys, "key check")
    if _key_check(database) is None:
        _leave_key_check(database, sealer)
    try:
        sealer.open(_key_check(database) or b"", "installations", "key_check", "1")
    except CannotOpen as error:
        raise BadSetting("This database was sealed with another secret key: use that one.") from error
    return keys


def _key_check(database: Database) -> bytes | None:
    with database.reading() as connection:
        return connection.execute(select(installations.c.key_check)).scalar_one_or_none()


def _leave_key_check(database: Database, sealer: Sealer) -> None:
    row = {"id": 1, "key_check": sealer.seal(b"", "installations", "key_check", "1"), "ballast": b""}
    with database.writing() as connection:
        connection.execute(insert_for(connection, installations).values(row).on_conflict_do_nothing())
