"""A shelf of records as one dictionary, for tests of what stands above the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar

from companion.ports import UpTo
from companion.records import same_contact

R = TypeVar("R")


class MemoryShelf(Generic[R]):
    """ports.Shelf. ``open`` is the door of the store: it keeps everybody else out, or raises StoreDown.

    ``check`` refuses what a database would.
    """

    def __init__(
        self,
        records: dict[str, R],
        door: Callable[[], AbstractContextManager[None]],
        check: Callable[[Any], object] = lambda record: None,
    ) -> None:
        self._records, self._door, self._check = records, door, check

    def put(self, record: R) -> None:
        with self._door():
            self._check(record)
            self._records[_id(record)] = record

    def add(self, record: R) -> bool:
        with self._door():
            if _id(record) in self._records:
                return False
            self._records[_id(record)] = record
            return True

    def get(self, record_id: str) -> R | None:
        with self._door():
            return self._records.get(record_id)

    def find(self, *, limit: int | None = None, **columns: object) -> Sequence[R]:
        with self._door():
            return sorted(self._fitting(columns), key=_id)[:limit]

    def change(self, record_id: str, how: Callable[[R], R | None]) -> R | None:
        with self._door():
            before = self._records.get(record_id)
            if before is None:
                return None
            self._records[record_id] = how(before) or before
            return self._records[record_id]

    def remove(self, **columns: object) -> int:
        if not columns:
            raise ValueError("say which ones: a whole shelf is never emptied by mistake")
        with self._door():
            gone = list(self._fitting(columns))
            for record in gone:
                del self._records[_id(record)]
            return len(gone)

    def _fitting(self, columns: dict[str, object]) -> Iterator[R]:
        for record in self._records.values():
            if all(_fits(getattr(record, name), value, name) for name, value in columns.items()):
                yield record


def _fits(kept: Any, value: object, name: str) -> bool:
    if name in ("email", "phone"):
        return same_contact(kept) == same_contact(str(value))
    match value:
        case UpTo(at=at):
            return kept is not None and kept <= at
        case tuple():
            return kept in value
        case _:
            return bool(kept == value)


def _id(record: Any) -> str:
    return str(record.id)
