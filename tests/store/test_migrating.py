"""Migrations: an empty database becomes what the tables say; a migration happens whole, once, or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from companion.settings import BadSetting, Settings
from companion.store import migrating, open_store
from companion.store.engine import make_engine
from companion.store.tables import metadata
from tests.live.evening import ROOT
from tests.store.builders import a_group, a_person

FAILS = """
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO half VALUES (1)")
    raise RuntimeError("power cut")
"""
COPIES_THE_PARENT = """
    with op.batch_alter_table("groups") as groups:
        groups.alter_column("rules", existing_type=sa.LargeBinary(), nullable=True)
        groups.add_column(sa.Column("colour", sa.Text(), nullable=True))
"""
ORPHANS_THE_CHILDREN = """
    op.execute("DELETE FROM groups")
"""


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    settings.data.mkdir()
    engine = make_engine(settings.database)
    yield engine
    engine.dispose()


@pytest.fixture
def copied_folder(tmp_path, monkeypatch) -> Path:
    folder = Path(shutil.copytree(migrating.FOLDER, tmp_path / "migrations"))
    monkeypatch.setattr(migrating, "FOLDER", folder)
    return folder


def test_an_empty_database_becomes_what_the_tables_say(engine):
    migrating.upgrade(engine)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        names = inspect(connection).get_table_names()
    assert sorted(names) == sorted([*metadata.tables, "alembic_version"])


def test_constraints_have_the_names_that_the_tables_give_them(engine):
    migrating.upgrade(engine)
    look = inspect(engine)

    for table in metadata.tables.values():
        found = [look.get_pk_constraint(table.name)["name"]]
        found += [key["name"] for key in look.get_foreign_keys(table.name)]
        found += [key["name"] for key in look.get_unique_constraints(table.name)]
        assert sorted(found) == sorted(str(constraint.name) for constraint in table.constraints)


def test_the_head_file_names_the_latest_migration():
    # Two branches that both add a migration collide in this file, in git, instead of on somebody's server.
    assert (migrating.FOLDER / "head.txt").read_text().strip() == migrating.head()


def test_migrations_are_numbered_like_their_files():
    files = sorted(path.stem for path in (migrating.FOLDER / "versions").glob("*.py"))

    assert [name[:4] for name in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    assert files[-1] == migrating.head()


def test_upgrading_again_changes_nothing(on_database):
    on_database.save_group(a_group())

    migrating.upgrade(on_database.database.engine)

    assert on_database.groups() == [a_group()]


def test_a_start_with_nothing_to_upgrade_does_without_alembic(settings):
    open_store(settings).dispose()
    says = "import sys; from companion.settings import from_environment; from companion.store import open_store"
    asks = "open_store(from_environment()).dispose(); print('alembic' in sys.modules)"

    env = {"PATH": os.environ["PATH"], "COMPANION_DATA": str(settings.data), "DATABASE_URL": settings.database}
    told = subprocess.check_output([sys.executable, "-c", f"{says}; {asks}"], cwd=ROOT, env=env, text=True)

    assert told.strip() == "False"


def test_a_database_of_a_newer_release_is_refused(settings, engine):
    migrating.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))

    with pytest.raises(BadSetting, match="newer release"):
        open_store(settings)


def test_a_migration_that_fails_leaves_everything_as_it_was(settings, engine, copied_folder):
    migrating.upgrade(engine)
    before = migrating.head()
    add_migration(copied_folder, FAILS)

    with pytest.raises(RuntimeError, match="power cut"):
        migrating.upgrade(engine)

    assert "half" not in inspect(engine).get_table_names()
    with engine.connect() as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    assert version == before


def test_a_migration_that_copies_a_table_keeps_what_belongs_to_it(on_database, copied_folder):
    on_database.save_group(a_group())
    on_database.save_person(a_person())
    add_migration(copied_folder, COPIES_THE_PARENT)

    migrating.upgrade(on_database.database.engine)

    assert on_database.people("tuesday") == [a_person()]
    with on_database.database.reading() as db:
        assert db.execute(text("SELECT id, colour FROM groups")).all() == [("tuesday", None)]


def test_a_migration_that_would_orphan_rows_is_undone(on_sqlite, copied_folder):
    on_sqlite.save_group(a_group())
    on_sqlite.save_person(a_person())
    add_migration(copied_folder, ORPHANS_THE_CHILDREN)

    with pytest.raises(BadSetting, match="nothing was changed"):
        migrating.upgrade(on_sqlite.database.engine)

    assert on_sqlite.groups() == [a_group()]
    with on_sqlite.database.reading() as db:
        assert db.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def add_migration(folder: Path, what: str) -> None:
    before = (folder / "head.txt").read_text().strip()
    lines = f'revision = "9000_next"\ndown_revision = "{before}"\n\n\ndef upgrade():{what}'
    (folder / "versions" / "9000_next.py").write_text(f"import sqlalchemy as sa\nfrom alembic import op\n\n{lines}")
    (folder / "head.txt").write_text("9000_next\n")
