"""The tables of groups and their people."""

from __future__ import annotations

from sqlalchemy import Index, Table, false

from companion.records import AccessAnswers, AgreementVersion, Group, Person
from companion.store.tables.columns import child_of, index_of, key, metadata, number, sealed, time, word, yes

groups = Table("groups", metadata, key(), sealed("name"), sealed("rules"), sealed("settings"), info={"record": Group})

people = Table(
    "people",
    metadata,
    key(),
    child_of("group_id", "groups.id"),
    word("role"),
    sealed("name"),
    sealed("alias"),
    sealed("email"),
    sealed("phone"),
    word("language"),
    yes("first_time"),
    word("if_i_vanish"),
    time("contact_confirmed_at", nullable=True),
    sealed("contact", nullable=True),
    sealed("access_card", nullable=True),
    sealed("induction", nullable=True),
    sealed("preferred_supporter", nullable=True),
    sealed("country", nullable=True),
    yes("phone_only", server_default=false()),
    time("left_at", nullable=True),
    index_of("email"),
    index_of("phone"),
    Index(None, "group_id"),
    Index(None, "email_index"),
    Index(None, "phone_index"),
    info={"record": Person},
)

agreement_versions = Table(
    "agreement_versions",
    metadata,
    key(),
    child_of("group_id", "groups.id"),
    number("version"),
    sealed("points"),
    time("published_at"),
    Index(None, "group_id"),
    info={"record": AgreementVersion},
)

# One row a group, which has the group's id: nothing here leads to a person.
access_answers = Table(
    "access_answers",
    metadata,
    child_of("id", "groups.id", primary_key=True),
    sealed("yes"),
    sealed("answered"),
    sealed("heard"),
    info={"record": AccessAnswers},
)
