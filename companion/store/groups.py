"""Groups and their people; names are sealed, so they are put in order here and not by the database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from companion.records import Group, Person
from companion.store.rows import Part
from companion.store.tables import groups, people


class Groups(Part):
    """ports.GroupStore."""

    def save_group(self, group: Group) -> None:
        with self.database.writing() as connection:
            self.put(connection, groups, group)

    def group(self, group_id: str) -> Group | None:
        with self.database.reading() as connection:
            row = connection.execute(select(groups).where(groups.c.id == group_id)).one_or_none()
        return None if row is None else self.to_record(groups, Group, row)

    def groups(self) -> Sequence[Group]:
        with self.database.reading() as connection:
            rows = connection.execute(select(groups)).all()
        return sorted((self.to_record(groups, Group, row) for row in rows), key=_by_name)

    def save_person(self, person: Person) -> None:
        with self.database.writing() as connection:
            self.put(connection, people, person)

    def person(self, person_id: str) -> Person | None:
        with self.database.reading() as connection:
            row = connection.execute(select(people).where(people.c.id == person_id)).one_or_none()
        return None if row is None else self.to_record(people, Person, row)

    def people(self, group_id: str) -> Sequence[Person]:
        with self.database.reading() as connection:
            rows = connection.execute(select(people).where(people.c.group_id == group_id)).all()
        return sorted((self.to_record(people, Person, row) for row in rows), key=_by_name)


def _by_name(named: Group | Person) -> tuple[str, str]:
    return named.name.casefold(), named.id
