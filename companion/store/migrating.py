"""Brings the database up to date when the program starts; several nodes may start at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from companion.settings import BadSetting
from companion.store.engine import sqlite_file

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 7_200  # any number of our own
_LONGEST = 60  # seconds that a node waits for another one's migration


def upgrade(engine: Engine) -> None:
    """Make an empty database, or bring an older one up to date. Raises BadSetting for one from a newer release."""
    if _version(engine) == (FOLDER / "head.txt").read_text().strip():
        return
    # Here: at most starts nothing is to be done, and to import it is a tenth of what a start takes.
    from alembic import command
    from alembic.util import CommandError

    with _alone(engine) as connection:
        try:
            command.upgrade(config(connection), "head")
        except CommandError as error:
            raise BadSetting(f"This database was made by a newer release: {error}. Install that one.") from error


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings; there is no alembic.ini to look after."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def head() -> str | None:
    """The latest migration."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(config()).get_current_head()


def _version(engine: Engine) -> str:
    # Nothing where there is no such table yet. SQLite calls that, a missing file and a busy one the same: there it is
    # the upgrade that says what is wrong.
    try:
        with engine.connect() as connection:
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")
    except ProgrammingError:
        return ""
    except OperationalError:
        if engine.dialect.name == "sqlite":
            return ""
        raise


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    if engine.dialect.name == "sqlite":
        yield from _alone_on_sqlite(engine)
        return
    with engine.begin() as connection:
        for limit in ("lock_timeout", "statement_timeout"):
            connection.execute(text(f"SET LOCAL {limit} = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        yield connection


def _alone_on_sqlite(engine: Engine) -> Iterator[Connection]:
    sqlite_file(engine).touch(mode=0o600)
    with engine.connect() as connection:
        # Batch mode copies a table and drops the old one: with foreign keys on, its children would go with it.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_LONGEST * 1000}")
        connection.commit()
        try:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            yield connection
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise BadSetting("The migration would leave rows without a parent; nothing was changed.")
            connection.commit()
        finally:
            connection.invalidate()  # its settings are not those of the others
