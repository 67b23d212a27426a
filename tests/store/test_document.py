"""The live document: every field survives, and every document that a release ever wrote is still read.

`documents/` holds one of each: `python -m tests.store.test_document` prints today's. Once released it never changes.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from companion.core.model import Seat, SessionState
from companion.core.values import Value, names
from companion.store.document import VERSION, CannotRead, read, write

RELEASED = sorted(Path(__file__).with_name("documents").glob("*.json"))


def test_every_field_of_a_session_survives():
    everything = filled(SessionState)

    assert read(write(everything)) == everything


@pytest.mark.parametrize("file", RELEASED, ids=lambda file: file.name)
def test_a_document_of_an_earlier_release_keeps_all_it_says(file):
    old = file.read_bytes()

    now = json.loads(write(read(old)))

    assert limited_to(now["state"], json.loads(old)["state"]) == json.loads(old)["state"]


def test_what_an_old_document_did_not_know_gets_its_default():
    old = b'{"v":1,"state":{"id":"evening","seats":[{"id":"a","role":"member","alias":"Wren"}]}}'

    assert read(old) == SessionState("evening", seats=(Seat("a", "member", "Wren"),))


def test_what_we_do_not_know_in_a_document_of_our_version_is_passed_over():
    assert read(b'{"v":1,"state":{"id":"evening","weather":"fine"},"more":1}') == SessionState("evening")


@pytest.mark.parametrize("state", [b'{"id":"evening"}', b'{"id":"evening","seats":{}}', b"[]"])
def test_a_newer_document_is_refused_with_the_reason(state):
    with pytest.raises(CannotRead, match="newer release"):
        read(b'{"v":%d,"state":%s}' % (VERSION + 1, state))


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"v":1}', b'{"v":1,"state":{}}', b'{"v":1,"state":{"id":7}}'])
def test_a_broken_document_is_refused(text):
    with pytest.raises(CannotRead, match="broken"):
        read(text)


def test_times_in_a_document_keep_their_zone():
    state = SessionState("evening", opened_at=datetime(2026, 3, 5, 19, 0, 0, 123456, tzinfo=UTC))

    assert read(write(state)).opened_at == state.opened_at
    assert read(write(state)).opened_at.tzinfo is not None


def filled(kind: Any) -> Any:
    """A value of this type in which nothing is left at its default."""
    arguments = get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Value):
        hints = get_type_hints(kind)
        return kind(**{name: filled(hints[name]) for name in names(kind)})
    if get_origin(kind) is Literal:
        return arguments[-1]
    if get_origin(kind) is tuple:
        return (filled(arguments[0]),) * 2
    if NoneType in arguments:
        return filled(next(each for each in arguments if each is not NoneType))
    plain = {str: "é \x00 🙂", int: 7, bool: True, datetime: datetime(2026, 3, 5, 19, 0, 0, 123456, tzinfo=UTC)}
    return plain[kind]


def limited_to(now: Any, old: Any) -> Any:
    """``now``, less the fields that ``old`` did not have."""
    if isinstance(now, dict) and isinstance(old, dict):
        return {name: limited_to(value, old[name]) for name, value in now.items() if name in old}
    if isinstance(now, list) and isinstance(old, list) and len(now) == len(old):
        return [limited_to(*pair) for pair in zip(now, old, strict=True)]
    return now


if __name__ == "__main__":
    print(json.dumps(json.loads(write(filled(SessionState))), indent=1))
