"""Things to keep, each whole and valid; give a test only the fields it speaks of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from companion.core.model import GroupRules, Seat, SessionState
from companion.core.values import replace
from companion.ports import Store
from companion.records import (
    Access,
    Account,
    Connection,
    Grant,
    Group,
    GroupSettings,
    Invite,
    Letter,
    OneTimeLink,
    Passkey,
    Person,
    PlannedSession,
    Recovery,
)

NOW = datetime(2026, 3, 5, 19, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def a_state(session_id: str = "evening", *, members: int = 3) -> SessionState:
    seats = tuple(Seat(f"seat-{number}", "member", f"Wren{number}", knocked_at=NOW) for number in range(members))
    return SessionState(session_id, phase="live", opened_at=NOW, seats=seats)


def a_connection(name: str, **changes: Any) -> Connection:
    return replace(Connection(name, "evening", "seat-1", "browser", "node-a", NOW + MINUTE), **changes)


def a_group(group_id: str = "tuesday", **changes: Any) -> Group:
    rules = GroupRules(turn_seconds=180, prompts=("What helped?",))
    settings = GroupSettings(call_link="https://call.example/x", agreement=("What is said here stays here.",))
    return replace(Group(group_id, "Tuesday evening", rules, settings), **changes)


def a_person(person_id: str = "person-1", **changes: Any) -> Person:
    person = Person(
        person_id, "tuesday", "member", "Margaret Hale", "Wren", email="m@example.org", phone="+44 20 7946 0000"
    )
    return replace(person, contact_confirmed_at=NOW, **changes)


def a_session(session_id: str = "evening", **changes: Any) -> PlannedSession:
    return replace(PlannedSession(session_id, "tuesday", NOW), **changes)


def an_invite(invite_id: str = "invite-1", **changes: Any) -> Invite:
    invite = Invite(
        invite_id, "evening", "person-1", "seat-1", "member", f"hash of {invite_id}", "argon2", NOW + 60 * MINUTE
    )
    return replace(invite, **changes)


def an_access(access_id: str = "browser-1", **changes: Any) -> Access:
    access = Access(
        access_id,
        f"hash of {access_id}",
        "invite-1",
        "evening",
        "seat-1",
        "member",
        "in",
        created_at=NOW,
        expires_at=NOW + 60 * MINUTE,
        steps=("private_space", "who_sees"),
        alias="Wren",
    )
    return replace(access, **changes)


def a_letter(letter_id: str = "letter-1", **changes: Any) -> Letter:
    return replace(Letter(letter_id, "mail", "m@example.org", "Thursday", "See you at seven.", NOW), **changes)


def an_account(account_id: str = "1", **changes: Any) -> Account:
    account = Account(account_id, f"index of {account_id}", "Sol Hale", "argon2 of a password", NOW)
    return replace(account, totp_secret="JBSWY3DP", **changes)


def keep_staff(store: Store) -> None:
    """An account with a passkey, a link to another, and a request to be let in again."""
    store.shelf(Account).put(an_account())
    store.shelf(Passkey).put(Passkey("credential", "1", "key of Sol", 0, "Sol's phone", NOW))
    grants = (Grant("tuesday", "facilitator"),)
    store.shelf(OneTimeLink).put(
        OneTimeLink("link", "hash of link", "invite", NOW, name="Noor Margaret", grants=grants)
    )
    store.shelf(Recovery).put(Recovery("again", "1", NOW, NOW, ("Sol",)))


def with_an_invite(store: Store) -> None:
    """A group, a person, a session and the invite that joins them."""
    store.save_group(a_group())
    store.save_person(a_person())
    store.save_session(a_session())
    store.shelf(Invite).put(an_invite())
