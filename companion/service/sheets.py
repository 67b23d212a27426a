"""Reads a sheet of people that some program has saved, whatever way it writes letters, cells and names of columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

LONGEST = 1_000_000  # bytes
MOST_ROWS = 500
Problem = Literal["empty", "too_large", "not_a_sheet", "no_names", "too_many_rows"]
SIGNS = "=+-@\t\r"  # a program that opens the sheet again would take what begins so for a formula

COLUMNS = {
    "name": ("name", "full name", "real name", "person", "member name"),
    "first_name": ("first name", "forename", "given name", "firstname"),
    "last_name": ("last name", "surname", "family name", "lastname"),
    "alias": ("alias", "nickname", "display name", "name in the group", "known as", "screen name"),
    "role": ("role", "takes part as", "type"),
    "email": ("email", "e-mail", "mail", "email address", "e-mail address"),
    "phone": ("phone", "telephone", "mobile", "tel", "number", "phone number", "telephone number", "mobile number"),
    "language": ("language", "lang", "speaks"),
    "country": ("country", "lives in"),
}
COLUMN_OF = {heading: column for column, headings in COLUMNS.items() for heading in headings}


class CannotRead(Exception):
    """The file as a whole is of no use; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Row:
    """One row, by the names of our columns; ``line`` is where it begins in the file."""

    line: int
    cells: dict[str, str]
    neutralised: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was found in a file."""

    rows: tuple[Row, ...]
    unknown: tuple[str, ...]  # columns that are left out


def read(content: bytes) -> Sheet:
    """The rows of a file. Raises CannotRead."""
    if len(content) > LONGEST:
        raise CannotRead("too_large")
    text = _text(content)
    if not text.strip():
        raise CannotRead("empty")
    try:
        lines = list(_lines(text))
    except csv.Error as error:
        raise CannotRead("not_a_sheet") from error
    if not lines:
        raise CannotRead("empty")
    (_, headings), *others = lines
    columns = [COLUMN_OF.get(_heading(cell), "") for cell in headings]
    if "name" not in columns and "first_name" not in columns:
        raise CannotRead("no_names")
    if len(others) > MOST_ROWS:
        raise CannotRead("too_many_rows")
    unknown = tuple(cell.strip() for cell, column in zip(headings, columns, strict=True) if cell.strip() and not column)
    return Sheet(tuple(_row(line, columns, cells) for line, cells in others), unknown)


def _text(content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise CannotRead("not_a_sheet")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = next(line for line in text.splitlines() if line.strip())
    delimiter = max((",", ";", "\t"), key=first.count)
    reader, begins = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _heading(cell: str) -> str:
    return " ".join(re.sub(r"[_:*]+", " ", cell.casefold()).split())


def _row(line: int, columns: list[str], cells: list[str]) -> Row:
    found: dict[str, str] = {}
    neutralised = False
    for column, cell in zip(columns, cells, strict=False):
        if column:
            plain = " ".join(cell.split())
            safe = plain if column == "phone" else plain.lstrip(SIGNS + " ")
            neutralised |= safe != plain
            found[column] = found.get(column) or safe
    whole = " ".join(part for part in (found.pop("first_name", ""), found.pop("last_name", "")) if part)
    return Row(line, {**found, "name": found.get("name") or whole}, neutralised)
