"""Organiser accounts, found by a keyed index of the name: the name itself is nowhere."""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy import delete, insert, select

from companion.records import tagged
from companion.store.rows import Part
from companion.store.tables import organisers

_o = organisers.c


class Organisers(Part):
    """ports.OrganiserStore."""

    def save_organiser(self, name: str, password_hash: str) -> None:
        indexes = self._indexes(name)
        with self.database.writing() as connection:
            connection.execute(delete(organisers).where(_o.name_index.in_(indexes)))
            connection.execute(insert(organisers).values(name_index=indexes[0], password_hash=password_hash))

    def organiser_hash(self, name: str) -> str | None:
        with self.database.reading() as connection:
            found = select(_o.password_hash).where(_o.name_index.in_(self._indexes(name)))
            return connection.execute(found).scalar_one_or_none()

    def _indexes(self, name: str) -> list[str]:
        # One for each master key: after a rotation the old index still finds the account; and those without a tag.
        keys, named = self.keys.subkeys("blind index"), b"organisers: " + name.encode()
        return [tagged(key, named) for key in keys] + [hmac.new(key, named, hashlib.sha256).hexdigest() for key in keys]
