"""A statement of the hot path finds and does on SQLite what the library would, and tells of trouble as it does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, create_engine, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from companion.store.quick import Quick
from companion.store.tables import accesses, metadata, taps

AT = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
KEYS = Quick(select(taps.c.session_id, taps.c.digest).where(taps.c.mark.in_(bindparam("marks", expanding=True))))
ADD = Quick(insert(taps).values({column.name: bindparam(column.name) for column in taps.columns}))
LOCK = Quick(update(accesses).where(accesses.c.id == bindparam("access")).values(locks_at=bindparam("at")))
BROWSERS = select(accesses).where(accesses.c.id.in_(bindparam("ids", expanding=True))).order_by(accesses.c.id)


@pytest.fixture
def connection():
    engine = create_engine("sqlite://", hide_parameters=True)
    metadata.create_all(engine)
    with engine.begin() as opened:
        for name in ("one", "two", "three"):
            opened.execute(insert(accesses).values(_browser(name)))
        yield opened


def _browser(name):
    filled = {column.name: None if column.nullable else b"" for column in accesses.columns}
    words = (
        "token_hash",
        "invite_id",
        "session_id",
        "seat_id",
        "role",
        "state",
        "language",
        "takes_part",
        "standing_id",
    )
    return {
        **filled,
        **dict.fromkeys(words, "x"),
        "id": name,
        "token_hash": name,
        "created_at": AT,
        "expires_at": AT,
        "avatar": 3,
        "by_voice": False,
    }


@pytest.mark.parametrize("ids", [["one"], ["two", "one"], [], ["nobody"], ["one", "two", "three"], ["three"]])
def test_it_finds_what_the_library_finds_whatever_the_length_of_the_list(connection, ids):
    found = Quick(BROWSERS).all(connection, {"ids": ids})

    assert [each._asdict() for each in found] == [
        each._asdict() for each in connection.execute(BROWSERS, {"ids": ids}).all()
    ]
    assert all(each.created_at == AT for each in found)


def test_one_statement_is_asked_for_lists_of_many_lengths(connection):
    for count in (1, 3, 2, 3, 1):
        rows = [{"session_id": "s", "mark": b"%d-%d" % (count, at), "digest": b"d"} for at in range(count)]
        connection.execute(taps.delete())
        assert ADD.run(connection, *rows) == count
        assert len(KEYS.all(connection, {"marks": [row["mark"] for row in rows]})) == count


def test_it_says_how_many_rows_it_has_touched_and_writes_times_as_everywhere(connection):
    assert (
        LOCK.run(connection, {"access": "one", "at": AT}, {"access": "nobody", "at": AT}, {"access": "two", "at": None})
        == 2
    )

    kept = dict(connection.execute(select(accesses.c.id, accesses.c.locks_at)).all())
    assert kept == {"one": AT, "two": None, "three": None}
    with pytest.raises(ValueError, match="a time without a zone"):
        LOCK.run(connection, {"access": "one", "at": AT.replace(tzinfo=None)})


def test_trouble_is_told_as_by_the_library_and_without_what_was_given(connection):
    row = {"session_id": "s", "mark": b"m", "digest": b"zebrafish"}
    ADD.run(connection, row)

    with pytest.raises(IntegrityError) as twice:
        ADD.run(connection, row)
    assert "zebrafish" not in str(twice.value)

    connection.exec_driver_sql("DROP TABLE taps")
    with pytest.raises(OperationalError, match="no such table"):
        KEYS.all(connection, {"marks": [b"m"]})


def test_a_roll_back_takes_it_back(connection):
    with connection.begin_nested() as attempt:
        assert LOCK.run(connection, {"access": "one", "at": AT}) == 1
        attempt.rollback()

    assert connection.execute(select(accesses.c.locks_at).where(accesses.c.id == "one")).scalar_one() is None
