"""Many people at once from a sheet: looked at row by row first, kept only when somebody has said yes, and only once.

A sheet never says that an address is safe: whoever comes in by one is "not confirmed" until she has been asked.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Literal, get_args

from companion import words
from companion.core.model import Role
from companion.records import Group, Person
from companion.service import aliases, numbers
from companion.service.deps import Deps
from companion.service.sheets import Row, Sheet

Trouble = Literal[
    "no_name",
    "too_long",
    "bad_role",
    "bad_email",
    "bad_number",
    "bad_language",
    "bad_country",
    "twice_in_file",
    "known_name",
    "known_contact",
]
Remark = Literal["neutralised", "own_name", "year", "postcode", "alias_made"]
EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
LONGEST = {"name": 80, "alias": aliases.LONGEST, "email": 200, "phone": 40}
ROLES: dict[str, Role] = {
    "": "member",
    **{role.replace("_", " "): role for role in get_args(Role) if role != "system"},
    "participant": "member",
    "supporter": "peer_supporter",
    "helper": "tech_helper",
    "tech": "tech_helper",
    "host": "facilitator",
}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody as she would be kept."""

    name: str
    alias: str
    role: Role
    email: str
    phone: str
    language: str
    country: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One row of the sheet: whom it would bring, or why it can't; ``remarks`` are worth a look."""

    line: int
    shown: str
    newcomer: Newcomer | None
    troubles: tuple[Trouble, ...] = ()
    remarks: tuple[Remark, ...] = ()


def check(deps: Deps, group: Group, sheet: Sheet) -> tuple[Checked, ...]:
    """Every row as it would be kept, or with what is wrong. Keeps nothing."""
    people = [person for person in deps.store.people(group.id) if person.left_at is None]
    names = {_plain(person.name) for person in people}
    contacts = {contact for person in people for contact in _contacts(person.email, person.phone, group)}
    seen: set[str] = set()
    checked = []
    for row in sheet.rows:
        newcomer, troubles = _newcomer(row, group)
        ways = _contacts(newcomer.email, newcomer.phone, group)
        if _plain(newcomer.name) in names:
            troubles.append("known_name")
        if ways & contacts:
            troubles.append("known_contact")
        if ({_plain(newcomer.name)} | ways) & seen:
            troubles.append("twice_in_file")
        seen |= {_plain(newcomer.name)} | ways if newcomer.name else ways
        remarks = _remarks(row, newcomer)
        checked.append(Checked(row.line, newcomer.name, None if troubles else newcomer, tuple(troubles), remarks))
    return tuple(checked)


def keep(deps: Deps, group_id: str, newcomers: tuple[Newcomer, ...], batch: str) -> int:
    """Keep them and say how many are new. The same ``batch`` again keeps nobody twice: each has her id by her place."""
    shelf, kept = deps.store.shelf(Person), 0
    for place, newcomer in enumerate(newcomers):
        kept += shelf.add(
            Person(
                _person_id(deps, batch, place),
                group_id,
                newcomer.role,
                newcomer.name,
                newcomer.alias or aliases.suggestions(1)[0],
                newcomer.email,
                newcomer.phone,
                newcomer.language,
                country=newcomer.country,
            )
        )
    return kept


def _newcomer(row: Row, group: Group) -> tuple[Newcomer, list[Trouble]]:
    cell = {name: row.cells.get(name, "") for name in (*LONGEST, "role", "language", "country")}
    role, language, country = _role(cell["role"]), _language(cell["language"], group), _country(cell["country"])
    phone = numbers.kept(cell["phone"], country or group.settings.country)
    wrong: dict[Trouble, bool] = {
        "no_name": not cell["name"],
        "too_long": any(len(cell[name]) > longest for name, longest in LONGEST.items()),
        "bad_role": role is None,
        "bad_email": bool(cell["email"]) and not EMAIL.fullmatch(cell["email"]),
        "bad_number": bool(cell["phone"]) and not phone,
        "bad_language": language is None,
        "bad_country": country is None,
    }
    newcomer = Newcomer(
        cell["name"],
        aliases.cleaned(cell["alias"]),
        role or "member",
        cell["email"],
        phone,
        language or "en",
        country or "",
    )
    return newcomer, [trouble for trouble, is_so in wrong.items() if is_so]


def _remarks(row: Row, newcomer: Newcomer) -> tuple[Remark, ...]:
    remarks: list[Remark] = ["neutralised"] if row.neutralised else []
    warned = aliases.warning(newcomer.alias, newcomer.name)
    if warned:
        remarks.append(warned)
    return (*remarks, "alias_made") if not newcomer.alias else tuple(remarks)


def _role(typed: str) -> Role | None:
    return ROLES.get(" ".join(typed.casefold().replace("_", " ").replace("-", " ").split()))


def _language(typed: str, group: Group) -> str | None:
    if not typed:
        return group.settings.languages[0] if group.settings.languages else "en"
    wanted = _plain(typed)
    for code, own in words.languages().items():
        if wanted in {code, _plain(own), *(_plain(name) for name in words.names_of(code))}:
            return code
    return None


def _country(typed: str) -> str | None:
    return words.country_named(typed) if typed else ""


def _contacts(email: str, phone: str, group: Group) -> set[str]:
    # Numbers from before they were kept in the international way are compared in it too.
    number = numbers.kept(phone, group.settings.country) or phone
    return {way for way in (email.casefold(), number) if way}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _person_id(deps: Deps, batch: str, place: int) -> str:
    mark = f"{batch} {place}".encode()
    return hmac.new(deps.sealer.signing("imported people"), mark, hashlib.sha256).hexdigest()[:32]
