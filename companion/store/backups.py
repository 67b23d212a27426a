"""Backups: a consistent copy of the database while it is in use, sealed with a key of its own, without what is live.

Left out is whatever must not outlive its evening or must not come back to life: live sessions with their keys and taps,
who is connected, browsers that were let in, digits that the line knows people by, letters on their way, which would
leave a second time, and what was planned at platforms, which is found there again.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import tempfile
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from companion.core.values import replace
from companion.ports import StoreDown
from companion.settings import BadSetting, Settings
from companion.store.keys import KeyRing, new_master, read_masters, write_masters
from companion.store.sealing import CannotOpen, Sealer

KEPT = timedelta(days=14)
NAME = re.compile(r"companion-(\d{8}T\d{6})Z-[0-9a-f]{4}\.backup")
STAMP = "%Y%m%dT%H%M%S"
LEFT_OUT = (
    *("live_sessions", "session_keys", "taps", "connections", "cuts", "accesses", "letters", "send_items"),
    *("staff_sessions", "challenges", "one_time_links", "recoveries"),
    *("held_calls", "call_places", "call_tasks"),
    *("line_pins", "line_callers", "line_tries"),
)


def backup_key(settings: Settings, *, make: bool) -> Sealer:
    """The key of the backups: of its own, so that whoever holds backup and database key still opens nothing."""
    path = key_path(settings)
    if not path.exists() and make:
        write_masters(path, [new_master()])
    if not path.exists():
        raise BadSetting(f"The key of the backups is not there: put it back at {path}.")
    if path.stat().st_mode & 0o077:
        raise BadSetting(f"Others on this machine can open {path}. Close it to them: chmod 600 {path}")
    return Sealer.of(KeyRing(read_masters(path), path), "backups")


def key_path(settings: Settings) -> Path:
    """Where that key is kept."""
    return settings.backup_key or settings.data / "backup.key"


def back_up(settings: Settings, folder: Path, at: datetime) -> Path:
    """Write one backup into the folder. Raises BadSetting or StoreDown."""
    data = settings.data.absolute()
    if data == folder.absolute() or data in folder.absolute().parents:
        raise BadSetting("A backup inside the data folder is lost with it: choose another folder.")
    sealer = backup_key(settings, make=True)
    name = f"companion-{at.astimezone(UTC).strftime(STAMP)}Z-{secrets.token_hex(2)}.backup"
    copy = _copy_of_sqlite(settings) if settings.database.startswith("sqlite") else _dump_of_postgres(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sealed = sealer.seal(zlib.compress(copy), "backup", name)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".backup-")  # 0600
    with os.fdopen(handle, "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, folder / name)
    return folder / name


def opened(settings: Settings, backup: Path) -> bytes:
    """What a backup holds. Raises BadSetting where it was altered, renamed, or made with another key."""
    try:
        return zlib.decompress(backup_key(settings, make=False).open(backup.read_bytes(), "backup", backup.name))
    except (CannotOpen, OSError) as error:
        raise BadSetting(f"{backup} cannot be opened: {error}. A backup keeps the name that it was given.") from error


def purge(folder: Path, at: datetime) -> int:
    """Remove backups older than 14 days; says how many. Their names say when they were made."""
    gone = 0
    for path in sorted(folder.glob("*.backup")) if folder.is_dir() else []:
        made = NAME.fullmatch(path.name)
        if made and at - datetime.strptime(made[1], STAMP).replace(tzinfo=UTC) >= KEPT:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def put_in_place(settings: Settings, copy: bytes) -> Settings:
    """Write an opened backup beside the database; the settings of that place, to be looked at before it is used."""
    draft = settings.data / "companion.restoring"
    for old in settings.data.glob("companion.restoring*"):
        old.unlink()
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(copy)
    return replace(settings, database_url=f"sqlite:///{draft.absolute()}")


def use_it(settings: Settings, restored: Settings) -> None:
    """From now on this is the database; the one before stands beside it, to be removed by hand."""
    draft, place = _file(restored), _file(settings)
    with sqlite3.connect(draft) as last:
        last.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    last.close()
    for tail in ("", "-wal", "-shm"):
        before = Path(f"{place}{tail}")
        if before.exists():
            os.replace(before, f"{place}.before{tail}")
    os.replace(draft, place)
    for tail in ("-wal", "-shm"):
        Path(f"{draft}{tail}").unlink(missing_ok=True)


def _copy_of_sqlite(settings: Settings) -> bytes:
    # In memory alone: no unsealed file of it ever stands anywhere.
    memory = sqlite3.connect(":memory:")
    try:
        source = sqlite3.connect(f"{_file(settings).as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            source.backup(memory)
        finally:
            source.close()
        memory.execute("PRAGMA secure_delete=ON")
        for table in LEFT_OUT:
            memory.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        memory.commit()
        memory.execute("PRAGMA journal_mode=DELETE")
        memory.execute("VACUUM")
        return memory.serialize()
    except sqlite3.Error as error:
        raise StoreDown(f"the database cannot be copied: {error}") from error
    finally:
        memory.close()


def _dump_of_postgres(settings: Settings) -> bytes:
    program = shutil.which("pg_dump")
    if program is None:
        raise BadSetting("pg_dump is not here. Install the client programs of PostgreSQL on this machine.")
    url = make_url(settings.database).set(drivername="postgresql")
    env = {**os.environ, "PGPASSWORD": url.password or ""}  # not on the command line, where others could read it
    address = url.set(password=None).render_as_string(hide_password=False)
    given = [program, "--format=custom", *(f"--exclude-table-data={table}" for table in LEFT_OUT), address]
    done = subprocess.run(given, env=env, capture_output=True, check=False)  # noqa: S603 - the program was looked up
    if done.returncode:
        raise StoreDown(f"pg_dump failed: {done.stderr.decode(errors='replace').strip()[:200]}")
    return done.stdout


def _file(settings: Settings) -> Path:
    return Path(make_url(settings.database).database or "").absolute()
